# SPDX-License-Identifier: Apache-2.0
"""Decides that a mistake in what a package says is told with its place, its value and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthline.engine.packages import load_policy
from tests.packages.little_package import Mistake, assert_reported, errors_of, little

HOUSEHOLD, LINE = "facts/household.yaml", "parameters/line.yaml"
TOML, WATER, ROWS = "package.toml", "lookups/water.yaml", "facts/rows.yaml"


SETTINGS = [
    Mistake("a missing setting", TOML, 'currency = "yuan"\n', "", "package.missing-setting", ("currency",)),
    Mistake(
        "a package that ends before it begins",
        TOML,
        "to = 2021-12-31",
        "to = ‸2019-12-31",
        "package.bad-period",
        ("from 2020-01-01 to 2019-12-31",),
    ),
    Mistake(
        "a language named twice",
        TOML,
        '"en", "zh"]',
        '"en", "zh", ‸"en"]',
        "package.named-twice",
        ("'en'", "Delete one"),
    ),
    Mistake(
        "a source without a name in Chinese",
        TOML,
        'school = { en = "School", zh = "学校" }',
        '‸school = { en = "School" }',
        "package.no-words",
        ("'zh'", "en, zh"),
    ),
    Mistake(
        "a title in a language nobody declared",
        TOML,
        'title = { en = "The valley", zh = "山谷" }',
        'title = { en = "The valley", zh = "山谷", ‸fr = "La vallée" }',
        "package.undeclared-language",
        ("'fr'",),
    ),
    Mistake(
        "a level that belongs to nothing",
        TOML,
        'belongs_to = "person"',
        'belongs_to = ‸"persons"',
        "package.unknown-reference",
        ("'persons' is not a level", "Did you mean person?"),
    ),
    Mistake(
        "a table of a table",
        TOML,
        'belongs_to = "person"',
        '‸belongs_to = "income_line"',
        "package.bad-level",
        ("cannot belong to income_line", "household or person"),
    ),
    Mistake(
        "a record table without an owner",
        TOML,
        '[levels.claim]\ntitle = { en = "Claim", zh = "报销" }\nbelongs_to = "person"\n',
        '[levels.‸claim]\ntitle = { en = "Claim", zh = "报销" }\n',
        "package.bad-level",
        ("to which level its rows belong",),
    ),
    Mistake(
        "a level with a name that SQL keeps",
        TOML,
        "[levels.claim]",
        "[levels.‸case]",
        "package.reserved-name",
        ("'case'", "formula language", "case_line"),
    ),
    Mistake(
        "a weight that is no number",
        TOML,
        'household = "size"',
        'household = ‸"grade"',
        "package.unknown-reference",
        ("'grade' is not a numeric fact",),
    ),
    Mistake(
        "a welfare value that is not there",
        TOML,
        'welfare = "per_head"',
        'welfare = ‸"per_heat"',
        "package.unknown-reference",
        ("'per_heat' is not a numeric fact", "Did you mean per_head?"),
    ),
    Mistake(
        "a line that is not there",
        TOML,
        'line = "line"',
        'line = ‸"savings"',
        "package.unknown-reference",
        ("'savings' is not a numeric parameter or derived value",),
    ),
    Mistake(
        "a line in another unit than the welfare",
        TOML,
        'line = "line"',
        'line = ‸"income"',
        "package.bad-statistics",
        ("per_head is measured in yuan/person/year, but income in yuan/year",),
    ),
    Mistake(
        "a line without welfare",
        TOML,
        'welfare = "per_head"\nline = "line"',
        'line = ‸"line"',
        "package.bad-statistics",
        ("nothing to compare with it", "Add welfare"),
    ),
]
FACTS = [
    Mistake(
        "facts of an unknown level",
        ROWS,
        "person:\n",
        "‸persom:\n",
        "package.unknown-reference",
        ("'persom' is not a level", "Did you mean person?"),
    ),
    Mistake(
        "a label without Chinese",
        HOUSEHOLD,
        "label: {en: Savings, zh: 存款}",
        "‸label: {en: Savings}",
        "package.no-words",
        ("label has no text in the language 'zh'",),
    ),
    Mistake(
        "a code's label without English",
        HOUSEHOLD,
        "A: {en: Safe, zh: A级}",
        "‸A: {zh: A级}",
        "package.no-words",
        ("'en'",),
    ),
    Mistake(
        "a code without a list",
        HOUSEHOLD,
        "type: code\n    label: {en: Grade, zh: 等级}\n    codes:\n      A: {en: Safe, zh: A级}\n"
        "      B: {en: Fair, zh: B级}\n",
        "‸type: code\n    label: {en: Grade, zh: 等级}\n",
        "package.codes-needed",
        ("the fact grade is a code",),
    ),
    Mistake(
        "codes for a number",
        HOUSEHOLD,
        "type: code\n    label: {en: Grade, zh: 等级}\n    codes:",
        "type: integer\n    label: {en: Grade, zh: 等级}\n    ‸codes:",
        "package.key-not-for-type",
        ("'codes' does not go with the type integer", "type: code"),
    ),
    Mistake(
        "a unit for a date",
        HOUSEHOLD,
        "    min: 2000-01-01\n",
        "    ‸unit: day\n",
        "package.key-not-for-type",
        ("'unit' does not go with the type date",),
    ),
    Mistake(
        "decimals for money",
        HOUSEHOLD,
        "type: money\n    unit: yuan\n",
        "type: money\n    unit: yuan\n    ‸scale: 3\n",
        "package.key-not-for-type",
        ("'scale' does not go with the type money", "minor_digits"),
    ),
    Mistake(
        "a unit that cannot be read",
        HOUSEHOLD,
        "unit: m2",
        "‸unit: M²",
        "package.bad-unit",
        ("'M²'", "yuan/person/year"),
    ),
    Mistake(
        "money measured in people",
        HOUSEHOLD,
        "unit: yuan\n",
        "‸unit: person\n",
        "package.money-unit",
        ("does not measure money", "yuan/year"),
    ),
    Mistake(
        "a source that is not declared",
        HOUSEHOLD,
        "sources: [visit]",
        "sources: [‸vist]",
        "package.unknown-reference",
        ("'vist' is not a source", "Did you mean visit?"),
    ),
    Mistake(
        "a topic that is not declared",
        HOUSEHOLD,
        "    label: {en: Size, zh: 人口}\n",
        "    ‸topic: famly\n    label: {en: Size, zh: 人口}\n",
        "package.unknown-reference",
        ("'famly' is not a topic", "Did you mean family?"),
    ),
    Mistake(
        "a topic without a name in Chinese",
        TOML,
        'family = { en = "Family", zh = "家庭" }',
        '‸family = { en = "Family" }',
        "package.no-words",
        ("'zh'", "en, zh"),
    ),
    Mistake(
        "a source named twice",
        ROWS,
        "sources: [school, visit]",
        "sources: [school, visit, ‸school]",
        "package.named-twice",
        ("'school'",),
    ),
    Mistake(
        "bounds the wrong way round",
        HOUSEHOLD,
        "min: 1\n",
        "‸min: 61\n",
        "package.bad-bounds",
        ("min is 61, above max, which is 60", "Exchange"),
    ),
    Mistake(
        "a bound with too many decimals",
        HOUSEHOLD,
        "max: 10000\n",
        "‸max: 10000.005\n",
        "package.bad-bounds",
        ("only 2 decimals",),
    ),
    Mistake(
        "a number as the bound of a date",
        HOUSEHOLD,
        "min: 2000-01-01",
        "‸min: 2000",
        "package.bad-bounds",
        ("min of a date is 2000", "2014-12-31"),
    ),
    Mistake(
        "a bound for a text of a list",
        HOUSEHOLD,
        "    sources: [visit]\n",
        "    ‸min: 1\n",
        "package.key-not-for-type",
        ("'min' does not go with the type code",),
    ),
    Mistake(
        "bounds beyond the digits",
        HOUSEHOLD,
        "digits: 9\n",
        "‸digits: 3\n    min: 0\n    max: 99999\n",
        "package.bad-digits",
        ("99999 has 7 digits, more than 3",),
    ),
    Mistake(
        "fewer digits than decimals",
        HOUSEHOLD,
        "digits: 9",
        "‸digits: 1",
        "package.bad-digits",
        ("1 digits cannot hold 2 decimals",),
    ),
    Mistake(
        "a fact named like a column of the results",
        HOUSEHOLD,
        "  score:",
        "  ‸weight:",
        "package.reserved-name",
        ("a column of the results", "weight_value"),
    ),
    Mistake(
        "a fact named like a column of the snapshot",
        ROWS,
        "  cost:",
        "  ‸household_id:",
        "package.reserved-name",
        ("a column of the snapshot",),
    ),
    Mistake(
        "a fact named like a level",
        HOUSEHOLD,
        "  score:",
        "  ‸claim:",
        "package.reserved-name",
        ("a level of this package",),
    ),
    Mistake(
        "a fact named like a word of SQL",
        HOUSEHOLD,
        "  score:",
        "  ‸interval:",
        "package.reserved-name",
        ("the formula language",),
    ),
]
QUANTITIES = [
    Mistake(
        "two values for one day",
        LINE,
        "- {from: 2021-01-01, value",
        "- ‸{from: 2020-07-01, value",
        "package.overlap",
        ("two values for VA, purpose standard, on 2020-07-01", "line 6"),
    ),
    Mistake(
        "one period twice",
        LINE,
        "purpose: exit, value: 1500",
        "value: 1500",
        "package.overlap",
        ("on 2020",),
    ),
    Mistake(
        "a value without a period",
        LINE,
        "- {year: 2020, value: 1000",
        "- ‸{value: 1000",
        "package.bad-parameter",
        ("does not say when it holds", "year: 2014"),
    ),
    Mistake(
        "a year and a first day",
        LINE,
        "- {from: 2021-01-01,",
        "- ‸{from: 2021-01-01, year: 2021,",
        "package.bad-parameter",
        ("both a year and from or to",),
    ),
    Mistake(
        "a value that ends before it begins",
        LINE,
        "- {from: 2021-01-01,",
        "- {from: 2021-01-01, to: ‸2020-01-01,",
        "package.bad-period",
        ("ends before it begins",),
    ),
    Mistake(
        "a parameter without a type",
        LINE,
        "line:\n  label: {en: Line, zh: 标准}\n  type: money\n",
        "‸line:\n  label: {en: Line, zh: 标准}\n",
        "package.bad-parameter",
        ("it has no type",),
    ),
    Mistake(
        "a line with three decimals",
        LINE,
        "value: 1000",
        "value: ‸1000.005",
        "package.wrong-value",
        ("line is 1000.005", "at most 2 decimals"),
    ),
    Mistake(
        "a line that is a text",
        LINE,
        "value: 1000",
        "value: ‸'1000'",
        "package.wrong-value",
        ("'1000', but an amount is needed", "without quotation marks"),
    ),
    Mistake(
        "a row that is too short",
        WATER,
        "- [dry, 20]",
        "- ‸[dry]",
        "package.bad-lookup",
        ("this row has 1 values instead of 2", "[zone, value]"),
    ),
    Mistake(
        "a key twice in a table",
        WATER,
        "- [wet, 35]",
        "- ‸[dry, 35]",
        "package.bad-lookup",
        ("already in row 1",),
    ),
    Mistake(
        "a fraction where a whole number is declared",
        WATER,
        "- [wet, 35]",
        "- [wet, ‸35.5]",
        "package.wrong-value",
        ("value is 35.5, but a whole number is needed",),
    ),
    Mistake(
        "a value of a table that is not there",
        WATER,
        "- [wet, 35]",
        "- [wet, ‸null]",
        "package.wrong-value",
        ("value is empty",),
    ),
]
MISTAKES = [*SETTINGS, *FACTS, *QUANTITIES]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_a_mistake_of_content_names_place_value_and_remedy(mistake: Mistake, tmp_path: Path) -> None:
    assert_reported(mistake, tmp_path)


def test_mistakes_of_facts_standards_and_causes_are_told_together(tmp_path: Path) -> None:
    folder = little(
        tmp_path,
        causes=("number: 12", "number: 3"),
        facts__household=("min: 1\n", "min: 99\n"),
        rules__all=("cutoff: 1/3", "cutoff: 2"),
    )
    assert sorted(error.code for error in errors_of(folder)) == [
        "package.bad-bounds",
        "package.bad-cause",
        "package.bad-index",
    ]


def test_a_mistake_in_the_dictionary_does_not_echo_in_every_formula(tmp_path: Path) -> None:
    folder = little(tmp_path, facts__household=("unit: person", "unit: PERSON"))
    assert [error.code for error in errors_of(folder)] == ["package.bad-unit"]


def test_at_least_forty_kinds_of_mistakes_are_tried() -> None:
    assert len({mistake.title for mistake in MISTAKES}) >= 40


def test_the_little_package_itself_loads(tmp_path: Path) -> None:
    policy = load_policy(little(tmp_path))
    assert policy.facts["household"]["size"].type.digits == 2
    assert policy.facts["household"]["savings"].type.digits == 7
    assert policy.parameters["line"].type.digits == 6
    assert policy.default_standard.name == "national"
    assert policy.causes["other"].evidence is None
