# SPDX-License-Identifier: Apache-2.0
"""Decides how a province's package stands on the nation's: what it replaces, inherits and may not do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages import check_policy, describe_policy, load_policy
from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import Policy
from tests.packages.little_package import LITTLE, errors_of, write_package

PROVINCE = 'id = "valley/north"\ntitle = {en = "North", zh = "北部"}\nextends = "valley/2020"\n'


def province(root: Path, manifest: str = "", **files: str) -> Path:
    """A province over the little package, both in folders named by their ids."""
    write_package(root / "valley" / "2020", LITTLE)
    texts = {"package.toml": PROVINCE + manifest}
    texts |= {key.replace("__", "/") + ".yaml": text for key, text in files.items()}
    return write_package(root / "valley" / "north", texts)


def line_on(policy: Policy, day: date, jurisdiction: str | None = None) -> object:
    """The value of the line on a day, or None."""
    found = find_parameter_value(
        policy.parameters["line"],
        jurisdiction=jurisdiction or policy.jurisdiction,
        purpose="standard",
        on=day,
    )
    return found.value if found else None


def test_a_province_without_changes_is_the_nation_under_another_name(tmp_path: Path) -> None:
    policy = load_policy(province(tmp_path))
    nation = load_policy(tmp_path / "valley" / "2020")
    assert policy.layers == ("valley/2020", "valley/north")
    assert (policy.facts, policy.parameters, policy.derived) == (
        nation.facts,
        nation.parameters,
        nation.derived,
    )
    assert policy.version_hash != nation.version_hash


def test_a_value_for_the_same_period_replaces_the_one_below_and_says_where_it_comes_from(
    tmp_path: Path,
) -> None:
    line = "line:\n  values:\n    - {year: 2020, value: 1100, source: Northern notice}\n"
    policy = load_policy(province(tmp_path, parameters__line=line))
    assert line_on(policy, date(2020, 6, 1)) == Decimal(1100)
    assert line_on(policy, date(2021, 6, 1)) == Decimal("1200.50")
    origins = {
        value.start: value.origin for value in policy.parameters["line"].values if value.purpose == "standard"
    }
    assert origins == {date(2020, 1, 1): "valley/north", date(2021, 1, 1): "valley/2020"}


def test_a_jurisdiction_of_its_own_inherits_the_values_below_and_leaves_them_there(tmp_path: Path) -> None:
    line = "line:\n  values:\n    - {year: 2020, value: 1100, source: Northern notice}\n"
    policy = load_policy(province(tmp_path, 'jurisdiction = "VA-N"\n', parameters__line=line))
    assert line_on(policy, date(2020, 6, 1)) == Decimal(1100)
    assert line_on(policy, date(2021, 6, 1)) == Decimal("1200.50")
    assert line_on(policy, date(2020, 6, 1), "VA") == Decimal(1000)


def test_a_period_that_cuts_into_the_one_below_must_remove_it_first(tmp_path: Path) -> None:
    line = "line:\n  values:\n    - {from: 2021-07-01, value: 1300, source: Northern notice}\n"
    (error,) = errors_of(province(tmp_path, parameters__line=line))
    assert error.code == "package.overlap"
    assert "remove: true" in error.remedy
    line += "    - {from: 2021-01-01, remove: true}\n"
    line += "    - {from: 2021-01-01, to: 2021-06-30, value: 1200, source: Northern notice}\n"
    policy = load_policy(province(tmp_path / "again", parameters__line=line))
    assert line_on(policy, date(2021, 6, 30)) == Decimal(1200)
    assert line_on(policy, date(2021, 7, 1)) == Decimal(1300)


def test_a_criterion_of_the_same_name_replaces_the_whole_one_below(tmp_path: Path) -> None:
    housing = """\
criteria:
  housing:
    level: household
    label: {en: Housing, zh: 住房}
    good: grade = 'A'
    words: {met: {en: A, zh: A级}, not_met: {en: B, zh: B级}, unknown: {en: Open, zh: 待核实}}
    remedy: {en: Repair it, zh: 修缮}
    source: Northern law
"""
    policy = load_policy(province(tmp_path, rules__north=housing))
    assert policy.criteria["housing"].text == "grade = 'A'"
    assert policy.criteria["housing"].origin == "valley/north"
    assert policy.criteria["income_met"].origin == "valley/2020"
    assert list(policy.criteria) == ["income_met", "housing", "schooled"]


def test_an_entry_can_be_removed_and_what_still_names_it_is_told(tmp_path: Path) -> None:
    policy = load_policy(province(tmp_path, causes="causes:\n  other: {remove: true}\n"))
    assert list(policy.causes) == ["schooling"]
    errors = errors_of(province(tmp_path / "again", rules__x="indices:\n  mpi: {remove: true}\n"))
    assert [error.code for error in errors] == ["package.unknown-reference"]
    assert "2020/rules/all.yaml" in str(errors[0].place)


@pytest.mark.parametrize(
    ("file", "text", "code", "words"),
    [
        ("causes", "causes:\n  others: {remove: true}\n", "package.nothing-to-remove", "Did you mean other?"),
        ("parameters__x", "linie: {remove: true}\n", "package.nothing-to-remove", "'linie'"),
        (
            "parameters__x",
            "line:\n  values:\n    - {year: 2019, remove: true}\n",
            "package.nothing-to-remove",
            "same period",
        ),
        (
            "parameters__x",
            "line:\n  unit: yuan\n  values:\n    - {year: 2020, value: 1, source: x}\n",
            "package.bad-parameter",
            "its unit is yuan here but yuan/person/year in the package below",
        ),
        (
            "parameters__x",
            "new:\n  values:\n    - {year: 2020, value: 1, source: x}\n",
            "package.bad-parameter",
            "it has no type",
        ),
        (
            "rules__x",
            "standards:\n  mine:\n    default: true\n    label: {en: M, zh: 省}\n    combine: all\n"
            "    criteria: [housing]\n    source: x\n",
            "package.default-standard",
            "2 standards are the default",
        ),
    ],
)
def test_a_mistake_of_a_layer_is_told_in_its_own_file(
    file: str, text: str, code: str, words: str, tmp_path: Path
) -> None:
    errors = errors_of(province(tmp_path, **{file: text}))
    found = [error for error in errors if error.code == code and words in error.sentence]
    assert found, [error.sentence for error in errors]
    assert "north" in str(found[0].place)


def test_an_entry_written_twice_in_two_files_of_one_layer_is_refused(tmp_path: Path) -> None:
    texts = LITTLE | {
        "causes.yaml": "causes: {}\n",
        "rules/more.yaml": "derived:\n  income: {remove: true}\n",
    }
    errors = errors_of(write_package(tmp_path, texts))
    twice = [error for error in errors if error.code == "package.entry-twice"]
    assert "rules/all.yaml, line 2" in twice[0].sentence


def test_packages_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    folder = province(tmp_path)
    (tmp_path / "valley/2020/package.toml").write_text(
        LITTLE["package.toml"].replace("currency", 'extends = "valley/north"\ncurrency', 1), encoding="utf-8"
    )
    (error,) = errors_of(folder)
    assert error.code == "package.layer-cycle"
    assert "valley/north -> valley/2020 -> valley/north" in error.sentence


def test_a_package_below_that_cannot_be_found_is_told_with_the_nearest(tmp_path: Path) -> None:
    texts = {"package.toml": PROVINCE.replace("valley/2020", "cn/2014-2021")}
    (error,) = errors_of(write_package(tmp_path, texts))
    assert error.code == "package.no-layer"
    assert "Did you mean cn/2014-2020?" in error.sentence
    assert str(error.place).endswith("package.toml, line 3, column 11")


def test_a_package_anywhere_may_stand_on_one_that_ships(tmp_path: Path) -> None:
    texts = {"package.toml": PROVINCE.replace("valley/2020", "cn/2014-2020")}
    policy = load_policy(write_package(tmp_path, texts))
    assert policy.layers == ("cn/2014-2020", "valley/north")
    assert policy.jurisdiction == "CN"


def test_a_province_runs_its_own_scenarios_with_the_templates_below(tmp_path: Path) -> None:
    case = (
        "scenarios:\n  - name: In the north the line is higher.\n    on: 2020-12-31\n    like: sound\n"
        "    expect: {status: poor}\n"
    )
    line = "line:\n  values:\n    - {year: 2020, value: 1100, source: Northern notice}\n"
    check = check_policy(province(tmp_path, parameters__line=line, scenarios__north=case))
    assert [(result.name, result.passed) for result in check.results] == [
        ("In the north the line is higher.", True)
    ]


def test_the_effective_package_says_where_each_value_comes_from(tmp_path: Path) -> None:
    line = "line:\n  values:\n    - {year: 2020, value: 1100, source: Northern notice}\n"
    policy = load_policy(province(tmp_path, parameters__line=line))
    text = describe_policy(policy, "en", "line")
    assert "1,100.00 yuan per person per year — Northern notice  (from valley/north)" in text
    assert "1,200.50 yuan per person per year — Notice 2  (from valley/2020)" in text
    assert "（来自valley/2020）" in describe_policy(policy, "zh", "size")


def test_three_layers_are_joined_from_the_lowest_up(tmp_path: Path) -> None:
    province(tmp_path, parameters__line="line:\n  values:\n    - {year: 2020, value: 1100, source: N}\n")
    county = PROVINCE.replace("valley/north", "valley/town").replace("valley/2020", "valley/north")
    texts = {
        "package.toml": county,
        "parameters/line.yaml": "line:\n  values:\n    - {year: 2020, value: 1300, source: T}\n",
    }
    policy = load_policy(write_package(tmp_path / "valley" / "town", texts))
    assert policy.layers == ("valley/2020", "valley/north", "valley/town")
    assert line_on(policy, date(2020, 1, 1)) == Decimal(1300)


def test_a_layer_that_does_not_check_never_loads(tmp_path: Path) -> None:
    folder = province(tmp_path)
    (tmp_path / "valley/2020/causes.yaml").write_text("causes: [", encoding="utf-8")
    with pytest.raises(HearthlineError):
        load_policy(folder)


def test_a_fact_names_a_topic_of_its_package_or_of_one_below(tmp_path: Path) -> None:
    policy = load_policy("cn/2014-2020")
    assert list(policy.topics)[2:4] == ["housing", "relocation"]
    assert policy.topics["water"] == {"en": "Drinking water", "zh": "饮水"}
    assert policy.facts["household"]["dwelling_grade"].topic == "housing"
    named = {fact.topic for level in ("household", "person", "area") for fact in policy.facts[level].values()}
    assert named == set(policy.topics)
    added = '[topics]\nfields = {en = "Fields", zh = "田地"}\n'
    entry = "household:\n  fields:\n    type: boolean\n    topic: fields\n    label: {en: Fields, zh: 田地}\n"
    above = load_policy(province(tmp_path, added, facts__more=entry))
    assert list(above.topics) == ["family", "fields"]
    assert above.facts["household"]["fields"].topic == "fields"
