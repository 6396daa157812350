# SPDX-License-Identifier: Apache-2.0
"""Decides in which column and of which SQL type a value stands, and how a constant of a package is put."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from hearthline.engine.rules.types import Kind, ValueType
from hearthline.engine.sql import dates, numbers
from hearthline.engine.sql.terms import DOUBLE, HUGE, NARROW_DIGITS, cast_to, null, text, whole

_SQL_TYPES = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.NUMBER: "BIGINT",
    Kind.DOUBLE: "DOUBLE",
    Kind.DATE: "DATE",
    Kind.TEXT: "VARCHAR",
}


def sql_type(kind: ValueType) -> str:
    """The column type in which values of a type stand during a screening."""
    return _SQL_TYPES[kind.kind] if kind.digits <= NARROW_DIGITS else HUGE


def fact_column(level: str, name: str) -> str:
    """The column in which a fact or rule of a level stands, in every step."""
    return f"{level}.{name}"


def constant(value: object, kind: ValueType) -> exp.Expr:
    """A constant of the package in SQL."""
    if value is None:
        # an unknown without a type stops an engine that has to choose a function by it
        return null() if kind.kind is Kind.UNKNOWN else cast_to(null(), sql_type(kind))
    if kind.kind is Kind.BOOLEAN:
        return exp.Boolean(this=bool(value))
    if kind.kind is Kind.DATE and isinstance(value, date):
        return dates.date_constant(value)
    if kind.kind is Kind.DOUBLE:
        return cast_to(text(repr(float(str(value)))), DOUBLE)
    if kind.kind is Kind.NUMBER:
        number = numbers.scaled_constant(value, kind.scale)
        return cast_to(whole(number), numbers.held_in(kind.digits))
    return text(str(value))
