# SPDX-License-Identifier: Apache-2.0
"""Decides the generic package of the truth table: short names for facts of every type and level.

i integers of 18 digits, w of 38; d, e, v decimals of scale 4, 1, 2; m money; p people; x doubles;
b booleans; t texts; c codes; day dates. The helper rules at the end are what the rows refer to by name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Value
from hearthline.engine.rules.types import BOOLEAN, DATE, TEXT, ValueType, decimal, double, integer
from hearthline.engine.rules.units import unit_of
from tests.language.drafts import Draft, Rule, dated, fact, level, lookup, parameter, standard

MONEY = decimal(15, 2, unit_of("yuan/year"))
YUAN = decimal(12, 2, unit_of("yuan"))
PEOPLE = integer(3, unit_of("person"))
YEARS = integer(3, unit_of("year"))
CODE = replace(TEXT, codes=frozenset({"low", "middle", "high"}))
LAND = replace(TEXT, codes=frozenset({"hill", "plain"}))
STATUS = replace(TEXT, codes=frozenset({"received", "forecast"}))

LINE, CLAIM = "line", "claim"
LEVELS = (
    level(HOUSEHOLD),
    level(PERSON, HOUSEHOLD),
    level(AREA),
    level(LINE, HOUSEHOLD),
    level(CLAIM, PERSON),
)


def _several(names: str, declared: str, kind: ValueType) -> list[Fact]:
    return [fact(HOUSEHOLD, name, declared, kind) for name in names.split()]


FACTS = (
    *_several("i1 i2 i3", "integer", integer(18)),
    *_several("w1 w2", "integer", integer(38)),
    *_several("d1", "decimal", decimal(18, 4)),
    *_several("e1", "decimal", decimal(9, 1)),
    *_several("v1 v2", "decimal", decimal(38, 2)),
    *_several("m1 m2 m3", "money", MONEY),
    *_several("p1", "integer", PEOPLE),
    *_several("age1", "integer", YEARS),
    *_several("x1 x2", "double", double()),
    *_several("b1 b2 b3", "boolean", BOOLEAN),
    *_several("t1 t2", "text", TEXT),
    *_several("c1 c2", "code", CODE),
    *_several("day1 day2", "date", DATE),
    fact(HOUSEHOLD, "size", "integer", PEOPLE, required=True),
    fact(PERSON, "age", "integer", YEARS),
    fact(PERSON, "born", "date", DATE),
    fact(PERSON, "b", "boolean", BOOLEAN),
    fact(PERSON, "g", "boolean", BOOLEAN),
    fact(PERSON, "c", "code", CODE),
    fact(PERSON, "amt", "money", MONEY),
    fact(LINE, "amount", "money", MONEY),
    fact(LINE, "qty", "integer", integer(12)),
    fact(LINE, "big", "integer", integer(32)),
    fact(LINE, "share", "decimal", decimal(9, 3)),
    fact(LINE, "x", "double", double()),
    fact(LINE, "kept", "boolean", BOOLEAN),
    fact(LINE, "status", "code", STATUS),
    fact(LINE, "day", "date", DATE),
    fact(CLAIM, "paid", "money", YUAN),
    fact(CLAIM, "ok", "boolean", BOOLEAN),
    fact(CLAIM, "day", "date", DATE),
    fact(AREA, "dry", "boolean", BOOLEAN),
    fact(AREA, "price", "money", MONEY),
    fact(AREA, "rank", "integer", integer(6)),
    fact(AREA, "since", "date", DATE),
    fact(AREA, "class", "code", LAND),
)  # fmt: skip


PARAMETERS = (
    parameter(
        "poverty_line",
        "money",
        decimal(15, 2, unit_of("yuan/person/year")),
        dated(Decimal(2736), date(2013, 1, 1), date(2013, 12, 31)),
        dated(Decimal(2800), date(2014, 1, 1), date(2014, 12, 31)),
        dated(Decimal(2855), date(2015, 1, 1)),
        dated(Decimal(3000), purpose="exit"),
        dated(Decimal("3100.55"), date(2015, 1, 1), date(2015, 12, 31), jurisdiction="CN-36"),
    ),
    parameter("adult", "integer", YEARS, dated(18)),
    parameter("start", "date", DATE, dated(date(2014, 3, 1))),
    parameter("nothing", "integer", integer(3), dated(0)),
    parameter("share", "decimal", decimal(9, 4), dated(Decimal("0.3333"))),
    parameter("strict", "boolean", BOOLEAN, dated(value=True)),
    parameter("factor", "double", double(), dated(0.1)),
    parameter("worst", "text", TEXT, dated("low")),
)

_GRID: dict[tuple[Value, ...], Value] = {
    (1, True): Decimal("10.50"),
    (1, False): Decimal("0.01"),
    (-2, True): Decimal("-3.00"),
}
LOOKUPS = (
    lookup("water", {"zone": CODE}, integer(6), {("low",): 20, ("middle",): 35}),
    lookup("grid", {"number": integer(18), "flag": BOOLEAN}, MONEY, _GRID),
    lookup("names", {"name": TEXT}, TEXT, {("水井",): "well", ("tap",): "pipe", ("",): "nothing"}),
    lookup("days", {"number": integer(18)}, DATE, {(1,): date(2016, 2, 29)}),
    lookup(
        "sure",
        {"zone": CODE},
        integer(6),
        {("low",): 1, ("middle",): 2, ("high",): 3},
        missing_is_error=True,
    ),
)

NAMED = (
    Rule("members", "count(person)", "integer person"),
    Rule("sure_members", "count(person) filter (where person.b)", "integer person"),
    Rule("per_head", "m1 / p1", "decimal 6 yuan/person/year"),
    Rule("fed", "b1"),
    Rule("grown", "age >= 18", "boolean", PERSON),
    Rule("claimed", "sum(claim.paid)", "money yuan", PERSON),
    Rule("healthy", "g", None, PERSON),
)


def generic(*rules: Rule) -> Draft:
    """The generic package with these rules besides its own."""
    return Draft(
        levels=LEVELS,
        facts=FACTS,
        rules=(*NAMED, *rules),
        parameters=PARAMETERS,
        lookups=LOOKUPS,
        standards=(standard("national", ["fed"], default=True),),
    )
