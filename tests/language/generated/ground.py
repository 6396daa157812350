# SPDX-License-Identifier: Apache-2.0
"""Decides the random ground a generated package stands on: levels, dictionary, parameters, lookups, edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hearthline.engine.rules.policy import (
    AREA,
    HOUSEHOLD,
    PERSON,
    Fact,
    Level,
    LookupTable,
    Parameter,
    Value,
)
from hearthline.engine.rules.types import BOOLEAN, DATE, TEXT, Kind, ValueType, decimal, double, integer
from hearthline.engine.rules.units import unit_of
from tests.language.drafts import dated, fact, level, lookup, parameter

CODES = ("low", "middle", "high")
CODE = replace(TEXT, codes=frozenset(CODES))
TEXTS = ("", "well", "水井", "it's", "Well")
UNITS = ("1", "person", "year", "yuan/year", "yuan/person/year")
SCREENINGS = (date(2014, 12, 31), date(2016, 2, 29), date(2015, 2, 28), date(2015, 3, 1), date(2015, 3, 31))
DAYS = (
    *(date(year, 2, 28) for year in (1900, 2012, 2014, 2015)),
    *(date(year, 2, 29) for year in (1952, 2000, 2012, 2016)),
    *(date(2014, month, 1) for month in (1, 3, 12)),
    *(date(2014, month, 30) for month in (4, 9, 11)),
    *(date(2014, month, 31) for month in (1, 8, 10, 12)),
    *(date(1999, 1, 1), date(1998, 12, 31), date(1954, 12, 31), date(2015, 1, 1), date(2015, 3, 31)),
    *(date(1, 1, 1), date(9999, 12, 31), date(2016, 3, 1), date(2013, 12, 31), date(2013, 12, 1)),
)
DOUBLES = (0.0, -0.0, 0.1, 0.2, 0.30000000000000004, 0.5, 1.0, -1.0, 1.5, -2.5, 3.0, 100.0, 1e-200)
EXTREME_DOUBLES = (1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 1e200, 9007199254740992.0)


@dataclass(frozen=True)
class Ground:
    """What a generated formula may name, besides rules."""

    levels: Sequence[Level]
    facts: Sequence[Fact]
    parameters: Sequence[Parameter]
    lookups: Sequence[LookupTable]
    of_level: dict[str, list[Fact]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the package has the level."""
        return any(entry.name == name for entry in self.levels)

    def tables_of(self, owner: str) -> list[str]:
        """Levels whose rows an aggregate in a formula of ``owner`` may go through."""
        if owner == HOUSEHOLD:
            return [entry.name for entry in self.levels if entry.belongs_to is not None]
        return [entry.name for entry in self.levels if entry.belongs_to == owner]


def random_ground(random: Random) -> Ground:
    """Levels, facts, parameters and lookup tables of one package."""
    levels = [level(HOUSEHOLD)]
    if random.random() < 0.9:
        levels.append(level(PERSON, HOUSEHOLD))
        if random.random() < 0.5:
            levels.append(level("claim", PERSON))
    if random.random() < 0.7:
        levels.append(level("line", HOUSEHOLD))
    if random.random() < 0.2:
        levels.append(level("plot", HOUSEHOLD))
    if random.random() < 0.6:
        levels.append(level(AREA))
    facts = [entry for item in levels for entry in _facts(random, item.name)]
    of_level = {item.name: [entry for entry in facts if entry.level == item.name] for item in levels}
    return Ground(levels, facts, _parameters(random), _lookups(random), of_level)


def _facts(random: Random, name: str) -> list[Fact]:
    kinds = ["boolean", "integer", "money", "code", "date"]
    kinds += random.choices(["boolean", "integer", "decimal", "money", "double", "code", "text", "date"], k=5)
    if name != HOUSEHOLD:
        kinds = random.sample(kinds, k=random.randint(4, 7))
    return [
        fact(name, f"{kind[0]}{number}", kind, _type_for(random, kind), required=random.random() < 0.1)
        for number, kind in enumerate(kinds)
    ]


def _type_for(random: Random, kind: str) -> ValueType:
    unit = unit_of(random.choice(UNITS[:4]))
    if kind == "integer":
        return integer(random.choice((2, 3, 6, 9, 15, 18, 18, 19, 38)), unit)
    if kind == "decimal":
        scale = random.choice((1, 2, 4, 8))
        return decimal(random.choice((scale + 1, 9, 15, 18, 19, 30, 38)), min(scale, 8), unit)
    if kind == "money":
        return decimal(random.choice((9, 12, 15, 18)), 2, unit_of("yuan/year"))
    plain = {"boolean": BOOLEAN, "double": double(unit), "code": CODE, "text": TEXT, "date": DATE}
    return plain[kind]


def _parameters(random: Random) -> list[Parameter]:
    line = decimal(12, 2, unit_of("yuan/person/year"))
    first = Decimal(random.choice((2300, 2800, 3000)))
    return [
        parameter("line", "money", line, dated(first), dated(first + Decimal("0.01"), purpose="exit")),
        parameter("adult", "integer", integer(3, unit_of("year")), dated(random.choice((16, 18, 60)))),
        parameter("months", "integer", integer(2), dated(random.choice((1, 3, 12)))),
        parameter("share", "decimal", decimal(9, 4), dated(Decimal("0.3333"))),
        parameter("start", "date", DATE, dated(random.choice(DAYS))),
        parameter("strict", "boolean", BOOLEAN, dated(value=random.random() < 0.5)),
        parameter("factor", "double", double(), dated(random.choice(DOUBLES))),
        parameter("worst", "code", CODE, dated(random.choice(CODES))),
    ]


def _lookups(random: Random) -> list[LookupTable]:
    by_code: dict[tuple[Value, ...], Value] = {(code,): random.randint(-5, 60) for code in CODES[:2]}
    pairs: dict[tuple[Value, ...], Value] = {
        (number, flag): Decimal(random.randint(-500, 5000)) / 100
        for number in range(-1, 3)
        for flag in (True, False)
        if random.random() < 0.7
    }
    flags: dict[tuple[Value, ...], Value] = {(text,): random.random() < 0.5 for text in TEXTS[:3]}
    names: dict[tuple[Value, ...], Value] = {(number,): random.choice(CODES) for number in range(3)}
    days: dict[tuple[Value, ...], Value] = {(code,): random.choice(DAYS) for code in CODES[1:]}
    return [
        lookup("zone", {"code": CODE}, integer(6), by_code),
        lookup("grid", {"number": integer(6), "flag": BOOLEAN}, decimal(9, 2, unit_of("yuan/year")), pairs),
        lookup("flag", {"text": TEXT}, BOOLEAN, flags),
        lookup("name", {"number": integer(6)}, CODE, names),
        lookup("day", {"code": CODE}, DATE, days),
    ]


# ---- values with the edges in them ---------------------------------------------------------------------


def random_value(random: Random, entry: Fact) -> Value:
    """A value for a fact: often unknown, often on an edge."""
    if not entry.required and random.random() < 0.2:
        return None
    kind = entry.type
    if kind.kind is Kind.NUMBER:
        return _number(random, kind)
    if kind.kind is Kind.BOOLEAN:
        return random.random() < 0.5
    if kind.kind is Kind.DOUBLE:
        return random.choice(EXTREME_DOUBLES if random.random() < 0.1 else DOUBLES)
    if kind.kind is Kind.DATE:
        return random_day(random)
    return random.choice(CODES if kind.codes is not None else TEXTS)


def random_day(random: Random) -> date:
    """A month end, a leap day, a limit of the calendar, or a day near a screening date."""
    if random.random() < 0.6:
        return random.choice(DAYS)
    return random.choice(SCREENINGS) + timedelta(days=random.choice((-366, -365, -31, -30, -1, 0, 1)))


def _number(random: Random, kind: ValueType) -> Value:
    most = 10**kind.digits - 1
    one = 10**kind.scale
    drawn = random.random()
    if drawn < 0.55:
        ticks = random.randint(-2, 70) * one + (random.randint(-1, 1) if kind.scale else 0)
    elif drawn < 0.8:
        ticks = random.choice((0, 1, -1, one, -one, one // 2, -(one // 2), one + 1, 5 * one))
    elif drawn < 0.95:
        ticks = random.randint(-3000, 3000) * one + random.randint(0, 1)
    else:
        ticks = random.choice((most, -most, most - 1, most // 2 + 1, 2**53, 2**53 + 1, -(2**53) - 1))
    ticks = max(-most, min(most, ticks))
    return ticks if kind.scale == 0 else Decimal(f"{ticks}E-{kind.scale}")
