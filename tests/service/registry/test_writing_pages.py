# SPDX-License-Identifier: Apache-2.0
"""Decides that an officer writes by the pages: what is asked, kept of a faulty form, and told afterwards."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.urls import reverse

from hearthline.registry.models import Household, HouseholdFacts, Membership, Observation, Person
from hearthline.registry.national_ids import check_character
from hearthline.registry.services import observe

from ..conftest import Visitor
from ..security.visiting import body_of
from .conftest import TODAY, Office

pytestmark = pytest.mark.django_db
DAY = "2017-11-02"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a form but for the token of the session."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def text_of(answer: HttpResponseBase) -> str:
    """The page of an answer."""
    return body_of(answer).decode()


@pytest.fixture
def visitor(client: Visitor, office: Office) -> Visitor:
    """The browser of the village officer."""
    client.force_login(office.village)
    return client


def send(visitor: Visitor, address: str, **typed: Any) -> HttpResponseBase:
    """Open a page with a form, fill it in and send it."""
    return visitor.post(address, hidden(text_of(visitor.get(address))) | typed)


def test_a_visit_asks_by_topic_what_the_source_may_say_with_the_value_so_far(
    visitor: Visitor, office: Office
) -> None:
    observe(
        by=office.village, on=TODAY, household_id=office.household.pk, source="visit",
        facts={"house_area": "61.5", "dwelling_tenure": "own"}, observed_on=date(2016, 5, 1),
    )  # fmt: skip
    address = reverse("site:visit", args=[office.household.pk])
    page = text_of(visitor.get(address))
    assert page.index("Housing") < page.index("Drinking water") < page.index("Income line")
    assert "Whose is the dwelling you live in?" in page
    assert "So far: Own dwelling (Home visit 2016-05-01)." in page
    assert "So far: 61.5" in page
    assert "f-household_type" not in page  # the visit is no source of it
    assert "f-household_type" in text_of(visitor.get(address, {"source": "poverty_office"}))
    person = text_of(visitor.get(reverse("site:visit-person", args=[office.household.pk, office.child.pk])))
    assert "f-health" in person
    visitor.force_login(office.analyst)
    assert visitor.get(address).status_code == 403


def test_a_faulty_visit_keeps_what_was_typed_and_names_each_fault(visitor: Visitor, office: Office) -> None:
    address = reverse("site:visit", args=[office.household.pk])
    typed = {
        "observed_on": "2035-01-01", "f-house_area": "sixty", "f-size": "0", "f-dwelling_tenure": "own",
        "f-house_built_year": "19,80", "r-income_line-0-amount": "700",
    }  # fmt: skip
    answer = send(visitor, address, **typed)
    page = text_of(answer)
    assert answer.status_code == 400
    for words in (
        "This day is still to come.", "Write a number in digits", "It cannot be less than 1.",
        "A record cannot do without it: Class of income",
    ):  # fmt: skip
        assert words in page, words
    assert 'href="#id_f-house_area"' in page
    assert 'value="sixty"' in page
    assert re.search(r'<option value="own" selected', page)
    assert re.search(r'id="topic-housing" open', page)
    assert not re.search(r'id="topic-water" open', page)
    assert not Observation.objects.exists()
    assert "give at least one value" in text_of(send(visitor, address, observed_on=DAY))


def test_a_visit_is_saved_once_and_tells_what_changed(visitor: Visitor, office: Office) -> None:
    address = reverse("site:visit", args=[office.household.pk])
    typed = hidden(text_of(visitor.get(address))) | {
        "observed_on": DAY, "evidence": "photo 12", "f-dangerous_house": "true", "f-size": "?",
        "f-dwelling_tenure": "rented", "r-income_line-0-class": "wage",
        "r-income_line-0-status": "received", "r-income_line-0-amount": "1200.50",
    }  # fmt: skip
    first, second = visitor.post(address, typed), visitor.post(address, typed)
    assert first["Location"] == second["Location"]
    row = Observation.objects.get()
    assert (row.observed_on, row.source, row.evidence) == (date(2017, 11, 2), "visit", "photo 12")
    assert row.facts == {"dangerous_house": True, "dwelling_tenure": "rented", "size": None}
    assert row.records["income_line"]["001"]["amount"] == "1200.50"
    page = text_of(visitor.get(first["Location"]))
    for words in ("Saved: what changed", "Rented", "0 before, 1 now.", "Home visit 2017-11-02", "not known"):
        assert words in page, words
    shown = text_of(visitor.get(reverse("site:household", args=[office.household.pk])))
    assert shown.index("<h3>Family</h3>") < shown.index("<h3>Housing</h3>")


def test_one_more_record_can_be_asked_for_without_a_script(visitor: Visitor, office: Office) -> None:
    address = reverse("site:visit", args=[office.household.pk])
    answer = send(visitor, address, more="income_line", **{"f-size": "3", "observed_on": DAY})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "r-income_line-1-amount" in page
    assert 'value="3"' in page
    assert not Observation.objects.exists()


def test_who_sends_an_old_form_is_told_and_may_send_it_again(visitor: Visitor, office: Office) -> None:
    address = reverse("site:visit", args=[office.household.pk])
    typed = hidden(text_of(visitor.get(address))) | {"observed_on": DAY, "f-size": "3"}
    observe(by=office.village, on=TODAY, household_id=office.household.pk, source="visit", facts={"size": 5})
    answer = visitor.post(address, typed)
    page = text_of(answer)
    assert answer.status_code == 400
    assert "changed by someone else" in page
    assert "So far: 5" in page
    again = visitor.post(address, hidden(page) | {"observed_on": DAY, "f-size": "3"})
    assert again.status_code == 302
    assert HouseholdFacts.objects.get(household=office.household).facts["size"] == 5  # of a newer day
    assert "5 people still counts" in text_of(visitor.get(again["Location"]))


def test_a_wrong_value_is_corrected_from_the_history_and_both_stay(visitor: Visitor, office: Office) -> None:
    wrong = observe(
        by=office.village, on=TODAY, household_id=office.household.pk, source="visit",
        facts={"size": 9}, observed_on=date(2016, 1, 5),
    )  # fmt: skip
    history = reverse("site:history", args=[office.household.pk])
    address = reverse("site:correct", args=[office.household.pk, wrong.pk, "size"])
    assert address in text_of(visitor.get(history))
    refused = send(visitor, address, value="2")
    assert refused.status_code == 400
    assert 'value="2"' in text_of(refused)
    done = send(visitor, address, value="2", reason="the child was counted twice")
    told = text_of(visitor.get(done["Location"]))
    assert "the child was counted twice" in told
    page = text_of(visitor.get(history))
    assert "corrected" in page
    assert address not in page
    assert ">9" in page.replace(" ", "")
    other = reverse("site:correct", args=[office.household.pk, wrong.pk, "dwelling_grade"])
    assert visitor.get(other).status_code == 404


def test_a_household_is_opened_people_join_and_leave(visitor: Visitor, office: Office) -> None:
    village = office.places["510101001002"]
    address = reverse("site:open-household", args=[village.pk])
    assert address in text_of(visitor.get(reverse("site:area", args=[village.pk])))
    page = text_of(visitor.get(address))
    assert 'value="510101001002-0001"' in page
    head = {"name": "马骏", "number": "510101001002-0001", "starts_on": DAY, "f-sex": "male"}
    wrong = send(visitor, address, **head, national_id="990101197002030010")
    assert wrong.status_code == 400
    assert "does not agree with the 17 before it" in text_of(wrong)
    digits = "99010119700203001"
    done = send(visitor, address, **head, national_id=digits + check_character(digits))
    household = Household.objects.get(number="510101001002-0001")
    assert done["Location"] == reverse("site:household", args=[household.pk])
    assert "The household was opened." in text_of(visitor.get(done["Location"]))
    joining = reverse("site:add-member", args=[household.pk])
    send(visitor, joining, name="李娟", starts_on=DAY, **{"f-relation": "spouse", "f-age_stated": "44"})
    spouse = Person.objects.get(name="李娟")
    facts = Observation.objects.get(person=spouse).facts
    assert (facts["relation"], facts["age_stated"]) == ("spouse", 44)
    assert "age_stated_on" in facts
    leaving = reverse("site:leave", args=[household.pk, spouse.pk])
    typed = hidden(text_of(visitor.get(leaving))) | {"ends_on": "2017-12-01", "f-member_state": "moved_out"}
    assert visitor.post(leaving, typed).status_code == visitor.post(leaving, typed).status_code == 302
    assert Membership.objects.get(person=spouse).ends_on == date(2017, 12, 1)
    assert Household.objects.get(pk=household.pk).members == 1


def test_people_with_one_national_id_are_listed_and_settled(visitor: Visitor, office: Office) -> None:
    Person.objects.filter(pk=office.child.pk).update(id_index=office.head.id_index)
    listed = reverse("site:same-ids")
    page = text_of(visitor.get(listed))
    assert "欧阳明" in page
    assert "99010119800101002" not in page
    address = reverse("site:right-id", args=[office.child.pk])
    digits = "99010120080101003"
    done = send(visitor, address, national_id=digits + check_character(digits), reason="card looked at")
    assert done["Location"] == listed
    assert "No two people of your places share a national ID." in text_of(visitor.get(listed))
