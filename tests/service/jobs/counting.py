# SPDX-License-Identifier: Apache-2.0
"""Decides what the killed workers of ``test_kill`` work on: a job that writes numbers, chunk by chunk.

``python -m tests.service.jobs.counting prepare|work|outcome``: each is a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up of Django
from django.db import transaction  # noqa: E402 - after the set-up of Django
from django.utils import timezone  # noqa: E402 - after the set-up of Django

from hearthline.accounts.models import Officer  # noqa: E402 - after the set-up of Django
from hearthline.areas.models import Area, AreaName  # noqa: E402 - after the set-up of Django
from hearthline.audit.models import AuditRow  # noqa: E402 - after the set-up of Django
from hearthline.jobs import services, worker  # noqa: E402 - after the set-up of Django
from hearthline.jobs.handlers import Work, register  # noqa: E402 - after the set-up of Django
from hearthline.jobs.models import Job, JobState  # noqa: E402 - after the set-up of Django

CHUNKS = 40
CHUNK = 5
WORKERS = 10
TODAY = date(2017, 12, 31)


def tell(words: str) -> None:
    """One line to whoever may kill this process; short, so that lines of two processes do not mix."""
    os.write(1, f"{os.getpid()} {words}\n".encode())


def counted(work: Work) -> Mapping[str, object]:
    """Write numbers; each chunk is told before and after it is committed."""
    area = Area.objects.get(code="1")
    chunk = work.cursor if isinstance(work.cursor, int) else 0
    while chunk < CHUNKS:
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
    """An empty database with one place, one officer and the job."""
    call_command("migrate", verbosity=0)
    Area.objects.create(path="000000001", depth=1, level="county", code="1", name="某县")
    by = Officer.objects.create(username="x", name="x", created_at=timezone.now())
    services.request_job(by=by, on=TODAY, name="count", payload={}, area_path="000000001")


def work_until_done() -> None:
    """A worker with a short lease, until the job has ended."""
    register("count", counted)
    vars(services)["LEASE"] = timedelta(seconds=1)
    vars(worker)["HEARTBEAT"] = timedelta(seconds=0.2)
    while Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        worker.run_worker(once=True)
        time.sleep(0.1)
    tell("done")


def work_in_many() -> None:
    """Ten workers, made from this process before it has a connection."""
    workers = []
    for _ in range(WORKERS):
        number = os.fork()
        if number == 0:
            work_until_done()
            os._exit(0)
        workers.append(number)
    for number in workers:
        os.waitpid(number, 0)


def outcome() -> None:
    """What stands in the database."""
    job = Job.objects.get()
    rows = AreaName.objects.filter(source="job").order_by("pk").values_list("code", flat=True)
    ends = AuditRow.objects.filter(action="jobs.done").count()
    print(json.dumps({"state": job.state, "rows": list(rows), "ends": ends, "result": job.result}))


if __name__ == "__main__":
    {"prepare": prepare, "work": work_in_many, "outcome": outcome}[sys.argv[1]]()
