# SPDX-License-Identifier: Apache-2.0
"""Decides how a query that every page asks is built once and asked with other values each time.

Django builds a query anew whenever it is asked, which costs more than its answer: half the processor time of
a page. Here a query of Django becomes SQL once, with a mark where a value will stand, and PostgreSQL plans it
once for a connection: planning costs it several times what finding a few rows does. No row is kept: every
asking goes to the database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import local
from typing import Any, Generic, TypeVar  # Any: what Django's compiler calls a column is not typed

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup, Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
BEYOND = 2**63
"""The first whole number that no column of a database holds; a query here asks what equals a number."""


class Given(Value):
    """A value that is given when the query is asked, under a name."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(None, output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """A mark, with itself in the place of the value."""
        return "%s", [self]

    def bound(self, values: Mapping[str, object], connection: BaseDatabaseWrapper) -> Any:
        """The value of this asking, as the driver wants it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class GivenMany(Given):
    """Many values given under one name, for ``__among``: how many there are is no other query."""

    def bound(self, values: Mapping[str, object], connection: BaseDatabaseWrapper) -> Any:
        """An array; SQLite has none and reads JSON."""
        many: Any = values[self.name]
        return list(many) if connection.vendor == "postgresql" else json.dumps(list(many))


@Field.register_lookup
class Among(Lookup):
    """``field__among=GivenMany(...)``: one of many values, as ``field__in`` has it."""

    lookup_name = "among"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """One mark for all values."""
        field, marks = self.process_lhs(compiler, connection)
        many, more = self.process_rhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{field} = ANY({many})", [*marks, *more]
        return f"{field} IN (SELECT value FROM json_each({many}))", [*marks, *more]  # noqa: S608 - only marks


@dataclass(frozen=True)
class _Built:
    """A query in the SQL of one connection; ``marks`` are its values, some of them given later."""

    connection: BaseDatabaseWrapper
    compiler: SQLCompiler
    sql: str
    marks: Sequence[Any]
    converters: dict[int, Any]
    instances: _Instances | None

    def ask(self, values: Mapping[str, object]) -> Iterator[Any]:
        """The rows of one asking; none has a number that no column holds, which an address may name."""
        bound = [
            mark.bound(values, self.connection) if isinstance(mark, Given) else mark for mark in self.marks
        ]
        if any(isinstance(value, int) and not -BEYOND <= value < BEYOND for value in bound):
            return iter(())
        with _cursor(self.connection) as cursor:
            cursor.execute(self.sql, bound)
            rows: Iterator[Any] = iter(cursor.fetchall())
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return map(tuple, rows) if self.instances is None else map(self.instances.made, rows)


class _MarksCursor(psycopg.Cursor[tuple[Any, ...]]):
    """The driver's own cursor; it remembers a prepared query too, which Django logs when it is told to."""

    def _get_prepared(self, pgq: Any, prepare: bool | None = None) -> Any:
        self._query = pgq
        return super()._get_prepared(pgq, prepare)


def _cursor(connection: Any) -> AbstractContextManager[Any]:  # Any: the backends' own methods are not typed
    """A cursor that sends values apart from the SQL, so that the driver has it prepared when it comes again.

    Django's own writes values into the text, and so every asking is a new statement to PostgreSQL.
    """
    if connection.vendor != "postgresql":
        plain: AbstractContextManager[Any] = connection.cursor()
        return plain
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: AbstractContextManager[Any] = connection._prepare_cursor(_MarksCursor(connection.connection))
    return cursor


class _Instances:
    """How rows become instances with those they refer to, as Django's own iteration makes them."""

    def __init__(self, compiler: SQLCompiler) -> None:
        info: Any = compiler.klass_info
        self._using = compiler.connection.alias
        fields = info["select_fields"]
        self._model: type[Model] = info["model"]
        self._own = slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._own]]
        self._related = get_related_populators(  # type: ignore[call-arg]  # the stubs are those of Django 6
            info, compiler.select, self._using
        )
        self._annotated = dict(compiler.annotation_col_map or {})

    def made(self, row: Sequence[object]) -> Model:
        """One instance."""
        instance = self._model.from_db(self._using, self._names, row[self._own])
        for related in self._related:
            related.populate(row, instance)
        for name, place in self._annotated.items():
            setattr(instance, name, row[place])
        return instance


class Asked(Generic[Row]):
    """A query with :class:`Given` values. ``build`` makes it, once for every shape in a thread.

    A shape is what changes the SQL and not only its values, such as how many steps a path has.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._kept = local()

    def rows(self, *shape: Hashable, **values: object) -> list[Row]:
        """All rows."""
        built = self._built(shape)
        return list(built.ask(values)) if built is not None else []

    def find(self, *shape: Hashable, **values: object) -> Row | None:
        """The first row, or None."""
        return next(iter(self.rows(*shape, **values)), None)

    def _built(self, shape: tuple[Hashable, ...]) -> _Built | None:
        kept: dict[Hashable, _Built | None] = self._kept.__dict__.setdefault("by_shape", {})
        found = kept.get(shape)
        if found is None or found.connection is not connections[DEFAULT_DB_ALIAS]:
            found = kept[shape] = _built(self._build(*shape))
        return found


def _built(rows: QuerySet[Any, Any]) -> _Built | None:
    """A query in SQL; None where its conditions let nothing through."""
    compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, marks = compiler.as_sql()
    except EmptyResultSet:
        return None
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    instances = _Instances(compiler) if rows._iterable_class is ModelIterable else None
    converters = compiler.get_converters(columns)
    return _Built(compiler.connection, compiler, sql, marks, converters, instances)
