# SPDX-License-Identifier: Apache-2.0
"""Decides that an observation is checked, kept for good, and gives the current value by source and date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.registry.models import Household, HouseholdFacts, Observation, PersonFacts
from hearthline.registry.queries import get_household, history_of
from hearthline.registry.services import observe, observe_area, rebuild_current

from .conftest import TODAY, Office

LINE = {"class": "wage", "status": "received"}


def refused(code: str, **words: Any) -> str:
    """The sentence of the failure with ``code`` that observing raises."""
    with pytest.raises(HearthlineError) as caught:
        observe(**words)
    codes = [error.code for error in getattr(caught.value, "errors", [caught.value])]
    assert code in codes
    return caught.value.sentence


def test_what_was_observed_is_shown_with_its_source_date_and_origin(office: Office) -> None:
    row = observe(
        by=office.village,
        on=TODAY,
        household_id=office.household.pk,
        source="visit",
        facts={"dwelling_grade": "D", "size": 2},
        records={"income_line": {"001": {"amount": "1234.5", **LINE}}},
        observed_on=date(2017, 11, 2),
        evidence="photo 12",
    )
    view = get_household(by=office.village, on=TODAY, household_id=office.household.pk)
    grade = view.fact("dwelling_grade")
    assert grade is not None
    assert (grade.value, grade.source, grade.observed_on, grade.observation) == (
        "D",
        "visit",
        date(2017, 11, 2),
        row.pk,
    )
    assert view.records["income_line"][0].value("amount") == Decimal("1234.50")
    assert [member.person.name for member in view.members] == ["仇小丽", "欧阳明"]
    trace = AuditRow.objects.filter(action="registry.observe").get()
    assert trace.facts["facts"] == ["dwelling_grade", "size"]


def test_an_observation_is_checked_against_the_dictionary_in_force(office: Office) -> None:
    base: dict[str, Any] = {
        "by": office.village,
        "on": TODAY,
        "household_id": office.household.pk,
        "source": "visit",
    }
    sentence = refused("registry.bad-value", **base, facts={"dwelling_grade": "Z", "size": 0})
    assert "dwelling_grade" in sentence
    assert "size" in sentence
    refused("registry.unknown-fact", **base, facts={"colour": "red"})
    refused("registry.required-missing", **base, facts={}, records={"income_line": {"001": {"amount": 5}}})
    refused("registry.unknown-level", **base, facts={}, records={"claim": {"001": {}}})
    refused("registry.future-observation", **base, facts={"size": 2}, observed_on=date(2018, 1, 1))
    refused("registry.nothing-observed", **base, facts={})
    refused("registry.unknown-source", **base | {"source": "rumour"}, facts={"size": 2})
    refused("registry.source-not-allowed", **base | {"source": "finance"}, facts={"dwelling_grade": "A"})
    assert not Observation.objects.exists()
    assert Household.objects.get(pk=office.household.pk).version == office.household.version


def test_the_source_that_the_package_names_first_wins_then_the_newest_date(office: Office) -> None:
    def seen(source: str, grade: str, day: date) -> None:
        observe(
            by=office.village,
            on=TODAY,
            household_id=office.household.pk,
            source=source,
            facts={"dwelling_grade": grade},
            observed_on=day,
        )

    seen("housing_department", "C", date(2016, 5, 1))
    seen("visit", "A", date(2017, 5, 1))
    seen("housing_department", "D", date(2015, 5, 1))
    view = get_household(by=office.village, on=TODAY, household_id=office.household.pk)
    grade = view.fact("dwelling_grade")
    assert grade is not None
    assert (grade.value, grade.source) == ("C", "housing_department")
    past = history_of(by=office.village, on=TODAY, household_id=office.household.pk)["dwelling_grade"]
    assert [(one.value, one.current) for one in past] == [("A", False), ("C", True), ("D", False)]


def test_a_correction_is_a_new_row_and_keeps_the_day_of_what_it_corrects(office: Office) -> None:
    words: dict[str, Any] = {
        "by": office.village,
        "on": TODAY,
        "household_id": office.household.pk,
        "source": "visit",
    }
    old = observe(**words, facts={"size": 9}, observed_on=date(2016, 1, 5))
    observe(**words, facts={"size": 3}, observed_on=date(2017, 1, 5))
    corrected = observe(**words, facts={"size": 4}, observed_on=date(2017, 6, 1), corrects=old.pk)
    view = get_household(by=office.village, on=TODAY, household_id=office.household.pk)
    size = view.fact("size")
    assert size is not None
    assert size.value == 3
    past = history_of(by=office.village, on=TODAY, household_id=office.household.pk)["size"]
    assert {one.observation: one.corrected_by for one in past}[old.pk] == corrected.pk
    with pytest.raises(HearthlineError) as caught:
        observe(**words, facts={"size": 4, "dwelling_grade": "A"}, corrects=old.pk)
    assert caught.value.code == "registry.not-correctable"


def test_no_observation_is_ever_changed_or_removed(office: Office) -> None:
    row = observe(
        by=office.village, on=TODAY, household_id=office.household.pk, source="visit", facts={"size": 2}
    )
    for statement in (
        "update registry_observation set source = 'rumour' where id = %s",
        "delete from registry_observation where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])
    assert Observation.objects.get().source == "visit"


def test_who_saw_an_older_version_of_the_household_must_look_again(office: Office) -> None:
    words: dict[str, Any] = {
        "by": office.village,
        "on": TODAY,
        "household_id": office.household.pk,
        "source": "visit",
    }
    observe(**words, facts={"size": 2}, version=office.household.version)
    assert "changed by someone else" in refused(
        "registry.stale", **words, facts={"size": 3}, version=office.household.version
    )


def test_current_values_made_anew_are_the_same_to_the_byte(office: Office) -> None:
    words: dict[str, Any] = {"by": office.village, "on": TODAY, "household_id": office.household.pk}
    first = observe(
        **words,
        source="declaration",
        facts={"size": 5, "main_cause": None},
        records={"income_line": {"002": {"amount": "10", **LINE}, "001": {"amount": "2.5", **LINE}}},
    )
    observe(**words, source="visit", facts={"size": 2}, observed_on=date(2017, 3, 1), corrects=None)
    observe(**words, source="visit", facts={"health": "healthy"}, person_id=office.child.pk)
    observe(**words, source="declaration", facts={"size": 6}, corrects=first.pk)
    observe_area(
        by=office.village,
        on=TODAY,
        area_id=office.places["510101001001"].pk,
        source="village",
        facts={"hard_road": True, "collective_income": 20000},
    )

    def cached() -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        with connection.cursor() as cursor:
            for table in ("householdfacts", "personfacts", "areafacts"):
                cursor.execute(
                    "select facts, records, origins, observation_id "
                    f"from registry_{table} order by observation_id"
                )
                found += cursor.fetchall()
        return found

    before = cached()
    assert len(before) == 3
    HouseholdFacts.objects.all().delete()
    PersonFacts.objects.all().delete()
    rebuilt = rebuild_current(by=office.administrator, on=TODAY, area_path=office.places["510101001"].path)
    assert (rebuilt.households, rebuilt.areas) == (1, 1)
    assert cached() == before
