# SPDX-License-Identifier: Apache-2.0
"""Decides that what a page writes is written once and in order, with its reason, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearthline.accounts.rules import Role
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.registry.effects import effects_of
from hearthline.registry.finding import search
from hearthline.registry.models import Household, Membership, Observation, Person, SentForm
from hearthline.registry.national_ids import check_character, checked_national_id
from hearthline.registry.queries import get_household, history_of
from hearthline.registry.services import (
    GivenPerson,
    LinesChanged,
    correct_identity,
    correct_value,
    enter_household,
    enter_member,
    observe,
    open_sensitive,
    record_leaving,
    write_visit,
)
from hearthline.registry.sharing import shared_ids

from .conftest import TODAY, Hire, Office

TOKEN, OTHER_TOKEN = "a" * 32, "b" * 32
WAGE = {"class": "wage", "status": "received", "amount": "1200"}
REASON = "the card was read again"


def refused(code: str, do: Callable[[], object]) -> str:
    """The sentence of the failure with ``code`` that ``do`` raises."""
    with pytest.raises(HearthlineError) as caught:
        do()
    codes = [error.code for error in getattr(caught.value, "errors", [caught.value])]
    assert code in codes
    return caught.value.sentence


def visited(office: Office, **more: Any) -> int:
    """The number of the observation of a visit."""
    words: dict[str, Any] = {
        "by": office.village, "on": TODAY, "household_id": office.household.pk, "person_id": None,
        "source": "visit", "facts": {"size": 2}, "lines": {}, "observed_on": TODAY, "evidence": "",
        "version": None, "token": TOKEN,
    }  # fmt: skip
    return write_visit(**words | more)


def number_of(digits: str) -> str:
    """A national ID with the check character it needs."""
    return digits + check_character(digits)


def test_a_visit_that_is_sent_twice_is_written_once(office: Office) -> None:
    version = Household.objects.get(pk=office.household.pk).version
    first = visited(office, version=version)
    assert visited(office, version=version) == first
    assert Observation.objects.count() == 1
    assert AuditRow.objects.filter(action="registry.observe").count() == 1
    refused("registry.form-used", lambda: visited(office, facts={"size": 3}, version=version))
    assert visited(office, facts={"size": 3}, token=OTHER_TOKEN) != first


def test_a_form_that_was_refused_can_be_sent_again(office: Office) -> None:
    refused("registry.stale", lambda: visited(office, version=1))
    assert not SentForm.objects.exists()
    visited(office)
    assert SentForm.objects.get().made == {"observation": Observation.objects.get().pk}
    refused("registry.bad-form-token", lambda: visited(office, token="x"))


def test_income_lines_are_added_to_those_known_and_left_out_by_their_key(office: Office) -> None:
    observe(
        by=office.village, on=TODAY, household_id=office.household.pk, source="finance", facts={},
        records={"income_line": {"001": WAGE, "002": WAGE | {"amount": "30"}}}, observed_on=date(2017, 3, 1),
    )  # fmt: skip
    more = LinesChanged([WAGE | {"class": "business", "amount": "500.5"}], ["002"])
    visited(office, facts={}, lines={"income_line": more})
    view = get_household(by=office.village, on=TODAY, household_id=office.household.pk)
    lines = view.records["income_line"]
    assert [(one.key, str(one.value("amount"))) for one in lines] == [("001", "1200.00"), ("003", "500.50")]
    gone = LinesChanged([], ["002"])
    refused("registry.no-record", lambda: visited(office, facts={}, lines={"income_line": gone}, token=""))
    bad = LinesChanged([{"class": "wage"}])
    refused(
        "registry.required-missing", lambda: visited(office, facts={}, lines={"income_line": bad}, token="")
    )


def test_a_correction_keeps_source_and_day_and_both_values_with_the_reason(office: Office) -> None:
    wrong = visited(office, facts={"size": 9}, observed_on=date(2016, 1, 5))
    words: dict[str, Any] = {"by": office.village, "on": TODAY, "observation_id": wrong, "fact": "size"}
    refused("registry.correction-needs-reason", lambda: correct_value(**words, value=4, reason="so"))
    refused("registry.same-value", lambda: correct_value(**words, value="9", reason=REASON))
    refused(
        "registry.not-correctable",
        lambda: correct_value(**words | {"fact": "dwelling_grade"}, value="A", reason=REASON),
    )
    done = correct_value(**words, value="4", reason=REASON, token=OTHER_TOKEN)
    assert correct_value(**words, value="4", reason=REASON, token=OTHER_TOKEN) == done
    row = Observation.objects.get(pk=done)
    assert (row.corrects_id, row.source, row.observed_on, row.evidence) == (
        wrong, "visit", date(2016, 1, 5), REASON,
    )  # fmt: skip
    past = history_of(by=office.village, on=TODAY, household_id=office.household.pk)["size"]
    assert {one.value: one.corrected_by for one in past} == {4: None, 9: done}
    refused("registry.corrected-already", lambda: correct_value(**words, value=5, reason=REASON))
    again = correct_value(**words | {"observation_id": done}, value=5, reason=REASON)
    assert AuditRow.objects.filter(action="registry.correct").count() == 2
    _row, _policy, effects, _lines = effects_of(
        by=office.village, on=TODAY, household_id=office.household.pk, observation_id=again
    )
    assert [(one.before and one.before.value, one.written.value, one.counts) for one in effects] == [
        (4, 5, True)
    ]


def test_it_is_told_that_a_visit_does_not_count_against_a_source_that_is_trusted_more(office: Office) -> None:
    visited(office, source="housing_department", facts={"dwelling_grade": "D"}, observed_on=date(2015, 1, 1))
    second = visited(office, facts={"dwelling_grade": "B"}, token=OTHER_TOKEN)
    _row, _policy, effects, _lines = effects_of(
        by=office.village, on=TODAY, household_id=office.household.pk, observation_id=second
    )
    assert [(one.now.value, one.now.source, one.counts) for one in effects] == [
        ("D", "housing_department", False)
    ]


def test_a_household_is_opened_with_its_head_in_one_act(office: Office) -> None:
    words: dict[str, Any] = {
        "by": office.village, "on": TODAY, "area_id": office.places["510101001002"].pk, "number": "N-1",
        "source": "visit", "token": TOKEN,
    }  # fmt: skip
    head = GivenPerson(
        "马骏", number_of("99010119700203001"), "", {"sex": "male", "birth_date": "1970-02-03"}
    )
    wrong = GivenPerson("马骏", "990101197002030010", "", {"sex": "male"})
    refused("registry.national-id-check", lambda: enter_household(**words, head=wrong))
    held = words | {"number": f"H-{head.national_id}"}
    refused("registry.number-holds-national-id", lambda: enter_household(**held, head=head))
    named = replace(head, name=f"马骏 {head.national_id}")
    refused("registry.number-holds-national-id", lambda: enter_household(**words, head=named))
    refused(
        "registry.bad-value", lambda: enter_household(**words, head=GivenPerson("马骏", facts={"sex": "x"}))
    )
    assert not Household.objects.filter(number="N-1").exists()
    made = enter_household(**words, head=head)
    assert enter_household(**words, head=head) == made
    view = get_household(by=office.village, on=TODAY, household_id=made["household"])
    assert (view.household.head_name, view.household.members) == ("马骏", 1)
    assert [one.value for one in view.members[0].facts] == ["male", date(1970, 2, 3)]
    refused("registry.number-taken", lambda: enter_household(**words | {"token": OTHER_TOKEN}, head=head))
    assert Person.objects.filter(name="马骏").count() == 1
    assert head.national_id not in str(list(SentForm.objects.values()))


def test_a_member_joins_and_leaves_with_the_reason_that_the_dictionary_has(office: Office) -> None:
    words: dict[str, Any] = {"by": office.village, "on": TODAY, "household_id": office.household.pk}
    made = enter_member(
        **words, person=GivenPerson("李娟", facts={"relation": "child_in_law"}), source="visit",
        starts_on=date(2017, 5, 1), token=TOKEN,
    )  # fmt: skip
    left: dict[str, Any] = words | {
        "person_id": made["person"], "ends_on": date(2017, 12, 1), "source": "visit", "token": OTHER_TOKEN,
        "facts": {"member_state": "moved_out", "left_on": "2017-12-01"},
    }  # fmt: skip
    record_leaving(**left)
    record_leaving(**left)
    row = Membership.objects.get(person=made["person"])
    assert (row.starts_on, row.ends_on) == (date(2017, 5, 1), date(2017, 12, 1))
    assert Household.objects.get(pk=office.household.pk).members == 2
    refused("registry.no-member", lambda: record_leaving(**left | {"token": ""}))


def test_a_national_id_is_held_to_its_check_character() -> None:
    right = "11010519491231002X"
    assert checked_national_id(" 110105 19491231 002x ", on=TODAY) == right
    assert checked_national_id("", on=TODAY) == ""
    assert checked_national_id(f"{right}43", on=TODAY) == f"{right}43"
    assert checked_national_id("any form", on=TODAY, jurisdiction="IM") == "ANYFORM"
    for text, code in (
        ("110105194912310021", "check"),
        ("11010519491331002X", "birth"),
        ("110105204912310022", "birth"),
        ("1101051949123100", "length"),
        ("11010519491231OO2X", "letters"),
    ):
        sentence = refused(f"registry.national-id-{code}", partial(checked_national_id, text, on=TODAY))
        assert text not in sentence


def test_who_has_the_national_id_of_another_is_listed_and_put_right(office: Office) -> None:
    shared = "99010119800101002X"
    words: dict[str, Any] = {"by": office.village, "on": TODAY}
    assert shared_ids(**words) == []
    twin = enter_household(
        **words, area_id=office.places["510101001002"].pk, number="N-2", source="visit",
        head=GivenPerson("仇小莉", number_of("99010119800101004")), token="",
    )["person"]  # fmt: skip
    Person.objects.filter(pk=twin).update(id_index=Person.objects.get(pk=office.head.pk).id_index)
    assert [{one.pk for one in found.people} for found in shared_ids(**words)] == [{twin, office.head.pk}]
    right = number_of("99010119810101004")
    change: dict[str, Any] = words | {"person_id": twin, "national_id": right, "token": TOKEN}
    refused("registry.correction-needs-reason", lambda: correct_identity(**change, reason=" "))
    assert correct_identity(**change, reason=REASON) == correct_identity(**change, reason=REASON)
    assert shared_ids(**words) == []
    assert open_sensitive(**words, person_id=twin, field="national_id") == right
    assert [one.person_id for one in search(**words, text=right)] == [twin]
    trace = AuditRow.objects.get(action="registry.correct_identity")
    assert (trace.facts["reason"], right in str(trace.facts), shared in str(trace.facts)) == (
        REASON,
        False,
        False,
    )
    refused(
        "accounts.not-permitted", lambda: correct_identity(**change | {"by": office.analyst}, reason=REASON)
    )
    refused("registry.same-value", lambda: correct_identity(**change | {"token": ""}, reason=REASON))


@pytest.mark.parametrize("place", [None, "510101001"])
def test_who_shares_a_national_id_is_found_by_the_index_and_not_by_reading_everybody(
    office: Office, hire: Hire, place: str | None
) -> None:
    by = hire(Role.ADMINISTRATOR, office.places[place] if place else None, "who settles")
    with CaptureQueriesContext(connection) as asked:
        shared_ids(by=by, on=TODAY)
    (sharing,) = (each["sql"] for each in asked.captured_queries if "EXISTS" in each["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a plan for millions, of a table of a few people
            for way in ("seqscan", "hashjoin", "mergejoin", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {sharing}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    # Of the few people of a place PostgreSQL may as well read those of the place.
    by_place = connection.vendor == "postgresql" and place and "registry_people_of_area" in plan
    assert "registry_people_by_id" in plan or by_place
    assert "SCAN U0" not in plan
