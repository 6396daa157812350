# SPDX-License-Identifier: Apache-2.0
"""Decides how a program is measured: its own process, its seconds from the system, its greatest memory.

``wait4`` gives the user and system seconds and the largest resident set of a process that has ended. No
measured program starts another, so that is the whole tree. Every program finds its modules compiled, as it
does from its second start on. The system hands the memory of the starting process on to the started one, so
this process must stay small: it imports no engine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
BYTECODE = ROOT / "build" / "bytecode"
"""Where measured programs keep their compiled modules, whether or not this process may write any."""

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts the largest resident set."""

Found = Mapping[str, object]


@dataclass(frozen=True)
class Measured:
    """One run of one program: seconds on the wall and of the processors, megabytes, and what it reports."""

    wall: float
    cpu: float
    peak: float
    report: Found = field(default_factory=dict)

    def number(self, name: str) -> float:
        """A number that the program reported, zero where it did not."""
        value = self.report.get(name, 0.0)
        return float(value) if isinstance(value, int | float) else 0.0

    def strings(self, name: str) -> list[str]:
        """A list of texts that the program reported."""
        value = self.report.get(name, [])
        return [str(part) for part in value] if isinstance(value, list) else []

    def without_hashes(self) -> Measured:
        """The same run without the seconds in which hashes were compared."""
        wall, cpu = self.number("hash_wall"), self.number("hash_cpu")
        report = {
            **self.report,
            "job_wall": self.number("job_wall") - wall,
            "job_cpu": self.number("job_cpu") - cpu,
        }
        return Measured(self.wall - wall, self.cpu - cpu, self.peak, report)


@dataclass(frozen=True)
class Figures:
    """The middle of several runs: the whole process, and the job alone after the imports."""

    wall: float
    cpu: float
    peak: float
    job_wall: float
    job_cpu: float
    runs: int

    @staticmethod
    def of(runs: Sequence[Measured]) -> Figures:
        """The median of each figure by itself."""
        return Figures(
            wall=median(run.wall for run in runs),
            cpu=median(run.cpu for run in runs),
            peak=median(run.peak for run in runs),
            job_wall=median(run.number("job_wall") for run in runs),
            job_cpu=median(run.number("job_cpu") for run in runs),
            runs=len(runs),
        )

    def plain(self) -> dict[str, float]:
        """For a file: rounded to what means something."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def measured(command: Sequence[str], log: Path, report: Path) -> Measured:
    """Run a program to its end; stops the benchmark where it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[:4])} ended with {process.returncode}:\n{said}")
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    peak = usage.ru_maxrss * PEAK_UNIT / 1e6
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak, found)


def child(name: str, report: Path, *words: object) -> list[str]:
    """The command line of one of the programs in ``benchmarks.children``."""
    return [sys.executable, "-m", f"benchmarks.children.{name}", str(report), *(str(word) for word in words)]
