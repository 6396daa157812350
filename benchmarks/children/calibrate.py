# SPDX-License-Identifier: Apache-2.0
"""Compares the poor that a run found of a generated nation with those it was to show.

python -m benchmarks.children.calibrate REPORT RUN SNAPSHOT
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.children.job import Job
from hearthline.engine.backends.runs import open_run
from hearthline.synthetic.calibration import calibrated


def main() -> None:
    """The country and each province."""
    report, run, snapshot = sys.argv[1:]
    job = Job(Path(report))
    country, provinces = calibrated(open_run(Path(run)), Path(snapshot))
    rows = [{**asdict(each), "errors_off": each.errors_off} for each in (country, *provinces)]
    job.done(calibrated=rows)


if __name__ == "__main__":
    main()
