# SPDX-License-Identifier: Apache-2.0
"""Screens a snapshot by a package, as the command ``hearthline screen`` does.

    python -m benchmarks.children.screen_package REPORT PACKAGE SNAPSHOT ON OUT MEMORY THREADS

The hashes of the snapshot are compared first and timed apart; a file is hashed once in a process.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.children.job import Job
from hearthline.engine.backends import screen
from hearthline.engine.snapshots import open_snapshot


def main() -> None:
    """One screening."""
    report, package, snapshot, on, out, memory, threads = sys.argv[1:]
    job = Job(Path(report))
    wall, cpu = time.perf_counter(), time.process_time()
    open_snapshot(Path(snapshot), verify=True)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    result = screen(
        Path(package) if Path(package).is_dir() else package,
        Path(snapshot),
        on=date.fromisoformat(on),
        out=Path(out),
        memory=memory,
        threads=int(threads),
    )
    record = result.run.record
    job.done(
        hash_wall=wall,
        hash_cpu=cpu,
        steps=record.seconds,
        counts=record.counts,
        statuses=record.statuses[record.default_standard],
        households=[str(path) for path in result.run.paths("households")],
        persons=[str(path) for path in result.run.paths("persons")],
    )


if __name__ == "__main__":
    main()
