# SPDX-License-Identifier: Apache-2.0
"""Says which columns the rules of a package read, by table, with their kinds.

python -m benchmarks.children.columns_read REPORT PACKAGE
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.children.job import Job
from benchmarks.children.make_county import columns_read
from hearthline.engine.packages import load_policy


def main() -> None:
    """Read the package."""
    report, package = sys.argv[1:]
    Job(Path(report)).done(columns=columns_read(load_policy(package)))


if __name__ == "__main__":
    main()
