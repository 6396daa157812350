# SPDX-License-Identifier: Apache-2.0
"""Decides the type and unit of a sum, product, quotient or choice from the types of its parts.

Exact numbers: a sum keeps the larger scale, a product adds scales, a quotient has the declared scale.
Digits are an upper bound; where the bound passes 38 the result is checked as it is computed.
Units: sums, comparisons and choices need equal units; products multiply them. A bare number takes any
unit beside ``+ - =`` and is dimensionless beside ``* /``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.problems import WRONG_TYPE, WRONG_UNIT
from hearthline.engine.rules.types import MAX_DIGITS, Kind, ValueType
from hearthline.engine.rules.units import NO_UNIT, Unit

MAX_SCALE = 17


def common_unit(types: Sequence[ValueType], doing: str) -> Unit | None:
    """The one unit of things that are added, compared or chosen between; None if all are bare."""
    units = [kind.unit for kind in types if kind.unit is not None]
    for unit in units[1:]:
        if unit != units[0]:
            raise WRONG_UNIT.error(
                reason=f"{units[0]} and {unit} cannot be {doing}",
                hint="Bring both to one unit first: multiply or divide by a head count, or by a period.",
            )
    return units[0] if units else None


def common_type(types: Sequence[ValueType], doing: str) -> ValueType:
    """The type that holds every one of ``types``; raises where there is none."""
    known = [kind for kind in types if kind.kind is not Kind.UNKNOWN]
    if not known:
        return types[0]
    kinds = {kind.kind for kind in known}
    if kinds == {Kind.NUMBER, Kind.DOUBLE}:
        raise mixed_numbers(doing)
    if len(kinds) > 1:
        names = " and ".join(sorted(kind.words for kind in known))
        raise WRONG_TYPE.error(reason=f"{names} cannot be {doing}", hint="Use values of one type.")
    first = known[0]
    if first.kind is Kind.NUMBER:
        scale = max(kind.scale for kind in known)
        digits = max(kind.digits - kind.scale for kind in known) + scale
        return ValueType(Kind.NUMBER, min(MAX_DIGITS, digits), scale, common_unit(known, doing))
    if first.kind is Kind.DOUBLE:
        return replace(first, unit=common_unit(known, doing))
    if first.kind is Kind.TEXT:
        lists = [kind.codes for kind in known]
        if all(codes is not None for codes in lists):
            return replace(first, codes=frozenset().union(*(codes or frozenset() for codes in lists)))
        return replace(first, codes=None)
    return first


def mixed_numbers(doing: str) -> HearthlineError:
    """Exact and floating numbers meet: the author must choose."""
    return WRONG_TYPE.error(
        reason=f"an exact number and a double cannot be {doing}",
        hint="Write cast(x as double) around the exact number, or declare both facts decimal.",
    )


def raw_digits(op: str, left: ValueType, right: ValueType, result: ValueType) -> int:
    """The bound on digits before it is cut at 38: above 38 the computation needs a check."""
    if op in "+-":
        scale = result.scale
        return max(left.digits + scale - left.scale, right.digits + scale - right.scale) + 1
    if op == "*":
        return left.digits + right.digits
    return left.digits - left.scale + right.scale + result.scale + 1


def arithmetic_type(op: str, left: ValueType, right: ValueType, division_scale: int) -> ValueType:
    """The type of ``left op right`` for two exact numbers or two doubles."""
    kinds = {left.kind, right.kind}
    if kinds == {Kind.NUMBER, Kind.DOUBLE}:
        raise mixed_numbers("combined")
    if kinds - {Kind.NUMBER, Kind.DOUBLE}:
        raise WRONG_TYPE.error(
            reason=f"'{op}' needs numbers, not {left.words} and {right.words}",
            hint="For dates write add_days, add_months, or date - date.",
        )
    unit = _arithmetic_unit(op, left, right)
    if Kind.DOUBLE in kinds:
        return ValueType(Kind.DOUBLE, unit=unit)
    if op in "+-":
        scale = max(left.scale, right.scale)
    elif op == "*":
        scale = left.scale + right.scale
    else:
        scale = division_scale
    if scale > MAX_SCALE:
        raise WRONG_TYPE.error(
            reason=f"the product has {scale} decimals, more than {MAX_SCALE}",
            hint="Write round(x, n) around one of its factors.",
        )
    shape = ValueType(Kind.NUMBER, 0, scale, unit)
    digits = min(MAX_DIGITS, max(1, raw_digits(op, left, right, shape)))
    return replace(shape, digits=digits)


def _arithmetic_unit(op: str, left: ValueType, right: ValueType) -> Unit | None:
    if op in "+-":
        return common_unit([left, right], "added or subtracted")
    if left.unit is None and right.unit is None:
        return None
    above, below = left.unit or NO_UNIT, right.unit or NO_UNIT
    return above * below if op == "*" else above / below


def division_numerator_digits(left: ValueType, right: ValueType, result: ValueType) -> int:
    """Digits of the numerator once it is brought to the scale at which the quotient is a whole number."""
    return left.digits + max(0, result.scale - left.scale + right.scale)
