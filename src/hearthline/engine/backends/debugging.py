# SPDX-License-Identifier: Apache-2.0
"""Decides what the debug option shows: the first rows of every step over the first partition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from hearthline.engine.backends.duckdb_engine import DIALECT, DuckDBEngine, with_steps
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import AREA, HOUSEHOLD
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.sql.plan import Plan, Step, screening_plan


class Sample(NamedTuple):
    """The first rows of a step, with the names of their columns."""

    step: Step
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def step_samples(
    package: str | Path, data: Path, *, on: date, memory: str, limit: int = 5
) -> Iterator[Sample]:
    """Each step of a screening with its first rows, in order."""
    policy = load_policy(package)
    snapshot = open_snapshot(data)
    snapshot.require(policy)
    plan = screening_plan(policy, on, has_areas=snapshot.has_areas)
    tables = {level: [snapshot.path(level, 0)] for level in (HOUSEHOLD, *plan.tables)}
    if snapshot.has_areas:
        tables[AREA] = snapshot.paths(AREA)
    with DuckDBEngine(memory=memory) as engine:
        engine.show_tables(tables)
        for step in plan.steps:
            yield _first_rows(engine, plan, step, limit)


def _first_rows(engine: DuckDBEngine, plan: Plan, step: Step, limit: int) -> Sample:
    """The first rows of a step; every step before it is computed again."""
    query = with_steps(plan, step.query.limit(limit), kept=frozenset())
    found = engine.connection.sql(query.sql(dialect=DIALECT))
    return Sample(step, tuple(found.columns), tuple(found.fetchall()))
