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
from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.terms import (
    BIG,
    GREATEST,
    HUGE,
    NARROW_DIGITS,
    binary,
    cast_to,
    greatest,
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


def absolute(dialect: Dialect, expression: exp.Expr, width: str) -> exp.Expr:
    """The number without its sign."""
    return dialect.say(Operation.ABSOLUTE if width == BIG else Operation.WIDE_ABSOLUTE, expression)


def raised(dialect: Dialect, expression: exp.Expr, digits: int, by: int, width: str) -> exp.Expr:
    """The number with ``by`` more decimals, in integers of ``width``; unknown if it no longer fits."""
    if by == 0:
        return expression if width == held_in(digits) else cast_to(expression, width)
    wide = expression if width == held_in(digits) else cast_to(expression, width)
    product = binary(exp.Mul, wide, power(by))
    if digits + by <= MAX_DIGITS:
        return product
    fits = binary(exp.LTE, absolute(dialect, wide, width), cast_to(whole(GREATEST // 10**by), HUGE))
    return when([(fits, product)])


def operand(dialect: Dialect, node: Node, lowered: exp.Expr, scale: int, width: str) -> exp.Expr:
    """A side of a computation: brought to ``scale`` and held in ``width``."""
    if isinstance(node, Literal):
        return cast_to(null() if node.value is None else whole(scaled_constant(node.value, scale)), width)
    return raised(dialect, lowered, node.type.digits, scale - node.type.scale, width)


def _settled(expression: exp.Expr, width: str, kind: ValueType) -> exp.Expr:
    return expression if width == held_in(kind.digits) else cast_to(expression, held_in(kind.digits))


def whole_quotient(dialect: Dialect, above: exp.Expr, below: exp.Expr, width: str, digits: int) -> exp.Expr:
    """``above / below`` without its remainder, at most ``digits`` long; ``below`` must not be zero."""
    if width == BIG:
        return dialect.say(Operation.QUOTIENT, above, below)
    return dialect.say(Operation.WIDE_QUOTIENT, above, below, digits)


def sum_or_difference(
    dialect: Dialect, op: str, sides: tuple[Node, Node], lowered: tuple[exp.Expr, exp.Expr], kind: ValueType
) -> exp.Expr:
    """``+`` and ``-`` at the common scale."""
    digits = raw_digits(op, sides[0].type, sides[1].type, kind)
    width = held_in(digits)
    left, right = (
        operand(dialect, node, sql, kind.scale, width) for node, sql in zip(sides, lowered, strict=True)
    )
    if digits <= MAX_DIGITS:
        operator: type[exp.Binary] = exp.Add if op == "+" else exp.Sub
        return _settled(binary(operator, left, right), width, kind)
    return dialect.say(Operation.CHECKED_SUM if op == "+" else Operation.CHECKED_DIFFERENCE, left, right)


def product(
    dialect: Dialect, sides: tuple[Node, Node], lowered: tuple[exp.Expr, exp.Expr], kind: ValueType
) -> exp.Expr:
    """``*``: scales add up."""
    digits = raw_digits("*", sides[0].type, sides[1].type, kind)
    width = held_in(digits)
    left, right = (
        operand(dialect, node, sql, node.type.scale, width) for node, sql in zip(sides, lowered, strict=True)
    )
    if digits <= MAX_DIGITS:
        return _settled(binary(exp.Mul, left, right), width, kind)
    return dialect.say(Operation.CHECKED_PRODUCT, left, right)


def quotient(
    dialect: Dialect, sides: tuple[Node, Node], lowered: tuple[exp.Expr, exp.Expr], kind: ValueType
) -> exp.Expr:
    """``/`` to the scale of ``kind``, half away from zero; unknown for a zero below."""
    by = kind.scale - sides[0].type.scale + sides[1].type.scale
    above_digits = division_numerator_digits(sides[0].type, sides[1].type, kind)
    digits = max(above_digits, sides[1].type.digits + max(0, -by))
    # a remainder is smaller than its divisor, so comparing it with what is left of that needs no digit more
    width = held_in(digits)
    above = operand(dialect, sides[0], lowered[0], sides[0].type.scale + max(0, by), width)
    below = operand(dialect, sides[1], lowered[1], sides[1].type.scale + max(0, -by), width)
    divided = half_away(dialect, above, below, width, min(above_digits, kind.digits))
    return _settled(_checked_size(dialect, divided, width, kind), width, kind)


def _checked_size(dialect: Dialect, expression: exp.Expr, width: str, kind: ValueType) -> exp.Expr:
    if kind.digits < MAX_DIGITS:
        return expression
    return when([(binary(exp.LTE, absolute(dialect, expression, width), greatest()), expression)])


def half_away(dialect: Dialect, above: exp.Expr, below: exp.Expr, width: str, digits: int) -> exp.Expr:
    """Integer division rounded half away from zero; unknown where ``below`` is zero.

    ``%`` has the sign of ``above`` in every dialect we lower to.
    """
    cut = whole_quotient(dialect, above, below, width, digits)
    rest = absolute(dialect, binary(exp.Mod, above, below), width)
    up = binary(exp.GTE, rest, binary(exp.Sub, absolute(dialect, below, width), rest))
    same_sign = binary(exp.EQ, binary(exp.LT, above, whole(0)), binary(exp.LT, below, whole(0)))
    step = when([(negated_test(up), whole(0)), (same_sign, whole(1))], whole(-1))
    return when([(binary(exp.NEQ, below, whole(0)), binary(exp.Add, cut, step))])


def negated_test(condition: exp.Expr) -> exp.Expr:
    """``not condition`` in brackets."""
    return exp.Not(this=paren(condition))


def rounding(
    dialect: Dialect, how: str, expression: exp.Expr, source: ValueType, kind: ValueType
) -> exp.Expr:
    """``round`` half away from zero, ``floor``, ``ceil`` to fewer decimals; ``widen`` to more."""
    if how == "widen":
        return raised(dialect, expression, source.digits, kind.scale - source.scale, held_in(kind.digits))
    width = held_in(source.digits + 1)
    wide = expression if width == held_in(source.digits) else cast_to(expression, width)
    step = power(source.scale - kind.scale)
    cut_digits = source.digits - source.scale + kind.scale
    if how == "round":
        half = cast_to(whole(10 ** (source.scale - kind.scale) // 2), width)
        if width == HUGE:
            rounded = dialect.say(Operation.WIDE_ROUND, wide, half, step, cut_digits)
            return _settled(rounded, width, kind)
        signed = when([(binary(exp.LT, wide, whole(0)), negative(half))], half)
        rounded = whole_quotient(dialect, binary(exp.Add, wide, signed), step, width, source.digits)
        return _settled(rounded, width, kind)
    rest = binary(exp.Mod, wide, step)
    test, nudge = (exp.LT, whole(-1)) if how == "floor" else (exp.GT, whole(1))
    adjust = when([(binary(test, rest, whole(0)), nudge)], whole(0))
    cut = whole_quotient(dialect, wide, step, width, cut_digits)
    return _settled(binary(exp.Add, cut, adjust), width, kind)


def readable(dialect: Dialect, expression: exp.Expr, kind: ValueType) -> exp.Expr:
    """A scaled integer as the decimal a person reads in a result file."""
    if kind.scale == 0:
        return expression if kind.digits <= NARROW_DIGITS else cast_to(expression, "DECIMAL(38, 0)")
    return dialect.say(Operation.READABLE, expression, kind.digits, kind.scale)
