# SPDX-License-Identifier: Apache-2.0
"""Writes a small snapshot of noise: see ``benchmarks.noise``.

python -m benchmarks.children.make_noise REPORT OUT HOUSEHOLDS SEED ON PACKAGE
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from benchmarks.children.job import Job
from benchmarks.noise import write_noise
from hearthline.engine.packages import load_policy

PARTITIONS = 3


def main() -> None:
    """One snapshot of noise."""
    report, out, households, seed, on, package = sys.argv[1:]
    job = Job(Path(report))
    write_noise(
        Path(out),
        load_policy(package),
        int(households),
        on=date.fromisoformat(on),
        partitions=PARTITIONS,
        seed=int(seed),
    )
    job.done(snapshot=out)


if __name__ == "__main__":
    main()
