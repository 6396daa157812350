# SPDX-License-Identifier: Apache-2.0
"""Decides the little work that the tests of jobs ask for: numbers, written row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import Q

from hearthline.accounts.models import Officer
from hearthline.areas.models import Area, AreaName
from hearthline.jobs.handlers import Work, register
from hearthline.jobs.models import Job
from hearthline.jobs.services import request_job

from ..conftest import TODAY

Handled = Callable[[Work], Mapping[str, object]]
ANYWHERE = Q()
NUMBERS = 6


def asked(by: Officer, handled: Handled | None = None, key: str | None = None) -> Job:
    """A job of the kind ``count``, with its handler."""
    if handled:
        register("count", handled)
    path = Area.objects.get(code="510101").path
    return request_job(
        by=by,
        on=TODAY,
        name="count",
        payload={"to": NUMBERS},
        area_path=path,
        key=key,
    )


def fresh(job: Job) -> Job:
    """The job as it stands now."""
    return Job.objects.get(pk=job.pk)


def counted(work: Work) -> Mapping[str, object]:
    """Writes all numbers."""
    return counted_until(work, NUMBERS)


def counted_until(work: Work, end: int) -> Mapping[str, object]:
    """Writes one row after another, each with its cursor, from where the work stands."""
    area = Area.objects.get(code="510101")
    for number in range(work.cursor if isinstance(work.cursor, int) else 0, end):
        with transaction.atomic():
            AreaName.objects.create(area=area, code=str(number), name="x", source="job")
            work.advance(done=number + 1, total=NUMBERS, stage="count", cursor=number + 1)
    return {"rows": end}


def rows_written() -> list[str]:
    """What handlers wrote."""
    return list(AreaName.objects.filter(source="job").order_by("pk").values_list("code", flat=True))
