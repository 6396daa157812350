# SPDX-License-Identifier: Apache-2.0
"""Decides that the brief reasons of a household end at facts and never at the mere name of a rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from hearthline.engine.packages import load_policy
from hearthline.engine.rules.briefing import brief_criteria
from hearthline.engine.rules.evaluator import Household, Record
from hearthline.engine.rules.policy import Policy, Value
from hearthline.engine.rules.reasons import Explainer, Reason

ON = date(2017, 12, 31)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy("cn/2014-2020")


def told(
    policy: Policy, household: dict[str, Value], area: dict[str, Value], *criteria: str, on: date = ON
) -> dict[str, Reason]:
    tables: dict[str, list[dict[str, Value]]] = {level: [] for level in policy.levels}
    explainer = Explainer(
        Household(policy, Record(household, area, tables), on), "en", lambda fact: f"form, {fact.name}"
    )
    full = [explainer.criterion(name) for name in criteria]
    return {reason.name: reason for reason in brief_criteria(full, "poor", "en")}


def lines(reason: Reason) -> Iterator[Reason]:
    yield reason
    for child in reason.children:
        yield from lines(child)


def facts(reason: Reason) -> dict[str, str]:
    return {line.name: line.source for line in lines(reason) if line.kind == "fact"}


def test_a_rule_that_says_no_shows_the_facts_that_say_so(policy: Policy) -> None:
    said = told(policy, {"care_within_reach": None}, {"clinic_ready": False}, "medical")
    assert facts(said["medical"])["clinic_ready"] == "form, clinic_ready"


def test_a_fact_with_the_same_answer_as_its_rule_is_still_shown_with_its_source(policy: Policy) -> None:
    said = told(policy, {"care_within_reach": False}, {}, "medical")
    assert facts(said["medical"])["care_within_reach"] == "form, care_within_reach"


def test_a_rule_that_was_first_told_under_a_criterion_put_in_one_line_keeps_its_facts(policy: Policy) -> None:
    household: dict[str, Value] = {"registered_on": date(2016, 10, 1)}
    said = told(policy, household, {}, "entered_earlier_year", "minimum_spell", on=date(2017, 6, 30))
    assert not said["entered_earlier_year"].children
    assert facts(said["minimum_spell"]) == {"registered_on": "form, registered_on"}


def test_what_is_told_once_is_only_named_afterwards(policy: Policy) -> None:
    household: dict[str, Value] = {"registered_on": date(2017, 4, 1)}
    said = told(policy, household, {}, "entered_earlier_year", "minimum_spell")
    assert facts(said["entered_earlier_year"])
    assert not facts(said["minimum_spell"])


def test_income_is_shown_beside_costs_also_where_there_are_none(policy: Policy) -> None:
    said = told(policy, {"size": 2, "income_checked_on": date(2017, 12, 1)}, {}, "income")
    shown = {line.name for line in lines(said["income"])}
    assert {"net_income", "gross_income", "production_costs"} <= shown
