# SPDX-License-Identifier: Apache-2.0
"""Decides nothing: counts one run by levels of area to a file and reports its own seconds.

    python -m benchmarks.children.count_nation REPORT RUN DEPTHS MEASURES OUT
    python -m benchmarks.children.count_nation REPORT RUN DEPTHS MEASURES limit

With ``limit`` it only reads the same columns and puts the households into the order of welfare.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.runs import open_run
from hearthline.statistics.cells import base_keys
from hearthline.statistics.columns import WEIGHT, WELFARE
from hearthline.statistics.expressions import column, named
from hearthline.statistics.framing import BASE, base_steps
from hearthline.statistics.measures import MeasureRequest, compute_to_file, specification_for
from hearthline.statistics.runs import relation_of
from hearthline.statistics.session import Step, open_session
from hearthline.statistics.tabulation import requested


def main(report: str, run: str, depths: str, measures: str, out: str) -> None:
    """The measures by each depth of area; how many groups and figures there are."""
    started, spent = time.perf_counter(), time.process_time()
    by = [f"area:{depth}" for depth in depths.split(",")]
    found: Mapping[str, float]
    if out == "limit":
        found = limit(Path(run), by, measures.split(","))
    else:
        counted = compute_to_file(
            run, out, MeasureRequest(by=by, measures=measures.split(",")), file_format="parquet"
        )
        size = Path(out).stat().st_size
        found = {"groups": counted.groups, "figures": counted.figures, "parts": counted.parts, "bytes": size}
    wall, cpu = time.perf_counter() - started, time.process_time() - spent
    Path(report).write_text(json.dumps({"job_wall": wall, "job_cpu": cpu, **found}), encoding="utf-8")


def limit(folder: Path, by: Sequence[str], measures: Sequence[str]) -> dict[str, float]:
    """Read every column that the measures read, and sort by welfare and weight."""
    run = open_run(folder)
    specification = specification_for(run)
    relation = relation_of(run, specification, by=by)
    request = requested(relation, specification, by=by, measures=measures)
    keys, _ = base_keys(request.grouping)
    with open_session() as session:
        for step in base_steps(
            relation, request.values, request.grouping, request.columns, readers=1, keys=keys
        ):
            session.define(step)
        names = [*request.values.located, *keys]
        read = {part.name for each in request.columns for part in each.tree.find_all(exp.Column)}
        largest = [named(exp.Max(this=column(name)), name) for name in names if name in read or name in keys]
        session.fetch(Step("read", exp.select(*largest).from_(exp.to_table(BASE))))
        order = exp.select(column(WELFARE), column(WEIGHT)).from_(exp.to_table(BASE))
        rows = session.fetch(Step("sorted", order.order_by(column(WELFARE), column(WEIGHT)))).num_rows
    return {"rows": rows}


if __name__ == "__main__":
    main(*sys.argv[1:])
