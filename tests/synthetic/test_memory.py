# SPDX-License-Identifier: Apache-2.0
"""Decides that a hundred thousand households are made in little memory, whatever their number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MOST_MEGABYTES = 450
MAKE = """
import resource, sys
from pathlib import Path
from hearthline.engine.packages import load_policy
from hearthline.synthetic import generate
report = generate(load_policy("cn/2014-2020"), households=100_000, out=Path(sys.argv[1]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(report.rows["person"], peak // (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def test_a_hundred_thousand_households_stay_within_bounded_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path / "s")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    people, megabytes = map(int, said.split())
    print(f"{people} people, {megabytes} MB")
    assert people > 320_000
    assert megabytes < MOST_MEGABYTES
