# SPDX-License-Identifier: Apache-2.0
"""Decides what every address of the service needs: who may, what its number means, which methods it takes.

A route without an entry here fails the tests, and so does an entry without a route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from hearthline.accounts.rules import (
    GRANT_ROLES,
    VIEW_AREAS,
    VIEW_AUDIT,
    VIEW_JOBS,
    VIEW_OFFICERS,
    Permission,
    Role,
)
from hearthline.policy.rules import ACTIVATE_POLICY, PUBLISH_POLICY, VIEW_POLICY
from hearthline.registry.models import Household
from hearthline.registry.rules import (
    CORRECT_IDENTITY,
    IMPORT_REGISTER,
    OBSERVE,
    OPEN_HOUSEHOLD,
    OPEN_SENSITIVE,
    VIEW_HOUSEHOLD,
    VIEW_IMPORTS,
)
from hearthline.releases.rules import PREPARE_RELEASE, PUBLISH_RELEASE, VIEW_RELEASES
from hearthline.runs.rules import SCREEN, SIMULATE, VIEW_FIGURES, VIEW_HOUSEHOLDS
from hearthline.site.rules import STEER_OWN_JOBS
from tests.service.security.world import MISSING, PLACES, Site, World

Arguments = Callable[[Site | None, World], dict[str, object]]
READS = frozenset({"GET", "HEAD"})
READS_AND_SENDS = frozenset({"GET", "HEAD", "POST"})
SENDS = frozenset({"POST"})


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address. Of ``needs`` the first is asked before the place, the others after it.

    ``number``: what the address names, of a site, or of nothing (None). ``query``: the same in the question
    part; ``body``: what is sent. ``names_place``: the body names a place, the address nothing. ``lists``: the
    prefixes of the lists that are files too. ``where``: the places in which there is such a thing at all.
    """

    needs: tuple[Permission, ...] = ()
    methods: frozenset[str] = READS
    number: Arguments | None = None
    query: Arguments | None = None
    body: Arguments | None = None
    names_place: bool = False
    lists: tuple[str, ...] = ()
    where: frozenset[str] = frozenset(PLACES)
    reaches_up: bool = False
    """What lies above is in scope too: a run of the county speaks of its townships."""
    only_own: frozenset[Role] = frozenset()
    """Roles that do this to what they asked for themselves, which the things of a site are not."""
    door: bool = False
    """Open to who is not signed in."""
    of_nowhere: bool = False
    """What it names lies in no place: a package belongs to the whole service."""
    busy: frozenset[str] = frozenset()
    """Places whose thing refuses a change by its state, such as a run in force."""

    @property
    def placed(self) -> bool:
        """Whether the address names something that lies in a place."""
        return not self.names_place and (self.number is not None or self.query is not None)

    def expected(self, role: Role, station: str, place: str) -> int | None:
        """403, 404, or None where it is answered; ``place`` may be "missing" or "" for no place."""
        if self.needs and role not in self.needs[0].roles:
            return 403
        if self.placed and not self.within(role, station, place):
            return 404
        open_to_role = all(role in permission.roles for permission in self.needs)
        return None if open_to_role and place not in self.busy else 403

    def within(self, role: Role, station: str, place: str) -> bool:
        """Whether the thing of a place is there for an officer of a station."""
        if place not in self.where or role in self.only_own:
            return False
        if self.of_nowhere or station == "everywhere" or place == "own":
            return True
        return self.reaches_up and place == "parent"


def _of(pick: Callable[[Site], int]) -> Arguments:
    return lambda site, world: {"pk": pick(site) if site else MISSING}


def _sealed(site: Site | None, world: World) -> dict[str, object]:
    household, person = (site.household.pk, site.person.pk) if site else (MISSING, MISSING)
    return {"pk": household, "person_pk": person, "field": "national_id"}


def _runs(site: Site | None, world: World) -> dict[str, object]:
    run = site.run.pk if site else MISSING
    return {"before": run, "after": run}


AREA, HOUSEHOLD = _of(lambda site: site.area.pk), _of(lambda site: site.household.pk)
OFFICER, JOB = _of(lambda site: site.officer.pk), _of(lambda site: site.job.pk)
IMPORT, RUN = _of(lambda site: site.imported.pk), _of(lambda site: site.run.pk)
SIMULATION = _of(lambda site: site.simulation.pk)
OBSERVATION = _of(lambda site: site.observation.pk)
ACTIVATION = _of(lambda site: site.activation.pk)
RELEASE = _of(lambda site: site.release.pk)


def _table(site: Site | None, world: World) -> dict[str, object]:
    """A table of the county's run, of the place of a site."""
    return {"run_pk": world.county.run.pk if site else MISSING, "pk": site.area.pk if site else MISSING}


def _version(site: Site | None, world: World) -> dict[str, object]:
    return {"pk": world.version.pk if site else MISSING}


def _code(site: Site | None) -> object:
    return site.area.code if site else "no such code"


def _account(site: Site | None, world: World) -> dict[str, object]:
    return {
        "name": "孙丽", "username": "sun.li", "role": "viewer", "place": _code(site), "language": "en"
    }  # fmt: skip


def _activation(site: Site | None, world: World) -> dict[str, object]:
    return {
        "version": world.version.pk, "place": _code(site), "starts_on": "2018-05-01", "ends_on": "2018-05-31"
    }  # fmt: skip


def _screening(site: Site | None, world: World) -> dict[str, object]:
    return {
        "place": _code(site), "screening_date": "2017-12-31", "version": world.version.pk, "as_of": "",
        "activate": "on",
    }  # fmt: skip


def _upload(site: Site | None, world: World) -> dict[str, object]:
    file = SimpleUploadedFile("households.csv", b"household,head\n1,x\n", content_type="text/csv")
    return {"area": site.area.pk if site else MISSING, "title": "Register", "uploads": file}


def _change(of: Arguments = OFFICER) -> Route:
    return Route(needs=(GRANT_ROLES,), methods=READS_AND_SENDS, number=of)


TOKEN = "0123456789abcdef" * 2
"""What a form would carry."""


def _member(site: Site | None, world: World) -> dict[str, object]:
    household, person = (site.household.pk, site.person.pk) if site else (MISSING, MISSING)
    return {"pk": household, "person_pk": person}


def _written(site: Site | None, world: World) -> dict[str, object]:
    household, seen = (site.household.pk, site.observation.pk) if site else (MISSING, MISSING)
    return {"pk": household, "observation_pk": seen}


def _wrong(site: Site | None, world: World) -> dict[str, object]:
    return _written(site, world) | {"fact": "size"}


def _form(site: Site | None, world: World) -> dict[str, object]:
    version = Household.objects.get(pk=site.household.pk).version if site else 1
    return {"token": TOKEN, "version": version, "source": "visit", "observed_on": "2017-12-31"}


def _visit(**said: str) -> Arguments:
    return lambda site, world: _form(site, world) | {f"f-{name}": value for name, value in said.items()}


def _entered(site: Site | None, world: World) -> dict[str, object]:
    return {"token": TOKEN, "name": "李四", "number": "NEW-1", "starts_on": "2017-12-31"}


OWN = Route()
"""Of one's own account."""
ROUTES: Mapping[str, Route] = {
    "ui:language": Route(methods=SENDS, door=True),
    "site:home": Route(),
    "site:search": Route(),
    "site:areas": Route(needs=(VIEW_AREAS,)),
    "site:area": Route(needs=(VIEW_AREAS,), number=AREA, lists=("",)),
    "site:area-households": Route(needs=(VIEW_AREAS, VIEW_HOUSEHOLD), number=AREA, lists=("",)),
    "site:household": Route(needs=(VIEW_HOUSEHOLD,), number=HOUSEHOLD),
    "site:reasons": Route(needs=(VIEW_HOUSEHOLD,), number=HOUSEHOLD, where=frozenset({"own", "sibling"})),
    "site:history": Route(needs=(VIEW_HOUSEHOLD,), number=HOUSEHOLD),
    "site:sealed": Route(
        needs=(VIEW_HOUSEHOLD, OPEN_SENSITIVE),
        methods=frozenset({"GET", "POST"}),
        number=_sealed,
        body=lambda site, world: {"reason": "complaint 17 of this week"},
    ),
    "site:visit": Route(
        needs=(OBSERVE,), methods=READS_AND_SENDS, number=HOUSEHOLD, body=_visit(dangerous_house="true")
    ),
    "site:visit-person": Route(
        needs=(OBSERVE,), methods=READS_AND_SENDS, number=_member, body=_visit(work_months="5")
    ),
    "site:saved": Route(needs=(VIEW_HOUSEHOLD,), number=_written),
    "site:correct": Route(
        needs=(OBSERVE,),
        methods=READS_AND_SENDS,
        number=_wrong,
        body=lambda site, world: _form(site, world) | {"value": "17", "reason": "counted once more"},
    ),
    "site:open-household": Route(
        needs=(OPEN_HOUSEHOLD,), methods=READS_AND_SENDS, number=AREA, body=_entered
    ),
    "site:add-member": Route(
        needs=(OPEN_HOUSEHOLD,), methods=READS_AND_SENDS, number=HOUSEHOLD, body=_entered
    ),
    "site:leave": Route(
        needs=(OPEN_HOUSEHOLD,),
        methods=READS_AND_SENDS,
        number=_member,
        body=lambda site, world: {"token": TOKEN, "ends_on": "2026-01-01"},
    ),
    "site:same-ids": Route(needs=(CORRECT_IDENTITY,)),
    "site:right-id": Route(
        needs=(CORRECT_IDENTITY,),
        methods=READS_AND_SENDS,
        number=_of(lambda site: site.person.pk),
        body=lambda site, world: {"token": TOKEN, "national_id": "", "reason": "not on the card"},
    ),
    "site:observation": Route(needs=(VIEW_HOUSEHOLD,), number=OBSERVATION),
    "site:audit": Route(needs=(VIEW_AUDIT,), lists=("",)),
    "site:jobs": Route(needs=(VIEW_JOBS,), lists=("",)),
    "site:job": Route(needs=(VIEW_JOBS,), number=JOB),
    "site:cancel-job": Route(
        needs=(STEER_OWN_JOBS,), methods=SENDS, number=JOB, only_own=frozenset({Role.ANALYST})
    ),
    "site:retry-job": Route(
        needs=(STEER_OWN_JOBS,),
        methods=SENDS,
        number=_of(lambda site: site.failed.pk),
        only_own=frozenset({Role.ANALYST}),
    ),
    "accounts:account": OWN,
    "accounts:sign-in": Route(methods=READS_AND_SENDS, door=True),
    "accounts:sign-in-code": Route(methods=READS_AND_SENDS, door=True),
    "accounts:sign-out": Route(methods=SENDS),
    "accounts:signed-out": Route(door=True),
    "accounts:password": Route(methods=READS_AND_SENDS),
    "accounts:codes": OWN,
    "accounts:begin-codes": Route(methods=SENDS),
    "accounts:confirm-codes": Route(methods=READS_AND_SENDS),
    "accounts:remove-codes": Route(methods=READS_AND_SENDS),
    "accounts:sign-ins": OWN,
    "accounts:end-other-sign-ins": Route(methods=SENDS),
    "accounts:end-sign-in": Route(
        needs=(GRANT_ROLES,), methods=SENDS, number=_of(lambda site: site.sign_in.pk)
    ),
    "accounts:language": Route(methods=READS_AND_SENDS),
    "accounts:officers": Route(needs=(VIEW_OFFICERS,), lists=("",)),
    "accounts:open-account": Route(
        needs=(GRANT_ROLES,), methods=READS_AND_SENDS, names_place=True, body=_account
    ),
    "accounts:officer": Route(needs=(VIEW_OFFICERS,), number=OFFICER),
    "accounts:grant-role": Route(
        needs=(GRANT_ROLES,),
        methods=READS_AND_SENDS,
        number=OFFICER,
        body=lambda site, world: {"role": "analyst", "place": _code(site)},
    ),
    "accounts:reset-password-of": _change(),
    "accounts:close-of": _change(),
    "accounts:reopen-of": _change(_of(lambda site: site.closed.pk)),
    "accounts:remove-codes-of": _change(),
    "accounts:end-sign-ins-of": _change(),
    "accounts:withdraw-grant": _change(_of(lambda site: site.grant.pk)),
    "registry:imports": Route(needs=(VIEW_IMPORTS,)),
    "registry:new-import": Route(
        needs=(IMPORT_REGISTER,), methods=READS_AND_SENDS, names_place=True, body=_upload
    ),
    "registry:choose-map": Route(
        needs=(IMPORT_REGISTER,),
        methods=READS_AND_SENDS,
        number=lambda site, world: {"token": "0" * 32},
        where=frozenset(),
    ),
    "registry:import": Route(needs=(VIEW_IMPORTS,), number=IMPORT),
    "registry:import-households": Route(needs=(VIEW_IMPORTS, VIEW_HOUSEHOLD), number=IMPORT, lists=("",)),
    "registry:refused-rows": Route(needs=(VIEW_IMPORTS,), number=IMPORT),
    "registry:undo-import": Route(
        needs=(VIEW_IMPORTS, IMPORT_REGISTER), methods=READS_AND_SENDS, number=IMPORT
    ),
    "policy:packages": Route(needs=(VIEW_POLICY,), lists=("v_", "a_")),
    "policy:publish": Route(needs=(PUBLISH_POLICY,), methods=frozenset({"GET", "POST"})),
    "policy:difference": Route(
        needs=(VIEW_POLICY,),
        query=lambda site, world: dict.fromkeys(("old", "new"), world.version.pk if site else MISSING),
        lists=("",),
        of_nowhere=True,
    ),
    "policy:activate": Route(
        needs=(ACTIVATE_POLICY,),
        methods=frozenset({"GET", "POST"}),
        query=lambda site, world: {"version": world.version.pk},
        body=_activation,
        names_place=True,
    ),
    "policy:withdraw": Route(
        needs=(ACTIVATE_POLICY,),
        methods=frozenset({"GET", "POST"}),
        number=ACTIVATION,
        body=lambda site, world: {"reason": "published by mistake"},
    ),
    "policy:version": Route(needs=(VIEW_POLICY,), number=_version, of_nowhere=True),
    "policy:parameters": Route(needs=(VIEW_POLICY,), number=_version, lists=("",), of_nowhere=True),
    "policy:facts": Route(needs=(VIEW_POLICY,), number=_version, of_nowhere=True),
    "policy:figures": Route(needs=(VIEW_POLICY,), number=_version, lists=("",), of_nowhere=True),
    "policy:scores": Route(needs=(VIEW_POLICY,), number=_version, of_nowhere=True),
    "policy:scenarios": Route(needs=(VIEW_POLICY,), number=_version, lists=("",), of_nowhere=True),
    "releases:releases": Route(needs=(VIEW_RELEASES,), lists=("",)),
    "releases:choose": Route(needs=(PREPARE_RELEASE,), methods=READS_AND_SENDS - {"HEAD"}),
    "releases:preview": Route(
        needs=(PREPARE_RELEASE,), number=_table, where=frozenset({"own", "parent", "sibling"})
    ),
    "releases:publish": Route(
        needs=(PUBLISH_RELEASE,),
        methods=SENDS,
        number=_table,
        where=frozenset({"own", "parent", "sibling"}),
    ),
    "releases:release": Route(needs=(VIEW_RELEASES,), number=RELEASE, reaches_up=True, lists=("",)),
    "releases:withdraw": Route(
        needs=(PUBLISH_RELEASE,),
        methods=frozenset({"GET", "POST"}),
        number=RELEASE,
        body=lambda site, world: {"reason": "a figure was wrong"},
    ),
    "runs:runs": Route(needs=(VIEW_FIGURES,), lists=("",)),
    "runs:request": Route(
        needs=(SCREEN,), methods=frozenset({"GET", "POST"}), names_place=True, body=_screening
    ),
    "runs:compare": Route(needs=(VIEW_HOUSEHOLDS,), query=_runs, reaches_up=True, lists=("",)),
    "runs:compare-households": Route(needs=(VIEW_HOUSEHOLDS,), query=_runs, reaches_up=True, lists=("",)),
    "runs:run": Route(needs=(VIEW_FIGURES,), number=RUN, reaches_up=True),
    "runs:measures": Route(needs=(VIEW_HOUSEHOLDS,), number=RUN),
    "runs:simulations": Route(needs=(SIMULATE,), lists=("",)),
    "runs:simulate": Route(needs=(SIMULATE,), methods=READS_AND_SENDS - {"HEAD"}, number=RUN),
    "runs:simulation": Route(needs=(SIMULATE,), number=SIMULATION),
    "runs:simulation-households": Route(needs=(SIMULATE, VIEW_HOUSEHOLDS), number=SIMULATION, lists=("",)),
    "runs:forget": Route(needs=(SCREEN,), methods=SENDS, number=RUN, busy=frozenset({"parent"})),
}
