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
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from django.db import connection

from hearthline.base.problems import Kind, declare

BUSY = declare(
    "registry.numbers-busy",
    Kind.REFUSED,
    "too many others write into the register at this moment.",
    "Start the import again in a few minutes; it goes on where it stopped.",
)
_TRIES = 20
_COPY_BYTES = 4 * 2**20
_NEXT = "select min(v), max(v) from (select nextval(%s::regclass) as v from generate_series(1, %s)) as drawn"
_LAST = "select coalesce((select seq from sqlite_sequence where name = %s), 0)"
_COPY = "COPY {table} ({columns}) FROM STDIN (FORMAT csv)"
_INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"

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
    """Write whole columns into a table; a column of bytes is given as texts of hexadecimal digits."""
    names = ", ".join(f'"{name}"' for name in columns)
    if is_postgresql():
        _copy(_COPY.format(table=table, columns=names), columns)
        return
    statement = _INSERT.format(table=table, columns=names, marks=", ".join(["%s"] * len(columns)))
    values = [_plain(name, column) for name, column in columns.items()]
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*values, strict=True)))


BYTES = frozenset({"wrapped_key", "sealed"})


def _plain(name: str, column: pa.Array) -> Sequence[object]:
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    values: list[Any] = column.to_pylist()  # Any: cells of any type
    return [bytes.fromhex(value) for value in values] if name in BYTES else values


def _copy(statement: str, columns: Mapping[str, pa.Array]) -> None:
    table = pa.table(
        {
            name: pc.binary_join_element_wise("\\x", column, "") if name in BYTES else column
            for name, column in columns.items()
        }
    )
    sink = pa.BufferOutputStream()
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
    arrow_csv.write_csv(table, sink, write_options=options)
    text = memoryview(sink.getvalue())
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, len(text), _COPY_BYTES):
            copy.write(text[start : start + _COPY_BYTES])


def found_among(statements: Mapping[str, str], wanted: Collection[object], *others: Any) -> list[Row]:
    """The rows that a statement finds for many values at once, given to it as its first parameter."""
    if not wanted:
        return []
    values: Any = list(wanted) if is_postgresql() else json.dumps(list(wanted))
    with connection.cursor() as cursor:
        cursor.execute(statements[connection.vendor], [values, *others])
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
