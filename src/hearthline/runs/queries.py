# SPDX-License-Identifier: Apache-2.0
"""Decides how runs, their figures and their households are found, within the officer's places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Expression,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Length

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import given_scope, required_scope, scope_of
from hearthline.areas.models import Area
from hearthline.areas.queries import children_of, one_of_paths
from hearthline.areas.rules import paths_above, range_of
from hearthline.asking import Asked, Given
from hearthline.registry.models import Household
from hearthline.runs.models import AreaFigures, Result, Run, Status
from hearthline.runs.problems import NO_RESULT, NO_RUN
from hearthline.runs.rules import VIEW_FIGURES, VIEW_HOUSEHOLDS
from hearthline.runs.words import bit_of


@dataclass(frozen=True)
class CriterionCount:
    """How many households, and people in them, do not meet a criterion, and of how many it is unknown."""

    name: str
    not_met_households: int
    not_met_people: int
    unknown_households: int
    unknown_people: int


@dataclass(frozen=True)
class CauseCount:
    """How many poor households, and people in them, have a cause."""

    name: str
    households: int
    people: int


@dataclass(frozen=True)
class Figures:
    """What a run counts in one area; labels of criteria and causes come from ``words.words_of``."""

    run_id: int
    area_id: int
    area_path: str
    households: int
    people: int
    poor_households: int
    poor_people: int
    unknown_households: int
    unknown_people: int
    criteria: Mapping[str, CriterionCount]
    causes: Mapping[str, CauseCount]
    protected: Mapping[str, bool | list[str]]

    @property
    def not_poor_households(self) -> int:
        """The households known not to be poor."""
        return self.households - self.poor_households - self.unknown_households

    @property
    def incidence(self) -> float | None:
        """The share of people who are poor among those whose answer is known; None where nobody's is."""
        known = self.people - self.unknown_people
        return self.poor_people / known if known else None


def find_active_run(path: str) -> Run | None:
    """The run whose results hold in an area: that of the nearest area above which has an active one.

    Above all screened areas: the active run within, where there is only one.
    """
    over = _ACTIVE_OVER.find(paths=paths_above(path))
    if over is not None:
        return over
    part = range_of(path)
    within = _ACTIVE_WITHIN.rows(low=part.low, high=part.high)
    return within[0] if len(within) == 1 else None


def _active() -> QuerySet[Run]:
    runs = Run.objects.filter(active=True).select_related("version", "snapshot", "area")
    return runs.defer("version__files", "record")


_ACTIVE_OVER = Asked(
    lambda: _active().filter(one_of_paths("area_path")).order_by(Length("area_path").desc())[:1]
)
_ACTIVE_WITHIN = Asked(
    lambda: _active().filter(
        area_path__gte=Given("low", CharField()), area_path__lt=Given("high", CharField())
    )[:2]
)


def active_runs_within(path: str) -> QuerySet[Run]:
    """The active runs of areas within one: several where each county is screened apart."""
    part = range_of(path)
    return (
        Run.objects.filter(active=True, area_path__gte=part.low, area_path__lt=part.high)
        .select_related("version", "snapshot", "area")
        .defer("version__files")
        .order_by("area_path")
    )


active_run = find_active_run


def runs_in(*, by: Officer, on: date) -> QuerySet[Run]:
    """The loaded runs of areas that touch the officer's places, the newest first."""
    scope = required_scope(by=by, permission=VIEW_FIGURES, on=on)
    condition = scope.filter()
    for part in scope.ranges:
        condition |= Q(area_path__in=paths_above(part.low))
    return _loaded(condition)


def _loaded(condition: Q) -> QuerySet[Run]:
    return (
        Run.objects.filter(condition, loaded=True)
        .select_related("version", "snapshot", "area", "screened_by")
        .defer("version__files")
        .order_by("-id")
    )


def runs_since(*, by: Officer, on: date, since: datetime) -> list[Run]:
    """The newest few of :func:`runs_in` since a moment, without their records."""
    scope = required_scope(by=by, permission=VIEW_FIGURES, on=on)
    above = sorted({path for part in scope.ranges for path in paths_above(part.low)})
    return _SCREENED_SINCE.rows(scope.shape, **scope.bounds, paths=above, since=since)


def _screened_since(shape: int | None) -> QuerySet[Run]:
    touches = given_scope(shape) | one_of_paths("area_path") if shape else given_scope(shape)
    rows = _loaded(touches & Q(screened_at__gte=Given("since", DateTimeField())))
    return rows.defer("version__files", "record")[:_RECENT]


_SCREENED_SINCE = Asked(_screened_since)
_RECENT = 20


def runs_with_totals(*, by: Officer, on: date) -> QuerySet[Run]:
    """The same, each with ``households_told``: how many it screened, where the officer may open households.

    For others the totals of two runs would differ by a family (``docs/explanation/small-groups.md``).
    """
    scope = scope_of(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    total, none = F("snapshot__households"), Value(None, IntegerField())
    told: Expression | F = Case(When(scope.filter(), then=total), default=none) if scope.ranges else none
    return runs_in(by=by, on=on).annotate(households_told=total if scope.everywhere else told)


def get_run(*, by: Officer, on: date, run_id: int) -> Run:
    """One run. Raises ``runs.no-run``."""
    run = runs_in(by=by, on=on).filter(pk=run_id).first()
    if run is None:
        raise NO_RUN.error(run=run_id)
    return run


def get_run_in_full(*, by: Officer, on: date, run_id: int) -> Run:
    """One run whose households the officer may all open. Raises ``runs.no-run``.

    Measures of a distribution are not protected group by group, so they are shown to nobody else.
    """
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    run = get_run(by=by, on=on, run_id=run_id)
    if not scope.covers(run.area_path):
        raise NO_RUN.error(run=run_id)
    return run


def figures_of(*, by: Officer, on: date, run: Run, area: Area) -> Figures:
    """What a run counts in an area; nothing but zeros where it has no household there."""
    required_scope(by=by, permission=VIEW_FIGURES, on=on, path=area.path)
    return _figures(run, area, _FIGURES.find(run=run.pk, area=area.pk))


def figures_of_children(*, by: Officer, on: date, run: Run, area: Area) -> list[tuple[Area, Figures]]:
    """The same for every area directly below, in the order of their codes."""
    required_scope(by=by, permission=VIEW_FIGURES, on=on, path=area.path)
    children = children_of(area)
    rows = {row.area_id: row for row in _FIGURES_OF_CHILDREN.rows(run=run.pk, area=area.pk)}
    return [(child, _figures(run, child, rows.get(child.pk))) for child in children]


_FIGURES = Asked(
    lambda: AreaFigures.objects.filter(
        run_id=Given("run", BigIntegerField()), area_id=Given("area", BigIntegerField())
    )
)
_FIGURES_OF_CHILDREN = Asked(
    lambda: AreaFigures.objects.filter(
        run_id=Given("run", BigIntegerField()), area__parent_id=Given("area", BigIntegerField())
    )
)


def _figures(run: Run, area: Area, row: AreaFigures | None) -> Figures:
    names = run.names
    criteria = row.criteria if row else {}
    causes = row.causes if row else {}
    return Figures(
        run_id=run.pk,
        area_id=area.pk,
        area_path=area.path,
        households=row.households if row else 0,
        people=row.people if row else 0,
        poor_households=row.poor_households if row else 0,
        poor_people=row.poor_people if row else 0,
        unknown_households=row.unknown_households if row else 0,
        unknown_people=row.unknown_people if row else 0,
        criteria={
            name: CriterionCount(name, *criteria.get(name, (0, 0, 0, 0))) for name in names["criteria"]
        },
        causes={name: CauseCount(name, *causes.get(name, (0, 0))) for name in names["causes"]},
        protected=row.protected if row else {},
    )


def results_in(
    *,
    by: Officer,
    on: date,
    run: Run,
    area_path: str | None = None,
    status: Status | int | None = None,
    not_met: str | None = None,
    unknown: str | None = None,
    cause: str | None = None,
) -> QuerySet[Result]:
    """The households of a run in the officer's places, by status, criterion not met or unknown, cause.

    Their order is that of the index: area, then household. Raises ``runs.no-name``.
    """
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    rows = Result.objects.filter(scope.filter(), run=run).select_related("household", "household__area")
    if area_path is not None:
        part = range_of(area_path)
        rows = rows.filter(area_path__gte=part.low, area_path__lt=part.high)
    if status is not None:
        rows = rows.filter(status=int(status))
    asked = ((not_met, "criteria", "not_met"), (unknown, "criteria", "unknown"), (cause, "causes", "causes"))
    for name, kind, column in asked:
        if name is not None:
            rows = rows.alias(**{f"has_{column}": F(column).bitand(bit_of(run, kind, name))})
            rows = rows.filter(**{f"has_{column}__gt": 0})
    return rows.order_by("area_path", "household_id")


def household_result(*, by: Officer, on: date, run: Run, household_id: int) -> Result:
    """The result of one household. Raises ``runs.no-result``."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    rows = Result.objects.filter(scope.filter(), run=run, household_id=household_id)
    row = rows.select_related("household").first()
    if row is None:
        raise NO_RESULT.error()
    return row


_RESULT = Asked(
    lambda: Result.objects.filter(
        run_id=Given("run", BigIntegerField()), household_id=Given("household", BigIntegerField())
    )
)


def find_result(*, by: Officer, on: date, run: Run, household: Household) -> Result | None:
    """The result of a household in a run; None for who may not see households where it lives now.

    Raises ``accounts.not-permitted``.
    """
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    if not scope.covers(household.area_path):
        return None
    return _RESULT.find(run=run.pk, household=household.pk)


def find_household_result(*, by: Officer, on: date, household_id: int, path: str) -> Result | None:
    """The result of a household in the run that holds in its area, or None."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    run = find_active_run(path)
    if run is None:
        return None
    rows = Result.objects.filter(scope.filter(), run=run, household_id=household_id)
    return rows.select_related("run").first()


def results_of_household(*, by: Officer, on: date, household_id: int) -> QuerySet[Result]:
    """The results of one household in every loaded run, the newest first."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    rows = Result.objects.filter(scope.filter(), household_id=household_id, run__loaded=True)
    return rows.select_related("run", "run__version").defer("run__version__files").order_by("-run_id")
