# SPDX-License-Identifier: Apache-2.0
"""Decides how a screening is asked for and how an old run is forgotten."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.models import Area
from hearthline.jobs.models import Job
from hearthline.jobs.services import request_job
from hearthline.policy.models import PackageVersion
from hearthline.policy.problems import NONE_IN_FORCE
from hearthline.policy.queries import version_in_force
from hearthline.runs.problems import TOO_LATE
from hearthline.runs.rules import SCREEN

SCREENING = "runs.screen"
"""The name of the job."""


def request_screening(
    *,
    by: Officer,
    on: date,
    area: Area,
    screening_date: date,
    version: PackageVersion | None = None,
    as_of: date | None = None,
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
        "known_at": timezone.now().isoformat(),
        "asked_on": on.isoformat(),
    }
    with transaction.atomic():
        return request_job(by=by, on=on, name=SCREENING, payload=payload, area_path=area.path, key=key)
