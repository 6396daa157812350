# SPDX-License-Identifier: Apache-2.0
"""Decides how many rows at once go into a table: by COPY on PostgreSQL, by one prepared statement on SQLite.

Numbers of rows are drawn before they are written, so that rows of one chunk can refer to one another. These
functions are called by the services of the register alone, within the transaction of a chunk.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa
from django.db import connection
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import adapters

from hearthline.base.problems import Kind, declare

BUSY = declare(
    "registry.numbers-busy",
    Kind.REFUSED,
    "too many others write into the register at this moment.",
    "Start the import again in a few minutes; it goes on where it stopped.",
)
_TRIES = 20
_NEXT = "select min(v), max(v) from (select nextval(%s::regclass) as v from generate_series(1, %s)) as drawn"
_LAST = "select coalesce((select seq from sqlite_sequence where name = %s), 0)"
_SHAPE = "SELECT {columns} FROM {table} LIMIT 0"
_COPY = "COPY {table} ({columns}) FROM STDIN (FORMAT binary)"
_INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"
_ROOM = "SET LOCAL work_mem = '64MB'"
_COUNTED = """
ANALYZE registry_household (id, number, area_path), registry_person (id, number, household_id, id_index),
registry_membership (person_id, household_id),
registry_observation (id, household_id, person_id, brought_by_id)
"""
"""What households, people and observations are found by; documents are never looked into."""
_ARROW_TYPES = {
    "bool": pa.bool_(),
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "text": pa.string(),
    "varchar": pa.string(),
    "bytea": pa.binary(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
}
"""How a column of each type of PostgreSQL is given to the encoder."""

Row = tuple[Any, ...]  # Any: what a driver takes and gives


def is_postgresql() -> bool:
    """Whether the register lies in PostgreSQL; else in SQLite."""
    return connection.vendor == "postgresql"


def first_number(table: str, count: int) -> int:
    """The first of ``count`` new numbers of rows of a table, which follow one another."""
    with connection.cursor() as cursor:
        if not is_postgresql():
            cursor.execute(_LAST, [table])
            return int(cursor.fetchone()[0]) + 1
        for _ in range(_TRIES):
            cursor.execute(_NEXT, [f"{table}_id_seq", count])
            low, high = cursor.fetchone()
            if high - low + 1 == count:
                return int(low)
    raise BUSY.error()


def write_rows(table: str, columns: Mapping[str, pa.Array]) -> None:
    """Write whole columns into a table."""
    names = ", ".join(f'"{name}"' for name in columns)
    if is_postgresql():
        _copy(table, names, columns)
        return
    statement = _INSERT.format(table=table, columns=names, marks=", ".join(["%s"] * len(columns)))
    values = [_as_sqlite_keeps(column) for column in columns.values()]
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*values, strict=True)))


def _as_sqlite_keeps(column: pa.Array) -> Sequence[object]:
    values: list[Any] = column.to_pylist()  # Any: cells of any type
    if pa.types.is_timestamp(column.type):
        return [connection.ops.adapt_datetimefield_value(value) for value in values]
    return [str(value) for value in values] if pa.types.is_date(column.type) else values


def _copy(table: str, names: str, columns: Mapping[str, pa.Array]) -> None:
    """By the binary COPY, which takes no type but that of the column; each is asked for and cast to."""
    with connection.cursor() as cursor:
        cursor.execute(_SHAPE.format(table=table, columns=names))
        types = [_ARROW_TYPES[adapters.types[shape.type_code].name] for shape in cursor.description]
        arrays = [column.cast(kind) for column, kind in zip(columns.values(), types, strict=True)]
        rows = pa.RecordBatch.from_arrays(arrays, names=list(columns))
        encoder = ArrowToPostgresBinaryEncoder(rows.schema)
        with cursor.copy(_COPY.format(table=table, columns=names)) as copy:
            copy.write(encoder.write_header())
            copy.write(encoder.write_batch(rows))
            copy.write(encoder.finish())


def make_room() -> None:
    """Let PostgreSQL hold the rows of a chunk in memory while it checks them, within this transaction."""
    if is_postgresql():
        run(_ROOM)


def count_anew() -> None:
    """Let PostgreSQL learn how many rows its tables hold now, and of what kind.

    It would do so by itself within minutes; until then it reads whole tables to find a few households.
    """
    if is_postgresql():
        run(_COUNTED)


def found_among(statements: Mapping[str, str], wanted: Collection[object], *others: Any) -> list[Row]:
    """The rows that a statement finds for many values at once, given to it as its first parameter."""
    if not wanted:
        return []
    values: Any = list(wanted) if is_postgresql() else json.dumps(list(wanted))
    return fetched(statements[connection.vendor], values, *others)


def fetched(statement: str, *values: Any) -> list[Row]:
    """The rows that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        rows: list[Row] = cursor.fetchall()
    return rows


def run(statement: str, *values: Any) -> int:
    """Run one statement; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return int(cursor.rowcount)


def run_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each of some rows."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
