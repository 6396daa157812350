# SPDX-License-Identifier: Apache-2.0
"""Decides the SQL of an aggregate over rows some of which may be unknown, and of a count that is compared."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from hearthline.engine.rules.tree import Aggregate, FactRef, Node
from hearthline.engine.rules.types import MAX_DIGITS, MAX_ROWS_DIGITS, Kind, ValueType
from hearthline.engine.sql import numbers
from hearthline.engine.sql.dialect import Dialect
from hearthline.engine.sql.terms import COMPARISONS, binary, column, negated, null, when, whole


@dataclass(frozen=True)
class AggregateColumns:
    """Where the parts of an aggregate stand: its value, its rows, whether any row is unknown.

    The value of a ``bool_or`` or ``bool_and``, like ``unknown``, is above zero where there is such a row.
    """

    value: str
    rows: str | None
    unknown: str | None


def aggregate_value(dialect: Dialect, node: Aggregate, places: AggregateColumns) -> exp.Expr:
    """The value of an aggregate; unknown where a row is, unless the known rows decide it."""
    value = column(places.value)
    if node.function in ("bool_or", "bool_and"):
        decided = node.function == "bool_or"
        branches: list[tuple[exp.Expr, exp.Expr]] = [
            (binary(exp.GT, value, whole(0)), exp.Boolean(this=decided))
        ]
        if places.unknown is not None:
            branches.append((binary(exp.GT, column(places.unknown), whole(0)), null()))
        return when(branches, exp.Boolean(this=not decided))
    if node.function == "avg" and node.operand is not None and places.rows is not None:
        value = _average(dialect, node, node.operand, value, column(places.rows))
    if places.unknown is None:
        return value
    return when([(binary(exp.EQ, column(places.unknown), whole(0)), value)])


def _average(dialect: Dialect, node: Aggregate, operand: Node, total: exp.Expr, rows: exp.Expr) -> exp.Expr:
    digits = min(MAX_DIGITS, operand.type.digits + MAX_ROWS_DIGITS)
    total_type = ValueType(Kind.NUMBER, digits, operand.type.scale)
    rows_type = ValueType(Kind.NUMBER, MAX_ROWS_DIGITS + 1, 0)
    sides = (FactRef(total_type, "", ""), FactRef(rows_type, "", ""))
    return numbers.quotient(dialect, sides, (total, rows), node.type)


def bounded_count(
    dialect: Dialect, op: str, count: Aggregate, places: AggregateColumns, bound: Node, lowered: exp.Expr
) -> exp.Expr:
    """``count op bound``, decided also where the known rows alone are past the bound.

    ``lowered`` is the SQL of the bound.
    """
    known = column(places.value)
    scale = bound.type.scale
    width = numbers.held_in(count.type.digits + scale)
    left = numbers.raised(dialect, known, count.type.digits, scale, width)
    right = numbers.operand(dialect, bound, lowered, scale, numbers.held_in(bound.type.digits))
    plain = binary(COMPARISONS[op], left, right)
    if places.unknown is None:
        return plain
    complete = binary(exp.EQ, column(places.unknown), whole(0))
    past = binary(exp.GT, left, right)
    decided = {
        ">": (plain, exp.Boolean(this=True)),
        ">=": (plain, exp.Boolean(this=True)),
        "<": (negated(plain), exp.Boolean(this=False)),
        "<=": (negated(plain), exp.Boolean(this=False)),
        "=": (past, exp.Boolean(this=False)),
        "<>": (past, exp.Boolean(this=True)),
    }[op]
    return when([(complete, plain), decided])
