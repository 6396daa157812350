# SPDX-License-Identifier: Apache-2.0
"""Decides that a hundred thousand households are made in little memory, whatever their number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MOST_MEGABYTES = 450
MAKE = """
import sys
from pathlib import Path
from hearthline.engine.packages import load_policy
from hearthline.synthetic import generate
report = generate(load_policy("cn/2014-2020"), households=100_000, out=Path(sys.argv[1]))
# not ru_maxrss, which starts from the memory of the process that forked this one
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(report.rows["person"], int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Peak memory is read from /proc.")
def test_a_hundred_thousand_households_stay_within_bounded_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path / "s")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    people, megabytes = map(int, said.split())
    print(f"{people} people, {megabytes} MB")
    assert people > 320_000
    assert megabytes < MOST_MEGABYTES
