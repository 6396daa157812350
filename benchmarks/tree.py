# SPDX-License-Identifier: Apache-2.0
"""Decides how the greatest memory of a program and all processes it starts is measured: by looking often.

The resident sets of the tree are summed, pages that several processes share counted each time, so that
the sum is rather too large than too small. What lives less than a look apart is not seen.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import BYTECODE, ROOT, Measured

_LOOK = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


def measured_tree(command: Sequence[str], log: Path, report: Path) -> Measured:
    """Run a program to its end with everything it starts; stops the benchmark where it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    before = os.times()
    peak = 0
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            peak = max(peak, sum(_resident(each) for each in _tree(process.pid)))
            time.sleep(_LOOK)
        wall = time.perf_counter() - started
    after = os.times()
    if process.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[:4])} ended with {process.returncode}:\n{said}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return Measured(wall, cpu, peak * _PAGE / 1e6, found)


def _tree(top: int) -> list[int]:
    found, waiting = [], [top]
    while waiting:
        process = waiting.pop()
        found.append(process)
        try:
            tasks = list(Path(f"/proc/{process}/task").iterdir())
            waiting += [int(word) for task in tasks for word in (task / "children").read_text().split()]
        except OSError:
            continue  # it has ended
    return found


def _resident(process: int) -> int:
    """Pages."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
