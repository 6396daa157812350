# SPDX-License-Identifier: Apache-2.0
"""Decides the algebra of units: what may be added, and what a product or quotient is measured in.

A unit is a product of symbols with whole exponents: ``yuan/person/year`` is yuan·person⁻¹·year⁻¹.
Sums, comparisons and choices need equal units; a product adds exponents, a quotient subtracts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hearthline.base.problems import Kind, declare

BAD_UNIT = declare(
    "package.bad-unit",
    Kind.BAD_PACKAGE,
    "the unit '{unit}' cannot be read.",
    "Write symbols of small letters joined by * and /, such as yuan/person/year, or 1 for none.",
)

_SYMBOL = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Unit:
    """Symbols with their exponents, sorted by symbol, none of them zero."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return _combined(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _combined(self, other, -1)

    def __str__(self) -> str:
        above = [symbol for symbol, power in self.powers for _ in range(power)]
        below = [symbol for symbol, power in self.powers for _ in range(-power)]
        return "/".join(["*".join(above) or "1", *below])


def _combined(left: Unit, right: Unit, sign: int) -> Unit:
    powers = dict(left.powers)
    for symbol, power in right.powers:
        powers[symbol] = powers.get(symbol, 0) + sign * power
    return Unit(tuple(sorted((symbol, power) for symbol, power in powers.items() if power)))


NO_UNIT = Unit()
PERSON = Unit((("person", 1),))
YEAR = Unit((("year", 1),))
MONTH = Unit((("month", 1),))
DAY = Unit((("day", 1),))


def unit_of(text: str) -> Unit:
    """Read ``yuan/person/year``; ``1``, ``share`` and the empty text are dimensionless."""
    powers: dict[str, int] = {}
    for index, group in enumerate(text.replace(" ", "").split("/")):
        for symbol in group.split("*"):
            if symbol in ("1", "share") or (symbol == "" and text.strip() == ""):
                continue
            if not _SYMBOL.match(symbol):
                raise BAD_UNIT.error(unit=text)
            powers[symbol] = powers.get(symbol, 0) + (1 if index == 0 else -1)
    return Unit(tuple(sorted((symbol, power) for symbol, power in powers.items() if power)))
