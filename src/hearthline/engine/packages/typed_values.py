# SPDX-License-Identifier: Apache-2.0
"""Decides whether a value written in a package is a value of its type, within its bounds and codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import shown
from hearthline.engine.packages.declared_types import INTEGER_DIGITS, decimals_of, digits_needed
from hearthline.engine.packages.problems import OUT_OF_BOUNDS, UNKNOWN_CODE, WRONG_VALUE
from hearthline.engine.rules.policy import Fact, Value
from hearthline.engine.rules.types import MAX_DIGITS
from hearthline.engine.rules.vocabulary import nearest_hint

_EXPECTED = {
    "boolean": ("true or false", "Write true or false, without quotation marks."),
    "integer": ("a whole number", "Write plain digits, such as 12, without quotation marks or separators."),
    "decimal": ("a number", "Write plain digits, such as 12.5, without quotation marks or separators."),
    "money": (
        "an amount",
        "Write plain digits, such as 1000 or 12.50, without quotation marks or separators.",
    ),
    "double": ("a number", "Write plain digits, such as 12.5, without quotation marks or separators."),
    "date": ("a date", "Write an existing day without quotation marks, such as 2014-12-31."),
    "code": ("a code", "Write one of its codes."),
    "text": ("a text", "Put it in quotation marks."),
}


@dataclass(frozen=True)
class Expected:
    """What a value must be: its declared type, decimals, codes and inclusive bounds."""

    name: str
    word: str
    scale: int = 0
    codes: Iterable[str] | None = None
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None


def expected_of(fact: Fact) -> Expected:
    """What a value of a fact must be."""
    codes = fact.codes if fact.declared == "code" else None
    return Expected(fact.name, fact.declared, fact.type.scale, codes, fact.minimum, fact.maximum)


def typed_value(raw: object, expected: Expected, place: Place) -> Value:
    """The value as its type has it; raises with the place, the value and what to write instead."""
    if raw is None:
        raise _wrong(raw, expected, place)
    if expected.word in ("integer", "decimal", "money", "double"):
        return _number(raw, expected, place)
    if expected.word == "code":
        return _code(raw, expected, place)
    kinds = {"boolean": bool, "date": date, "text": str}
    if not isinstance(raw, kinds[expected.word]):
        raise _wrong(raw, expected, place)
    if isinstance(raw, date):
        _check_bounds(raw, raw, expected, place)
    return raw  # type: ignore[return-value]  # one of the three kinds just checked


def _wrong(raw: object, expected: Expected, place: Place) -> HearthlineError:
    words, hint = _EXPECTED[expected.word]
    return WRONG_VALUE.error(place, name=expected.name, value=shown(raw), expected=words, hint=hint)


def _number(raw: object, expected: Expected, place: Place) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise _wrong(raw, expected, place)
    if expected.word == "integer" and not isinstance(raw, int):
        raise _wrong(raw, expected, place)
    exact = Decimal(raw)
    _check_bounds(raw, exact, expected, place)
    if expected.word == "double":
        return float(exact)
    limit = INTEGER_DIGITS if expected.word == "integer" else MAX_DIGITS
    if decimals_of(exact) > expected.scale:
        words = f"a number with at most {expected.scale} decimals"
        hint = "Round it as the law does, or declare a larger scale."
        raise WRONG_VALUE.error(place, name=expected.name, value=shown(raw), expected=words, hint=hint)
    if digits_needed(exact, expected.scale) > limit:
        words = f"a number of at most {limit} digits"
        raise WRONG_VALUE.error(
            place, name=expected.name, value=shown(raw), expected=words, hint="Check the value and its unit."
        )
    return raw if expected.word == "integer" else exact


def _check_bounds(raw: object, value: Decimal | date, expected: Expected, place: Place) -> None:
    for bound, side in ((expected.minimum, "below"), (expected.maximum, "above")):
        if bound is None:
            continue
        outside = value < bound if side == "below" else value > bound  # type: ignore[operator]  # same kind as the fact
        if outside:
            raise OUT_OF_BOUNDS.error(
                place, name=expected.name, value=shown(raw), side=side, bound=shown(bound)
            )


def _code(raw: object, expected: Expected, place: Place) -> str:
    """A code is a text; digits and true or false stand for themselves, as they do in the list of codes."""
    if isinstance(raw, bool):
        code = "true" if raw else "false"
    elif isinstance(raw, str | int):
        code = str(raw)
    else:
        raise _wrong(raw, expected, place)
    if expected.codes is not None and code not in expected.codes:
        hint = nearest_hint(code, expected.codes)
        raise UNKNOWN_CODE.error(place, value=shown(raw), name=expected.name, hint=hint)
    return code
