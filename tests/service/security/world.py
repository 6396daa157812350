# SPDX-License-Identifier: Apache-2.0
"""Decides what stands where in the security tests: one thing of every kind in four places, and who asks.

Who asks works in a township (or everywhere). Seen from there the places are: ``own`` the township, ``parent``
the county above it, ``sibling`` the township beside it, ``other`` the neighbouring county.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer, SignIn
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import enter_sign_in
from hearthline.areas.models import Area
from hearthline.base.sealed_files import seal_under
from hearthline.base.sealing import keys_of
from hearthline.jobs.models import Job, JobState
from hearthline.policy.models import Activation, PackageVersion
from hearthline.registry.identities import Sealer
from hearthline.registry.models import (
    Household,
    HouseholdFacts,
    Identity,
    Membership,
    Observation,
    Person,
    PersonFacts,
    RegisterImport,
)
from hearthline.registry.services import refused_file
from hearthline.releases.models import Release
from hearthline.releases.proposing import content_of
from hearthline.releases.rules import FIRST, hash_of
from hearthline.runs.models import Run, SimulatedHousehold, Simulation
from tests.service.county import County, hired

PLACES = ("own", "parent", "sibling", "other")
STATIONS = ("township", "everywhere")
MISSING = 999_999_999
"""The number of nothing."""
SHARED = "f" * 32
"""The index of a national ID that two people of every place have."""


@dataclass(frozen=True)
class Site:
    """One thing of every kind in one place."""

    place: str
    area: Area
    household: Household
    person: Person
    observation: Observation
    of_area: Observation
    run: Run
    simulation: Simulation
    imported: RegisterImport
    job: Job
    failed: Job
    officer: Officer
    closed: Officer
    grant: Grant
    sign_in: SignIn
    activation: Activation
    release: Release


@dataclass(frozen=True)
class World:
    """The county with its sites, and the officers by station and role."""

    county: County
    version: PackageVersion
    sites: Mapping[str, Site]
    officers: Mapping[tuple[str, Role], int]
    ended: int
    """An officer all of whose roles have ended."""
    shut: int
    """An officer whose account is closed."""

    def officer(self, station: str, role: Role) -> Officer:
        """The officer of a role, as the database has him now."""
        return Officer.objects.get(pk=self.officers[station, role])


@transaction.atomic
def build_world(county: County) -> World:
    """Put one thing of every kind into every place, and hire who asks."""
    sibling = Area.objects.filter(parent=county.area).exclude(pk=county.township.pk).order_by("path")
    places = {
        "own": (county.township, county.household),
        "parent": (county.area, None),
        "sibling": (_with_results(county, list(sibling)), None),
        "other": (county.neighbour, None),
    }
    sites = {}
    for place, (area, known) in places.items():
        household = known or (_household_within(county, area) if place == "sibling" else None)
        sites[place] = _site(county, place, area, household or _registered(county, place, area))
    _share_an_id(list(sites.values()))
    officers = {
        (station, role): hired(
            role, county.township if station == "township" else None, f"{station}-{role}"
        ).pk
        for station in STATIONS
        for role in Role
    }
    ended = hired(Role.ADMINISTRATOR, None, "ended")
    Grant.objects.filter(officer=ended).update(ends_on=timezone.localdate() - timedelta(days=1))
    shut = hired(Role.ADMINISTRATOR, None, "shut")
    return World(county, county.run.version, sites, officers, ended.pk, shut.pk)


def _share_an_id(sites: list[Site]) -> None:
    """Let the person of each site have the national ID of somebody else there."""
    Person.objects.filter(pk__in=[site.person.pk for site in sites]).update(id_index=SHARED)
    for site in sites:
        Person.objects.create(
            number=f"SAME-{site.place}",
            household=site.household,
            area_path=site.household.area_path,
            name=f"同号{site.place}",
            id_index=SHARED,
        )


def _with_results(county: County, areas: list[Area]) -> Area:
    return next(area for area in areas if _household_within(county, area))


def _household_within(county: County, area: Area) -> Household | None:
    return Household.objects.filter(area_path__startswith=area.path, members__gt=1).order_by("pk").first()


def _registered(county: County, place: str, area: Area) -> Household:
    """A household with one person, with the facts of the county's own."""
    household = Household.objects.create(
        number=f"SITE-{place}",
        area=area,
        area_path=area.path,
        registered_on=date(2014, 1, 1),
        head_name=f"户主{place}",
        members=1,
    )
    person = Person.objects.create(
        number=f"SITE-{place}-01",
        household=household,
        area_path=area.path,
        name=f"户主{place}",
        is_head=True,
    )
    sealed = Sealer(keys_of(settings.KEY_FILE)).seal(
        person.number, {"national_id": f"9900001900010{place:>5}", "phone": "19900000000", "account": ""}
    )
    Identity.objects.create(
        person=person, wrapped_key=sealed.wrapped_key, sealed=sealed.sealed, digest=sealed.digest
    )
    Membership.objects.create(person=person, household=household, starts_on=date(2014, 1, 1))
    own = HouseholdFacts.objects.get(household=county.household)
    of_person = PersonFacts.objects.filter(person__household=county.household).order_by("pk")[0]
    seen = _seen(county, household=household, facts=own.facts, records=own.records)
    HouseholdFacts.objects.create(household=household, facts=own.facts, records=own.records, observation=seen)
    seen = _seen(county, household=household, person=person, facts=of_person.facts, records=of_person.records)
    PersonFacts.objects.create(
        person=person, facts=of_person.facts, records=of_person.records, observation=seen
    )
    return household


def _seen(county: County, **values: object) -> Observation:
    return Observation.objects.create(
        source="visit",
        observed_on=date(2017, 12, 20),
        recorded_at=timezone.now(),
        officer=county.stranger,
        **values,
    )


def _site(county: County, place: str, area: Area, household: Household) -> Site:
    chief = Officer.objects.get(username="chief")
    person = Person.objects.filter(household=household).order_by("pk")[0]
    now = timezone.now()
    target = hired(Role.VIEWER, area, f"target-{place}")
    closed = hired(Role.VIEWER, area, f"closed-{place}")
    Officer.objects.filter(pk=closed.pk).update(is_active=False)
    imported = RegisterImport.objects.create(
        content_hash="0" * 63 + str(PLACES.index(place)),
        area=area,
        area_path=area.path,
        version=county.run.version,
        title=f"Register of {place}",
        folder="",
        source="visit",
        observed_on=date(2017, 12, 20),
        requested_at=now,
        requested_by=chief,
        finished_at=now,
    )
    refused = refused_file(imported)
    refused.parent.mkdir(parents=True, exist_ok=True)
    seal_under([b"file,line,column,value,reason,remedy\n"], refused, keys_of(settings.KEY_FILE).seal_key)
    run = county.run if place == "parent" else _run(county, area)
    return Site(
        place=place,
        area=area,
        household=household,
        person=person,
        observation=HouseholdFacts.objects.get(household=household).observation,
        of_area=_seen(county, area=area, facts={"hard_road": True}),
        run=run,
        simulation=_simulation(chief, run, area, household),
        imported=imported,
        job=_job(chief, area, JobState.WAITING),
        failed=_job(chief, area, JobState.FAILED),
        officer=target,
        closed=closed,
        grant=Grant.objects.get(officer=target),
        sign_in=enter_sign_in(
            officer=target,
            on=timezone.localdate(),
            at=now,
            session_key=f"session of {place}",
            device=Device("d" * 64, "Edge, Windows", returned=True),
        ),
        activation=Activation.objects.create(
            version=county.run.version,
            area=area,
            area_path=area.path,
            starts_on=date(2019, 3, 1),
            ends_on=date(2019, 3, 31),
            activated_at=now,
            activated_by=chief,
        ),
        release=_release(chief, run, area, PLACES.index(place) + 1),
    )


def _run(county: County, area: Area) -> Run:
    """A run like that of the county, kept but not in force."""
    run = Run.objects.get(pk=county.run.pk)
    run.pk, run.area, run.area_path, run.active, run.job_id = None, area, area.path, False, None
    run._state.adding = True
    run.save()
    return run


def _simulation(chief: Officer, run: Run, area: Area, household: Household) -> Simulation:
    """A simulation of a run, by which one household would become poor."""
    counts = [{"group": {}, "change": "entered", "households": 1, "people": 4.0}]
    nothing: dict[str, object] = {"settings": [], "rules": [], "causes": [], "costs": [], "errors": {}}
    simulation = Simulation.objects.create(
        run=run,
        version=run.version,
        area=area,
        area_path=area.path,
        asked={"settings": ["poverty_line=3000"]},
        answer={
            **nothing,
            "changes": counts,
            "standard_itself": {},
            "benefits": [],
            "cliff": {},
            "curve": None,
            "area_names": {},
            "later": {"version_hash": "0" * 64},
        },
        folder="simulations/none",
        made_at=timezone.now(),
        asked_by=chief,
    )
    SimulatedHousehold.objects.create(
        simulation=simulation,
        household=household,
        area_path=household.area_path,
        change="entered",
        rules="line_total",
    )
    return simulation


def _release(chief: Officer, run: Run, area: Area, number: int) -> Release:
    """A table of one row that was published of a place."""
    before = Release.objects.filter(number=number - 1).first()
    row = Release(
        number=number,
        previous=before.hash if before else FIRST,
        run=run,
        area=area,
        area_path=area.path,
        subject="status",
        method="suppress",
        levels=[],
        told={"about": {}, "told": {}, "sums": [], "at_most": [], "silent": []},
        table={
            "heads": ["households", "poor", "not poor", "unknown"],
            "rows": [{"code": area.code, "name": area.name, "figures": [400, None, 300, None]}],
        },
        published_on=timezone.localdate(),
        published_at=timezone.now(),
        published_by=chief,
    )
    row.hash = hash_of(row.number, row.previous, content_of(row))
    row.save()
    return row


def _job(chief: Officer, area: Area, state: JobState) -> Job:
    now = timezone.now()
    return Job.objects.create(
        name="runs.screen",
        payload={},
        state=state,
        officer=chief,
        area_path=area.path,
        requested_at=now,
        run_after=now + timedelta(days=3650),
        ended_at=now if state == JobState.FAILED else None,
    )
