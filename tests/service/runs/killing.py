# SPDX-License-Identifier: Apache-2.0
"""Decides what the killed processes of ``test_kill`` do: fill a register, work the screening, tell its state.

Stretches and chunks are small, so that there are many moments at which a worker can die.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.worker import run_worker
from hearthline.policy.models import PackageVersion
from hearthline.runs import loading, taking
from hearthline.runs.models import AreaFigures, Result, Run, Snapshot
from hearthline.runs.services import request_screening
from tests.service.runs.county import ON, registered

HOUSEHOLDS = 300


def fill() -> None:
    """Write a county into the register and ask for a screening of it."""
    officer = Officer.objects.create(username="chief", name="杨芳", created_at=timezone.now())
    Grant.objects.create(officer=officer, role=Role.ADMINISTRATOR, starts_on=date(2013, 1, 1))
    county = registered(officer, HOUSEHOLDS)
    ask(county.area.pk, county.version.pk)


def ask(area: int, version: int) -> None:
    """Ask for a screening."""
    officer = Officer.objects.get(username="chief")
    request_screening(
        by=officer,
        on=timezone.localdate(),
        area=Area.objects.get(pk=area),
        screening_date=ON,
        version=PackageVersion.objects.get(pk=version),
    )


def again() -> None:
    """Ask for the same screening once more."""
    asked = Job.objects.order_by("pk")[0].payload
    ask(asked["area"], asked["version"])


def work() -> None:
    """Work what is due; a job of a killed worker is free at once."""
    taking.HOUSEHOLDS_AT_ONCE = 60
    taking.HOUSEHOLDS_PER_PARTITION, taking.HOUSEHOLDS_PER_GROUP = 120, 30
    loading.HOUSEHOLDS_AT_ONCE = 25
    Job.objects.filter(state=JobState.RUNNING).update(
        lease_until=datetime(2000, 1, 1, tzinfo=UTC), attempts=0
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    run_worker(once=True)


def tell() -> None:
    """Say what stands in the database and in the home folder."""
    home = settings.HOME
    state = {
        "jobs": list(Job.objects.order_by("pk").values_list("state", flat=True)),
        "problems": [problem for problem in Job.objects.values_list("problem", flat=True) if problem],
        "snapshots": Snapshot.objects.count(),
        "runs": [
            {
                "active": run.active,
                "loaded": run.loaded,
                "rows": Result.objects.filter(run=run).count(),
                "households": Result.objects.filter(run=run).values("household_id").distinct().count(),
                "numbers": list(
                    Result.objects.filter(run=run).order_by("number").values_list("number", flat=True)
                ),
                "places": AreaFigures.objects.filter(run=run).count(),
                "whole": AreaFigures.objects.get(run=run, area_id=run.area_id).households,
            }
            for run in Run.objects.order_by("pk")
        ],
        "files": sorted(
            path.relative_to(home).as_posix()
            for folder in ("snapshots", "runs")
            for path in (home / folder).glob("*")
        ),
    }
    sys.stdout.write(json.dumps(state) + "\n")
