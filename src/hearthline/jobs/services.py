# SPDX-License-Identifier: Apache-2.0
"""Decides how work is asked for, done, repeated, cancelled; only this app knows the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from hearthline.audit.services import record
from hearthline.jobs.models import Job


class Work(Protocol):
    """What a handler is given: the job, where it stopped last time, and ways to say how far it is."""

    job: Job
    by: AbstractBaseUser

    @property
    def cursor(self) -> object:
        """Where the last ``advance`` left off; None at first."""
        ...

    def advance(self, *, done: int, total: int | None = None, stage: str = "", cursor: object = None) -> None:
        """Say how far it is and renew the lease. Call it inside the transaction of a chunk: the cursor is
        saved with the rows of the chunk. Raises ``jobs.cancelled`` if the officer asked to stop."""
        ...


Handler = Callable[[Work], Mapping[str, object]]
_HANDLERS: dict[str, Handler] = {}


def register(name: str, handler: Handler) -> None:
    """Name the handler of a kind of job; apps do so when the service starts."""
    _HANDLERS[name] = handler


def request_job(
    *,
    by: AbstractBaseUser,
    on: date,
    name: str,
    payload: Mapping[str, object],
    area_path: str,
    key: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Ask for work in the transaction of the change that needs it; the same ``key`` asks only once."""
    now = timezone.now()
    if key is not None and (existing := Job.objects.filter(key=key).first()):
        return existing
    job = Job.objects.create(
        name=name,
        payload=dict(payload),
        key=key,
        officer_id=by.pk,
        area_path=area_path,
        requested_at=now,
        run_after=run_after or now,
    )
    record(
        by=by,
        on=on,
        action="jobs.request",
        subject="job",
        subject_id=job.pk,
        area_path=area_path,
        facts={"name": name},
    )
    return job
