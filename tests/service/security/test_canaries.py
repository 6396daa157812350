# SPDX-License-Identifier: Apache-2.0
"""Decides that what a role may not see is in no byte it gets, nor in logs, trail, sessions, runs and jobs."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings
from django.urls import reverse

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.audit.models import AuditRow
from hearthline.audit.services import seal_and_publish
from hearthline.registry.models import Observation
from hearthline.site.views import households as household_views
from tests.service.conftest import Visitor
from tests.service.security.planting import (
    DIAGNOSIS,
    EVERYTHING,
    NATIONAL_ID,
    NEIGHBOUR,
    OUTSIDE,
    PHONE,
    SEALED,
    SENSITIVE,
    Page,
    Planted,
    found_in,
    in_database,
    in_files,
    walk,
)
from tests.service.security.visiting import body_of
from tests.service.security.world import MISSING, World

REASON = "complaint 17 of this week"
HOUSEHOLD_PAGES = {"site:household", "site:reasons", "site:history"}
WRITING_PAGES = {"site:visit", "site:visit-person", "site:add-member", "site:leave", "site:correct"}
NAMING_PAGES = HOUSEHOLD_PAGES | WRITING_PAGES | {"site:sealed"}
OBSERVATION_PAGES = {"site:observation", "site:correct", "site:saved"}
FACTS = {"registry_observation", "registry_personfacts"}
NAMES = {"registry_person", "registry_household"}


def visitor_of(officer: Officer | None) -> Visitor:
    """A browser of an officer, or of nobody."""
    visitor = Visitor(raise_request_exception=False)
    if officer:
        visitor.force_login(officer)
    return visitor


def starts(world: World, planted: Planted) -> list[str]:
    """Where a walk begins: home, all of the canaries' household, problems, and lists as files."""
    household = [planted.household.pk]
    seen = Observation.objects.filter(person=planted.person).values_list("pk", flat=True)[0]
    places = (world.county.area, world.county.township, world.county.village)
    found = ["/", f"/households/{MISSING}/", "/nothing/here/", "/jobs/?format=nonsense", "/trail/?format=csv"]
    found += [reverse(name, args=household) for name in sorted(HOUSEHOLD_PAGES)]
    found += [
        reverse("site:sealed", args=[*household, planted.person.pk, field])
        for field in ("national_id", "phone", "account", "health", "ethnicity", "nothing")
    ]
    found += [reverse("site:observation", args=[seen])]
    found += [reverse("site:household", args=[world.sites["other"].household.pk])]
    found += [reverse("site:job", args=[planted.run.job_id]), reverse("runs:run", args=[planted.run.pk])]
    for area in places:
        for name in ("site:area", "site:area-households"):
            address = reverse(name, args=[area.pk])
            found += [address, f"{address}?format=csv", f"{address}?format=xlsx"]
    found += [f"/search/?text={text}" for text in ("张大", "zhangds", "金丝", "jinsi", "A00")]
    return found


def parts(visitor: Visitor, planted: Planted) -> Iterator[Page]:
    """The parts of pages that htmx asks for."""
    for name in sorted(HOUSEHOLD_PAGES):
        address = reverse(name, args=[planted.household.pk])
        response = visitor.get(address, headers={"HX-Request": "true"})
        yield Page(f"{address} (part)", name, response.status_code, body_of(response))


def hidden_from(role: Role | None) -> dict[str, str]:
    """What an officer of the county must not see unasked; the village officer needs what is sensitive."""
    return {**SEALED, **OUTSIDE} if role is Role.VILLAGE_OFFICER else EVERYTHING


def pages_of(world: World, planted: Planted, officer: Officer | None) -> list[Page]:
    """All that an officer is shown on a walk."""
    visitor = visitor_of(officer)
    return [*walk(visitor, starts(world, planted)), *parts(visitor, planted)]


@pytest.mark.parametrize("role", [*Role, None])
def test_no_page_list_file_or_problem_says_what_the_role_may_not_see(
    world: World, planted: Planted, role: Role | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    officer = world.county.officer(role) if role else None
    before = AuditRow.objects.order_by("-pk").values_list("pk", flat=True)[0]
    pages = pages_of(world, planted, officer)
    faults = [
        f"{', '.join(found)} in {page.address} ({page.status})"
        for page in pages
        if (found := found_in(page.content, hidden_from(role)))
    ]
    faults += [f"{page.address}: {page.status}" for page in pages if page.status >= 500]
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    faults += [f"{name} in the log" for name in found_in(logged.encode(), EVERYTHING)]
    assert not faults, "\n".join(faults)
    shown = Counter(page.name for page in pages if page.status == 200)
    own = f"/households/{planted.household.pk}/"
    asked_in_vain = sum(
        page.status == 404 and page.name in NAMING_PAGES and page.address.startswith(own) for page in pages
    )
    looks = Counter(AuditRow.objects.filter(pk__gt=before, officer=officer).values_list("action", flat=True))
    assert looks["registry.look_at_household"] == sum(shown[name] for name in NAMING_PAGES) + asked_in_vain
    assert looks["registry.look_at_observation"] == sum(shown[name] for name in OBSERVATION_PAGES)
    if role is Role.VILLAGE_OFFICER:
        assert any(DIAGNOSIS.encode() in page.content for page in pages), "his duty needs it"
        assert shown["site:household"] > 1
    print(f"{role or 'signed out'}: {len(pages)} pages, {sum(len(page.content) for page in pages):,} bytes")


def test_the_neighbouring_officer_sees_the_neighbour_and_nothing_of_the_county(
    world: World, planted: Planted
) -> None:
    pages = pages_of(world, planted, Officer.objects.get(pk=world.county.stranger.pk))
    assert any(NEIGHBOUR.encode() in page.content for page in pages)
    marks = {**SEALED, **SENSITIVE, "number": planted.household.number, "name": "张大山"}
    faults = [f"{found} in {page.address}" for page in pages if (found := found_in(page.content, marks))]
    assert not faults, "\n".join(faults)


def test_no_table_session_trail_run_job_or_head_holds_what_is_sealed(world: World, planted: Planted) -> None:
    for role in (Role.VILLAGE_OFFICER, Role.ANALYST, Role.AUDITOR):
        pages_of(world, planted, world.county.officer(role))
    seal_and_publish(datetime.now(UTC), whole=True)
    may = dict.fromkeys(SENSITIVE, FACTS) | dict.fromkeys(OUTSIDE, NAMES)
    assert in_database(EVERYTHING, may) == []
    kept = in_files(world.county.home, EVERYTHING)
    assert [(name, file) for name, file in kept if name not in SENSITIVE] == []
    assert [found for found in kept if "snapshot" not in found[1]] == []
    assert any(name == "diagnosis" for name, _file in kept), "the snapshot is where facts are screened from"


def test_the_right_role_opens_a_sealed_value_once_with_a_reason_and_a_trace(
    world: World, planted: Planted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    analyst = visitor_of(world.county.officer(Role.ANALYST))
    address = reverse("site:sealed", args=[planted.household.pk, planted.person.pk, "national_id"])
    for reason in ("", "why"):
        assert NATIONAL_ID.encode() not in body_of(analyst.post(address, {"reason": reason}))
    assert not AuditRow.objects.filter(action="registry.open_sensitive").exists()
    opened = body_of(analyst.post(address, {"reason": REASON}))
    assert opened.count(NATIONAL_ID.encode()) == 1
    assert found_in(opened, EVERYTHING) == ["national ID"]
    row = AuditRow.objects.get(action="registry.open_sensitive")
    assert (row.officer_name, row.facts["field"], row.facts["reason"]) == ("analyst", "national_id", REASON)
    assert NATIONAL_ID.encode() not in body_of(analyst.get(address))
    assert found_in("\n".join(record.getMessage() for record in caplog.records).encode(), EVERYTHING) == []
    assert in_database(SEALED, {}) == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.POLICY_DESIGNER])
def test_other_roles_open_nothing(world: World, planted: Planted, role: Role) -> None:
    visitor = visitor_of(world.county.officer(role))
    for field in ("national_id", "phone", "account", "health"):
        address = reverse("site:sealed", args=[planted.household.pk, planted.person.pk, field])
        answer = visitor.post(address, {"reason": REASON})
        assert answer.status_code == 403
        assert found_in(body_of(answer), EVERYTHING) == []
    assert not AuditRow.objects.filter(action="registry.open_sensitive").exists()


def test_a_page_that_breaks_says_nothing_of_what_it_held(
    world: World, planted: Planted, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    def breaks(**given: object) -> object:
        raise RuntimeError(f"could not say {NATIONAL_ID} {PHONE}")

    monkeypatch.setattr(household_views, "look", breaks)
    analyst = visitor_of(world.county.officer(Role.ANALYST))
    settings.DEBUG = False
    answer = analyst.get(reverse("site:household", args=[planted.household.pk]))
    assert answer.status_code == 500
    assert found_in(body_of(answer), EVERYTHING) == []
