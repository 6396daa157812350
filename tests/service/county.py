# SPDX-License-Identifier: Apache-2.0
"""Decides a standing county for tests that look at pages: registered, screened, with an officer of each role.

It is built once for a folder of tests and lies in the database as committed rows; each test's own changes
are rolled back. A folder of tests takes it by two lines in its conftest:

    from tests.service.county import county, standing_county  # noqa: F401 - fixtures
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.base.sealing import keys_of, new_keys
from hearthline.jobs.models import JobState
from hearthline.jobs.worker import run_worker
from hearthline.policy.services import activate
from hearthline.registry.identities import Sealer
from hearthline.registry.models import Household, Identity, Person
from hearthline.registry.names import spelled
from hearthline.runs.models import Run
from hearthline.runs.services import request_screening
from hearthline.synthetic import names_path

from .conftest import grow, lifted_triggers
from .runs.county import Registered, registered

HOUSEHOLDS = 240
SCREENED = date(2017, 12, 31)
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class County:
    """The county, its officers by role, and the county next to it, of which nothing is known."""

    home: Path
    area: Area
    township: Area
    village: Area
    neighbour: Area
    officers: dict[Role, Officer]
    stranger: Officer
    """An analyst of the neighbouring county."""
    run: Run
    household: Household
    """A poor one, in ``village``."""

    def officer(self, role: Role) -> Officer:
        """The officer of a role; village officers work in ``township``, all others in the county."""
        return Officer.objects.get(pk=self.officers[role].pk)


@pytest.fixture(scope="package")
def standing_county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """The county, for all tests of a folder."""
    home = tmp_path_factory.mktemp("county")
    new_keys(home / "keys.json")
    with (
        django_db_blocker.unblock(),
        override_settings(
            HOME=home,
            KEY_FILE=home / "keys.json",
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            REQUIRE_TOTP=False,
        ),
    ):
        found = build(home)
    yield found
    with django_db_blocker.unblock(), lifted_triggers():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def county(standing_county: County, db: None, home: Path, settings: LazySettings) -> County:
    """The county, with its home; what a test changes is rolled back."""
    settings.HOME = standing_county.home
    settings.KEY_FILE = standing_county.home / "keys.json"
    return standing_county


def build(home: Path, households: int = HOUSEHOLDS) -> County:
    """Register, name and screen the generator's county; ``settings.HOME`` must be ``home``."""
    with transaction.atomic():
        chief = hired(Role.ADMINISTRATOR, None, "chief")
        made = registered(chief, households)
        name_people(made)
        area = Area.objects.get(level="county")
        top = Area.objects.get(parent=None)
        neighbour = grow("A00200000000", "邻近县", area.parent)
        activate(
            by=chief,
            on=timezone.localdate(),
            version=made.version,
            area=top,
            starts_on=date(2014, 1, 1),
            ends_on=None,
        )
    job = request_screening(by=chief, on=timezone.localdate(), area=area, screening_date=SCREENED)
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.problem
    run = Run.objects.get(active=True)
    household = poor_household(run)
    village = household.area
    township = village.parent
    assert township is not None
    officers = {
        role: hired(role, township if role is Role.VILLAGE_OFFICER else area, str(role)) for role in Role
    }
    stranger = hired(Role.ANALYST, neighbour, "stranger")
    return County(home, area, township, village, neighbour, officers, stranger, run, household)


def poor_household(run: Run) -> Household:
    """The first poor household with several people."""
    return Household.objects.raw(
        "select h.* from registry_household h join runs_result r on r.household_id = h.id"
        " where r.run_id = %s and r.status = 1 and h.members > 2 order by h.id",
        [run.pk],
    )[0]


def hired(role: Role, area: Area | None, username: str) -> Officer:
    """An officer with one grant."""
    officer = Officer(username=username, name="杨芳", created_at=timezone.now(), language="en")
    officer.set_password(PASSWORD)
    officer.save()
    Grant.objects.create(officer=officer, role=role, area=area, starts_on=date(2013, 1, 1))
    return officer


def name_people(made: Registered) -> None:
    """The invented names beside the snapshot, an invented ID and a phone for everyone, and the heads."""
    rows = pq.read_table(names_path(made.snapshot.folder)).to_pylist()
    names = {f"P{row['person_id']:06d}": row["name"] for row in rows if row["person_id"]}
    people = list(Person.objects.all().order_by("number"))
    heads: dict[int, str] = {}
    sealer = Sealer(keys_of(settings.KEY_FILE))
    identities = []
    for place, person in enumerate(people):
        person.name = names[person.number]
        person.pinyin, person.initials = spelled(person.name)
        person.is_head = person.household_id not in heads
        heads.setdefault(person.household_id, person.name)
        sealed = sealer.seal(
            person.number,
            {"national_id": f"99000019000101{place:04d}", "phone": f"199{place:08d}", "account": ""},
        )
        person.id_index = sealed.id_index
        identities.append(
            Identity(
                person=person, wrapped_key=sealed.wrapped_key, sealed=sealed.sealed, digest=sealed.digest
            )
        )
    Person.objects.bulk_update(people, ["name", "pinyin", "initials", "is_head", "id_index"])
    Identity.objects.bulk_create(identities)
    members = Counter(person.household_id for person in people)
    households = list(Household.objects.all())
    for household in households:
        household.head_name, household.members = heads.get(household.pk, ""), members[household.pk]
    Household.objects.bulk_update(households, ["head_name", "members"])
