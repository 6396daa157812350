# SPDX-License-Identifier: Apache-2.0
"""Decides what the county of the journeys holds: the demonstration, a second version, and a second run.

Runs in a process of its own (see ``office.py``) and prints as JSON what the journeys must know to begin.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path

from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.rules import Role
from hearthline.accounts.services import open_account
from hearthline.areas.models import Area
from hearthline.engine.packages import policy_files
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.services import publish
from hearthline.registry.models import Observation, Person, RegisterImport
from hearthline.runs.models import Result, Run, Status
from hearthline.runs.services import request_screening, request_simulation
from hearthline.runs.services.simulating import Asked
from hearthline.site.demonstration import PACKAGE, make_demonstration, worked

HOUSEHOLDS = 150
HIGHER_LINE = Asked(
    settings=("poverty_line=4000", "criteria.housing=off"),
    benefits=("person=1200", "gap=50%"),
    reference="standard.income_only",
    curve="poverty_line",
)
SECOND_DAY = date(2018, 12, 31)
OLD_LINE, NEW_LINE = "{year: 2011, value: 2536,", "{year: 2011, value: 2537,"
"""A year that no scenario asks for, so that the changed package still passes its own."""


def make() -> None:
    """Make the county and say what is in it."""
    accounts = make_demonstration(households=HOUSEHOLDS, say=_silent)
    today = timezone.localdate()
    chief = Officer.objects.get(username="administrator")
    county = Area.objects.get(level="county")
    second = _second_version(chief, today)
    worked(request_screening(by=chief, on=today, area=county, screening_date=SECOND_DAY, activate=False))
    first_run = Run.objects.get(active=True)
    poor = (
        Result.objects.filter(run=first_run, status=Status.POOR)
        .select_related("household__area")
        .order_by("pk")
    )
    head = next(person for result in poor if (person := _head_with_plain_initials(result)))
    village = Area.objects.get(path=head.area_path)
    visitor = open_account(
        by=chief,
        on=today,
        username="visitor",
        name="杨柳",
        role=Role.VILLAGE_OFFICER,
        area=village,
        must_change=False,
    )
    asking = Officer.objects.get(username="analyst")
    simulated = request_simulation(by=asking, on=today, run_id=first_run.pk, asked=HIGHER_LINE)
    worked(simulated)
    passwords = {account.username: account.password for account in accounts}
    known: dict[str, object] = {
        "passwords": passwords | {"visitor": visitor.password},
        "county": county.pk,
        "county_name": county.name,
        "codes": [
            step.code
            for step in Area.objects.filter(
                path__in=[village.path[:27], village.path[:36], village.path]
            ).order_by("depth")
        ],
        "township": Area.objects.get(path=village.path[:36]).pk,
        "village": village.pk,
        "village_name": village.name,
        "household": head.household_id,
        "person": head.pk,
        "name": head.name,
        "initials": head.initials,
        "observation": Observation.objects.filter(household=head.household_id).order_by("pk")[0].pk,
        "import": RegisterImport.objects.get().pk,
        "run": first_run.pk,
        "other_run": Run.objects.get(active=False).pk,
        "simulation": (simulated.result or {})["simulation"],
        "job": first_run.job_id,
        "version": PackageVersion.objects.order_by("pk")[0].pk,
        "second_version": second.pk,
        "activation": Activation.objects.get().pk,
        "officer": visitor.officer.pk,
        "grant": Grant.objects.get(officer=visitor.officer).pk,
        "poor_households": poor.count(),
    }
    print(json.dumps(known))


def _second_version(chief: Officer, today: date) -> PackageVersion:
    """The same package with one number changed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "package"
        for name, content in policy_files(PACKAGE).items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        line = folder / "parameters" / "poverty_line.yaml"
        text = line.read_text(encoding="utf-8")
        assert OLD_LINE in text
        line.write_text(text.replace(OLD_LINE, NEW_LINE), encoding="utf-8")
        version = publish(
            by=chief, on=today, folder=folder, note="With the line of 2011 as it is quoted elsewhere."
        )
        shutil.rmtree(folder)
    return version


def _head_with_plain_initials(result: Result) -> Person | None:
    return Person.objects.filter(household=result.household, is_head=True).exclude(initials="").first()


def _silent(sentence: str) -> None:
    """The making says nothing; only what is known at the end is printed."""
