# SPDX-License-Identifier: Apache-2.0
"""Decides the little dictionary that the tests of snapshots and intake share: no rules, only facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Level, Policy
from hearthline.engine.rules.types import BOOLEAN, DATE, TEXT, ValueType, decimal, double, integer
from hearthline.engine.rules.units import unit_of

MONEY = decimal(18, 2, unit_of("yuan"))
YEARLY = decimal(18, 2, unit_of("yuan/year"))


def fact(
    level: str,
    name: str,
    declared: str,
    value_type: ValueType,
    *,
    en: str = "",
    zh: str = "",
    codes: Mapping[str, str] | None = None,
    required: bool = False,
    least: str | date | None = None,
    most: str | date | None = None,
) -> Fact:
    """One entry of the dictionary; bounds as a person writes them."""
    if codes is not None:
        value_type = ValueType(value_type.kind, codes=frozenset(codes))
    return Fact(
        name=name,
        level=level,
        declared=declared,
        type=value_type,
        label={"en": en or name, "zh": zh or name},
        codes={code: {"en": label, "zh": label} for code, label in (codes or {}).items()},
        required=required,
        minimum=Decimal(least) if isinstance(least, str) else least,
        maximum=Decimal(most) if isinstance(most, str) else most,
    )


GRADES = {"A": "Safe", "B": "Fair", "D": "Danger"}
RELATIONS = {"head": "Head", "spouse": "Spouse", "child": "Child"}
STATUSES = {"received": "Received", "forecast": "Forecast"}
AGE = integer(3, unit_of("year"))
FACTS = (
    fact(HOUSEHOLD, "size", "integer", integer(unit=unit_of("person")), zh="人数", least="1", most="60"),
    fact(HOUSEHOLD, "income", "money", YEARLY, en="Net income", zh="纯收入"),
    fact(HOUSEHOLD, "grade", "code", TEXT, zh="危房等级", codes=GRADES),
    fact(HOUSEHOLD, "piped", "boolean", BOOLEAN, en="Piped water", zh="自来水"),
    fact(HOUSEHOLD, "house_area", "decimal", decimal(9, 2, unit_of("m2")), zh="住房面积", least="0"),
    fact(HOUSEHOLD, "survey_weight", "double", double(), en="Weight", least="0"),
    fact(HOUSEHOLD, "registered_on", "date", DATE, zh="首次识别时间", least=date(1949, 10, 1)),
    fact(HOUSEHOLD, "hectares", "decimal", decimal(30, 12, unit_of("ha"))),
    fact(PERSON, "age", "integer", AGE, zh="年龄", required=True, least="0", most="120"),
    fact(PERSON, "relation", "code", TEXT, zh="与户主关系", codes=RELATIONS),
    fact(PERSON, "born_on", "date", DATE, zh="出生日期"),
    fact(PERSON, "in_school", "boolean", BOOLEAN, zh="在校"),
    fact(PERSON, "note", "text", TEXT, zh="备注"),
    fact("income_line", "amount", "money", MONEY, zh="金额"),
    fact("income_line", "status", "code", TEXT, zh="状态", codes=STATUSES),
    fact("claim", "paid", "money", MONEY, zh="报销"),
    fact(AREA, "dry", "boolean", BOOLEAN, zh="干旱"),
)  # fmt: skip

LEVELS = (
    Level(HOUSEHOLD, {"en": "Household", "zh": "户"}, None),
    Level(PERSON, {"en": "Person", "zh": "人"}, HOUSEHOLD),
    Level("income_line", {"en": "Income line", "zh": "收入明细"}, HOUSEHOLD),
    Level("claim", {"en": "Claim", "zh": "报销记录"}, PERSON),
    Level(AREA, {"en": "Area", "zh": "行政区划"}, None),
)


def small_policy(
    facts: tuple[Fact, ...] = FACTS, levels: tuple[Level, ...] = LEVELS, name: str = "test/2020"
) -> Policy:
    """A policy of facts alone, as a loaded package would give it."""
    known: dict[str, dict[str, Fact]] = {level.name: {} for level in levels}
    for entry in facts:
        known[entry.level][entry.name] = entry
    return Policy(
        id=name,
        title={"en": "Test", "zh": "测试"},
        description={"en": "", "zh": ""},
        languages=("en", "zh"),
        jurisdiction="CN",
        currency="yuan",
        minor_digits=2,
        division_scale=6,
        start=date(2014, 1, 1),
        end=None,
        sources={"visit": {"en": "Home visit", "zh": "入户核查"}},
        household_weight="survey_weight" if "survey_weight" in known[HOUSEHOLD] else None,
        person_weight=None,
        levels={level.name: level for level in levels},
        facts=known,
        parameters={},
        lookups={},
        derived={},
        criteria={},
        standards={},
        indices={},
        causes={},
        layers=(name,),
        version_hash="0" * 64,
    )
