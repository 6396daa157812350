# SPDX-License-Identifier: Apache-2.0
"""Decides that a screening of the register ends in rows, figures and an active run; who may ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import product
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Q, Sum

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.areas.rules import PATH_STEP, paths_above
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import open_run
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.services import retry_job
from hearthline.jobs.worker import run_worker
from hearthline.policy.services import activate
from hearthline.registry.models import Household
from hearthline.runs.models import AreaFigures, Result, Run, Snapshot, Status
from hearthline.runs.queries import (
    figures_of,
    figures_of_children,
    find_active_run,
    get_run,
    results_in,
    runs_in,
)
from hearthline.runs.services import forget_run, request_screening
from hearthline.runs.words import named, words_of
from tests.service.conftest import TODAY, Hire
from tests.service.runs.county import HOUSEHOLDS, ON, Registered, registered


@pytest.fixture
def county(db: None, hire: Hire) -> Registered:
    """The generator's county in the register."""
    return registered(hire(Role.ADMINISTRATOR))


def screened(county: Registered, *, area: Area | None = None, on: date = ON, active: bool = True) -> Run:
    """A finished screening of the county, or of an area within it."""
    job = request_screening(
        by=county.officer,
        on=TODAY,
        area=area or county.area,
        screening_date=on,
        version=county.version,
        activate=active,
    )
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.problem
    return Run.objects.get(pk=(job.result or {})["run"])


def test_a_screening_says_how_far_its_protection_is_and_can_be_stopped_there(county: Registered) -> None:
    job = request_screening(
        by=county.officer, on=TODAY, area=county.area, screening_date=ON, version=county.version
    )
    told: list[tuple[int, int]] = []

    def stopping(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if params and "protecting" in params:
            row = Job.objects.get(pk=job.pk)
            told.append((row.done, row.total or 0))
            if row.done == 3:
                Job.objects.filter(pk=job.pk).update(cancel_asked=True)
        return done

    with connection.execute_wrapper(stopping):
        run_worker(once=True)
    job.refresh_from_db()
    assert (job.state, job.stage) == (JobState.CANCELLED, "protecting")
    assert told == sorted(told)
    assert told[-1][0] == 3 < told[-1][1]
    run = Run.objects.get()
    assert not run.loaded
    assert not run.active
    assert not AreaFigures.objects.exists()
    retry_job(by=county.officer, on=TODAY, job_id=job.pk, where=Q())
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.problem
    assert AreaFigures.objects.filter(run=run).exists()


def test_a_screening_loads_every_household_as_the_run_says(county: Registered) -> None:
    run = screened(county)
    assert run.active
    assert run.loaded
    assert Result.objects.filter(run=run).count() == HOUSEHOLDS
    engine = open_run(settings.HOME / run.folder)
    names = run.names["criteria"]
    wanted = duckdb.read_parquet([str(path) for path in engine.paths("households")]).select(
        ", ".join(f'"{name}"' for name in ["household_id", "status", *names])
    )
    rows = {row.number: row for row in Result.objects.filter(run=run)}
    words = {Status.POOR: "poor", Status.NOT_POOR: "not poor", Status.UNKNOWN: "unknown"}
    for number, status, *answers in wanted.fetchall():
        row = rows[number]
        assert words[Status(row.status)] == status
        pairs = list(zip(names, answers, strict=True))
        assert named(row.not_met, names) == tuple(name for name, answer in pairs if answer == "not met")
        assert named(row.unknown, names) == tuple(name for name, answer in pairs if answer == "unknown")
    assert sum(row.people for row in rows.values()) == run.snapshot.people


def test_the_statuses_are_those_of_the_register_screened_as_a_file(county: Registered) -> None:
    run = screened(county)
    statuses = Counter(Result.objects.filter(run=run).values_list("status", flat=True))
    counted = run.record["statuses"][run.record["default_standard"]]
    assert statuses == Counter(
        {
            Status.POOR: counted["poor"],
            Status.NOT_POOR: counted["not poor"],
            Status.UNKNOWN: counted["unknown"],
        }
    )


def test_figures_of_an_area_are_the_sum_of_its_rows(county: Registered) -> None:
    run = screened(county)
    for figures in AreaFigures.objects.filter(run=run).select_related("area"):
        rows = Result.objects.filter(run=run, area_path__startswith=figures.area.path)
        poor = rows.filter(status=Status.POOR)
        assert figures.households == rows.count()
        assert figures.people == rows.aggregate(n=Sum("people"))["n"]
        assert figures.poor_households == poor.count()
        assert figures.poor_people == (poor.aggregate(n=Sum("people"))["n"] or 0)
        for index, name in enumerate(run.names["criteria"]):
            found = [row for row in rows if row.not_met >> index & 1]
            assert figures.criteria[name][:2] == [len(found), sum(row.people for row in found)]
        for index, name in enumerate(run.names["causes"]):
            found = [row for row in poor if row.causes >> index & 1]
            assert figures.causes[name] == [len(found), sum(row.people for row in found)]


def test_every_place_above_and_within_has_its_figures(county: Registered) -> None:
    run = screened(county)
    paths = set(AreaFigures.objects.filter(run=run).values_list("area_path", flat=True))
    for path in Household.objects.values_list("area_path", flat=True).distinct():
        assert set(paths_above(path)) <= paths
    children = figures_of_children(by=county.officer, on=TODAY, run=run, area=county.area)
    whole = figures_of(by=county.officer, on=TODAY, run=run, area=county.area)
    assert sum(figures.poor_people for _, figures in children) == whole.poor_people
    assert whole.incidence is not None
    assert whole.not_poor_households + whole.poor_households + whole.unknown_households == HOUSEHOLDS
    assert whole.protected.keys() >= {"households", "poor", "not_met"}


def test_a_later_run_takes_the_place_of_the_earlier_one_which_is_kept(county: Registered) -> None:
    first = screened(county)
    second = screened(county, on=date(2017, 12, 30))
    assert find_active_run(county.area.path) == second
    assert list(runs_in(by=county.officer, on=TODAY)) == [second, first]
    assert Result.objects.filter(run=first).count() == HOUSEHOLDS


def test_a_run_of_a_part_holds_there_until_the_whole_is_screened_again(county: Registered) -> None:
    whole = screened(county)
    part = Area.objects.filter(parent=county.area).order_by("code")[0]
    of_part = screened(county, area=part)
    assert find_active_run(part.path) == of_part
    assert find_active_run(county.area.path) == whole
    again = screened(county)
    assert find_active_run(part.path) == again


def test_a_screening_for_comparison_does_not_become_the_active_run(county: Registered) -> None:
    first = screened(county)
    other = screened(county, on=date(2016, 12, 31), active=False)
    assert find_active_run(county.area.path) == first
    assert other.loaded


def test_the_version_in_force_is_taken_where_none_is_named(county: Registered) -> None:
    def ask() -> Job:
        return request_screening(by=county.officer, on=TODAY, area=county.area, screening_date=ON)

    with pytest.raises(HearthlineError) as refusal:
        ask()
    assert refusal.value.code == "policy.none-in-force"
    activate(
        by=county.officer, on=TODAY, version=county.version, area=county.area, starts_on=date(2017, 1, 1)
    )
    assert ask().payload["version"] == county.version.pk


def test_the_register_of_a_day_to_come_cannot_be_asked_for(county: Registered) -> None:
    with pytest.raises(HearthlineError) as refusal:
        request_screening(
            by=county.officer,
            on=TODAY,
            area=county.area,
            screening_date=ON,
            version=county.version,
            as_of=date(2018, 1, 1),
        )
    assert refusal.value.code == "runs.too-late"


def test_an_area_without_households_fails_with_a_sentence(county: Registered) -> None:
    empty = Area.objects.create(
        parent=None, path="999999999", depth=1, level="province", code="99", name="空"
    )
    job = request_screening(
        by=county.officer, on=TODAY, area=empty, screening_date=ON, version=county.version
    )
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert (job.problem or {})["code"] == "runs.nobody"
    assert not Run.objects.exists()


def test_a_run_is_forgotten_but_never_the_active_one(county: Registered) -> None:
    first = screened(county)
    second = screened(county)
    with pytest.raises(HearthlineError) as refusal:
        forget_run(by=county.officer, on=TODAY, run_id=second.pk)
    assert refusal.value.code == "runs.still-active"
    forget_run(by=county.officer, on=TODAY, run_id=first.pk)
    assert not Result.objects.filter(run=first).exists()
    assert not AreaFigures.objects.filter(run=first).exists()
    assert Result.objects.filter(run=second).count() == HOUSEHOLDS
    assert (settings.HOME / first.folder).is_dir()
    with pytest.raises(HearthlineError) as missing:
        get_run(by=county.officer, on=TODAY, run_id=first.pk)
    assert missing.value.code == "runs.no-run"


def test_every_step_leaves_its_trace(county: Registered) -> None:
    run = screened(county)
    actions = set(AuditRow.objects.values_list("action", flat=True))
    assert {"jobs.request", "runs.take_snapshot", "runs.screen", "runs.activate"} <= actions
    assert AuditRow.objects.get(action="runs.screen").facts["version"] == county.version.version_hash
    assert Snapshot.objects.get().hash == run.record["snapshot"]["hash"]


def test_households_are_found_by_status_criterion_and_cause(county: Registered) -> None:
    run = screened(county)

    def numbers(
        area_path: str | None = None,
        status: Status | None = None,
        not_met: str | None = None,
        unknown: str | None = None,
        cause: str | None = None,
    ) -> set[int]:
        found = results_in(
            by=county.officer,
            on=TODAY,
            run=run,
            area_path=area_path,
            status=status,
            not_met=not_met,
            unknown=unknown,
            cause=cause,
        )
        return {row.number for row in found}

    rows = list(Result.objects.filter(run=run))
    assert numbers(status=Status.POOR) == {row.number for row in rows if row.status == Status.POOR}
    for index, name in enumerate(run.names["criteria"]):
        assert numbers(not_met=name) == {row.number for row in rows if row.not_met >> index & 1}
        assert numbers(unknown=name) == {row.number for row in rows if row.unknown >> index & 1}
    for index, name in enumerate(run.names["causes"]):
        assert numbers(cause=name) == {row.number for row in rows if row.causes >> index & 1}
    village = rows[0].area_path
    assert numbers(area_path=village) == {row.number for row in rows if row.area_path == village}
    with pytest.raises(HearthlineError) as failure:
        numbers(not_met="height")
    assert failure.value.code == "runs.no-name"


def test_a_run_is_said_in_both_languages(county: Registered) -> None:
    run = screened(county)
    assert words_of(run, "zh-hans").criteria["housing"] != words_of(run, "en").criteria["housing"]
    assert set(words_of(run, "en").deciding) <= set(run.names["criteria"])


MAY_SCREEN = {Role.ANALYST, Role.ADMINISTRATOR}
MAY_SEE_HOUSEHOLDS = set(Role) - {Role.VIEWER, Role.POLICY_DESIGNER}


def test_who_may_do_what_where(county: Registered, hire: Hire) -> None:
    """Every action x role x place: own, within, above, other."""
    run = screened(county)
    townships = list(Area.objects.filter(depth=4, path__startswith=county.area.path).order_by("code"))
    own, other = townships[0], townships[1]
    within = Area.objects.filter(parent=own)[0]
    above = Area.objects.get(path=own.path[:-PATH_STEP])
    checked = 0
    for role, (name, place) in product(
        Role, {"own": own, "within": within, "above": above, "other": other}.items()
    ):
        officer = Officer.objects.filter(username=f"{role}-{own.code}").first() or hire(role, own)
        expected = None if name in ("own", "within") else "accounts.not-found"
        assert _code(partial(figures_of, by=officer, on=TODAY, run=run, area=place)) == expected
        ask = partial(request_screening, screening_date=ON, version=county.version)
        refused = expected if role in MAY_SCREEN else "accounts.not-permitted"
        assert _code(partial(ask, by=officer, on=TODAY, area=place)) == refused
        look = partial(results_in, by=officer, on=TODAY, run=run, area_path=place.path)
        if role not in MAY_SEE_HOUSEHOLDS:
            assert _code(look) == "accounts.not-permitted"
        else:
            assert all(row.area_path.startswith(own.path) for row in look())
        checked += 3
    assert checked == len(Role) * 4 * 3


def _code(call: Callable[[], object]) -> str | None:
    """The code with which a call is refused, or None."""
    try:
        call()
    except HearthlineError as refusal:
        return refusal.code
    return None
