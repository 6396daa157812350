# SPDX-License-Identifier: Apache-2.0
"""Decides what makes a version of a package, and that a frozen copy is that version for ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages import (
    available_policies,
    describe_policy,
    differences_text,
    freeze,
    load_policy,
    policy_differences,
    policy_files,
)
from hearthline.engine.rules.policy import Policy
from tests.packages.little_package import LITTLE, errors_of, little, write_package
from tests.packages.test_layers_of_packages import province


def test_the_same_files_are_the_same_version_wherever_they_lie(tmp_path: Path) -> None:
    first = load_policy(write_package(tmp_path / "a", LITTLE))
    second = load_policy(write_package(tmp_path / "b" / "c", dict(reversed(LITTLE.items()))))
    assert first.version_hash == second.version_hash
    assert len(first.version_hash) == 64


@pytest.mark.parametrize("name", sorted(LITTLE))
def test_any_byte_of_any_file_that_is_read_makes_another_version(name: str, tmp_path: Path) -> None:
    before = load_policy(write_package(tmp_path / "a", LITTLE)).version_hash
    after = load_policy(write_package(tmp_path / "b", LITTLE | {name: LITTLE[name] + "\n# a remark\n"}))
    assert after.version_hash != before


def test_a_file_under_another_name_makes_another_version(tmp_path: Path) -> None:
    texts = dict(LITTLE)
    texts["rules/renamed.yaml"] = texts.pop("rules/all.yaml")
    before = load_policy(write_package(tmp_path / "a", LITTLE)).version_hash
    assert load_policy(write_package(tmp_path / "b", texts)).version_hash != before


def test_texts_for_people_and_maps_do_not_make_another_version(tmp_path: Path) -> None:
    extra = {"CHANGELOG.md": "# 1", "rules/why.txt": "because", "import/survey.toml": "format = 1"}
    before = load_policy(write_package(tmp_path / "a", LITTLE)).version_hash
    assert load_policy(write_package(tmp_path / "b", LITTLE | extra)).version_hash == before


def test_a_frozen_package_is_the_same_version(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "a", LITTLE | {"CHANGELOG.md": "# 1"})
    digest = freeze(folder, tmp_path / "run" / "package")
    frozen = load_policy(tmp_path / "run" / "package")
    assert frozen.version_hash == digest == load_policy(folder).version_hash
    assert frozen.facts == load_policy(folder).facts


def test_a_frozen_province_holds_the_nation_and_needs_nothing_else(tmp_path: Path) -> None:
    folder = province(tmp_path, parameters__x="line:\n  values:\n    - {year: 2020, value: 1, source: x}\n")
    before = load_policy(folder)
    freeze(folder, tmp_path / "frozen")
    shutil.rmtree(tmp_path / "valley")
    after = load_policy(tmp_path / "frozen")
    assert after == before
    assert "layers/valley/2020/facts/household.yaml" in policy_files(tmp_path / "frozen")
    assert policy_files(tmp_path / "frozen") == {
        path.relative_to(tmp_path / "frozen").as_posix(): path.read_bytes()
        for path in (tmp_path / "frozen").rglob("*")
        if path.is_file()
    }


def test_a_frozen_province_without_its_nation_does_not_take_one_from_elsewhere(tmp_path: Path) -> None:
    freeze(province(tmp_path), tmp_path / "valley" / "frozen")
    shutil.rmtree(tmp_path / "valley" / "frozen" / "layers" / "valley" / "2020")
    (error,) = errors_of(tmp_path / "valley" / "frozen")
    assert error.code == "package.no-layer"


def test_a_copy_of_a_copy_is_still_the_same_version(tmp_path: Path) -> None:
    digest = freeze("cn/2014-2020", tmp_path / "one")
    assert freeze(tmp_path / "one", tmp_path / "two") == digest
    assert load_policy(tmp_path / "two").version_hash == load_policy("cn/2014-2020").version_hash


def test_a_package_is_not_copied_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x", encoding="utf-8")
    with pytest.raises(HearthlineError, match="is not empty"):
        freeze(write_package(tmp_path / "a", LITTLE), tmp_path / "full")


def test_the_packages_that_ship_are_listed_by_id() -> None:
    ids = [listing.id for listing in available_policies()]
    assert ids == sorted(ids)
    assert {"cn/2014-2020", "imaginary/2023"} <= set(ids)


@pytest.mark.parametrize("name", ["cn/2014", "cn/2014-2020/", "../policies/cn/2014-2020", "no such folder"])
def test_a_package_that_is_not_there_is_told_with_the_nearest(name: str) -> None:
    with pytest.raises(HearthlineError) as caught:
        load_policy(name)
    assert caught.value.code == "package.not-found"
    assert caught.value.remedy


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(HearthlineError, match=r"package\.toml"):
        load_policy(tmp_path)


def test_what_differs_between_two_versions_is_told_value_by_value(tmp_path: Path) -> None:
    old = load_policy(write_package(tmp_path / "a", LITTLE))
    new = load_policy(
        little(
            tmp_path / "b",
            parameters__line=("value: 1000", "value: 1001"),
            facts__household=("max: 60", "max: 70"),
            rules__all=("good: grade in ('A', 'B')", "good: grade = 'A'"),
            causes=("  other:\n    number: 12\n    label: {en: Other, zh: 其他}\n", ""),
            facts__rows=("zh: 干旱", "zh: 缺水"),
        )
    )
    told = {
        (each.section, each.name, each.what, each.field, each.old, each.new)
        for each in policy_differences(old, new)
    }
    unit = "yuan per person per year — Notice 1"
    period = "VA, standard, 2020-01-01 – 2020-12-31"
    assert told - {each for each in told if each[0] == "package"} == {
        ("parameters", "line", "changed", period, f"1,000.00 {unit}", f"1,001.00 {unit}"),
        ("facts", "household.size", "changed", "bounds", "1 – 60", "1 – 70"),
        ("criteria", "housing", "changed", "good", "grade in ('A', 'B')", "grade = 'A'"),
        ("causes", "other", "removed", "", "", ""),
        ("facts", "area.dry", "changed", "label", "干旱", "缺水"),
    }
    text = differences_text(policy_differences(old, new, "zh"), "zh")
    assert "housing — 住房：达标条件变更" in text
    assert "- grade in ('A', 'B')" in text


def test_a_package_does_not_differ_from_itself(tmp_path: Path) -> None:
    policy = load_policy(little(tmp_path))
    assert policy_differences(policy, policy) == []
    assert differences_text([]) == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_effective_package_reads_as_text_in_two_languages(language: str, tmp_path: Path) -> None:
    text = describe_policy(load_policy(little(tmp_path)), language)
    expected = {
        "en": ["Derived values", "Age", "poor by the index"],
        "zh": ["派生值", "年龄", "按多维指数判定"],
    }
    assert all(words in text for words in expected[language])
    assert "filter (where income_line.state = 'received')" in text
    assert "2/3" in text


def test_one_entry_or_section_can_be_shown_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    policy = load_policy(little(tmp_path))
    assert describe_policy(policy, "en", "line").startswith("Parameters\n  line — Line\n")
    assert describe_policy(policy, "en", "causes").count("\n") == 6
    with pytest.raises(HearthlineError, match="Did you mean housing"):
        describe_policy(policy, "en", "housng")


def test_a_place_of_its_own_differs_only_in_the_values_it_sets(tmp_path: Path) -> None:
    own = '- {year: 2020, value: 1100, source: "Northern notice"}'
    extra = '- {year: 2020, purpose: planning, value: 900, source: "Northern plan"}'
    values = f"line:\n  values:\n    {own}\n    {extra}\n"
    folder = province(tmp_path, 'jurisdiction = "VA-N"\n', parameters__x=values)
    north, valley = load_policy(folder), load_policy(tmp_path / "valley" / "2020")
    unit = "yuan per person per year"
    year = "2020-01-01 – 2020-12-31"

    def told(old: Policy, new: Policy) -> set[tuple[str, str, str, str]]:
        return {
            (each.what, each.field, each.old, each.new)
            for each in policy_differences(old, new)
            if each.section == "parameters"
        }

    assert north.jurisdiction != valley.jurisdiction
    national, northern = f"1,000.00 {unit} — Notice 1", f"1,100.00 {unit} — Northern notice"
    plan = f"900.00 {unit} — Northern plan"
    place = north.jurisdiction
    assert told(valley, north) == {
        ("changed", f"{place}, standard, {year}", national, northern),
        ("added", f"{place}, planning, {year}", "", plan),
    }
    assert told(north, valley) == {
        ("changed", f"{place}, standard, {year}", northern, national),
        ("removed", f"{place}, planning, {year}", plan, ""),
    }
