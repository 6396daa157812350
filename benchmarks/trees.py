# SPDX-License-Identifier: Apache-2.0
"""Decides how a program that starts others is measured: the processes below it, looked at again and again.

A Java machine is not waited for by who started it, so the system does not add its seconds to anyone's. What a
process used between the last look and its end is missed: a few hundredths of a second each.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from benchmarks.measuring import ROOT, Measured

LOOK_SECONDS = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Watch:
    """The seconds and the greatest memory of everything below some processes, while it is open."""

    roots: Sequence[int]
    cpu: dict[int, float] = field(default_factory=dict)
    peak: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Watch:
        self._before = dict(_look(self.roots)[0])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def seconds(self) -> float:
        """Processor seconds of all of them since the watch began."""
        return sum(seconds - self._before.get(pid, 0.0) for pid, seconds in self.cpu.items())

    def _run(self) -> None:
        while not self._stop.is_set():
            seconds, memory = _look(self.roots)
            self.cpu.update(seconds)
            self.peak = max(self.peak, memory)
            self._stop.wait(LOOK_SECONDS)


def _look(roots: Iterable[int]) -> tuple[dict[int, float], float]:
    """Processor seconds by process, and megabytes of all."""
    parents: dict[int, int] = {}
    found: dict[int, tuple[float, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            pid = int(entry.name)
            parents[pid] = int(fields[1])
            found[pid] = ((int(fields[11]) + int(fields[12])) / _TICKS, int(fields[21]) * _PAGE / 1e6)
    below = set(roots)
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in below} - below
        below |= more
        grown = bool(more)
    mine = {pid: found[pid] for pid in below if pid in found}
    return {pid: seconds for pid, (seconds, _) in mine.items()}, sum(memory for _, memory in mine.values())


def watched(
    command: Sequence[str],
    log: Path,
    *,
    beside: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
) -> Measured:
    """Run a program with all that it starts, and count what other processes did for it meanwhile."""
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        with Watch([process.pid, *beside]) as watch:
            status = process.wait()
        wall = time.perf_counter() - began
    if status != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[:4])} ended with {status}:\n{said}")
    return Measured(wall, watch.seconds, watch.peak)
