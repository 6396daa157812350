# SPDX-License-Identifier: Apache-2.0
"""Decides how an amount in one unit is turned into another: exactly, and only when the map declares it."""

from __future__ import annotations

import re
from fractions import Fraction

from hearthline.engine.rules.units import NO_UNIT, Unit, unit_of

_CHINESE = {
    "万元": "10000*yuan",
    "千元": "1000*yuan",
    "百元": "100*yuan",
    "元": "yuan",
    "角": "jiao",
    "分": "fen",
    "人": "person",
    "户": "household",
    "年": "year",
    "月": "month",
    "日": "day",
    "平方米": "m2",
    "亩": "mu",
    "公顷": "ha",
    "公里": "km",
    "里": "li",
    "米": "m",
    "公斤": "kg",
    "斤": "jin",
    "吨": "t",
}
"""Chinese names of units, longer ones first where one contains another."""

_IN_BASE: dict[str, tuple[Fraction, str]] = {
    "fen": (Fraction(1, 100), "yuan"),
    "jiao": (Fraction(1, 10), "yuan"),
    "wan_yuan": (Fraction(10_000), "yuan"),
    "cent": (Fraction(1, 100), "dollar"),
    "month": (Fraction(1, 12), "year"),
    "quarter": (Fraction(1, 4), "year"),
    "ha": (Fraction(10_000), "m2"),
    "mu": (Fraction(2000, 3), "m2"),
    "km2": (Fraction(1_000_000), "m2"),
    "km": (Fraction(1000), "m"),
    "li": (Fraction(500), "m"),
    "cm": (Fraction(1, 100), "m"),
    "mm": (Fraction(1, 1000), "m"),
    "g": (Fraction(1, 1000), "kg"),
    "jin": (Fraction(1, 2), "kg"),
    "t": (Fraction(1000), "kg"),
    "hour": (Fraction(1, 24), "day"),
    "week": (Fraction(7), "day"),
    "percent": (Fraction(1, 100), ""),
}
_NUMBER = re.compile(r"[0-9]+\Z")


def find_factor(given: str, needed: Unit) -> Fraction | None:
    """What an amount in ``given`` is multiplied by to be in ``needed``; None if it cannot be."""
    size, unit = _reduced(given)
    needed_size, needed_unit = _base(needed)
    return size / needed_size if unit == needed_unit else None


def _reduced(text: str) -> tuple[Fraction, Unit]:
    for name, symbol in _CHINESE.items():
        text = text.replace(name, symbol)
    size = Fraction(1)
    groups: list[str] = []
    for index, group in enumerate(text.replace(" ", "").split("/")):
        symbols: list[str] = []
        for symbol in group.split("*"):
            if _NUMBER.match(symbol):
                size = size * int(symbol) if index == 0 else size / int(symbol)
            elif symbol == "%":
                symbols.append("percent")
            else:
                symbols.append(symbol)
        groups.append("*".join(symbols) or "1")
    factor, unit = _base(unit_of("/".join(groups)))
    return size * factor, unit


def _base(unit: Unit) -> tuple[Fraction, Unit]:
    size, base = Fraction(1), NO_UNIT
    for symbol, power in unit.powers:
        factor, name = _IN_BASE.get(symbol, (Fraction(1), symbol))
        size *= factor**power
        for _ in range(abs(power)):
            base = base * unit_of(name or "1") if power > 0 else base / unit_of(name or "1")
    return size, base
