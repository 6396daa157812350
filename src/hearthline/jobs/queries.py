# SPDX-License-Identifier: Apache-2.0
"""Decides what may be read of the jobs: those of an area, how far each is, and why one stopped.

This app does not know accounts, so it does not ask who reads: the caller passes ``where``, his scope as
``Scope.filter("area_path")`` gives it. Out of scope is not found.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from hearthline.base.problems import HearthlineError, Kind, declare
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.rules import told_problem

NOT_FOUND = declare(
    "jobs.not-found",
    Kind.NOT_FOUND,
    "there is no job {job} that your account may see.",
    "Look for it in the list of jobs.",
)


def get_job(job_id: int, where: Q) -> Job:
    """One job in scope. Raises ``jobs.not-found``."""
    job = Job.objects.filter(where, pk=job_id).first()
    if job is None:
        raise NOT_FOUND.error(job=job_id)
    return job


def jobs_in(where: Q, *, names: Collection[str] = (), states: Collection[str] = ()) -> QuerySet[Job]:
    """The jobs in scope, the newest first."""
    jobs = Job.objects.filter(where)
    if names:
        jobs = jobs.filter(name__in=names)
    if states:
        jobs = jobs.filter(state__in=states)
    return jobs.order_by("-pk")


def find_problem(job: Job) -> HearthlineError | None:
    """Why a job failed, or why its last attempt did; a page translates its sentence by its code."""
    return told_problem(job.problem) if job.problem else None


def percent_done(job: Job) -> int | None:
    """How far a job is, from 0 to 100, where it knows how much there is to do."""
    if job.state == JobState.DONE:
        return 100
    if not job.total:
        return None
    return max(0, min(100, job.done * 100 // job.total))


def is_abandoned(job: Job, now: datetime) -> bool:
    """Whether a job is called running, but its worker has been silent for longer than its lease."""
    return job.state == JobState.RUNNING and (job.lease_until is None or job.lease_until < now)


def anything_due(now: datetime) -> bool:
    """Whether there is work to take up: a plain read, so that an idle worker holds no lock."""
    waiting = Q(state=JobState.WAITING, run_after__lte=now)
    lost = Q(state=JobState.RUNNING, lease_until__lt=now)
    return Job.objects.filter(waiting | lost).exists()
