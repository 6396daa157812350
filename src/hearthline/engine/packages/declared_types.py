# SPDX-License-Identifier: Apache-2.0
"""Decides the exact type behind a declared one: its unit, decimals, and digits by its bounds or values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.problems import BAD_DIGITS, KEY_NOT_FOR_TYPE, MONEY_UNIT
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.types import BOOLEAN, DATE, MAX_DIGITS, TEXT, Kind, ValueType
from hearthline.engine.rules.units import NO_UNIT, Unit, unit_of

NUMBERS = ("integer", "decimal", "money", "double")
EXACT = ("integer", "decimal", "money")
DEFAULT_SCALE = 4
DEFAULT_DIGITS = {"integer": 15, "money": 15, "decimal": 18}
INTEGER_DIGITS = 18
"""Integers are held in 64 bits wherever they are stored."""


@dataclass(frozen=True)
class Declaration:
    """A type as a package writes it, with the places of its keys.

    ``extent`` is the greatest absolute value that can occur, where it is known.
    """

    word: str
    unit: str | None
    scale: int | None
    place: Callable[[str], Place]
    digits: int | None = None
    codes: frozenset[str] | None = None
    extent: Decimal | None = None


def value_type(declaration: Declaration, settings: Settings, faults: Faults) -> ValueType:
    """The type a declaration means; keys that do not go with it are kept as faults."""
    word = declaration.word
    for key in ("unit", "scale", "digits"):
        if getattr(declaration, key) is not None and not _goes_with(key, word):
            faults.add(
                KEY_NOT_FOR_TYPE.error(declaration.place(key), key=key, type=word, hint=_hint(key, word))
            )
    if word in ("code", "text"):
        return ValueType(Kind.TEXT, codes=declaration.codes) if word == "code" else TEXT
    if word in ("boolean", "date"):
        return BOOLEAN if word == "boolean" else DATE
    unit = _unit(declaration, settings, faults)
    if word == "double":
        return ValueType(Kind.DOUBLE, unit=unit)
    scale = scale_of(word, declaration.scale, settings)
    return ValueType(Kind.NUMBER, _digits(declaration, scale, faults), scale, unit)


def unit_text(word: str, unit: str | None, settings: Settings) -> str:
    """The unit of a declared type: as written, else the currency for money, else none."""
    return unit if unit is not None else settings.currency if word == "money" else "1"


def scale_of(word: str, scale: int | None, settings: Settings) -> int:
    """The decimals a declared exact type keeps."""
    if word == "money":
        return settings.minor_digits
    if word == "decimal":
        return DEFAULT_SCALE if scale is None else scale
    return 0


def _goes_with(key: str, word: str) -> bool:
    return word in NUMBERS if key == "unit" else word == "decimal"


def _hint(key: str, word: str) -> str:
    if key == "unit":
        return "Only integer, decimal, money and double have a unit; delete it."
    if word == "money":
        return "The decimals of money are minor_digits in package.toml; its size follows from min and max."
    return f"Delete {key}, or use the type decimal."


def _unit(declaration: Declaration, settings: Settings, faults: Faults) -> Unit:
    try:
        unit = unit_of(unit_text(declaration.word, declaration.unit, settings))
    except HearthlineError as error:
        faults.add(error, declaration.place("unit"))
        return NO_UNIT
    if declaration.word == "money" and dict(unit.powers).get(settings.currency, 0) != 1:
        place = declaration.place("unit")
        faults.add(MONEY_UNIT.error(place, unit=unit, currency=settings.currency))
    return unit


def digits_needed(value: Decimal, scale: int) -> int:
    """Digits of a value as a scaled whole number; at least one. Works on digits, so nothing is rounded."""
    _, digits, exponent = value.as_tuple()
    whole = int("".join(map(str, digits)))
    return max(1, len(str(whole)) + int(exponent) + scale) if whole else 1


def decimals_of(value: Decimal) -> int:
    """Decimals that a value really has: 12.50 has one."""
    _, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    zeros = len(text) - len(text.rstrip("0")) if int(text) else len(text)
    return max(0, -int(exponent) - zeros)


def _digits(declaration: Declaration, scale: int, faults: Faults) -> int:
    word, declared = declaration.word, declaration.digits
    limit = INTEGER_DIGITS if word == "integer" else MAX_DIGITS
    place = declaration.place("digits" if declared else "max")
    if declared is not None and declared < max(1, scale):
        reason = f"{declared} digits cannot hold {scale} decimals"
        faults.add(
            BAD_DIGITS.error(place, reason=reason, hint="digits counts all digits, decimals included.")
        )
    if declaration.extent is None:
        return declared or max(DEFAULT_DIGITS[word], scale + 1)
    needed = digits_needed(declaration.extent, scale)
    if needed > (declared or limit):
        reason = f"{declaration.extent} has {needed} digits, more than {declared or limit}"
        faults.add(
            BAD_DIGITS.error(place, reason=reason, hint="Use a smaller value, or more digits where allowed.")
        )
    return min(needed, limit)
