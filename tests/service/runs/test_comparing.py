# SPDX-License-Identifier: Apache-2.0
"""Decides that two runs are compared household by household, over different snapshots, and shown on pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.jobs.models import Job
from hearthline.registry.models import Household, HouseholdFacts, Membership, Observation
from hearthline.runs.comparing import (
    CRITERION_OF,
    Change,
    change_of,
    changed_households,
    compare_areas,
    compare_runs,
)
from hearthline.runs.models import Result, Run
from hearthline.runs.words import named
from tests.service.conftest import TODAY, Hire, Visitor
from tests.service.runs.county import Registered, registered
from tests.service.runs.test_screening import screened


@pytest.fixture
def county(db: None, hire: Hire) -> Registered:
    """The generator's county in the register."""
    return registered(hire(Role.ADMINISTRATOR))


@pytest.fixture
def pair(county: Registered) -> tuple[Run, Run]:
    """Two screenings; in between, dwellings fell into grade D and were repaired, households came and went."""
    before = screened(county)
    households = list(Household.objects.order_by("pk"))
    for place, household in enumerate(households):
        _observed(county, household, {"dwelling_grade": ("D", "A", None)[place % 3]}, {})
    gone, model = households[:2]
    Household.objects.filter(pk=gone.pk).update(closed_on=date(2017, 12, 30))
    new = Household.objects.create(
        number="new", area=model.area, area_path=model.area_path, registered_on=date(2017, 12, 30)
    )
    old = HouseholdFacts.objects.get(pk=model.pk)
    _observed(county, new, old.facts, old.records)
    Membership.objects.filter(household=gone).update(ends_on=date(2017, 12, 30))
    return before, screened(county)


def _observed(
    county: Registered, household: Household, facts: dict[str, object], records: dict[str, object]
) -> None:
    Observation.objects.create(
        household=household,
        facts=facts,
        records=records,
        source="poverty_office",
        observed_on=date(2017, 12, 30),
        recorded_at=datetime(2017, 12, 31, tzinfo=UTC),
        officer=county.officer,
    )


def expected(before: Run, after: Run) -> dict[Change, set[int]]:
    """The households by what happened to them, worked out one by one."""
    first = dict(Result.objects.filter(run=before).values_list("household_id", "status"))
    second = dict(Result.objects.filter(run=after).values_list("household_id", "status"))
    found: dict[Change, set[int]] = {change: set() for change in Change}
    for household in first | second:
        found[change_of(first.get(household), second.get(household))].add(household)
    return found


def test_every_household_is_counted_once(county: Registered, pair: tuple[Run, Run]) -> None:
    before, after = pair
    wanted = expected(before, after)
    found = compare_runs(by=county.officer, on=TODAY, before=before, after=after)
    assert {change: count.households for change, count in found.changes.items()} == {
        change: len(households) for change, households in wanted.items()
    }
    assert wanted[Change.ENTERED]
    assert wanted[Change.NEW]
    assert wanted[Change.GONE]
    assert sum(count.households for count in found.matrix.values()) == len(set().union(*wanted.values()))


def test_the_households_of_a_change_are_listed_with_the_criterion(
    county: Registered, pair: tuple[Run, Run]
) -> None:
    before, after = pair
    wanted = expected(before, after)
    whole = compare_runs(by=county.officer, on=TODAY, before=before, after=after)
    rows = {row.household_id: row for row in Result.objects.filter(run=before)}
    for change in Change:
        listed = changed_households(by=county.officer, on=TODAY, before=before, after=after, change=change)
        assert {row.household_id for row in listed} == wanted[change], change
        for name in before.names["criteria"] if change in CRITERION_OF else ():
            with_it = changed_households(
                by=county.officer, on=TODAY, before=before, after=after, change=change, criterion=name
            )
            column, came = CRITERION_OF[change]
            made = set()
            for row in listed:
                now = name in named(getattr(row, column), after.names["criteria"])
                then = name in named(getattr(rows[row.household_id], column), before.names["criteria"])
                if (now, then) == ((True, False) if came else (False, True)):
                    made.add(row.household_id)
            assert {row.household_id for row in with_it} == made
            assert whole.criteria[change][name] == len(made)
    assert whole.criteria[Change.ENTERED]["housing"] > 0


def test_places_add_up_to_the_whole(county: Registered, pair: tuple[Run, Run]) -> None:
    before, after = pair
    whole = compare_runs(by=county.officer, on=TODAY, before=before, after=after)
    parts = compare_areas(by=county.officer, on=TODAY, before=before, after=after, area=county.area)
    for change in Change:
        assert sum(part.changes[change].households for part in parts) == whole.changes[change].households
        assert sum(part.changes[change].people for part in parts) == whole.changes[change].people


def test_a_run_beside_itself_changed_nothing(county: Registered) -> None:
    run = screened(county)
    found = compare_runs(by=county.officer, on=TODAY, before=run, after=run)
    assert {change for change, count in found.changes.items() if count.households} == {Change.SAME}


def test_two_runs_are_compared_in_the_order_of_their_days_whichever_is_named_first(
    county: Registered, client: Visitor
) -> None:
    late, early = screened(county), screened(county, on=date(2016, 12, 31), active=False)
    client.force_login(county.officer)
    for first, second in ((late, early), (early, late)):
        page = client.get(f"/runs/compare/?before={first.pk}&after={second.pk}").content.decode()
        assert 0 < page.index(f'href="/runs/{early.pk}/"') < page.index(f'href="/runs/{late.pk}/"')
        assert f"before={early.pk}&amp;after={late.pk}" in page


def test_an_officer_compares_only_his_places(county: Registered, pair: tuple[Run, Run], hire: Hire) -> None:
    before, after = pair
    township = Area.objects.filter(depth=4, path__startswith=county.area.path).order_by("code")[0]
    officer = hire(Role.VILLAGE_OFFICER, township)
    found = compare_runs(by=officer, on=TODAY, before=before, after=after)
    inside = Result.objects.filter(run=after, area_path__startswith=township.path).count()
    counted = sum(count.households for (_, status), count in found.matrix.items() if status is not None)
    assert counted == inside


def test_the_pages_of_runs_open(county: Registered, pair: tuple[Run, Run], client: Visitor) -> None:
    before, after = pair
    client.force_login(county.officer)
    both = f"before={before.pk}&after={after.pk}"
    addresses = (
        "/runs/",
        f"/runs/{after.pk}/",
        "/runs/request/",
        f"/runs/request/?area={county.area.pk}",
        f"/runs/compare/?{both}",
        f"/runs/compare/?{both}&area={county.area.pk}",
        f"/runs/compare/households/?{both}&change=entered&criterion=housing",
        f"/runs/compare/households/?{both}&change=gone",
    )
    for language, address in product(("en", "zh-hans"), addresses):
        county.officer.language = language
        county.officer.save()
        assert client.get(address).status_code == 200, address
    assert after.version.version_hash in client.get(f"/runs/{after.pk}/").content.decode()
    assert client.get("/runs/999/").status_code == 404
    assert client.get("/runs/compare/?before=x").status_code == 404
    for address in ("/runs/?format=csv", f"/runs/compare/households/?{both}&change=entered&format=csv"):
        assert client.get(address).status_code == 200
    assert client.post(f"/runs/{before.pk}/forget/").status_code == 302
    assert not Result.objects.filter(run=before).exists()


def test_a_screening_is_asked_for_by_form(county: Registered, client: Visitor) -> None:
    client.force_login(county.officer)
    given = {
        "place": county.area.code,
        "screening_date": "2017-12-31",
        "version": county.version.pk,
        "as_of": "",
        "activate": "on",
    }
    assert client.post("/runs/request/", given | {"place": "nowhere"}).status_code == 200
    assert not Job.objects.exists()
    assert client.post("/runs/request/", given).status_code == 302
    job = Job.objects.get()
    assert job.payload["screening_date"] == "2017-12-31"
    assert job.requested_at > datetime(2020, 1, 1, tzinfo=UTC)


def test_who_may_open_the_pages(county: Registered, hire: Hire) -> None:
    run = screened(county)
    for role in Role:
        browser = Visitor()
        browser.force_login(hire(role, county.area))
        assert browser.get("/runs/").status_code == 200
        assert browser.get(f"/runs/{run.pk}/").status_code == 200
        may_screen = role in (Role.ANALYST, Role.ADMINISTRATOR)
        assert browser.get("/runs/request/").status_code == (200 if may_screen else 403)
        may_see = role not in (Role.VIEWER, Role.POLICY_DESIGNER)
        compared = browser.get(f"/runs/compare/?before={run.pk}&after={run.pk}")
        assert compared.status_code == (200 if may_see else 403)
        assert browser.get(f"/runs/{run.pk}/forget/").status_code == 405
