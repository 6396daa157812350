# SPDX-License-Identifier: Apache-2.0
"""Decides how the smallest pieces of SQL are built, as sqlglot trees and never as text."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

BIG = "BIGINT"
INT = "INT"
HUGE = "INT128"
DOUBLE = "DOUBLE"
DATE = "DATE"

NARROW_DIGITS = 18
"""Exact numbers of up to this many digits are held in 64 bits, longer ones in 128."""

GREATEST = 10**38 - 1
"""The largest scaled integer of the language."""

COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def column(name: str, table: str | None = None) -> exp.Expr:
    """A quoted column, so that no name is ever taken for a word of SQL."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table, quoted=True)


def whole(value: int) -> exp.Expr:
    """A whole number constant; a negative one in brackets."""
    return exp.Paren(this=exp.Literal.number(str(value))) if value < 0 else exp.Literal.number(str(value))


def text(value: str) -> exp.Expr:
    """A text constant."""
    return exp.Literal.string(value)


def null() -> exp.Expr:
    """The unknown."""
    return exp.Null()


def cast_to(expression: exp.Expr, kind: str) -> exp.Expr:
    """``cast(expression as kind)``."""
    return exp.Cast(this=expression, to=exp.DataType.build(kind))


def paren(expression: exp.Expr) -> exp.Expr:
    """The expression in brackets unless it is a single term."""
    # sqlglot counts and/or among the functions, so operators are asked for first
    operator = isinstance(expression, exp.Binary | exp.Unary | exp.Predicate)
    return exp.Paren(this=expression) if operator and not isinstance(expression, exp.Paren) else expression


def binary(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """An operator between two bracketed sides."""
    return kind(this=paren(left), expression=paren(right))


def when(branches: Sequence[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr | None = None) -> exp.Expr:
    """``case when … then … [else …] end``."""
    ifs = [exp.If(this=condition, true=result) for condition, result in branches]
    return exp.Case(ifs=ifs, default=otherwise)


def is_null(expression: exp.Expr) -> exp.Expr:
    """``expression is null``."""
    return exp.Is(this=paren(expression), expression=exp.Null())


def negated(expression: exp.Expr) -> exp.Expr:
    """``not expression``."""
    return exp.Not(this=paren(expression))


def joined(parts: Sequence[exp.Expr], kind: type[exp.Connector]) -> exp.Expr:
    """Conditions joined by ``and`` or ``or``; true for none of ``and``, false for none of ``or``."""
    if not parts:
        return exp.Boolean(this=kind is exp.And)
    result = paren(parts[0])
    for part in parts[1:]:
        result = kind(this=result, expression=paren(part))
    return result


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function by the name the dialect knows."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def negative(expression: exp.Expr) -> exp.Expr:
    """``-expression``."""
    return exp.Neg(this=paren(expression))


def greatest() -> exp.Expr:
    """The largest scaled integer."""
    return cast_to(whole(GREATEST), HUGE)


def tick(scale: int) -> exp.Expr:
    """``10**-scale`` as a decimal: one step of a scaled integer."""
    return cast_to(exp.Literal.number("0." + "0" * (scale - 1) + "1"), f"DECIMAL({scale}, {scale})")


def part_of_date(part: str, day: exp.Expr) -> exp.Expr:
    """Year, month or day as a 64-bit integer."""
    return cast_to(exp.Extract(this=exp.Var(this=part), expression=day), BIG)
