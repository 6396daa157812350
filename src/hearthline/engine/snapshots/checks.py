# SPDX-License-Identifier: Apache-2.0
"""Decides whether rows may enter a snapshot: right columns, values in bounds, order, whole households.

Every engine relies on these properties without looking again, so they are checked here for every
writer, whether the rows come from a file, the generator or the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, Fact, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots.problems import BAD_TABLE, TOO_MANY_ROWS
from hearthline.engine.snapshots.schema import (
    AREA_ID,
    HOUSEHOLD_ID,
    PERSON_ID,
    id_column,
    schema_for,
)

NO_AREA = 2**63 - 1
"""Where a household without an area stands in the order: after all others."""


def conformed(policy: Policy, level: str, table: pa.Table, design: Sequence[str]) -> pa.Table:
    """The rows with exactly the snapshot's columns; a fact that the rows lack is unknown throughout."""
    schema = schema_for(policy, level, design)
    extra = sorted(set(table.column_names) - set(schema.names))
    if extra or len(set(table.column_names)) != table.num_columns:
        raise refusal(level, f"the package knows no column {', '.join(extra) or 'twice'}")
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            column = pa.chunked_array([pa.nulls(table.num_rows, field.type)])
        else:
            column = _cast(level, table.column(field.name), field)
        if not field.nullable and column.null_count:
            raise refusal(level, f"{field.name} is empty in {column.null_count} rows")
        columns.append(column)
    conforming = pa.Table.from_arrays(columns, schema=schema)
    for fact in policy.facts.get(level, {}).values():
        check_fact(fact, conforming.column(fact.name))
    return conforming


def _cast(level: str, column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    if column.type == field.type:
        return column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    same_family = [pa.types.is_integer, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_date]
    texts = (pa.string(), pa.large_string(), pa.string_view())
    allowed = (
        column.type == pa.null()
        or any(family(column.type) and family(field.type) for family in same_family)
        or (pa.types.is_integer(column.type) and pa.types.is_decimal(field.type))
        or (column.type in texts and field.type == pa.string())
        or (column.type == pa.float32() and field.type == pa.float64())
    )
    if not allowed:
        raise refusal(level, f"{field.name} is {column.type} and not {field.type}")
    try:
        return column.cast(field.type)
    except pa.ArrowInvalid as error:
        raise refusal(level, f"{field.name} does not fit {field.type} ({error})") from error


def check_fact(fact: Fact, column: pa.ChunkedArray) -> None:
    """Refuse a value outside what the dictionary allows, and a required fact that is unknown."""
    if fact.required and column.null_count:
        raise refusal(fact.level, f"the required fact {fact.name} is unknown in {column.null_count} rows")
    if column.null_count == len(column):
        return
    if fact.type.kind is Kind.DOUBLE and not pc.all(pc.is_finite(column)).as_py():
        raise refusal(fact.level, f"{fact.name} holds NaN or infinity")
    if fact.type.codes is not None:
        strange = sorted(set(pc.unique(column.drop_null()).to_pylist()) - fact.type.codes)
        if strange:
            raise refusal(fact.level, f"{fact.name} has no code {strange[0]!r}")
    _check_bounds(fact, column)


def _check_bounds(fact: Fact, column: pa.ChunkedArray) -> None:
    low, high = _stored(fact, fact.minimum), _stored(fact, fact.maximum)
    if fact.type.kind is Kind.NUMBER:
        most = 10**fact.type.digits - 1
        low, high = -most if low is None else low, most if high is None else high
    if low is None and high is None:
        return
    extremes = pc.min_max(column).as_py()
    if low is not None and extremes["min"] < low:
        raise refusal(fact.level, f"{fact.name} holds {extremes['min']}, below {low} (as stored)")
    if high is not None and extremes["max"] > high:
        raise refusal(fact.level, f"{fact.name} holds {extremes['max']}, above {high} (as stored)")


def _stored(fact: Fact, bound: Decimal | date | None) -> int | float | date | None:
    if not isinstance(bound, Decimal):
        return bound
    if fact.type.kind is Kind.DOUBLE:
        return float(bound)
    return int(Decimal(f"{bound:f}E{fact.type.scale}"))


@dataclass(frozen=True)
class Written:
    """What the open partition holds so far: its households, and the household of each person."""

    first_household: int
    last_household: int
    first_person: int
    person_households: pa.Array


class OrderCheck:
    """Follows the rows of one level of a partition: numbering, order, size of households."""

    def __init__(
        self, policy: Policy, level: str, household_limit: int, rows: int = 0, last_area: int = 0
    ) -> None:
        self._level = level
        self._limit = household_limit
        self._owner = None if level == AREA else policy.levels[level].belongs_to
        self._run = (0, 0)
        self.last_area = last_area
        self.rows = rows
        self.last_area_seen = 0

    def follow(self, table: pa.Table, written: Written) -> None:
        """Check the next rows against those before them and against the open partition."""
        if not table.num_rows:
            return
        ids = numbers(table, id_column(self._level))
        counts_on = ids[0].as_py() == self.rows + 1 and _steps(ids) <= {1}
        if not counts_on:
            raise refusal(self._level, f"{id_column(self._level)} does not count on from {self.rows + 1}")
        self.rows += len(ids)
        if self._level == HOUSEHOLD:
            self._follow_areas(table.column(AREA_ID))
        elif self._level != AREA:
            owners = numbers(table, HOUSEHOLD_ID)
            self._follow_households(owners, written)
            if self._owner != HOUSEHOLD:
                self._check_persons(numbers(table, PERSON_ID), owners, written)

    def _follow_areas(self, column: pa.ChunkedArray) -> None:
        areas = column.fill_null(NO_AREA).combine_chunks()
        if areas[0].as_py() < self.last_area or _falls(areas):
            raise refusal(self._level, "households are not sorted by area_id (those without one come last)")
        self.last_area = areas[-1].as_py()
        self.last_area_seen = max(self.last_area_seen, pc.max(column).as_py() or 0)

    def _follow_households(self, owners: pa.Array, written: Written) -> None:
        first, last = owners[0].as_py(), owners[-1].as_py()
        if first < self._run[0] or _falls(owners):
            raise refusal(self._level, "rows are not sorted by household_id")
        if first < written.first_household or last > written.last_household:
            raise refusal(self._level, "a row belongs to a household outside its partition")
        runs = pc.run_end_encode(owners, run_end_type=pa.int64())
        before = pa.array([self._run[1] if first == self._run[0] else 0], pa.int64())
        ends = pc.add(runs.run_ends, before[0])
        starts = pa.concat_arrays([pa.array([0], pa.int64()), ends.slice(0, len(ends) - 1)])
        lengths = pc.subtract(ends, starts)
        longest = pc.max(lengths).as_py()
        if longest > self._limit:
            household = runs.values[pc.index(lengths, longest).as_py()].as_py()
            raise TOO_MANY_ROWS.error(household=household, rows=longest, level=self._level, limit=self._limit)
        self._run = (last, lengths[-1].as_py())

    def _check_persons(self, people: pa.Array, owners: pa.Array, written: Written) -> None:
        known = written.person_households
        places = pc.subtract(people, written.first_person)
        extremes = pc.min_max(places).as_py()
        inside = extremes["min"] >= 0 and extremes["max"] < len(known)
        if not inside or not known.take(places).equals(owners):
            raise refusal(self._level, "a row belongs to a person who is not in its household")


def numbers(table: pa.Table, column: str) -> pa.Array:
    """A column of whole numbers in one piece."""
    return table.column(column).combine_chunks()


def _steps(ids: pa.Array) -> set[int]:
    return set(pc.unique(pc.pairwise_diff(ids).drop_null()).to_pylist())


def _falls(ids: pa.Array) -> bool:
    return bool(pc.any(pc.less(pc.pairwise_diff(ids), 0)).as_py())


def refusal(level: str, what: str) -> HearthlineError:
    """The failure that names the level and what is wrong with its rows."""
    return BAD_TABLE.error(level=level, what=what)
