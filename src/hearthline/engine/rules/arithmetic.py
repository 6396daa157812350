# SPDX-License-Identifier: Apache-2.0
"""Decides what values of the language make together: exact to 38 digits, and unknown beyond them."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import cast

from hearthline.engine.rules.policy import Value
from hearthline.engine.rules.tree import Arithmetic
from hearthline.engine.rules.types import MAX_DIGITS, Kind, ValueType

EXACT = Context(prec=200, Emax=999_999, Emin=-999_999)
"""Wide enough that no step of the language loses a digit."""


def exact(value: Value) -> Decimal:
    """An exact number as a Decimal."""
    return value if isinstance(value, Decimal) else Decimal(cast(int, value))


def fitted(value: Decimal, kind: ValueType) -> Decimal | None:
    """The number in the scale of its type, or unknown beyond 38 digits."""
    scaled = EXACT.scaleb(value, kind.scale)
    if scaled.copy_abs() >= Decimal(10) ** MAX_DIGITS:
        return None
    return EXACT.scaleb(scaled.quantize(Decimal(1), ROUND_DOWN, EXACT), -kind.scale)


def finite(value: float) -> float | None:
    """A double, or unknown where it overflowed."""
    return value if math.isfinite(value) else None


def brought_to(value: Value, kind: ValueType) -> Value:
    """A value in the type of a choice or comparison; an exact number that no longer fits is unknown."""
    if value is None or kind.kind is not Kind.NUMBER:
        return value
    return fitted(exact(value), kind)


def double_arithmetic(op: str, left: float, right: float) -> float | None:
    """``left op right``; unknown for a zero below and where it overflows."""
    if op == "/":
        return None if right == 0 else finite(left / right)
    result = {"+": left + right, "-": left - right, "*": left * right}[op]
    return finite(result)


def exact_arithmetic(node: Arithmetic, left: Decimal, right: Decimal) -> Decimal | None:
    """``left op right`` in the type of the node, or unknown beyond 38 digits."""
    if node.op == "*":
        return fitted(EXACT.multiply(left, right), node.type)
    if node.op == "/":
        return divided(left, right, (node.left.type.scale, node.right.type.scale), node.type)
    first, second = fitted(left, node.type), fitted(right, node.type)
    if first is None or second is None:
        return None
    total = EXACT.add(first, second) if node.op == "+" else EXACT.subtract(first, second)
    return fitted(total, node.type)


def divided(left: Decimal, right: Decimal, scales: tuple[int, int], kind: ValueType) -> Decimal | None:
    """The quotient in the scale of ``kind``, half away from zero.

    ``scales`` are those of the operands. Both sides are brought to whole numbers whose quotient has
    the wanted scale; a side that then passes 38 digits, or a zero below, makes the quotient unknown.
    """
    if right == 0:
        return None
    raised = kind.scale - scales[0] + scales[1]
    above = EXACT.scaleb(left, scales[0] + max(0, raised))
    below = EXACT.scaleb(right, scales[1] + max(0, -raised))
    if max(above.copy_abs(), below.copy_abs()) >= Decimal(10) ** MAX_DIGITS:
        return None
    quotient = EXACT.divide(above, below)
    whole = quotient.quantize(Decimal(1), ROUND_HALF_UP, EXACT)
    return fitted(EXACT.scaleb(whole, -kind.scale), kind)


_TESTS: dict[str, Callable[[int], bool]] = {
    "=": lambda sign: sign == 0,
    "<>": lambda sign: sign != 0,
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def compared(op: str, left: Value, right: Value, scale: int = 0) -> bool | None:
    """``left op right``; exact numbers are brought to ``scale`` first and must still fit."""
    if left is None or right is None:
        return None
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        kind = ValueType(Kind.NUMBER, MAX_DIGITS, scale)
        left, right = fitted(exact(left), kind), fitted(exact(right), kind)
        if left is None or right is None:
            return None
    sign = 0 if left == right else (1 if left > right else -1)  # type: ignore[operator]  # one type by the checker
    return _TESTS[op](sign)


def kleene_and(values: list[Value]) -> bool | None:
    """False if any is false, else unknown if any is unknown, else true."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def shifted(day: date, amount: int, step: str) -> date | None:
    """A date moved by days or months, kept within the month; unknown outside the years 1 to 9999."""
    try:
        if step == "day":
            return day + timedelta(days=amount)
        months = day.year * 12 + day.month - 1 + amount
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None
