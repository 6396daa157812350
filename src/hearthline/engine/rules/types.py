# SPDX-License-Identifier: Apache-2.0
"""Decides the types of values: how each is held, how large it may be, and its unit.

Integers, money and decimals are one family: an exact integer scaled by a power of ten, whose
greatest number of digits is known before anything runs. ``double`` is apart and never mixes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from hearthline.engine.rules.units import NO_UNIT, Unit

MAX_DIGITS = 38
"""Digits of the largest exact number; beyond it a result is unknown (SQL decimals end there too)."""

MAX_ROWS_DIGITS = 5
"""A household has at most 10**5 rows in any table, so a sum gains at most this many digits.

One digit more would put most sums of money, and all that is computed of them, beyond 64 bits.
"""

Text = dict[str, str]
"""Words for people, by language code."""


class Kind(Enum):
    """The families of values a formula can hold."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    DOUBLE = "double"
    DATE = "date"
    TEXT = "text"
    UNKNOWN = "unknown"
    """The type of a bare ``null``: it takes the type of what it stands beside."""


@dataclass(frozen=True)
class ValueType:
    """The type of one expression or fact.

    ``digits`` bounds the scaled integer: ``abs(value * 10**scale) < 10**digits``.
    ``unit`` is None for a bare literal, which takes the unit of what it is compared with.
    ``codes`` is the list of allowed values where the text is a code.
    """

    kind: Kind
    digits: int = 0
    scale: int = 0
    unit: Unit | None = NO_UNIT
    codes: frozenset[str] | None = None

    def measured_in(self, unit: Unit | None) -> ValueType:
        """The same type in another unit."""
        return replace(self, unit=unit)

    @property
    def words(self) -> str:
        """The type as a person reads it in an error."""
        if self.kind is Kind.NUMBER:
            name = "integer" if self.scale == 0 else f"decimal with {self.scale} decimals"
            return name if self.unit in (None, NO_UNIT) else f"{name} in {self.unit}"
        if self.kind is Kind.DOUBLE and self.unit not in (None, NO_UNIT):
            return f"double in {self.unit}"
        return str(self.kind.value)


BOOLEAN = ValueType(Kind.BOOLEAN)
DATE = ValueType(Kind.DATE)
TEXT = ValueType(Kind.TEXT)
UNKNOWN = ValueType(Kind.UNKNOWN, unit=None)


def integer(digits: int = 15, unit: Unit | None = NO_UNIT) -> ValueType:
    """A whole number of at most ``digits`` digits."""
    return ValueType(Kind.NUMBER, digits, 0, unit)


def decimal(digits: int, scale: int, unit: Unit | None = NO_UNIT) -> ValueType:
    """An exact number with ``scale`` decimals and at most ``digits`` digits in all."""
    return ValueType(Kind.NUMBER, digits, scale, unit)


def double(unit: Unit | None = NO_UNIT) -> ValueType:
    """A binary floating point number; finite, or unknown."""
    return ValueType(Kind.DOUBLE, unit=unit)
