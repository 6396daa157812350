# SPDX-License-Identifier: Apache-2.0
"""Decides what register the service is measured on: invented provinces of one country, screened.

    python -m benchmarks.service.register HOUSEHOLDS

Runs under the settings of the environment, in an empty home and database, through the services alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import hearthline.site.starting  # noqa: F401 - sets Django up before any model loads

# isort: split
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.accounts.services import first_administrator, open_account
from hearthline.areas.loading import import_areas
from hearthline.areas.models import Area
from hearthline.areas.reading import AreaRow
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.jobs.models import Job, JobState
from hearthline.policy.models import Activation
from hearthline.policy.services import activate, publish
from hearthline.registry.models import RegisterImport
from hearthline.registry.services import request_loading
from hearthline.runs.models import Run
from hearthline.runs.services import request_screening
from hearthline.site.demonstration import BEGINNING, PACKAGE, SCREENED_ON, SEED, YEAR, area_rows, worked
from hearthline.site.home import prepare_home
from hearthline.synthetic import generate, names_path

COUNTRY = "A"
settings.AREA_LEVELS = ("country", "province", "prefecture", "county", "township", "village")
settings.REQUIRE_TOTP = False


def timed(name: str, do: Callable[[], object]) -> object:
    """Do something and say how long it took, on the wall and in processor seconds of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = do()
    spent = f"{time.perf_counter() - wall:.1f} s wall, {time.process_time() - cpu:.1f} s cpu here"
    sys.stdout.write(f"{name}: {spent}\n")
    sys.stdout.flush()
    return result


def build(households: int) -> None:
    """The register, and ``accounts.json`` with who may sign in; goes on where it was stopped."""
    prepare_home()
    call_command("migrate", interactive=False, verbosity=0)
    today = timezone.localdate()
    by = (
        Officer.objects.filter(username="administrator").first()
        or first_administrator(
            username="administrator", name="Administrator", on=today, must_change=False
        ).officer
    )
    if not RegisterImport.objects.filter(finished_at__isnull=False).exists():
        fill(by, today, households)
    country = Area.objects.get(code=COUNTRY)
    if not Run.objects.filter(active=True).exists():
        timed("analyze", analyze)
        waiting = Job.objects.filter(name="runs.screen", state__in=(JobState.WAITING, JobState.RUNNING))
        screening = waiting.order_by("pk").last() or request_screening(
            by=by, on=today, area=country, screening_date=date(YEAR, 12, 31)
        )
        timed("screen", lambda: worked(screening))
        timed("analyze", analyze)
    county = Area.objects.filter(level="county").order_by("path")[0]
    accounts = {}
    for name, area in {"country": country, "county": county}.items():
        account = open_account(
            by=by, on=today, username=name, name=name, role=Role.ANALYST, area=area, must_change=False
        )
        accounts[name] = {"password": account.password, "low": area.path}
    (Path(settings.HOME) / "accounts.json").write_text(json.dumps(accounts), encoding="utf-8")


def fill(by: Officer, today: date, households: int) -> None:
    """Invented households with their places, brought in by the service."""
    folder = Path(settings.HOME) / "imports" / "benchmark"
    folder.mkdir(parents=True, exist_ok=True)
    snapshot = folder / "snapshot"
    policy = load_policy(PACKAGE)
    if not snapshot.exists():
        timed("generate", lambda: generate(policy, out=snapshot, households=households, seed=SEED, year=YEAR))
    if not Area.objects.exists():
        rows = [AreaRow(COUNTRY, "Country", "country")]
        rows += [
            row if row.parent_code else AreaRow(row.code, row.name, row.level, COUNTRY)
            for row in area_rows(snapshot)
        ]
        timed("places", lambda: import_areas(by=by, on=today, source=rows, where=Q(), since=BEGINNING))
    country = Area.objects.get(code=COUNTRY)
    version = publish(by=by, on=today, folder=PACKAGE)
    if not Activation.objects.exists():
        activate(by=by, on=today, version=version, area=country, starts_on=BEGINNING, ends_on=policy.end)
    load = request_loading(
        by=by,
        on=today,
        area_id=country.pk,
        version=version,
        title="Benchmark",
        snapshot=snapshot,
        identities=names_path(snapshot),
        content_hash=open_snapshot(snapshot).hash,
        source="visit",
        observed_on=SCREENED_ON,
    )
    timed("register", lambda: worked(Job.objects.get(pk=load.job_id or 0)))


def analyze() -> None:
    """What a database that runs day and night has done by itself: statistics, and which pages all may see."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    os.umask(0o077)
    build(int(sys.argv[1]))
