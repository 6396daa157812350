# SPDX-License-Identifier: Apache-2.0
"""Decides that work is done once, goes on where it stopped, and ends in words."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import scope_of
from hearthline.accounts.rules import VIEW_JOBS, Role
from hearthline.areas.models import Area
from hearthline.areas.problems import CLOSED, CODE_TAKEN
from hearthline.audit.models import AuditLink, AuditRow
from hearthline.base.problems import HearthlineError, ManyProblems, Place
from hearthline.jobs.handlers import Work, register
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import find_problem, get_job, jobs_in, percent_done
from hearthline.jobs.rules import stored_problem, told_problem, wait_after
from hearthline.jobs.services import (
    cancel_job,
    retry_job,
)
from hearthline.jobs.worker import run_worker

from ..conftest import TODAY, Hire
from .numbers import ANYWHERE, asked, counted, counted_until, fresh, rows_written


def test_a_job_is_done_by_a_worker_and_leaves_its_trace(officer: Officer) -> None:
    job = asked(officer, counted)
    assert run_worker(once=True) == 1
    ended = fresh(job)
    assert (ended.state, ended.result, ended.done, ended.total) == (JobState.DONE, {"rows": 6}, 6, 6)
    assert (ended.worker, ended.lease_until, ended.problem) == ("", None, None)
    assert ended.ended_at is not None
    assert percent_done(ended) == 100
    assert rows_written() == list("012345")
    traces = AuditRow.objects.filter(subject="job", subject_id=str(job.pk)).order_by("pk")
    assert [row.action for row in traces] == ["jobs.request", "jobs.done"]


def test_the_handler_knows_who_asked_and_what_for(officer: Officer) -> None:
    seen: list[tuple[object, object]] = []

    def looked(work: Work) -> Mapping[str, object]:
        seen.append((work.by, work.job.payload))
        return {}

    asked(officer, looked)
    run_worker(once=True)
    assert seen == [(officer, {"to": 6})]


def test_the_same_key_asks_only_once(officer: Officer) -> None:
    first = asked(officer, counted, key="import-7")
    again = asked(officer, counted, key="import-7")
    assert first.pk == again.pk
    assert AuditRow.objects.filter(action="jobs.request").count() == 1


def test_a_job_asked_for_in_a_change_that_fails_was_never_asked_for(officer: Officer) -> None:
    def fails_afterwards() -> None:
        with transaction.atomic():
            asked(officer, counted)
            raise CLOSED.error(code="1", name="x", closed_on=TODAY)

    with pytest.raises(HearthlineError):
        fails_afterwards()
    assert not Job.objects.exists()


def test_a_problem_of_the_catalogue_fails_the_job_at_once_in_words(officer: Officer) -> None:
    def refused(work: Work) -> Mapping[str, object]:
        raise CODE_TAKEN.error(Place("a.csv", 3), code="51", name="青山省")

    job = asked(officer, refused)
    run_worker(once=True)
    ended = fresh(job)
    assert (ended.state, ended.attempts) == (JobState.FAILED, 1)
    assert ended.problem is not None
    assert (ended.problem["code"], ended.problem["params"]) == (
        "areas.code-taken",
        {"code": "51", "name": "青山省"},
    )
    told = find_problem(ended)
    assert told is not None
    assert told.sentence.startswith("a.csv, line 3: the code 51 already belongs to 青山省.")


def test_all_problems_of_a_file_are_kept() -> None:
    errors = [CODE_TAKEN.error(Place("a.csv", line), code="51", name="x") for line in (3, 9)]
    stored = stored_problem(ManyProblems(errors))
    assert told_problem(stored).sentence.count("already belongs") == 2


def test_a_problem_that_this_version_does_not_know_is_still_a_sentence() -> None:
    assert "nobody foresaw (gone.code)" in told_problem({"code": "gone.code", "params": {}}).sentence
    assert "nobody foresaw" in told_problem({"code": CLOSED.code, "params": {}}).sentence


def test_work_of_an_unknown_kind_fails_in_words(officer: Officer) -> None:
    job = asked(officer)
    run_worker(once=True)
    told = find_problem(fresh(job))
    assert told is not None
    assert told.code == "jobs.no-handler"


def test_an_unforeseen_failure_is_tried_again_later_and_goes_on(officer: Officer) -> None:
    falls = iter([True, False])

    def stumbled(work: Work) -> Mapping[str, object]:
        result = dict(counted_until(work, 3 if next(falls) else 6))
        if work.cursor == 3:
            raise OSError("the disk is away")
        return result

    job = asked(officer, stumbled)
    run_worker(once=True)
    waiting = fresh(job)
    assert (waiting.state, waiting.cursor, waiting.attempts) == (JobState.WAITING, 3, 1)
    assert waiting.run_after > timezone.now() + timedelta(seconds=25)
    told = find_problem(waiting)
    assert told is not None
    assert "nobody foresaw (OSError)" in told.sentence
    assert run_worker(once=True) == 0
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    run_worker(once=True)
    assert (fresh(job).state, fresh(job).problem) == (JobState.DONE, None)
    assert rows_written() == list("012345")


def test_a_job_that_never_gets_on_fails_after_its_attempts(officer: Officer) -> None:
    def broken(work: Work) -> Mapping[str, object]:
        raise OperationalError("no")

    job = asked(officer, broken)
    for _ in range(3):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        run_worker(once=True)
    assert (fresh(job).state, fresh(job).attempts) == (JobState.FAILED, 3)
    retry_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)
    register("count", counted)
    run_worker(once=True)
    assert fresh(job).state == JobState.DONE


def test_each_failure_waits_longer_than_the_one_before() -> None:
    waits = [wait_after(attempts).total_seconds() for attempts in range(1, 8)]
    assert waits == [30, 120, 480, 1920, 3600, 3600, 3600]


def test_a_waiting_job_is_cancelled_at_once(officer: Officer) -> None:
    job = asked(officer, counted)
    cancel_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)
    assert fresh(job).state == JobState.CANCELLED
    assert run_worker(once=True) == 0
    with pytest.raises(HearthlineError, match="has ended"):
        cancel_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)


def test_a_running_job_stops_at_its_next_chunk_keeps_what_it_saved_and_can_go_on(officer: Officer) -> None:
    def cancelled_midway(work: Work) -> Mapping[str, object]:
        counted_until(work, 3)
        cancel_job(by=officer, on=TODAY, job_id=work.job.pk, where=ANYWHERE)
        return counted_until(work, 6)

    job = asked(officer, cancelled_midway)
    run_worker(once=True)
    assert (fresh(job).state, fresh(job).cursor) == (JobState.CANCELLED, 3)
    assert rows_written() == list("012")
    retry_job(by=officer, on=TODAY, job_id=job.pk, where=ANYWHERE)
    register("count", counted)
    run_worker(once=True)
    assert (fresh(job).state, rows_written()) == (JobState.DONE, list("012345"))


def test_a_worker_that_is_told_to_stop_gives_the_job_back_without_counting_it(officer: Officer) -> None:
    stop = threading.Event()

    def stopped_midway(work: Work) -> Mapping[str, object]:
        counted_until(work, 2)
        stop.set()
        return counted_until(work, 6)

    job = asked(officer, stopped_midway)
    run_worker(stop=stop)
    waiting = fresh(job)
    assert (waiting.state, waiting.cursor, waiting.attempts, waiting.problem) == ("waiting", 2, 0, None)
    register("count", counted)
    run_worker(once=True)
    assert (fresh(job).state, rows_written()) == (JobState.DONE, list("012345"))


def test_a_result_that_cannot_be_kept_fails_the_job_and_not_the_worker(officer: Officer) -> None:
    job = asked(officer, lambda work: {"file": object()})
    assert run_worker(once=True) == 1
    told = find_problem(fresh(job))
    assert told is not None
    assert "nobody foresaw (TypeError)" in told.sentence


def test_jobs_out_of_scope_are_not_found(officer: Officer, hire: Hire, places: dict[str, Area]) -> None:
    job = asked(officer, counted)
    other = hire(Role.ANALYST, places["510102"])
    where = scope_of(by=other, permission=VIEW_JOBS, on=TODAY).filter("area_path")
    assert list(jobs_in(where)) == []
    for act in (cancel_job, retry_job):
        with pytest.raises(HearthlineError) as refusal:
            act(by=other, on=TODAY, job_id=job.pk, where=where)
        assert refusal.value.code == "jobs.not-found"
    own = scope_of(by=officer, permission=VIEW_JOBS, on=TODAY).filter("area_path")
    assert get_job(job.pk, own).pk == job.pk
    assert jobs_in(own, names=["count"], states=["waiting"]).count() == 1
    assert jobs_in(own, states=["done"]).count() == 0


def test_progress_is_a_share_where_the_total_is_known(officer: Officer) -> None:
    job = asked(officer, counted)
    assert percent_done(job) is None
    job.done, job.total = 1, 3
    assert percent_done(job) == 33
    job.done = 7
    assert percent_done(job) == 100


def test_the_worker_seals_the_trail_between_the_jobs(officer: Officer) -> None:
    stop = threading.Event()

    def last(work: Work) -> Mapping[str, object]:
        stop.set()
        return {}

    asked(officer, last)
    run_worker(stop=stop)
    assert AuditLink.objects.exists()


def test_the_next_due_job_is_found_by_an_index(officer: Officer) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    due = Job.objects.filter(state=JobState.WAITING, run_after__lte=timezone.now())
    assert "jobs_waiting" in due.explain()
