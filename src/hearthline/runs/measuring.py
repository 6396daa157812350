# SPDX-License-Identifier: Apache-2.0
"""Decides which measures of a run are worked out with it, so that a page of them counts nothing anew.

They are kept in the record of the run: measures of everybody, the Lorenz curve, and poverty by the places of
the first level below. A register counts everybody, so there are no sampling errors among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from hearthline.engine.backends.runs import Run as EngineRun
from hearthline.engine.rules.policy import AREA
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.statistics.curves import DRAWN, drawn_columns
from hearthline.statistics.measures import compute_run, specification_for
from hearthline.statistics.table import StatisticsTable

POVERTY = ("headcount", "gap", "severity")
WELFARE = ("mean", "median", "gini")


def measures_of(run: EngineRun, data: Path) -> dict[str, object]:
    """The measures of a run as its record keeps them; fewer where the package names no welfare or line."""
    specification = specification_for(run)
    has_welfare = specification.welfare is not None
    has_line = has_welfare and specification.line is not None and specification.is_comparable
    depth = _first_level(open_snapshot(data, verify=False))
    by = [f"area:{depth}"] if depth is not None else []
    table = compute_run(
        run,
        specification,
        by=by,
        measures=[
            "headcount",
            *(["gap", "severity"] if has_line else []),
            *(["mean", "quantiles", "gini"] if has_welfare else []),
        ],
        data=data,
        further=drawn_columns() if has_welfare else (),
    )
    return {
        "welfare": specification.welfare or "",
        "whole": _figures(table, {}),
        "lorenz": _lorenz(table),
        "areas": _areas(table, by[0]) if by else [],
    }


def _first_level(snapshot: Snapshot) -> int | None:
    """The highest level with more than one place; None where all live in one."""
    if not snapshot.has_areas:
        return None
    rows = pq.read_table(snapshot.path(AREA), columns=["depth"], partitioning=None)["depth"].to_pylist()
    return next((depth for depth in sorted(set(rows)) if rows.count(depth) > 1), None)


def _figures(table: StatisticsTable, group: Mapping[str, str | None]) -> dict[str, float | None]:
    there = {heading.name for part in table.tables for heading in part.headings}
    names = [name for name in (*POVERTY, *WELFARE) if name in there]
    return {name: table.value(name, **group) for name in names}


def _lorenz(table: StatisticsTable) -> list[float]:
    drawn = table.find_table(DRAWN)
    if drawn is None:
        return []
    place = drawn.position("income_share")
    heights = [row.figures[place] for row in drawn.rows if not row.group.names]
    return [float(height) for height in heights if height is not None]


def _areas(table: StatisticsTable, by: str) -> Sequence[Mapping[str, object]]:
    """The places in the order of their codes; households of no place are in no line."""
    return [
        {
            "code": group.values[0],
            "name": table.group_label(group),
            "households": group.n,
            **_figures(table, group.keys),
        }
        for group in table.groups
        if group.by == by and group.values[0] is not None
    ]
