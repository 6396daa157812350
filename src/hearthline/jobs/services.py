# SPDX-License-Identifier: Apache-2.0
"""Decides how work is asked for, taken up, repeated, cancelled and ended; only this app knows the queue.

A job has one worker at a time, named by a lease. Every write of a worker on its job says "while it is still
mine": one that was silent too long, and lost the job to another, cannot save a chunk any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hearthline.audit.services import record
from hearthline.base.problems import HearthlineError, Kind, declare
from hearthline.jobs.handlers import Handler, Work, find_handler, register
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import get_job, is_abandoned
from hearthline.jobs.rules import LEASE, WORKER_LOST, stored_problem, wait_after

__all__ = ["Handler", "Work", "cancel_job", "find_handler", "register", "request_job", "retry_job"]

CANCELLED = declare(
    "jobs.cancelled",
    Kind.REFUSED,
    "the job was cancelled.",
    "What it had saved by then stays; start it again to go on from there.",
)
LEASE_LOST = declare(
    "jobs.lease-lost",
    Kind.REFUSED,
    "this worker was silent too long, and the job belongs to another now.",
    "Nothing is lost: the other goes on where this one saved last.",
)
HAS_ENDED = declare(
    "jobs.has-ended",
    Kind.REFUSED,
    "job {job} has ended ({state}) and cannot be cancelled.",
    "Nothing needs to be done.",
)
NOT_STOPPED = declare(
    "jobs.not-stopped",
    Kind.REFUSED,
    "job {job} is {state}; only a failed or cancelled job is started again.",
    "Wait until it ends, or cancel it first.",
)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


def request_job(
    *,
    by: AbstractBaseUser,
    on: date,
    name: str,
    payload: Mapping[str, object],
    area_path: str,
    key: str | None = None,
    run_after: datetime | None = None,
    attempts_allowed: int = 3,
) -> Job:
    """Ask for work in the transaction of the change that needs it; the same ``key`` asks only once."""
    now = timezone.now()
    with transaction.atomic():
        wanted = Job(
            name=name,
            payload=dict(payload),
            key=key,
            officer_id=by.pk,
            area_path=area_path,
            requested_at=now,
            run_after=run_after or now,
            attempts_allowed=attempts_allowed,
        )
        if key is None:
            wanted.save()
        else:  # two that ask at once: the second finds the job of the first
            Job.objects.bulk_create([wanted], ignore_conflicts=True)
            job = Job.objects.get(key=key)
            if job.requested_at != now:
                return job
            wanted = job
        _record(wanted, by=by, on=on, action="jobs.request")
    return wanted


def cancel_job(*, by: AbstractBaseUser | None, on: date, job_id: int, where: Q) -> Job:
    """Stop a job: at once where it waits or its worker is lost, else at the end of the chunk at hand.

    Raises ``jobs.not-found``, ``jobs.has-ended``.
    """
    now = timezone.now()
    with transaction.atomic():
        job = _locked(get_job(job_id, where))
        if job.state in ENDED:
            raise HAS_ENDED.error(job=job.pk, state=job.state)
        if job.state == JobState.WAITING or is_abandoned(job, now):
            job.state, job.ended_at, job.lease_until, job.worker = JobState.CANCELLED, now, None, ""
        job.cancel_asked = True
        job.save()
        _record(job, by=by, on=on, action="jobs.cancel")
    return job


def retry_job(*, by: AbstractBaseUser | None, on: date, job_id: int, where: Q) -> Job:
    """Start a failed, cancelled or abandoned job again; it goes on where it saved last.

    Raises ``jobs.not-found``, ``jobs.not-stopped``.
    """
    now = timezone.now()
    with transaction.atomic():
        job = _locked(get_job(job_id, where))
        if job.state not in (JobState.FAILED, JobState.CANCELLED) and not is_abandoned(job, now):
            raise NOT_STOPPED.error(job=job.pk, state=job.state)
        job.state, job.run_after, job.attempts = JobState.WAITING, now, 0
        job.ended_at, job.lease_until, job.worker = None, None, ""
        job.cancel_asked, job.problem = False, None
        job.save()
        _record(job, by=by, on=on, action="jobs.retry")
    return job


def take_up(*, worker: str, now: datetime, job_id: int | None = None) -> Job | None:
    """The next job that is due, or the one that is named, leased to ``worker``, if there is one.

    Jobs of lost workers come back.
    """
    sweep_lost(now=now)
    with transaction.atomic():
        due = Job.objects.filter(state=JobState.WAITING, run_after__lte=now)
        if job_id is not None:
            due = due.filter(pk=job_id)
        job = due.select_for_update(skip_locked=True).order_by("run_after", "pk").first()
        if job is None:
            return None
        job.state, job.worker, job.lease_until = JobState.RUNNING, worker, now + LEASE
        job.started_at, job.attempts = job.started_at or now, job.attempts + 1
        job.save()
    return job


def sweep_lost(*, now: datetime) -> int:
    """Give back the jobs whose worker fell silent; one that was lost too often without progress fails."""
    with transaction.atomic():
        lost = Job.objects.filter(state=JobState.RUNNING).filter(
            Q(lease_until__lt=now) | Q(lease_until__isnull=True)
        )
        jobs = list(lost.select_for_update(skip_locked=True).order_by("pk")[:100])
        for job in jobs:
            job.worker, job.lease_until = "", None
            if job.cancel_asked:
                job.state, job.ended_at = JobState.CANCELLED, now
            elif job.attempts >= job.attempts_allowed:
                job.state, job.ended_at = JobState.FAILED, now
                job.problem = stored_problem(WORKER_LOST.error(attempts=job.attempts))
            else:
                job.state, job.run_after = JobState.WAITING, now
            job.save()
    return len(jobs)


def renew_lease(job: Job, *, now: datetime) -> bool:
    """Say that the worker lives; False where the job is no longer its own. Waits for no chunk at hand.

    A job that is to be cancelled gets no more time: one that hangs would keep its state for ever.
    """
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=JobState.RUNNING, cancel_asked=False)
        if mine.select_for_update(skip_locked=True).first() is None:
            return mine.exists()
        mine.update(lease_until=now + LEASE)
    return True


def save_progress(
    job: Job, *, now: datetime, done: int, total: int | None, stage: str, cursor: object
) -> None:
    """Save how far a worker is, with the rows of its chunk.

    Raises ``jobs.lease-lost``, ``jobs.cancelled``.
    """
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=JobState.RUNNING)
    values: dict[str, object] = {"done": done, "stage": stage or F("stage"), "lease_until": now + LEASE}
    if total is not None:
        values["total"] = total
    if cursor is not None:
        values |= {"cursor": cursor, "attempts": 1, "problem": None}
    with transaction.atomic():
        if not mine.update(**values):
            raise LEASE_LOST.error()
        if mine.values_list("cancel_asked", flat=True).first():
            raise CANCELLED.error()


def end_job(job: Job, *, now: datetime, on: date, result: Mapping[str, object]) -> bool:
    """The work is done; False where the job was no longer this worker's."""
    return _end(job, now=now, on=on, state=JobState.DONE, result=dict(result), problem=None)


def end_cancelled(job: Job, *, now: datetime, on: date) -> bool:
    """The worker has stopped because an officer asked for it."""
    return _end(job, now=now, on=on, state=JobState.CANCELLED)


def fail_job(job: Job, *, now: datetime, on: date, error: HearthlineError, lasting: bool) -> bool:
    """An attempt failed: wait and try again, or, where it is ``lasting`` or was the last, fail."""
    fresh = Job.objects.filter(pk=job.pk).values_list("attempts", "attempts_allowed").first()
    attempts, allowed = fresh or (0, 0)
    problem = stored_problem(error)
    if lasting or attempts >= allowed:
        return _end(job, now=now, on=on, state=JobState.FAILED, problem=problem)
    return give_back(job, run_after=now + wait_after(attempts), problem=problem)


def give_back(job: Job, *, run_after: datetime, problem: dict[str, object] | None = None) -> bool:
    """Put a job back to wait. Without a problem the attempt does not count: the worker was told to stop."""
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=JobState.RUNNING)
    values: dict[str, object] = {"state": JobState.WAITING, "run_after": run_after}
    values |= {"worker": "", "lease_until": None}
    values |= {"problem": problem} if problem else {"attempts": F("attempts") - 1}
    return bool(mine.update(**values))


def _end(job: Job, *, now: datetime, on: date, state: JobState, **values: object) -> bool:
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=JobState.RUNNING)
    with transaction.atomic():
        ended = mine.update(state=state, ended_at=now, worker="", lease_until=None, **values)
        if ended:
            _record(job, by=None, on=on, action=f"jobs.{state.value}")
    return bool(ended)


def _locked(job: Job) -> Job:
    return Job.objects.select_for_update().get(pk=job.pk)


def _record(job: Job, *, by: AbstractBaseUser | None, on: date, action: str) -> None:
    record(
        by=by,
        on=on,
        action=action,
        subject="job",
        subject_id=job.pk,
        area_path=job.area_path,
        facts={"name": job.name},
    )
