# SPDX-License-Identifier: Apache-2.0
"""Decides that notes and the names of scenarios are one text, or one in each language, like sources."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hearthline.base.problems import ManyProblems
from hearthline.engine.packages import check_policy, describe_policy, load_policy
from tests.packages.little_package import LITTLE, Mistake, little, spoilt, write_package

CASES, HOUSES = "scenarios/cases.yaml", "facts/household.yaml"
NAME = "A household on the line is not poor."
TWO = "name: {en: On the line., zh: 恰在线上。}"
SHIPPED = "cn/2014-2020"


def test_the_name_of_a_scenario_stands_in_each_language_or_in_one_for_all(tmp_path: Path) -> None:
    assert f"name: {NAME}" in LITTLE[CASES]
    first, second = check_policy(little(tmp_path, scenarios__cases=(f"name: {NAME}", TWO))).results
    assert first.title == {"en": "On the line.", "zh": "恰在线上。"}
    assert first.text == "holds: On the line."
    assert second.title == {"en": second.name}


def test_two_scenarios_of_one_name_are_told_whatever_they_are_called_in_another_language(
    tmp_path: Path,
) -> None:
    other = TWO.replace("恰在线上。", "别的。")
    case = f"  - {other}\n    on: 2020-12-31\n    given: {{household: {{size: 1}}}}\n    expect: {{}}\n"
    write_package(tmp_path, LITTLE | {CASES: LITTLE[CASES].replace(f"name: {NAME}", TWO) + case})
    with pytest.raises(ManyProblems, match=r"On the line\.") as refused:
        check_policy(tmp_path)
    assert [error.code for error in refused.value.errors] == ["package.entry-twice"]


def test_a_note_is_shown_in_the_readers_language(tmp_path: Path) -> None:
    given = "label: {en: Grade, zh: 等级}"
    assert given in LITTLE[HOUSES]
    note = f"{given}\n    note: {{en: By an expert., zh: 由专业人员鉴定。}}"
    policy = load_policy(little(tmp_path, facts__household=(given, note)))
    english, chinese = (describe_policy(policy, language, "household.grade") for language in ("en", "zh"))
    assert "By an expert." in english
    assert "由专业人员鉴定。" in chinese
    assert "By an expert." not in chinese


def test_years_of_an_age_are_counted_by_their_own_word_in_chinese(tmp_path: Path) -> None:
    for label, years in (("年龄下限", "6岁"), ("最短年限", "6年")):
        written = f"from_age:\n  label: {{en: Lowest, zh: {label}}}\n  type: integer\n  unit: year\n"
        written += "  values: [{from: 2020-01-01, value: 6, source: Notice 3}]\n"
        folder = write_package(tmp_path / label, LITTLE | {"parameters/ages.yaml": written})
        assert years in describe_policy(load_policy(folder), "zh", "from_age")
        assert "6 years" in describe_policy(load_policy(folder), "en", "from_age")


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake(
            "a name without its Chinese",
            CASES,
            f"name: {NAME}",
            "‸name: {en: On the line.}",
            "package.no-words",
            ("'zh'", "name"),
        ),
        Mistake(
            "a name in a language nobody declared",
            CASES,
            f"name: {NAME}",
            "name: {en: On the line., zh: 恰在线上。, ‸fr: Sur la ligne.}",
            "package.undeclared-language",
            ("'fr'",),
        ),
        Mistake(
            "a name whose key is no language",
            CASES,
            f"name: {NAME}",
            "name: {‸English: On the line.}",
            "package.bad-name",
            ("en",),
        ),
        Mistake(
            "a note without its Chinese",
            "parameters/line.yaml",
            "  label: {en: Line, zh: 标准}",
            "  ‸note: {en: Of the year.}\n  label: {en: Line, zh: 标准}",
            "package.no-words",
            ("'zh'", "note"),
        ),
    ],
    ids=lambda mistake: mistake.title,
)
def test_a_text_that_is_not_in_each_language_is_told_at_its_place(mistake: Mistake, tmp_path: Path) -> None:
    texts, place = spoilt(mistake.file, mistake.old, mistake.new)
    with pytest.raises(ManyProblems) as caught:
        check_policy(write_package(tmp_path, texts))
    [error] = [each for each in caught.value.errors if each.code == mistake.code]
    assert all(word in error.sentence for word in mistake.words)
    assert error.place is not None
    assert (error.place.line, error.place.column) == place


def test_every_scenario_and_note_of_the_china_package_has_its_chinese() -> None:
    check = check_policy(SHIPPED)
    abouts = [result.about for result in check.results if result.about]
    assert [
        about for about in abouts if "zh" not in about and not re.fullmatch(r"R\d+(, R\d+)*", about["en"])
    ] == []
    assert [result.name for result in check.results if "zh" not in result.title] == []
    facts = [fact for level in check.policy.facts.values() for fact in level.values()]
    assert [fact.name for fact in facts if fact.note and "zh" not in fact.note] == []
    assert len([fact for fact in facts if fact.note]) > 10
