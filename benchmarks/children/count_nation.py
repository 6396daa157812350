# SPDX-License-Identifier: Apache-2.0
"""Decides nothing: counts one run by levels of area and reports its own seconds; a process of its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hearthline.statistics.measures import compute


def main(report: str, run: str, depths: str, measures: str) -> None:
    """The measures by each depth of area; how many groups and figures there are."""
    started, spent = time.perf_counter(), time.process_time()
    by = [f"area:{depth}" for depth in depths.split(",")]
    table = compute(run, by=by, measures=measures.split(","))
    figures = sum(len(row.figures) for part in table.tables for row in part.rows)
    found = {
        "job_wall": time.perf_counter() - started,
        "job_cpu": time.process_time() - spent,
        "groups": len(table.groups),
        "figures": figures,
    }
    Path(report).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
