# SPDX-License-Identifier: Apache-2.0
"""Decides how a screening is asked for, and how the rows of an old run are given up."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.jobs.models import Job
from hearthline.jobs.services import request_job
from hearthline.policy.models import PackageVersion
from hearthline.policy.problems import NONE_IN_FORCE
from hearthline.policy.queries import version_in_force
from hearthline.runs.models import AreaFigures, Result, Run
from hearthline.runs.problems import NO_RUN, STILL_ACTIVE, TOO_LATE
from hearthline.runs.rules import SCREEN

SCREENING = "runs.screen"
"""The name of the job."""
ROWS_AT_ONCE = 20_000


def request_screening(
    *,
    by: Officer,
    on: date,
    area: Area,
    screening_date: date,
    version: PackageVersion | None = None,
    as_of: date | None = None,
    activate: bool = True,
    key: str | None = None,
) -> Job:
    """Ask for a screening of an area: snapshot of the register, run, results, figures, all as one job.

    Without a ``version`` it is the one in force there on the screening date; without ``as_of`` the register
    is read as it is today. Raises ``policy.none-in-force``, ``runs.too-late``.
    """
    required_scope(by=by, permission=SCREEN, on=on, path=area.path)
    chosen = version or version_in_force(area.path, screening_date)
    if chosen is None:
        raise NONE_IN_FORCE.error(area=area.name, on=screening_date)
    if as_of is not None and as_of > on:
        raise TOO_LATE.error(as_of=as_of, today=on)
    payload = {
        "area": area.pk,
        "version": chosen.pk,
        "screening_date": screening_date.isoformat(),
        "as_of": (as_of or on).isoformat(),
        "asked_on": on.isoformat(),
        "activate": activate,
    }
    return request_job(by=by, on=on, name=SCREENING, payload=payload, area_path=area.path, key=key)


def forget_run(*, by: Officer, on: date, run_id: int) -> Run:
    """Give up the rows of a run that is not the active one; its folder, package and snapshot stay.

    The rows go a few at a time, so that nobody waits; one that was interrupted is finished by the next
    call. Raises ``runs.no-run``, ``runs.still-active``.
    """
    scope = required_scope(by=by, permission=SCREEN, on=on)
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(scope.filter(), pk=run_id).first()
        if run is None:
            raise NO_RUN.error(run=run_id)
        if run.active:
            raise STILL_ACTIVE.error(run=run_id)
        if run.forgotten_at is None:
            run.loaded, run.forgotten_at = False, timezone.now()
            run.save(update_fields=["loaded", "forgotten_at"])
            record(
                by=by,
                on=on,
                action="runs.forget",
                subject="run",
                subject_id=run.pk,
                area_path=run.area_path,
                facts={"version": run.version.version_hash, "on": run.on.isoformat()},
            )
    for rows in (Result.objects.filter(run=run), AreaFigures.objects.filter(run=run)):
        while True:
            some = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
            if not some:
                break
            rows.filter(pk__lte=some[-1]).delete()
    return run
