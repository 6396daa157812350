# SPDX-License-Identifier: Apache-2.0
"""Screens a snapshot by a package, as the command ``hearthline screen`` does.

    python -m benchmarks.children.screen_package REPORT PACKAGE SNAPSHOT ON OUT MEMORY THREADS [resume|RUN]

The seconds in which the hashes of the snapshot are compared are told apart. ``resume`` goes on from what a
stopped screening has finished; the folder of an earlier run gives what rests on the same data.
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
    report, package, snapshot, on, out, memory, threads, *more = sys.argv[1:]
    job = Job(Path(report))
    wall, cpu = time.perf_counter(), time.process_time()
    if not more:
        open_snapshot(Path(snapshot), verify=True)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    result = screen(
        Path(package) if Path(package).is_dir() else package,
        Path(snapshot),
        on=date.fromisoformat(on),
        out=Path(out),
        memory=memory,
        threads=int(threads),
        resume=more == ["resume"],
        since=Path(more[0]) if more and more != ["resume"] else None,
    )
    record = result.run.record
    job.done(
        hash_wall=wall,
        hash_cpu=cpu,
        hashing_wall=result.hashing_seconds,
        resumed=result.resumed,
        reused=result.reused,
        hashes={name: [file.sha256 for file in files] for name, files in record.files.items()},
        steps=record.seconds,
        counts=record.counts,
        statuses=record.statuses[record.default_standard],
        **{
            name: [str(result.run.folder / file.path) for file in record.files.get(name, [])]
            for name in ("households", "persons")
        },
    )


if __name__ == "__main__":
    main()
