# SPDX-License-Identifier: Apache-2.0
"""Decides that a number of another place is refused wherever it is sent: in a body, a question, a filter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from hearthline.accounts.rules import Role
from hearthline.base.problems import HearthlineError
from hearthline.base.sealing import keys_of
from hearthline.registry.rules import VIEW_HOUSEHOLD
from hearthline.registry.services import end_membership, observe
from hearthline.registry.staging import stage
from hearthline.runs.rules import VIEW_HOUSEHOLDS
from tests.service.conftest import Visitor
from tests.service.security.planting import NEIGHBOUR
from tests.service.security.visiting import TRAIL, ask
from tests.service.security.world import World

TODAY = timezone.localdate
OUTSIDE = ("parent", "sibling", "other")


def visitor_of(world: World, role: Role) -> Visitor:
    """A browser of an officer of the township."""
    visitor = Visitor(raise_request_exception=False)
    visitor.force_login(world.officer("township", role))
    return visitor


def test_who_opens_households_is_the_same_in_the_register_and_in_runs() -> None:
    assert VIEW_HOUSEHOLD.roles == VIEW_HOUSEHOLDS.roles


@pytest.mark.parametrize("place", OUTSIDE)
def test_no_role_is_granted_in_a_place_outside(world: World, place: str) -> None:
    visitor = visitor_of(world, Role.ADMINISTRATOR)
    address = reverse("accounts:grant-role", args=[world.sites["own"].officer.pk])
    for named in (world.sites[place].area.code, ""):
        answer = ask(visitor, "POST", address, body={"role": "analyst", "place": named})
        assert (answer.status, answer.wrote) == (400, frozenset())


@pytest.mark.parametrize("place", OUTSIDE)
def test_the_person_of_another_household_does_not_open_through_ones_own(world: World, place: str) -> None:
    own, there = world.sites["own"], world.sites[place]
    visitor = visitor_of(world, Role.VILLAGE_OFFICER)
    for household, person in ((own.household.pk, there.person.pk), (there.household.pk, own.person.pk)):
        address = reverse("site:sealed", args=[household, person, "national_id"])
        for method in ("GET", "POST"):
            answer = ask(visitor, method, address, body={"reason": "complaint 17 of this week"})
            assert (answer.status, answer.wrote - TRAIL) == (404, frozenset())


@pytest.mark.parametrize("place", OUTSIDE)
def test_a_service_refuses_the_parts_of_another_household(world: World, place: str) -> None:
    own, there = world.sites["own"], world.sites[place]
    by = world.officer("township", Role.VILLAGE_OFFICER)
    calls: list[Callable[[], object]] = [
        lambda: observe(
            by=by,
            on=TODAY(),
            household_id=own.household.pk,
            person_id=there.person.pk,
            source="visit",
            facts={"ethnicity": "Han"},
        ),
        lambda: observe(
            by=by,
            on=TODAY(),
            household_id=own.household.pk,
            source="visit",
            facts={"dangerous_house": True},
            corrects=there.observation.pk,
        ),
        lambda: end_membership(
            by=by, on=TODAY(), household_id=own.household.pk, person_id=there.person.pk, ends_on=TODAY()
        ),
    ]
    codes = []
    for call in calls:
        with pytest.raises(HearthlineError) as refusal:
            call()
        codes.append(refusal.value.code)
    assert codes == ["registry.no-member", "registry.not-correctable", "registry.no-member"]


@pytest.mark.parametrize("place", OUTSIDE)
def test_files_that_wait_belong_to_who_left_them_and_go_into_his_places_only(
    world: World, place: str
) -> None:
    by, other = world.officer("township", Role.ADMINISTRATOR), world.officer("everywhere", Role.ADMINISTRATOR)
    visitor, imports = visitor_of(world, Role.ADMINISTRATOR), settings.HOME / "imports"
    keys = keys_of(settings.KEY_FILE)
    files = [("households.csv", [b"household,head\n1,x\n"])]
    theirs = stage(imports, other.pk, world.sites["own"].area.pk, "theirs", files, keys=keys)
    address = reverse("registry:choose-map", kwargs={"token": theirs})
    for method in ("GET", "POST"):
        answer = ask(visitor, method, address, body={"map_text": "x = 1"})
        assert (answer.status, answer.wrote) == (404, frozenset())
    mine = stage(imports, by.pk, world.sites[place].area.pk, "mine", files, keys=keys)
    sent = ask(
        visitor,
        "POST",
        reverse("registry:choose-map", kwargs={"token": mine}),
        body={"map_text": "x = 1"},
    )
    assert sent.status in (400, 404)
    assert not sent.wrote


@pytest.mark.parametrize("place", OUTSIDE)
def test_filters_and_questions_reach_no_further_than_the_scope(world: World, place: str) -> None:
    there = world.sites[place]
    analyst = visitor_of(world, Role.ANALYST)
    run = world.county.run.pk
    compared = ask(
        analyst,
        "GET",
        reverse("runs:compare"),
        query={"before": run, "after": run, "area": there.area.pk},
    )
    assert compared.status == 404
    auditor = visitor_of(world, Role.AUDITOR)
    trail = ask(auditor, "GET", reverse("site:audit"), query={"area": there.area.code, "format": "csv"})
    assert trail.wrote == TRAIL
    assert there.officer.username.encode() not in trail.content
    assert len(trail.content.splitlines()) <= 2 or place == "parent"
    for text in (there.household.number, NEIGHBOUR[:2], there.area.name):
        found = ask(analyst, "GET", reverse("site:search"), query={"text": text})
        address = reverse("site:household", args=[there.household.pk])
        assert f'"{address}"'.encode() not in found.content
        assert f'"{reverse("site:area", args=[there.area.pk])}"'.encode() not in found.content
