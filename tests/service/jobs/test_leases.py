# SPDX-License-Identifier: Apache-2.0
"""Decides that a job whose worker falls silent goes to another, once, and can always be left."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.base.problems import HearthlineError
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import find_problem, is_abandoned
from hearthline.jobs.rules import LEASE
from hearthline.jobs.services import (
    cancel_job,
    end_job,
    renew_lease,
    retry_job,
    save_progress,
    sweep_lost,
    take_up,
)
from hearthline.jobs.worker import run_worker, work_on

from ..conftest import TODAY
from .numbers import ANYWHERE, asked, counted, fresh, rows_written


def lost(job: Job, now: datetime) -> Job:
    """The job taken up by a worker that fell silent."""
    taken = take_up(worker="silent", now=now)
    assert taken is not None
    assert taken.pk == job.pk
    return taken


def lost_long_ago(job: Job) -> Job:
    """The same, and its lease has run out."""
    taken = lost(job, timezone.now())
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LEASE)
    return taken


def test_the_job_of_a_silent_worker_is_taken_up_by_the_next_after_its_lease(officer: Officer) -> None:
    job, now = asked(officer, counted), timezone.now()
    held = lost(job, now)
    assert take_up(worker="next", now=now + LEASE / 2) is None
    assert is_abandoned(fresh(job), now + LEASE * 2)
    taken = take_up(worker="next", now=now + LEASE * 2)
    assert taken is not None
    assert (taken.worker, taken.attempts) == ("next", 2)
    with pytest.raises(HearthlineError) as refusal:
        save_progress(held, now=now, done=1, total=None, stage="", cursor=1)
    assert refusal.value.code == "jobs.lease-lost"
    assert not renew_lease(held, now=now)
    assert not end_job(held, now=now, on=TODAY, result={})
    assert fresh(job).state == JobState.RUNNING


def test_a_worker_that_awakes_after_its_job_was_given_away_writes_nothing_more(officer: Officer) -> None:
    job = asked(officer, counted)
    held = lost_long_ago(job)
    run_worker(once=True)
    assert rows_written() == list("012345")
    work_on(held, threading.Event())
    assert rows_written() == list("012345")
    assert fresh(job).state == JobState.DONE


def test_a_job_that_kills_every_worker_fails_in_words(officer: Officer) -> None:
    job, now = asked(officer, counted), timezone.now()
    for attempt in range(3):
        lost(job, now + LEASE * 2 * attempt)
    assert take_up(worker="next", now=now + LEASE * 8) is None
    told = find_problem(fresh(job))
    assert told is not None
    assert "fell silent 3 times" in told.sentence


def test_a_job_that_saved_something_is_never_given_up(officer: Officer) -> None:
    job, now = asked(officer, counted), timezone.now()
    for attempt in range(8):
        held = lost(job, now)
        now += LEASE * 2
        save_progress(held, now=now - LEASE * 2, done=attempt, total=None, stage="", cursor=attempt)
    sweep_lost(now=now)
    assert fresh(job).state == JobState.WAITING


def test_an_officer_can_leave_every_state_without_a_worker(officer: Officer) -> None:
    for wanted in (JobState.WAITING, JobState.RUNNING):
        job = asked(officer, counted)
        if wanted == JobState.RUNNING:
            lost_long_ago(job)
        cancel_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)
        assert fresh(job).state == JobState.CANCELLED
    abandoned = asked(officer, counted)
    lost_long_ago(abandoned)
    retry_job(by=officer, on=TODAY, job_id=abandoned.pk, where=ANYWHERE)
    assert fresh(abandoned).state == JobState.WAITING
    with pytest.raises(HearthlineError, match="only a failed or cancelled job"):
        retry_job(by=officer, on=TODAY, job_id=abandoned.pk, where=ANYWHERE)


def test_a_cancelled_job_whose_worker_died_is_not_taken_up_again(officer: Officer) -> None:
    job, now = asked(officer, counted), timezone.now()
    lost(job, now)
    cancel_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)
    assert fresh(job).state == JobState.RUNNING
    assert take_up(worker="next", now=now + LEASE * 2) is None
    assert fresh(job).state == JobState.CANCELLED


def test_a_job_that_hangs_is_left_by_cancelling_it(officer: Officer) -> None:
    job, now = asked(officer, counted), timezone.now()
    hanging = lost(job, now)
    assert renew_lease(hanging, now=now + LEASE / 2)
    cancel_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)
    assert not renew_lease(hanging, now=now + LEASE)
    sweep_lost(now=now + LEASE * 2)
    assert fresh(job).state == JobState.CANCELLED
