# SPDX-License-Identifier: Apache-2.0
"""Generates a nation, as the command ``hearthline generate --nation`` does.

python -m benchmarks.children.make_nation REPORT PACKAGE YEAR HOUSEHOLDS SEED PROCESSES OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.children.job import Job
from hearthline.engine.packages import load_policy
from hearthline.synthetic import generate_nation


def main() -> None:
    """Make it and tell how many rows of each level there are, and how many bytes."""
    report, package, year, households, seed, processes, out = sys.argv[1:]
    policy = load_policy(package)
    job = Job(Path(report))
    made = generate_nation(
        policy,
        out=Path(out),
        year=int(year),
        households=int(households),
        seed=int(seed),
        processes=int(processes),
        replace=True,
    )
    size = sum(file.stat().st_size for file in made.folder.rglob("*.parquet"))
    job.done(rows=made.rows, people_represented=made.people_represented, bytes=size, hash=made.hash)


if __name__ == "__main__":
    main()
