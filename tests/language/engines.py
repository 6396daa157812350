# SPDX-License-Identifier: Apache-2.0
"""Decides how a test asks any engine the same question: households in, one Outcome for each out.

``ENGINES`` lists who may be asked; another engine joins by one more entry there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends.duckdb_engine import DuckDBEngine
from hearthline.engine.backends.spark_engine import Layout
from hearthline.engine.rules.evaluator import OWNER_KEY, Outcome, Record, evaluate
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.rules.types import Kind, ValueType
from hearthline.engine.snapshots.schema import schema_for
from hearthline.engine.sql.plan import screening_plan
from hearthline.engine.sql.spark_dialect import SPARK
from tests.sparking import spark_of_this_process

Row = dict[str, Value]
WORDS = {"met": True, "not met": False, "unknown": None}


class Asked(Protocol):
    """An engine that is running and may be asked again and again."""

    def __call__(
        self, policy: Policy, records: Sequence[Record], on: date, folder: Path, /
    ) -> list[Outcome]: ...


@contextmanager
def evaluator() -> Iterator[Asked]:
    """The row evaluator."""

    def ask(policy: Policy, records: Sequence[Record], on: date, folder: Path) -> list[Outcome]:
        return [evaluate(policy, record, on) for record in records]

    yield ask


@contextmanager
def duckdb() -> Iterator[Asked]:
    """The compiled plan, run by DuckDB over tables laid out as in a snapshot; a new one after a failure."""
    with ExitStack() as running:
        engine: list[DuckDBEngine] = []

        def ask(policy: Policy, records: Sequence[Record], on: date, folder: Path) -> list[Outcome]:
            plan = screening_plan(policy, on, has_areas=AREA in policy.levels)
            households, persons = folder / "households.parquet", folder / "persons.parquet"
            one = engine.pop() if engine else running.enter_context(DuckDBEngine(threads=1))
            for name, table in snapshot_tables(policy, records).items():
                one.connection.register(name, table)
            one.write(plan, households, persons)
            engine.append(one)
            return outcomes_read(policy, on, len(records), households, persons)

        yield ask


@contextmanager
def spark() -> Iterator[Asked]:
    """The compiled plan, run by Spark over the same tables as files; one session for all that ask."""
    one = spark_of_this_process()

    def ask(policy: Policy, records: Sequence[Record], on: date, folder: Path) -> list[Outcome]:
        plan = screening_plan(policy, on, has_areas=AREA in policy.levels, dialect=SPARK)
        paths = {}
        for name, table in snapshot_tables(policy, records).items():
            paths[name] = [folder / f"{name}.parquet"]
            pq.write_table(table, paths[name][0])
        results = folder / "results"
        results.mkdir(exist_ok=True)
        households, persons = results / "households.parquet", results / "persons.parquet"
        one.show_tables(paths)
        one.write(plan, Layout([len(records)]), [households], [persons])
        return outcomes_read(policy, on, len(records), households, persons)

    yield ask


ENGINES: dict[str, Callable[[], AbstractContextManager[Asked]]] = {
    "evaluator": evaluator,
    "duckdb": duckdb,
    "spark": spark,
}
MARKS = {"spark": (pytest.mark.spark, pytest.mark.xdist_group("spark"))}
"""What asks Spark can be chosen, or left out, by its marker, and runs in one process: it starts but once."""

ASKED = [pytest.param(name, marks=MARKS.get(name, ())) for name in ENGINES]
"""The engines as parameters of a test."""

COMPILED = [pytest.param(name, marks=MARKS.get(name, ())) for name in ENGINES if name != "evaluator"]
"""Those that run SQL."""


# ---- records to tables -------------------------------------------------------------------------------


def snapshot_tables(policy: Policy, records: Sequence[Record]) -> dict[str, pa.Table]:
    """The tables of a snapshot of these households; each household with area facts has an area of its own."""
    rows: dict[str, list[Row]] = {name: [] for name in policy.levels}
    for number, record in enumerate(records, 1):
        area = _area_row(record, rows) if AREA in policy.levels and record.area else None
        rows[HOUSEHOLD].append({"household_id": number, "area_id": area, **record.household})
        first_person = len(rows.get(PERSON, ())) + 1
        for name in policy.levels:
            for content in record.tables.get(name, ()):
                row: Row = {f"{name}_id": len(rows[name]) + 1, "household_id": number, **content}
                owner = row.pop(OWNER_KEY, None)
                if isinstance(owner, int):
                    row["person_id"] = first_person + owner
                rows[name].append(row)
    return {name: _table(policy, name, found) for name, found in rows.items()}


def _area_row(record: Record, rows: Mapping[str, list[Row]]) -> int:
    number = len(rows[AREA]) + 1
    rows[AREA].append({"area_id": number, "area_code": f"a{number}", "depth": 0, **record.area})
    return number


def _table(policy: Policy, name: str, rows: Sequence[Row]) -> pa.Table:
    types = {fact.name: fact.type for fact in policy.facts[name].values()}
    columns = []
    schema = schema_for(policy, name)
    for column in schema:
        kind = types.get(column.name)
        values = [row.get(column.name) for row in rows]
        if kind is not None and kind.kind is Kind.NUMBER:
            values = [_scaled(value, kind) for value in values]
        columns.append(pa.array(values, column.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _scaled(value: Value, kind: ValueType) -> Value:
    if value is None:
        return None
    whole = int(f"{Decimal(str(value)):f}".replace(".", "") + "0" * (kind.scale - _decimals(value)))
    return whole if kind.digits <= 18 else Decimal(whole)


def _decimals(value: Value) -> int:
    return len(f"{Decimal(str(value)):f}".partition(".")[2])


# ---- results to outcomes -----------------------------------------------------------------------------


def outcomes_read(policy: Policy, on: date, count: int, households: Path, persons: Path) -> list[Outcome]:
    """The rows of a run as the evaluator would have given them."""
    people: dict[int, list[Mapping[str, Value]]] = {number: [] for number in range(1, count + 1)}
    if PERSON in policy.levels:
        for row in sorted(pq.read_table(persons).to_pylist(), key=lambda row: int(row["person_id"])):
            people[row["household_id"]].append(_answers(policy, PERSON, row))
    found: dict[int, Outcome] = {}
    for row in pq.read_table(households).to_pylist():
        number = row["household_id"]
        found[number] = _outcome(policy, on, row, tuple(people[number]))
    return [found[number] for number in range(1, count + 1)]


def _answers(policy: Policy, level: str, row: Row) -> Row:
    answers: Row = {name: row[name] for name, rule in policy.derived.items() if rule.level == level}
    for name, rule in policy.criteria.items():
        if rule.level == level:
            answers[name] = WORDS[str(row[name])]
    return answers


def _outcome(policy: Policy, on: date, row: Row, people: tuple[Mapping[str, Value], ...]) -> Outcome:
    answers = _answers(policy, HOUSEHOLD, row)
    values = {name: answers[name] for name in policy.derived if name in answers}
    criteria = {
        name: answer if isinstance(answer := answers[name], bool) else None
        for name in policy.criteria
        if name in answers
    }
    status = {
        name: str(row["status" if standard.default else f"status_{name}"])
        for name, standard in policy.standards.items()
        if standard.in_force(on)
    }
    points = {
        name: (_points(row, f"{name}_points"), _points(row, f"{name}_points_unknown"))
        for name in policy.indices
    }
    return Outcome(values, criteria, status, people, points)


def _points(row: Row, name: str) -> int:
    value = row[name]
    if not isinstance(value, int):
        raise AssertionError(f"{name} is no whole number: {value!r}")
    return value


# ---- comparing ---------------------------------------------------------------------------------------


def same(left: Value, right: Value) -> bool:
    """Whether two engines say the same: exact numbers by value, everything else by type and value."""
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) or isinstance(right, float):
        return isinstance(left, float) and isinstance(right, float) and left == right
    return left == right
