# SPDX-License-Identifier: Apache-2.0
"""Decides that what is computed from a sensitive fact is sensitive, unless the package releases it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthline.engine.packages import load_policy
from hearthline.engine.rules.sensitivity import Sensitive, sensitive_of
from tests.packages.little_package import LITTLE, errors_of, little, write_package

RULES = """\
  cost:
    level: person
    type: money
    label: {en: Cost, zh: 费用}
    formula: sum(claim.cost)
  claims:
    level: person
    type: integer
    unit: claim
    label: {en: Claims, zh: 笔数}
    formula: count(claim)
  cost_of_all:
    level: household
    type: money
    label: {en: Cost of all, zh: 总费用}
    formula: sum(person.cost)
  burdened:
    level: household
    type: boolean
    label: {en: Burdened, zh: 负担重}
    formula: cost_of_all > 500
criteria:
"""


def package(folder: Path, rules: str = RULES, claim: str = "    sensitivity: sensitive\n") -> Sensitive:
    """What is sensitive of the little package with these values."""
    texts = dict(LITTLE)
    texts["facts/rows.yaml"] = texts["facts/rows.yaml"].replace(
        "    label: {en: Cost, zh: 费用}\n", f"    label: {{en: Cost, zh: 费用}}\n{claim}"
    )
    texts["rules/all.yaml"] = texts["rules/all.yaml"].replace("criteria:\n", rules, 1)
    return sensitive_of(load_policy(write_package(folder, texts)))


def test_a_sum_of_a_sensitive_amount_is_sensitive_and_so_is_what_is_made_of_the_sum(tmp_path: Path) -> None:
    found = package(tmp_path)
    assert found.facts == {("claim", "cost")}
    assert found.rules == {"cost", "claims", "cost_of_all", "burdened"}


def test_how_many_rows_there_are_of_a_wholly_sensitive_table_is_sensitive(tmp_path: Path) -> None:
    assert package(tmp_path / "whole").levels == {"claim"}
    open_ = package(tmp_path / "open", claim="  day:\n    type: date\n    label: {en: Day, zh: 日期}\n")
    assert open_ == Sensitive(frozenset(), frozenset(), frozenset())


def test_a_released_value_is_not_sensitive_nor_what_rests_on_it_alone(tmp_path: Path) -> None:
    released = RULES.replace(
        "formula: sum(person.cost)",
        "formula: sum(person.cost)\n    released: {en: It is on the public list, zh: 列入公示名单}",
    )
    assert package(tmp_path, released).rules == {"cost", "claims"}


def test_the_answer_of_a_household_is_released_and_that_of_a_person_is_not(tmp_path: Path) -> None:
    texts = dict(LITTLE)
    for name, fact in (("household", "{en: Grade, zh: 等级}"), ("rows", "{en: In school, zh: 在校}")):
        file = f"facts/{name}.yaml"
        texts[file] = texts[file].replace(
            f"    label: {fact}\n", f"    label: {fact}\n    sensitivity: sensitive\n"
        )
    found = sensitive_of(load_policy(write_package(tmp_path, texts)))
    assert found.facts == {("household", "grade"), ("person", "in_school")}
    assert found.rules == {"schooled", "cause_schooling"}


def test_a_fact_of_another_table_that_has_the_same_name_is_not_sensitive() -> None:
    found = sensitive_of(load_policy("cn/2014-2020"))
    assert ("claim", "kind") in found.facts
    assert ("measure", "kind") not in found.facts
    assert "has_development_measure" not in found.rules
    assert {"medical_cost", "income_after_medical_cost", "cause_illness"} <= found.rules
    assert "net_income" not in found.rules


@pytest.mark.parametrize("words", ["{en: Only English}", "because"])
def test_a_release_gives_its_reason_in_every_language(tmp_path: Path, words: str) -> None:
    old = "formula: income / size"
    folder = little(tmp_path, rules__all=(old, f"{old}\n    released: {words}"))
    assert [error.code.split(".")[0] for error in errors_of(folder)] == ["package"]
