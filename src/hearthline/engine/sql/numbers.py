# SPDX-License-Identifier: Apache-2.0
"""Decides how exact numbers are computed: on scaled integers, with a check only where one could overflow.

No decimal type of an engine is ever used in a computation: engines disagree on the result of decimal
division and on what overflow does. A number of type (digits, scale) is the integer ``value * 10**scale``.
"""

from __future__ import annotations

from decimal import Context, Decimal

from sqlglot import exp

from hearthline.engine.rules.algebra import division_numerator_digits, raw_digits
from hearthline.engine.rules.tree import Literal, Node
from hearthline.engine.rules.types import MAX_DIGITS, ValueType
from hearthline.engine.sql.terms import (
    BIG,
    GREATEST,
    HUGE,
    NARROW_DIGITS,
    binary,
    call,
    cast_to,
    joined,
    negative,
    null,
    paren,
    when,
    whole,
)

_WIDE = Context(prec=2 * MAX_DIGITS)
"""The default context would round a constant of more than 28 digits."""


def held_in(digits: int) -> str:
    """The integer type that holds a number of so many digits."""
    return BIG if digits <= NARROW_DIGITS else HUGE


def scaled_constant(value: object, scale: int) -> int:
    """A constant of the package as its scaled integer."""
    return int(Decimal(str(value)).scaleb(scale, _WIDE))


def constant(value: object, scale: int, digits: int) -> exp.Expr:
    """A constant in the integer type of a computation."""
    return cast_to(whole(scaled_constant(value, scale)), held_in(digits))


def power(exponent: int) -> exp.Expr:
    """``10**exponent`` as a constant wide enough for itself."""
    return cast_to(whole(10**exponent), held_in(exponent + 1)) if exponent >= 9 else whole(10**exponent)


def greatest() -> exp.Expr:
    """The largest scaled integer."""
    return cast_to(whole(GREATEST), HUGE)


def raised(expression: exp.Expr, digits: int, by: int, width: str) -> exp.Expr:
    """The number with ``by`` more decimals, in integers of ``width``; unknown if it no longer fits."""
    if by == 0:
        return expression if width == held_in(digits) else cast_to(expression, width)
    wide = expression if width == held_in(digits) else cast_to(expression, width)
    product = binary(exp.Mul, wide, power(by))
    if digits + by <= MAX_DIGITS:
        return product
    fits = binary(exp.LTE, call("abs", wide), cast_to(whole(GREATEST // 10**by), HUGE))
    return when([(fits, product)])


def operand(node: Node, lowered: exp.Expr, scale: int, width: str) -> exp.Expr:
    """A side of a computation: brought to ``scale`` and held in ``width``."""
    if isinstance(node, Literal):
        return cast_to(null() if node.value is None else whole(scaled_constant(node.value, scale)), width)
    return raised(lowered, node.type.digits, scale - node.type.scale, width)


def _settled(expression: exp.Expr, width: str, kind: ValueType) -> exp.Expr:
    return expression if width == held_in(kind.digits) else cast_to(expression, held_in(kind.digits))


def sum_or_difference(
    op: str, sides: tuple[Node, Node], lowered: tuple[exp.Expr, exp.Expr], kind: ValueType
) -> exp.Expr:
    """``+`` and ``-`` at the common scale."""
    digits = raw_digits(op, sides[0].type, sides[1].type, kind)
    width = held_in(digits)
    left, right = (operand(node, sql, kind.scale, width) for node, sql in zip(sides, lowered, strict=True))
    operator: type[exp.Binary] = exp.Add if op == "+" else exp.Sub
    total = binary(operator, left, right)
    if digits <= MAX_DIGITS:
        return _settled(total, width, kind)
    # |left| and |right| are below 10**38, so greatest - |right| is safe where their sum is not
    zero = whole(0)
    added = right if op == "+" else negative(right)
    above = joined(
        [binary(exp.GTE, added, zero), binary(exp.LTE, left, binary(exp.Sub, greatest(), added))], exp.And
    )
    below = joined(
        [binary(exp.LT, added, zero), binary(exp.GTE, left, binary(exp.Sub, negative(greatest()), added))],
        exp.And,
    )
    return when([(joined([above, below], exp.Or), total)])


def product(sides: tuple[Node, Node], lowered: tuple[exp.Expr, exp.Expr], kind: ValueType) -> exp.Expr:
    """``*``: scales add up."""
    digits = raw_digits("*", sides[0].type, sides[1].type, kind)
    width = held_in(digits)
    left, right = (
        operand(node, sql, node.type.scale, width) for node, sql in zip(sides, lowered, strict=True)
    )
    result = binary(exp.Mul, left, right)
    if digits <= MAX_DIGITS:
        return _settled(result, width, kind)
    zero = binary(exp.EQ, right, whole(0))
    limit = binary(exp.IntDiv, greatest(), call("abs", right))
    fits = binary(exp.LTE, call("abs", left), limit)
    # unknown times zero stays unknown, so the product itself stands in both branches
    return when([(zero, result), (fits, result)])


def quotient(sides: tuple[Node, Node], lowered: tuple[exp.Expr, exp.Expr], kind: ValueType) -> exp.Expr:
    """``/`` to the scale of ``kind``, half away from zero; unknown for a zero below."""
    by = kind.scale - sides[0].type.scale + sides[1].type.scale
    digits = max(
        division_numerator_digits(sides[0].type, sides[1].type, kind), sides[1].type.digits + max(0, -by)
    )
    # one digit to spare, so that the remainder can be compared with what is left of the divisor
    width = held_in(digits + 1)
    above = operand(sides[0], lowered[0], sides[0].type.scale + max(0, by), width)
    below = operand(sides[1], lowered[1], sides[1].type.scale + max(0, -by), width)
    return _settled(_checked_size(half_away(above, below), kind), width, kind)


def _checked_size(expression: exp.Expr, kind: ValueType) -> exp.Expr:
    if kind.digits < MAX_DIGITS:
        return expression
    return when([(binary(exp.LTE, call("abs", expression), greatest()), expression)])


def half_away(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """Integer division rounded half away from zero; unknown where ``below`` is zero.

    ``//`` drops the remainder towards zero and ``%`` has the sign of ``above`` in every dialect we lower to.
    """
    cut = binary(exp.IntDiv, above, below)
    rest = call("abs", binary(exp.Mod, above, below))
    up = binary(exp.GTE, rest, binary(exp.Sub, call("abs", below), rest))
    same_sign = binary(exp.EQ, binary(exp.LT, above, whole(0)), binary(exp.LT, below, whole(0)))
    step = when([(negated_test(up), whole(0)), (same_sign, whole(1))], whole(-1))
    return when([(binary(exp.NEQ, below, whole(0)), binary(exp.Add, cut, step))])


def negated_test(condition: exp.Expr) -> exp.Expr:
    """``not condition`` in brackets."""
    return exp.Not(this=paren(condition))


def rounding(how: str, expression: exp.Expr, source: ValueType, kind: ValueType) -> exp.Expr:
    """``round`` half away from zero, ``floor``, ``ceil`` to fewer decimals; ``widen`` to more."""
    if how == "widen":
        return raised(expression, source.digits, kind.scale - source.scale, held_in(kind.digits))
    width = held_in(source.digits + 1)
    wide = expression if width == held_in(source.digits) else cast_to(expression, width)
    step = power(source.scale - kind.scale)
    if how == "round":
        half = cast_to(whole(10 ** (source.scale - kind.scale) // 2), width)
        signed = when([(binary(exp.LT, wide, whole(0)), negative(half))], half)
        return _settled(binary(exp.IntDiv, binary(exp.Add, wide, signed), step), width, kind)
    rest = binary(exp.Mod, wide, step)
    test, nudge = (exp.LT, whole(-1)) if how == "floor" else (exp.GT, whole(1))
    adjust = when([(binary(test, rest, whole(0)), nudge)], whole(0))
    return _settled(binary(exp.Add, binary(exp.IntDiv, wide, step), adjust), width, kind)


def readable(expression: exp.Expr, kind: ValueType) -> exp.Expr:
    """A scaled integer as the decimal a person reads in a result file."""
    if kind.scale == 0:
        return expression if kind.digits <= NARROW_DIGITS else cast_to(expression, "DECIMAL(38, 0)")
    tick = cast_to(
        exp.Literal.number("0." + "0" * (kind.scale - 1) + "1"), f"DECIMAL({kind.scale}, {kind.scale})"
    )
    if kind.digits + kind.scale <= NARROW_DIGITS:
        # a product of 18 digits is computed in 64 bits; one digit more takes three times as long
        return binary(exp.Mul, cast_to(expression, f"DECIMAL({NARROW_DIGITS - kind.scale}, 0)"), tick)
    if kind.digits <= NARROW_DIGITS:
        product = binary(exp.Mul, cast_to(expression, f"DECIMAL({NARROW_DIGITS}, 0)"), tick)
        return cast_to(product, f"DECIMAL({NARROW_DIGITS}, {kind.scale})")
    step = cast_to(whole(10**kind.scale), HUGE)
    units = cast_to(binary(exp.IntDiv, expression, step), f"DECIMAL(38, {kind.scale})")
    rest = cast_to(binary(exp.Mod, expression, step), f"DECIMAL({kind.scale + 1}, 0)")
    return cast_to(binary(exp.Add, units, binary(exp.Mul, rest, tick)), f"DECIMAL(38, {kind.scale})")
