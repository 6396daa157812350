# SPDX-License-Identifier: Apache-2.0
"""Decides how Spark says each operation: decimal(38, 0) where 64 bits do not suffice, in ANSI mode.

What was measured and is worked around here, on Spark 4.3: ``decimal div decimal`` gives a 64-bit integer and
wraps around in silence beyond it; ``-decimal`` and ``abs(decimal)`` round to 34 digits in silence;
``decimal / decimal`` has six decimals and at most 32 digits before them; ``floor`` of a double is a 64-bit
integer; a sum of decimals with more than six decimals loses one at 38 digits; an overflow is an error,
except with ``try_add`` and its like, where it is unknown.
"""

from __future__ import annotations

from sqlglot import exp

from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.terms import (
    BIG,
    DOUBLE,
    HUGE,
    NARROW_DIGITS,
    binary,
    call,
    cast_to,
    part_of_date,
    text,
    tick,
    when,
    whole,
)

DIVIDED_DIGITS = 32
"""Digits before the point that Spark keeps of a quotient of two decimals of 38 digits."""

_SURE_DIVISOR = 10**6
"""Divided by at least this much, a number of 38 digits has a quotient of at most 32."""

_HALF_WAY = 10**19
"""Longer quotients are worked out in two halves, as by hand: first what stands above this power."""

WHOLE_DOUBLES = 2.0**53
"""From here on every double is a whole number."""


def _wide_quotient(above: exp.Expr, below: exp.Expr, digits: int) -> exp.Expr:
    if digits <= NARROW_DIGITS:
        return cast_to(binary(exp.IntDiv, above, below), HUGE)
    if digits <= DIVIDED_DIGITS:
        return _divided(above, below)
    half_way = cast_to(whole(_HALF_WAY), HUGE)
    high = _divided(above, half_way)
    rest = binary(
        exp.Add, binary(exp.Mul, binary(exp.Mod, high, below), half_way), binary(exp.Mod, above, half_way)
    )
    in_halves = binary(exp.Add, binary(exp.Mul, _divided(high, below), half_way), _divided(rest, below))
    sure = binary(exp.GTE, _absolute(below), whole(_SURE_DIVISOR))
    return when([(sure, _divided(above, below))], in_halves)


def _divided(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """The quotient of what divides evenly; at most ``DIVIDED_DIGITS``."""
    even = binary(exp.Sub, above, binary(exp.Mod, above, below))
    return cast_to(binary(exp.Div, even, below), HUGE)


def _negative(number: exp.Expr) -> exp.Expr:
    return cast_to(binary(exp.Sub, whole(0), number), HUGE)


def _absolute(number: exp.Expr) -> exp.Expr:
    return when([(binary(exp.LT, number, whole(0)), _negative(number))], number)


def _wide_round(number: exp.Expr, half: exp.Expr, step: exp.Expr, digits: int) -> exp.Expr:
    rest = _absolute(binary(exp.Mod, number, step))
    away = when([(binary(exp.LT, number, whole(0)), whole(-1))], whole(1))
    # the rest is compared with what is left of the step: a half more could pass 38 digits
    up = when([(binary(exp.GTE, rest, binary(exp.Sub, step, rest)), away)], whole(0))
    return cast_to(binary(exp.Add, _wide_quotient(number, step, digits), up), HUGE)


def _readable(number: exp.Expr, digits: int, scale: int) -> exp.Expr:
    if digits <= NARROW_DIGITS:
        product = binary(exp.Mul, cast_to(number, f"DECIMAL({NARROW_DIGITS}, 0)"), tick(scale))
        return cast_to(product, f"DECIMAL({NARROW_DIGITS}, {scale})")
    written = call("concat", cast_to(number, "VARCHAR"), text(f"E-{scale}"))
    return cast_to(written, f"DECIMAL(38, {scale})")


def _whole_double(rounded: exp.Expr, number: exp.Expr) -> exp.Expr:
    large = cast_to(text(repr(WHOLE_DOUBLES)), DOUBLE)
    return when([(binary(exp.LT, call("abs", number), large), cast_to(rounded, DOUBLE))], number)


def _refuse(message: exp.Expr, *values: exp.Expr) -> exp.Expr:
    return call("raise_error", call("concat", message, *(cast_to(value, "VARCHAR") for value in values)))


SPARK = Dialect(
    name="spark",
    words="spark",
    rows={
        Operation.QUOTIENT: lambda above, below: binary(exp.IntDiv, above, below),
        Operation.WIDE_QUOTIENT: _wide_quotient,
        Operation.WIDE_ROUND: _wide_round,
        Operation.CHECKED_SUM: lambda left, right: call("try_add", left, right),
        Operation.CHECKED_DIFFERENCE: lambda left, right: call("try_subtract", left, right),
        Operation.CHECKED_PRODUCT: lambda left, right: call("try_multiply", left, right),
        Operation.READABLE: _readable,
        Operation.DOUBLE_ROUND: lambda number: _whole_double(call("round", number, whole(0)), number),
        Operation.DOUBLE_FLOOR: lambda number: _whole_double(call("floor", number), number),
        Operation.DOUBLE_CEIL: lambda number: _whole_double(call("ceil", number), number),
        Operation.WIDE_NEGATIVE: _negative,
        Operation.ABSOLUTE: lambda number: call("abs", number),
        Operation.WIDE_ABSOLUTE: _absolute,
        Operation.LEAST: lambda *parts: call("least", *parts),
        Operation.GREATEST: lambda *parts: call("greatest", *parts),
        Operation.ADD_DAYS: lambda day, number: call("date_add", day, number),
        Operation.ADD_MONTHS: lambda day, number: call("add_months", day, number),
        Operation.DAYS_BETWEEN: lambda later, earlier: cast_to(call("datediff", later, earlier), BIG),
        Operation.DATE_PART: part_of_date,
        Operation.REFUSE: _refuse,
        Operation.SUM: lambda number: exp.Sum(this=number),
        Operation.WIDE_SUM: lambda number: cast_to(exp.Sum(this=cast_to(number, HUGE)), HUGE),
        Operation.ANY_BITS: lambda number: exp.BitwiseOrAgg(this=number),
    },
    types={exp.DType.INT128: exp.DataType.build("DECIMAL(38, 0)")},
)
