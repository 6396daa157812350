# SPDX-License-Identifier: Apache-2.0
"""Decides how DuckDB says each operation: its 128-bit integers hold a little more than 38 digits.

``//`` drops the remainder towards zero and ``%`` has the sign of what is divided.
"""

from __future__ import annotations

from sqlglot import exp

from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.terms import (
    BIG,
    DATE,
    HUGE,
    NARROW_DIGITS,
    binary,
    call,
    cast_to,
    greatest,
    joined,
    negative,
    paren,
    part_of_date,
    tick,
    when,
    whole,
)


def _wide_quotient(above: exp.Expr, below: exp.Expr, digits: int) -> exp.Expr:
    return binary(exp.IntDiv, above, below)


def _wide_round(number: exp.Expr, half: exp.Expr, step: exp.Expr, digits: int) -> exp.Expr:
    # a number of 38 digits and a half still fit 128 bits
    signed = when([(binary(exp.LT, number, whole(0)), negative(half))], half)
    return binary(exp.IntDiv, binary(exp.Add, number, signed), step)


def _checked_total(operator: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    # |left| and |right| are below 10**38, so greatest - |right| is safe where their sum is not
    zero = whole(0)
    added = right if operator is exp.Add else negative(right)
    above = joined(
        [binary(exp.GTE, added, zero), binary(exp.LTE, left, binary(exp.Sub, greatest(), added))], exp.And
    )
    below = joined(
        [binary(exp.LT, added, zero), binary(exp.GTE, left, binary(exp.Sub, negative(greatest()), added))],
        exp.And,
    )
    return when([(joined([above, below], exp.Or), binary(operator, left, right))])


def _checked_product(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    result = binary(exp.Mul, left, right)
    zero = binary(exp.EQ, right, whole(0))
    limit = binary(exp.IntDiv, greatest(), call("abs", right))
    fits = binary(exp.LTE, call("abs", left), limit)
    # unknown times zero stays unknown, so the product itself stands in both branches
    return when([(zero, result), (fits, result)])


def _readable(number: exp.Expr, digits: int, scale: int) -> exp.Expr:
    if digits + scale <= NARROW_DIGITS:
        # a product of 18 digits is computed in 64 bits; one digit more takes three times as long
        return binary(exp.Mul, cast_to(number, f"DECIMAL({NARROW_DIGITS - scale}, 0)"), tick(scale))
    if digits <= NARROW_DIGITS:
        product = binary(exp.Mul, cast_to(number, f"DECIMAL({NARROW_DIGITS}, 0)"), tick(scale))
        return cast_to(product, f"DECIMAL({NARROW_DIGITS}, {scale})")
    kind = f"DECIMAL(38, {scale})"
    step = cast_to(whole(10**scale), HUGE)
    units = cast_to(binary(exp.IntDiv, number, step), kind)
    rest = cast_to(binary(exp.Mod, number, step), f"DECIMAL({scale + 1}, 0)")
    wide = cast_to(binary(exp.Add, units, binary(exp.Mul, rest, tick(scale))), kind)
    if scale >= NARROW_DIGITS:
        return wide
    # a division in 128 bits takes ten times as long as all of this, and few numbers need it
    most = 10 ** (NARROW_DIGITS - scale) - 1
    small = exp.Between(this=paren(number.copy()), low=whole(-most), high=whole(most))
    narrow = binary(
        exp.Mul, cast_to(cast_to(number.copy(), BIG), f"DECIMAL({NARROW_DIGITS - scale}, 0)"), tick(scale)
    )
    return when([(small, cast_to(narrow, kind))], wide)


def _add_days(day: exp.Expr, number: exp.Expr) -> exp.Expr:
    # days are added as a number: DuckDB takes an interval of 30 days for one of a month and merges them
    return cast_to(binary(exp.Add, day, number), DATE)


def _add_months(day: exp.Expr, number: exp.Expr) -> exp.Expr:
    return cast_to(binary(exp.Add, day, call("to_months", number)), DATE)


def _sum(number: exp.Expr) -> exp.Expr:
    # the plain sum carries 128 bits from row to row; what fits in 64 is added up in 64
    return call("sum_no_overflow", number)


DUCKDB = Dialect(
    name="duckdb",
    words="duckdb",
    rows={
        Operation.QUOTIENT: lambda above, below: binary(exp.IntDiv, above, below),
        Operation.WIDE_QUOTIENT: _wide_quotient,
        Operation.WIDE_ROUND: _wide_round,
        Operation.CHECKED_SUM: lambda left, right: _checked_total(exp.Add, left, right),
        Operation.CHECKED_DIFFERENCE: lambda left, right: _checked_total(exp.Sub, left, right),
        Operation.CHECKED_PRODUCT: _checked_product,
        Operation.READABLE: _readable,
        Operation.DOUBLE_ROUND: lambda number: call("round", number),
        Operation.DOUBLE_FLOOR: lambda number: call("floor", number),
        Operation.DOUBLE_CEIL: lambda number: call("ceil", number),
        Operation.WIDE_NEGATIVE: negative,
        Operation.ABSOLUTE: lambda number: call("abs", number),
        Operation.WIDE_ABSOLUTE: lambda number: call("abs", number),
        Operation.LEAST: lambda *parts: call("least", *parts),
        Operation.GREATEST: lambda *parts: call("greatest", *parts),
        Operation.ADD_DAYS: _add_days,
        Operation.ADD_MONTHS: _add_months,
        Operation.DAYS_BETWEEN: lambda later, earlier: cast_to(binary(exp.Sub, later, earlier), BIG),
        Operation.DATE_PART: part_of_date,
        Operation.REFUSE: lambda message, *values: call("error", call("concat", message, *values)),
        Operation.SUM: _sum,
        Operation.WIDE_SUM: lambda number: exp.Sum(this=number),
        Operation.ANY_BITS: lambda number: exp.BitwiseOrAgg(this=number),
    },
)
