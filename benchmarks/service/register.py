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
from django.db.models import Q
from django.utils import timezone

from hearthline.accounts.rules import Role
from hearthline.accounts.services import first_administrator, open_account
from hearthline.areas.loading import import_areas
from hearthline.areas.models import Area
from hearthline.areas.reading import AreaRow
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.jobs.models import Job
from hearthline.policy.services import activate, publish
from hearthline.registry.services import request_loading
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
    """The register, and in the home folder ``accounts.json`` with who may sign in."""
    prepare_home()
    call_command("migrate", interactive=False, verbosity=0)
    folder = Path(settings.HOME) / "imports" / "benchmark"
    folder.mkdir(parents=True, exist_ok=True)
    snapshot, today = folder / "snapshot", timezone.localdate()
    policy = load_policy(PACKAGE)
    timed("generate", lambda: generate(policy, out=snapshot, households=households, seed=SEED, year=YEAR))
    opened = first_administrator(username="administrator", name="Administrator", on=today, must_change=False)
    by = opened.officer
    rows = [AreaRow(COUNTRY, "Country", "country")]
    rows += [
        row if row.parent_code else AreaRow(row.code, row.name, row.level, COUNTRY)
        for row in area_rows(snapshot)
    ]
    timed("places", lambda: import_areas(by=by, on=today, source=rows, where=Q(), since=BEGINNING))
    country = Area.objects.get(code=COUNTRY)
    version = publish(by=by, on=today, folder=PACKAGE)
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
    screening = request_screening(by=by, on=today, area=country, screening_date=date(YEAR, 12, 31))
    timed("screen", lambda: worked(screening))
    county = Area.objects.filter(level="county").order_by("path")[0]
    places = {"country": country, "county": county}
    accounts = {}
    for name, area in places.items():
        account = open_account(
            by=by, on=today, username=name, name=name, role=Role.ANALYST, area=area, must_change=False
        )
        accounts[name] = {"password": account.password, "low": area.path}
    (Path(settings.HOME) / "accounts.json").write_text(json.dumps(accounts), encoding="utf-8")


if __name__ == "__main__":
    os.umask(0o077)
    build(int(sys.argv[1]))
