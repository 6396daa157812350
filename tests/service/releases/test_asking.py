# SPDX-License-Identifier: Apache-2.0
"""Decides that a table is published by a job: watched, stopped, begun again, tried anew if overtaken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.areas.services import move_area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.jobs.handlers import Work, register
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import find_problem
from hearthline.jobs.services import cancel_job, retry_job
from hearthline.jobs.worker import run_worker
from hearthline.releases import services
from hearthline.releases.models import Release
from hearthline.releases.proposing import Proposal, check_chain
from hearthline.releases.services import PUBLISHING, publish_release, request_release
from hearthline.runs.models import Run
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject
from tests.service.conftest import TODAY, Hire
from tests.service.releases.little import run_of
from tests.service.releases.test_publishing import asked, proposed, publish


class Watched:
    """The work of a job, which tells its stages and lets something happen before one of them, once."""

    def __init__(self, stage: str = "", happens: Callable[[], object] = lambda: None) -> None:
        self.told: list[tuple[int, str]] = []
        self._stage, self._happens = stage, happens

    def handled(self, work: Work) -> Mapping[str, object]:
        """Publish, watched."""
        return publish_release(_Seen(work, self))

    def saw(self, work: Work, stage: str) -> None:
        """Note a stage; the first time at that which is awaited, let the thing happen."""
        self.told.append((work.job.pk, stage))
        if stage == self._stage:
            self._stage = ""
            self._happens()

    def stages(self, job: Job) -> list[str]:
        """Each stage of a job where it began."""
        of_job = [stage for number, stage in self.told if number == job.pk]
        return [stage for at, stage in enumerate(of_job) if at == 0 or of_job[at - 1] != stage]


class _Seen:
    def __init__(self, work: Work, watched: Watched) -> None:
        self._work, self._watched = work, watched
        self.job: Job = work.job
        self.by: AbstractBaseUser = work.by
        self.on: date = work.on

    @property
    def cursor(self) -> object:
        return self._work.cursor

    def advance(self, *, done: int, total: int | None = None, stage: str = "", cursor: object = None) -> None:
        self._watched.saw(self._work, stage)
        self._work.advance(done=done, total=total, stage=stage, cursor=cursor)


@pytest.fixture(autouse=True)
def watching() -> Iterator[None]:
    """What a test lets happen is over with it."""
    yield
    register(PUBLISHING, publish_release)


def watch(stage: str = "", happens: Callable[[], object] = lambda: None) -> Watched:
    watched = Watched(stage, happens)
    register(PUBLISHING, watched.handled)
    return watched


def worked(job: Job) -> Job:
    """The job after a worker had nothing more to do."""
    run_worker(once=True)
    job.refresh_from_db()
    return job


@pytest.fixture
def chief(places: dict[str, Area], hire: Hire) -> Officer:
    """The administrator of the prefecture, in which two counties lie."""
    return hire(Role.ADMINISTRATOR, places["5101"])


@pytest.fixture
def county(places: dict[str, Area]) -> Area:
    """The county of the run."""
    return places["510101"]


@pytest.fixture
def run(places: dict[str, Area], chief: Officer) -> Run:
    """A run of the county."""
    return run_of(places, chief)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of the little county are too large for a preview."""
    monkeypatch.setattr(services, "MOST_COUNTS", 0)


def unseen(by: Officer, run: Run, area: Area, *levels: str, method: Method = Method.SUPPRESS) -> Job:
    """A table that nobody has looked at is asked for."""
    return request_release(
        by=by, on=TODAY, run_id=run.pk, area_id=area.pk, subject=Subject.STATUS, method=method,
        levels=levels, seen="",
    )  # fmt: skip


def code_of(job: Job) -> str:
    problem = find_problem(job)
    assert problem is not None
    return problem.code


def test_a_job_counts_protects_attacks_and_records_a_table(chief: Officer, run: Run, county: Area) -> None:
    watched = watch()
    job = asked(chief, proposed(chief, run, county, "status", "village"))
    assert job.state == JobState.WAITING
    assert not Release.objects.exists(), "asking publishes nothing"
    assert worked(job).state == JobState.DONE
    row = Release.objects.get()
    assert job.result == {"release": row.pk}
    assert list(dict.fromkeys(watched.stages(job))) == list(services.STAGES)
    trace = AuditRow.objects.get(action="releases.publish")
    assert trace.facts == {"number": 1, "hash": row.hash, "on": run.on.isoformat()}
    assert (trace.officer, trace.area_path) == (chief, county.path)


def test_a_table_that_the_gate_refuses_leaves_its_sentence_and_no_release(
    chief: Officer, run: Run, county: Area, large: None
) -> None:
    job = worked(unseen(chief, run, county, "village", method=Method.AS_IS))
    assert job.state == JobState.FAILED
    assert code_of(job) == "release.pinned"
    assert not Release.objects.exists()
    assert not AuditRow.objects.filter(action="releases.publish").exists()


def test_what_cannot_be_made_is_refused_before_it_waits(chief: Officer, run: Run, county: Area) -> None:
    for levels, code in ((("county",), "releases.no-level"), (("village",), "releases.nothing-seen")):
        with pytest.raises(HearthlineError) as caught:
            unseen(chief, run, county, *levels)
        assert caught.value.code == code
    assert not Job.objects.exists()


def test_only_who_may_publish_in_the_place_asks(
    chief: Officer, run: Run, county: Area, places: dict[str, Area], hire: Hire, large: None
) -> None:
    for by, code in (
        (hire(Role.ANALYST, county), "accounts.not-permitted"),
        (hire(Role.ADMINISTRATOR, places["510102"]), "areas.not-found"),
    ):
        with pytest.raises(HearthlineError) as caught:
            unseen(by, run, county)
        assert caught.value.code == code
    assert not Job.objects.exists()


def test_who_may_publish_no_more_when_a_worker_comes_publishes_nothing(
    chief: Officer, run: Run, county: Area, hire: Hire
) -> None:
    local = hire(Role.ADMINISTRATOR, county)
    job = asked(local, proposed(local, run, county))
    Grant.objects.filter(officer=local).update(ends_on=date(2014, 1, 1))
    assert worked(job).state == JobState.FAILED
    assert code_of(job) == "accounts.not-permitted"
    assert not Release.objects.exists()


@pytest.mark.parametrize("stage", services.STAGES)
def test_a_job_that_is_stopped_records_nothing_and_can_be_started_again(
    chief: Officer, run: Run, county: Area, stage: str
) -> None:
    job = asked(chief, proposed(chief, run, county, "status", "village"))
    watch(stage, lambda: cancel_job(by=chief, on=TODAY, job_id=job.pk, where=Q()))
    assert worked(job).state == JobState.CANCELLED
    assert not Release.objects.exists()
    retry_job(by=chief, on=TODAY, job_id=job.pk, where=Q())
    assert worked(job).state == JobState.DONE
    assert Release.objects.get().number == 1


@pytest.mark.parametrize("stage", services.STAGES)
def test_a_worker_that_has_lost_its_job_records_nothing(
    chief: Officer, run: Run, county: Area, stage: str
) -> None:
    job = asked(chief, proposed(chief, run, county, "status", "village"))
    given = {"state": JobState.WAITING, "worker": "", "run_after": datetime(2100, 1, 1, tzinfo=UTC)}
    watch(stage, lambda: Job.objects.filter(pk=job.pk).update(**given))
    assert worked(job).state == JobState.WAITING
    assert not Release.objects.exists()
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert worked(job).state == JobState.DONE


def test_a_job_that_was_overtaken_is_held_against_what_came_between(
    chief: Officer, run: Run, county: Area, large: None
) -> None:
    job = unseen(chief, run, county, "village")

    found: list[Proposal] = []

    def between() -> None:
        publish(chief, proposed(chief, run, county, "status", "township"))
        found.append(proposed(chief, run, county, "status", "village"))

    watched = watch("recording", between)
    assert worked(job).state == JobState.DONE
    assert watched.stages(job).count("attacking") == 2, "the first attack did not know of the township"
    assert [row.levels for row in Release.objects.order_by("number")] == [["township"], ["village"]]
    assert Release.objects.get(number=2).told == found[0].told, "what passes after the township"
    assert check_chain().number == 2


def test_a_table_that_is_another_after_what_came_between_is_not_published_as_it_was_seen(
    chief: Officer, run: Run, county: Area
) -> None:
    job = asked(chief, proposed(chief, run, county, "status", "village", method=Method.ROUND))
    watch("recording", lambda: publish(chief, proposed(chief, run, county, "status", "village")))
    assert worked(job).state == JobState.FAILED
    assert code_of(job) == "releases.other-than-seen"
    assert [row.method for row in Release.objects.all()] == ["suppress"]


def test_what_touches_no_place_of_the_table_does_not_make_it_be_attacked_again(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    one, other = places["510101001"], places["510101002"]
    job = asked(chief, proposed(chief, run, one, "status", "village"))
    watched = watch("recording", lambda: publish(chief, proposed(chief, run, other, "status", "village")))
    assert worked(job).state == JobState.DONE
    assert watched.stages(job).count("attacking") == 1
    assert [row.area for row in Release.objects.order_by("number")] == [other, one]


def test_a_place_that_moves_during_the_attack_is_looked_at_anew(
    chief: Officer, run: Run, county: Area, places: dict[str, Area], hire: Hire
) -> None:
    national = hire(Role.ADMINISTRATOR, None, "national")
    job = asked(national, proposed(national, run, county, "status", "village"))
    watched = watch(
        "recording",
        lambda: move_area(by=national, on=TODAY, where=Q(), area_id=county.pk, parent_id=places["52"].pk),
    )
    assert worked(job).state == JobState.DONE
    county.refresh_from_db()
    assert Release.objects.get().area_path == county.path
    assert watched.stages(job).count("recording") == 2
