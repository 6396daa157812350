# SPDX-License-Identifier: Apache-2.0
"""Decides that where no policy package was put in force a page says what to do, and who may do it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.registry.models import Household, Person
from hearthline.registry.services import add_member, open_household
from tests.service.conftest import TODAY, Hire, Visitor

pytestmark = pytest.mark.django_db
ASK = "Ask a policy designer or an administrator to put one in force"
PUT = "Publish a package, and put it in force for this place."


@dataclass(frozen=True)
class Beginning:
    """A county that has people, and no package yet."""

    places: dict[str, Area]
    village: Officer
    administrator: Officer
    household: Household
    head: Person


@pytest.fixture
def beginning(places: dict[str, Area], hire: Hire) -> Beginning:
    village = hire(Role.VILLAGE_OFFICER, places["510101001"])
    household = open_household(by=village, on=TODAY, area_id=places["510101001001"].pk, number="7")
    head = add_member(by=village, on=TODAY, household_id=household.pk, name="仇小丽", is_head=True)
    return Beginning(places, village, hire(Role.ADMINISTRATOR, places["510101"]), household, head)


def addresses(beginning: Beginning) -> list[str]:
    """The pages of a household and of its place."""
    household, village = [beginning.household.pk], [beginning.places["510101001001"].pk]
    return [
        reverse("site:home"),
        *(reverse(f"site:{name}", args=village) for name in ("area", "area-households")),
        *(reverse(f"site:{name}", args=household) for name in ("household", "reasons", "history")),
    ]


def test_every_page_of_a_household_and_its_place_says_what_to_do(
    client: Visitor, beginning: Beginning
) -> None:
    for officer, words, other in ((beginning.village, ASK, PUT), (beginning.administrator, PUT, ASK)):
        client.force_login(officer)
        for address in addresses(beginning):
            answer = client.get(address)
            page = answer.content.decode()
            assert answer.status_code == 200, address
            assert words in page, address
            assert other not in page, address
            assert (f'href="{reverse("policy:packages")}">To the policy packages' in page) is (words == PUT)
    client.force_login(beginning.village)
    for name in ("visit", "add-member"):
        assert ASK in client.get(reverse(f"site:{name}", args=[beginning.household.pk])).content.decode()
    opening = reverse("site:open-household", args=[beginning.places["510101001001"].pk])
    assert ASK in client.get(opening).content.decode()


def test_nobody_outside_learns_that_the_household_is_there(
    client: Visitor, beginning: Beginning, hire: Hire
) -> None:
    client.force_login(hire(Role.VILLAGE_OFFICER, beginning.places["510102"]))
    for address in addresses(beginning)[1:]:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "package" not in answer.content.decode()


def test_what_is_sent_and_the_part_of_a_page_are_refused_as_before(
    client: Visitor, beginning: Beginning
) -> None:
    client.force_login(beginning.village)
    reasons = reverse("site:reasons", args=[beginning.household.pk])
    part = client.get(reasons, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (403, reasons)
    assert client.post(reverse("site:visit", args=[beginning.household.pk]), {}).status_code == 403
