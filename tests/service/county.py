# SPDX-License-Identifier: Apache-2.0
"""Decides a standing county for tests that look at pages: registered, screened, with an officer of each role.

It is built once for a folder of tests and lies in the database as committed rows; each test's own changes
are rolled back. A folder of tests takes it by two lines in its conftest:

    from tests.service.county import county, standing_county  # noqa: F401 - fixtures
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db.models import Q
from django.test import override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.rules import Role
from hearthline.areas.loading import import_areas
from hearthline.areas.models import Area
from hearthline.base.sealing import new_keys
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.worker import run_worker
from hearthline.policy.services import activate
from hearthline.registry.models import Household
from hearthline.registry.services import request_loading
from hearthline.runs.models import Run
from hearthline.runs.services import request_screening
from hearthline.site.demonstration import area_rows
from hearthline.synthetic import names_path
from hearthline.synthetic.generator import generate

from .conftest import grow, lifted_triggers
from .packages import published

PACKAGE = "cn/2014-2020"
BEGINNING = date(2014, 1, 1)
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
    national_id: str
    """The invented ID of somebody of the county."""

    def officer(self, role: Role) -> Officer:
        """The officer of a role; village officers work in ``township``, all others in the county."""
        return Officer.objects.get(pk=self.officers[role].pk)


def settings_of(home: Path) -> override_settings:
    """The settings under which a county is built: quick passwords, and no one-time codes."""
    return override_settings(
        HOME=home,
        KEY_FILE=home / "keys.json",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        REQUIRE_TOTP=False,
    )


@pytest.fixture(scope="package")
def standing_county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """The county, for all tests of a folder."""
    home = tmp_path_factory.mktemp("county")
    new_keys(home / "keys.json")
    with django_db_blocker.unblock(), settings_of(home):
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
    """Open, register and screen the generator's county by the services; ``settings.HOME`` is ``home``."""
    today = timezone.localdate()
    folder = home / "imports" / "county"
    folder.mkdir(parents=True)
    generate(load_policy(PACKAGE), out=folder / "snapshot", households=households)
    chief = hired(Role.ADMINISTRATOR, None, "chief")
    import_areas(by=chief, on=today, source=list(area_rows(folder / "snapshot")), where=Q(), since=BEGINNING)
    area = Area.objects.get(level="county")
    neighbour = grow("A00200000000", "邻近县", area.parent)
    version = published(PACKAGE, chief)
    top = Area.objects.get(parent=None)
    activate(by=chief, on=today, version=version, area=top, starts_on=BEGINNING, ends_on=None)
    identities = names_path(folder / "snapshot")
    loaded = request_loading(
        by=chief,
        on=today,
        area_id=area.pk,
        version=version,
        title="Invented county",
        snapshot=folder / "snapshot",
        identities=identities,
        content_hash=open_snapshot(folder / "snapshot").hash,
        source="visit",
        observed_on=SCREENED,
    )
    done(loaded.job_id)
    done(request_screening(by=chief, on=today, area=area, screening_date=SCREENED).pk)
    run = Run.objects.get(active=True)
    household = poor_household(run)
    village = household.area
    township = village.parent
    assert township is not None
    officers = {
        role: hired(role, township if role is Role.VILLAGE_OFFICER else area, str(role)) for role in Role
    }
    stranger = hired(Role.ANALYST, neighbour, "stranger")
    known = next(row for row in pq.read_table(identities).to_pylist() if row["national_id"])
    return County(
        home, area, township, village, neighbour, officers, stranger, run, household, known["national_id"]
    )


def done(job_id: int | None) -> None:
    """Work a job that was asked for; it must end well."""
    run_worker(once=True)
    job = Job.objects.get(pk=job_id or 0)
    assert job.state == JobState.DONE, job.problem


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
