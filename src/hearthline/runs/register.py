# SPDX-License-Identifier: Apache-2.0
"""Decides how the register is read in bulk: one state of the database, a stretch of households at a time.

The documents come out as texts, unread; DuckDB takes them apart. Memory holds one stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper

from hearthline.areas.rules import AreaRange, paths_above, range_of

Position = tuple[str, str]
"""Area path and number of a household: the order in which the register is read."""
START: Position = ("", "")
Given = str | int | date | datetime
"""What a statement is given."""

_AREAS = """
SELECT id, path, parent_id, code, name FROM areas_area
WHERE (path >= %s AND path < %s){above} ORDER BY path"""
_HOUSEHOLDS = """
SELECT h.id, h.area_path, h.number, {facts}
FROM registry_household h {joined}
WHERE h.area_path >= %s AND h.area_path < %s AND (h.area_path, h.number) > (%s, %s)
AND h.registered_on <= %s AND (h.closed_on IS NULL OR h.closed_on > %s){standing}
ORDER BY h.area_path, h.number LIMIT %s"""
_STRETCH = "(h.area_path, h.number) > (%s, %s) AND (h.area_path, h.number) <= (%s, %s)"
_PEOPLE = """
SELECT m.household_id, p.id, p.is_head, CAST(m.starts_on AS text), {facts}
FROM registry_household h JOIN registry_membership m ON m.household_id = h.id
JOIN registry_person p ON p.id = m.person_id {joined}
WHERE {stretch} AND m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s){standing}"""
_OBSERVATIONS = """
SELECT o.id, {subject}, o.source, CAST(o.observed_on AS text), o.brought_by_id, o.corrects_id,
CAST(o.facts AS text), CAST(o.records AS text)
FROM registry_observation o {joined}
WHERE {where} AND o.recorded_at <= %s{standing}"""
_UNDONE = "SELECT id FROM registry_registerimport WHERE undone_at IS NOT NULL ORDER BY id"
_OF_AREAS = "((a.path >= %s AND a.path < %s){above})"
_CURRENT_OF_AREAS = """
SELECT f.area_id, CAST(f.facts AS text) FROM registry_areafacts f JOIN areas_area a ON a.id = f.area_id
WHERE (a.path >= %s AND a.path < %s){above}"""

OBSERVATION = pa.schema(
    [
        ("id", pa.int64()),
        ("subject", pa.int64()),
        ("source", pa.string()),
        ("observed_on", pa.string()),
        ("brought_by", pa.int64()),
        ("corrects", pa.int64()),
        ("facts", pa.string()),
        ("records", pa.string()),
    ]
)
DOCUMENTS = [("facts", pa.string()), ("records", pa.string())]
HOUSEHOLD = pa.schema([("pk", pa.int64()), ("path", pa.string()), ("number", pa.string()), *DOCUMENTS])
PERSON = pa.schema(
    [
        ("household_pk", pa.int64()),
        ("pk", pa.int64()),
        ("is_head", pa.bool_()),
        ("since", pa.string()),
        *DOCUMENTS,
    ]
)
AREA = pa.schema(
    [
        ("pk", pa.int64()),
        ("path", pa.string()),
        ("parent_pk", pa.int64()),
        ("code", pa.string()),
        ("name", pa.string()),
    ]
)
AREA_FACTS = pa.schema([("pk", pa.int64()), ("facts", pa.string())])


@contextmanager
def one_state() -> Iterator[CursorWrapper]:
    """A cursor that sees the database as it is now, however long it reads; no writer is held up."""
    if connection.in_atomic_block:  # the caller's transaction is the state
        with connection.cursor() as cursor:
            yield cursor
        return
    beside = connection.copy()
    sqlite = beside.vendor == "sqlite"
    try:
        with beside.cursor() as cursor:
            cursor.execute("BEGIN" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try:
                yield cursor
            finally:
                cursor.execute("ROLLBACK")
    finally:
        beside.close()


@dataclass(frozen=True)
class Register:
    """The register of one area as of a day; ``current`` reads the cache of current values with each row."""

    cursor: CursorWrapper
    area_path: str
    as_of: date
    known_at: datetime
    current: bool

    @property
    def _range(self) -> AreaRange:
        return range_of(self.area_path)

    @property
    def _above(self) -> list[str]:
        return paths_above(self.area_path)[:-1]

    def areas(self) -> pa.Table:
        """The area, all within it and all above it, by path: what lies in another comes after it."""
        return self._rows(_AREAS.format(above=self._or_above("path")), self._places(), AREA)

    def area_facts(self) -> pa.Table:
        """The current values of these areas, those that have any."""
        statement = _CURRENT_OF_AREAS.format(above=self._or_above("a.path"))
        return self._rows(statement, self._places(), AREA_FACTS)

    def households(self, after: Position, limit: int) -> pa.Table:
        """The next households after a position, ``limit`` at most."""
        documents = self._documents("registry_householdfacts", "household_id = h.id")
        statement = _HOUSEHOLDS.format(standing=self._standing("h.opened_by_id"), **documents)
        values: list[Given] = [self._range.low, self._range.high, *after, self.as_of, self.as_of, limit]
        return self._rows(statement, values, HOUSEHOLD)

    def people(self, after: Position, until: Position) -> pa.Table:
        """Who belongs to the households after one position up to another, in no order."""
        documents = self._documents("registry_personfacts", "person_id = p.id")
        standing = self._standing("p.opened_by_id")
        statement = _PEOPLE.format(stretch=_STRETCH, standing=standing, **documents)
        return self._rows(statement, [*after, *until, self.as_of, self.as_of], PERSON)

    def observations(self, after: Position, until: Position) -> pa.Table:
        """What was observed of these households themselves, as it was known."""
        statement = _OBSERVATIONS.format(
            subject="o.household_id",
            joined="JOIN registry_household h ON h.id = o.household_id",
            where=f"{_STRETCH} AND o.person_id IS NULL",
            standing=self._standing("o.brought_by_id"),
        )
        return self._rows(statement, [*after, *until, self._moment], OBSERVATION)

    def observations_of_people(self, after: Position, until: Position) -> pa.Table:
        """What was observed of whoever ever belonged to these households, wherever they lived then."""
        joined = (
            "JOIN registry_membership m ON m.person_id = o.person_id "
            "JOIN registry_household h ON h.id = m.household_id"
        )
        standing = self._standing("o.brought_by_id")
        statement = _OBSERVATIONS.format(
            subject="o.person_id", joined=joined, where=_STRETCH, standing=standing
        )
        return self._rows(statement, [*after, *until, self._moment], OBSERVATION)

    def area_observations(self) -> pa.Table:
        """What was observed of the areas, as it was known."""
        where = _OF_AREAS.format(above=self._or_above("a.path"))
        joined = "JOIN areas_area a ON a.id = o.area_id"
        standing = self._standing("o.brought_by_id")
        statement = _OBSERVATIONS.format(subject="o.area_id", joined=joined, where=where, standing=standing)
        return self._rows(statement, [*self._places(), self._moment], OBSERVATION)

    @property
    def _moment(self) -> Given:
        return connection.ops.adapt_datetimefield_value(self.known_at) or ""

    @cached_property
    def _undone(self) -> list[int]:
        self.cursor.execute(_UNDONE)
        return [int(number) for (number,) in self.cursor.fetchall()]

    def _standing(self, column: str) -> str:
        """That a row was not brought by an undone import; the few there are stand in the statement.

        A join with the table of imports makes PostgreSQL expect next to no rows, and then it reads the whole
        register for every stretch.
        """
        numbers = ", ".join(map(str, self._undone))
        return f"\nAND ({column} IS NULL OR {column} NOT IN ({numbers}))" if numbers else ""

    def _documents(self, table: str, condition: str) -> dict[str, str]:
        if not self.current:
            return {"facts": "NULL, NULL", "joined": ""}
        return {
            "facts": "CAST(f.facts AS text), CAST(f.records AS text)",
            "joined": f"LEFT JOIN {table} f ON f.{condition}",
        }

    def _places(self) -> list[Given]:
        return [self._range.low, self._range.high, *self._above]

    def _or_above(self, column: str) -> str:
        marks = ", ".join("%s" for _ in self._above)
        return f" OR {column} IN ({marks})" if marks else ""

    def _rows(self, statement: str, values: Sequence[Given], schema: pa.Schema) -> pa.Table:
        self.cursor.execute(statement, values)
        columns = list(zip(*self.cursor.fetchall(), strict=True)) or [() for _ in schema]
        arrays = [
            pa.array((None if value is None else bool(value) for value in column), pa.bool_())
            if field.type == pa.bool_()
            else pa.array(column, field.type)
            for column, field in zip(columns, schema, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=schema)
