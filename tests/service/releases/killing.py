# SPDX-License-Identifier: Apache-2.0
"""Decides what the killed workers of ``test_kill`` do: publish a table, and die at one step after another.

``python -m tests.service.releases.killing``: prepares the database, publishes, prints what stands there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up of Django
from django.db import connection  # noqa: E402 - after the set-up of Django

from hearthline.accounts.models import Officer  # noqa: E402 - after the set-up of Django
from hearthline.accounts.rules import Role  # noqa: E402 - after the set-up of Django
from hearthline.areas.models import Area  # noqa: E402 - after the set-up of Django
from hearthline.audit.models import AuditRow  # noqa: E402 - after the set-up of Django
from hearthline.jobs import worker  # noqa: E402 - after the set-up of Django
from hearthline.jobs.handlers import Work, register  # noqa: E402 - after the set-up of Django
from hearthline.jobs.models import Job, JobState  # noqa: E402 - after the set-up of Django
from hearthline.releases.models import Release  # noqa: E402 - after the set-up of Django
from hearthline.releases.proposing import proposal_of  # noqa: E402 - after the set-up of Django
from hearthline.releases.services import (  # noqa: E402 - after the set-up of Django
    PUBLISHING,
    publish_release,
    request_release,
)
from hearthline.releases.verifying import verify_releases  # noqa: E402 - after the set-up of Django
from hearthline.runs.models import Run  # noqa: E402 - after the set-up of Django
from hearthline.statistics.gate import Method  # noqa: E402 - after the set-up of Django
from hearthline.statistics.place_tables import Subject  # noqa: E402 - after the set-up of Django
from tests.service.county import hired  # noqa: E402 - after the set-up of Django
from tests.service.releases.crowd import grown  # noqa: E402 - after the set-up of Django
from tests.service.releases.little import run_of  # noqa: E402 - after the set-up of Django

TODAY = date(2018, 1, 15)


class Mortal(worker.LeasedWork):
    """Work whose process is killed at a step: each is counted before it is saved and after."""

    lives = 0

    def advance(self, *, done: int, total: int | None = None, stage: str = "", cursor: object = None) -> None:
        """Say how far it is, or die."""
        self._step()
        super().advance(done=done, total=total, stage=stage, cursor=cursor)
        self._step()

    @classmethod
    def _step(cls) -> None:
        if cls.lives == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        cls.lives -= 1


def main() -> None:
    """Publish with a worker that dies at its first step, then at its second, until one lives; print."""
    call_command("migrate", verbosity=0)
    places = grown()
    officer = hired(Role.ADMINISTRATOR, None, "chief")
    run = run_of(places, officer)
    vars(worker)["LeasedWork"] = Mortal
    told: list[Mapping[str, object]] = []
    killed, lives = True, 0
    while killed:
        job = asked(officer, run, places["510101"])
        before = Release.objects.count()
        killed = dies(lives)
        job.refresh_from_db()
        after = Release.objects.count() - before
        told.append({"stage": job.stage, "killed": killed, "recorded": after, "again": again(job)})
        lives += 1
    told.append(killed_at_the_end(asked(officer, run, places["510101"])))
    json.dump(
        {
            "kills": told,
            "states": sorted(set(Job.objects.values_list("state", flat=True))),
            "jobs": Job.objects.count(),
            "releases": Release.objects.count(),
            "traces": AuditRow.objects.filter(action="releases.publish").count(),
            "results": sorted(job.result["release"] for job in Job.objects.all() if job.result),
            "broken": verify_releases().broken,
        },
        sys.stdout,
    )


def asked(officer: Officer, run: Run, county: Area) -> Job:
    """The table of the county and its villages, as its preview shows it now."""
    levels = ("village",)
    seen = proposal_of(
        run=run, area=county, subject=Subject.STATUS, method=Method.SUPPRESS, levels=levels
    ).seen
    return request_release(
        by=officer, on=TODAY, run_id=run.pk, area_id=county.pk, subject=Subject.STATUS,
        method=Method.SUPPRESS, levels=levels, seen=seen,
    )  # fmt: skip


def dies(lives: int) -> bool:
    """Whether a worker that has so many steps to live is killed before the job is done."""
    connection.close()
    child = os.fork()
    if child == 0:
        Mortal.lives = lives
        worker.run_worker(once=True)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def again(job: Job) -> str:
    """How the job ends with a worker that lives, when the lease of the dead one has run out."""
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=datetime(2000, 1, 1, tzinfo=UTC))
    dies(-1)
    job.refresh_from_db()
    return job.state


def killed_at_the_end(job: Job) -> Mapping[str, object]:
    """A worker dies when the release is recorded, before it could say that the job is done."""

    def recorded(work: Work) -> Mapping[str, object]:
        publish_release(work)
        os.kill(os.getpid(), signal.SIGKILL)
        return {}

    before = Release.objects.count()
    register(PUBLISHING, recorded)
    killed = dies(-1)
    register(PUBLISHING, publish_release)
    return {
        "stage": "end",
        "killed": killed,
        "recorded": Release.objects.count() - before,
        "again": again(job),
    }


if __name__ == "__main__":
    main()
