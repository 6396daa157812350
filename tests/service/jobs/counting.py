# SPDX-License-Identifier: Apache-2.0
"""Decides what the killed workers of ``test_kill`` work on: a job that writes numbers, chunk by chunk.

``python -m tests.service.jobs.counting prepare|work|serve|thread|silent|outcome``: each a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up of Django
from django.db import transaction  # noqa: E402 - after the set-up of Django

from hearthline.accounts.models import Officer  # noqa: E402 - after the set-up of Django
from hearthline.areas.models import Area, AreaName  # noqa: E402 - after the set-up of Django
from hearthline.audit.models import AuditRow  # noqa: E402 - after the set-up of Django
from hearthline.jobs import services, worker  # noqa: E402 - after the set-up of Django
from hearthline.jobs.handlers import Handler, Work, register  # noqa: E402 - after the set-up of Django
from hearthline.jobs.models import Job, JobState  # noqa: E402 - after the set-up of Django

CHUNKS = 40
CHUNK = 5
WORKERS = 10
LONG_LEASE = 5
"""Seconds: a busy machine may keep a heartbeat from its turn for longer than one."""
TODAY = date(2017, 12, 31)
BEGINNING = datetime(2017, 1, 1, tzinfo=UTC)


def tell(words: str) -> None:
    """One line to whoever may kill this process; short, so that lines of two processes do not mix."""
    os.write(1, f"{os.getpid()} {words}\n".encode())


def counted(work: Work, end: int = CHUNKS) -> Mapping[str, object]:
    """Write numbers; each chunk is told before and after it is committed."""
    area = Area.objects.get(code="1")
    chunk = work.cursor if isinstance(work.cursor, int) else 0
    while chunk < end:
        with transaction.atomic():
            for number in range(chunk * CHUNK, chunk * CHUNK + CHUNK):
                AreaName.objects.create(area=area, code=str(number), name="x", source="job")
            chunk += 1
            tell(f"wrote {chunk}")
            work.advance(done=chunk, total=CHUNKS, cursor=chunk)
            tell(f"noted {chunk}")
        tell(f"saved {chunk}")
    return {"rows": chunk * CHUNK}


def prepare() -> None:
    """A database with one place, one officer and one waiting job, nothing done yet."""
    call_command("migrate", verbosity=0)
    AreaName.objects.all().delete()
    Job.objects.all().delete()
    place = {"path": "000000001", "depth": 1, "level": "county", "name": "某县"}
    Area.objects.get_or_create(code="1", defaults=place)
    by, _ = Officer.objects.get_or_create(username="x", name="x", created_at=BEGINNING)
    # kills at one place in a row, and leases of a second on a busy machine, must not use up the attempts
    services.request_job(
        by=by, on=TODAY, name="count", payload={}, area_path="000000001", attempts_allowed=100
    )


def work_until_done(handler: Handler = counted, lease: float = 1) -> None:
    """A worker with a short lease, until the job has ended."""
    register("count", handler)
    vars(services)["LEASE"] = timedelta(seconds=lease)
    vars(worker)["HEARTBEAT"] = timedelta(seconds=0.2)
    while Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        worker.run_worker(once=True)
        time.sleep(0.1)
    tell("done")


def work_as_served() -> None:
    """A worker as ``hearthline worker`` runs it; its job rests until the input ends."""
    register("count", counted_with_a_rest)
    worker.serve_worker()


def counted_with_a_rest(work: Work) -> Mapping[str, object]:
    """Three chunks, then a rest until the input ends, then the others."""
    counted(work, 3)
    tell("rests")
    sys.stdin.read()
    return counted(work)


def work_in_a_thread() -> None:
    """A worker in a thread, as in the demonstration; the main thread only looks."""
    register("count", counted)
    worker.start_in_process()
    assert worker.start_in_process() is worker.start_in_process()
    while not Job.objects.filter(state=JobState.DONE).exists():
        time.sleep(0.1)


def counted_after_a_long_silence(work: Work) -> Mapping[str, object]:
    """Nothing is saved for longer than a lease; only the heartbeat tells that the worker lives."""
    tell("began")
    time.sleep(2 * LONG_LEASE)
    return counted(work)


def work_in_many(handler: Handler = counted, lease: float = 1) -> None:
    """Ten workers, made from this process before it has a connection."""
    workers = []
    for _ in range(WORKERS):
        number = os.fork()
        if number == 0:
            work_until_done(handler, lease)
            os._exit(0)
        workers.append(number)
    for number in workers:
        os.waitpid(number, 0)


def outcome() -> None:
    """What stands in the database."""
    job = Job.objects.get()
    rows = AreaName.objects.filter(source="job").order_by("pk").values_list("code", flat=True)
    ends = AuditRow.objects.filter(action="jobs.done", subject_id=str(job.pk)).count()
    job_now = {"state": job.state, "attempts": job.attempts, "result": job.result}
    print(json.dumps({**job_now, "rows": list(rows), "ends": ends}))


if __name__ == "__main__":
    acts = {
        "prepare": prepare,
        "work": work_in_many,
        "serve": work_as_served,
        "thread": work_in_a_thread,
        "silent": lambda: work_in_many(counted_after_a_long_silence, LONG_LEASE),
        "outcome": outcome,
    }
    acts[sys.argv[1]]()
