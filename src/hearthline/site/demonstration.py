# SPDX-License-Identifier: Apache-2.0
"""Decides what the demonstration is: an invented county, whole and screened, with an officer of every role.

It is made once, through the same services as a real county, in a home folder of its own; the passwords of
its officers are random and kept in a private file there, so that every start can print them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.accounts.services import first_administrator, open_account
from hearthline.areas.loading import import_areas
from hearthline.areas.models import Area
from hearthline.areas.queries import area_by_code
from hearthline.areas.reading import AreaRow
from hearthline.base.problems import Kind, declare
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import find_problem
from hearthline.jobs.worker import run_worker
from hearthline.policy.services import activate, publish
from hearthline.registry.services import request_loading
from hearthline.runs.services import request_screening
from hearthline.synthetic import generate, names_path

NOT_A_DEMONSTRATION = declare(
    "demonstration.not-one",
    Kind.REFUSED,
    "{home} holds a service that is no demonstration, and none is put into it.",
    "Name an empty folder with HEARTHLINE_HOME.",
)
JOB_FAILED = declare(
    "demonstration.job-failed",
    Kind.REFUSED,
    "the demonstration could not be made: {reason}",
    "Remove its home folder and start again; report the sentence if it comes back.",
)

PACKAGE = "cn/2014-2020"
YEAR, SEED = 2017, 1
SCREENED_ON = date(YEAR, 12, 31)
BEGINNING = date(2014, 1, 1)
LEVELS = ("province", "prefecture", "county", "township", "village")
MARK = "demonstration.json"
TITLE = "虚构县 Invented county"
NOTE = "随演示数据发布。With the demonstration."
"""Titles and notes stay as they were written; these are read by people of both languages."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class DemonstrationAccount:
    """How to sign in as one of the officers."""

    username: str
    name: str
    role: str
    place: str
    password: str


def made_before() -> list[DemonstrationAccount]:
    """The accounts of a demonstration that is there and whole; none before it is made.

    Raises ``demonstration.not-one`` where the home folder holds another service.
    """
    home = Path(settings.HOME)
    mark = home / MARK
    if not mark.is_file():
        if Officer.objects.exists():
            raise NOT_A_DEMONSTRATION.error(home=home)
        return []
    return [DemonstrationAccount(**entry) for entry in json.loads(mark.read_text(encoding="utf-8"))]


def make_demonstration(*, households: int, say: Say) -> list[DemonstrationAccount]:
    """Generate a county, load it through the services, screen it, and open an account for every role."""
    folder = Path(settings.HOME) / "imports" / "demonstration"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    today = timezone.localdate()
    policy = load_policy(PACKAGE)
    say(f"Inventing a county of {households:,} households ...")
    generate(policy, out=folder / "snapshot", households=households, seed=SEED, year=YEAR, replace=True)
    opened = first_administrator(username="administrator", name="周敏", on=today, must_change=False)
    administrator = opened.officer
    say("Opening its places ...")
    import_areas(
        by=administrator,
        on=today,
        source=list(area_rows(folder / "snapshot")),
        where=Q(),
        since=BEGINNING,
    )
    county = county_of(folder / "snapshot")
    province = Area.objects.get(path=county.path[: len(county.path) // county.depth])
    version = publish(by=administrator, on=today, folder=PACKAGE, note=NOTE)
    activate(
        by=administrator, on=today, version=version, area=province, starts_on=BEGINNING, ends_on=policy.end
    )
    say("Registering its people ...")
    load = request_loading(
        by=administrator,
        on=today,
        area_id=county.pk,
        version=version,
        title=TITLE,
        snapshot=folder / "snapshot",
        identities=names_path(folder / "snapshot"),
        content_hash=open_snapshot(folder / "snapshot").hash,
        source="visit",
        observed_on=SCREENED_ON,
    )
    worked(Job.objects.get(pk=load.job_id or 0))
    names_path(folder / "snapshot").unlink()
    say("Screening them ...")
    worked(request_screening(by=administrator, on=today, area=county, screening_date=SCREENED_ON))
    accounts = [_account(opened.officer, Role.ADMINISTRATOR, "", opened.password)]
    accounts += _officers(administrator, today, county)
    descriptor = os.open(Path(settings.HOME) / MARK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump([vars(account) for account in accounts], stream, ensure_ascii=False, indent=1)
    return accounts


def area_rows(snapshot: Path) -> list[AreaRow]:
    """The places of a generated snapshot as rows of an import, with their invented names."""
    table = pq.read_table(
        snapshot / "area", columns=["area_id", "parent_id", "area_code", "area_name", "depth"]
    )
    places = {row["area_id"]: row for row in table.to_pylist()}
    return [
        AreaRow(
            code=row["area_code"],
            name=row["area_name"],
            level=LEVELS[row["depth"]],
            parent_code=places[row["parent_id"]]["area_code"] if row["parent_id"] else "",
        )
        for row in places.values()
    ]


def county_of(snapshot: Path) -> Area:
    """The county of a generated snapshot, in the tree."""
    return area_by_code(next(row.code for row in area_rows(snapshot) if row.level == "county"))


def worked(job: Job) -> None:
    """Do the jobs that wait, and demand that this one is done. Raises ``demonstration.job-failed``."""
    run_worker(once=True)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        problem = find_problem(job)
        raise JOB_FAILED.error(reason=problem.sentence if problem else f"the job {job.name} is {job.state}.")


def _officers(administrator: Officer, today: date, county: Area) -> list[DemonstrationAccount]:
    township = Area.objects.filter(parent=county).order_by("path").first()
    village = Area.objects.filter(parent=township).order_by("path").first()
    places = {
        Role.VILLAGE_OFFICER: ("village", "杨芳", village),
        Role.ANALYST: ("analyst", "何静", county),
        Role.POLICY_DESIGNER: ("designer", "沈岩", None),
        Role.AUDITOR: ("auditor", "郑和平", None),
        Role.VIEWER: ("viewer", "林小雨", county),
    }
    found = []
    for role, (username, name, area) in places.items():
        account = open_account(
            by=administrator, on=today, username=username, name=name, role=role, area=area, must_change=False
        )
        found.append(_account(account.officer, role, area.name if area else "", account.password))
    return found


def _account(officer: Officer, role: Role, place: str, password: str) -> DemonstrationAccount:
    return DemonstrationAccount(officer.username, officer.name, str(role), place, password)
