# SPDX-License-Identifier: Apache-2.0
"""Decides how two runs are compared: which households entered, left, became known or unknown, and why.

Households are matched by household, not by their number in a snapshot, so the snapshots may differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import Scope, required_scope
from hearthline.accounts.rules import Permission
from hearthline.areas.models import Area
from hearthline.areas.rules import PATH_STEP, AreaRange, range_of
from hearthline.runs.models import Result, Run, Status
from hearthline.runs.rules import VIEW_HOUSEHOLDS


class Change(StrEnum):
    """What may happen to a household between two runs."""

    ENTERED = "entered"
    LEFT = "left"
    BECAME_UNKNOWN = "became_unknown"
    BECAME_KNOWN = "became_known"
    NEW = "new"
    GONE = "gone"
    SAME = "same"


@dataclass(frozen=True)
class Count:
    """Households, and the people in them (in the later run, or the earlier one for those gone)."""

    households: int = 0
    people: int = 0


@dataclass(frozen=True)
class Comparison:
    """Two runs over one area. ``matrix``: status before (None: not there) and after to the count.

    ``criteria``: of those that entered, how many for each criterion that is newly not met; of those that
    left, no longer not met; became unknown: newly unknown; became known: no longer unknown.
    """

    before: Run
    after: Run
    matrix: Mapping[tuple[int | None, int | None], Count]
    changes: Mapping[Change, Count]
    criteria: Mapping[Change, Mapping[str, int]]


@dataclass(frozen=True)
class AreaChanges:
    """The same for one area directly below."""

    area: Area
    changes: Mapping[Change, Count]


Row = tuple[Any, ...]  # Any: what a cursor gives
JOINED = "FULL JOIN a ON a.household_id = b.household_id"
CRITERION_OF = {
    Change.ENTERED: ("not_met", True),
    Change.LEFT: ("not_met", False),
    Change.BECAME_UNKNOWN: ("unknown", True),
    Change.BECAME_KNOWN: ("unknown", False),
}
"""Which bits made the difference, and whether they came (true) or went."""


def change_of(before: int | None, after: int | None) -> Change:
    """What happened to a household with these statuses."""
    if before is None:
        return Change.NEW
    if after is None:
        return Change.GONE
    if before == after:
        return Change.SAME
    if after == Status.UNKNOWN:
        return Change.BECAME_UNKNOWN
    if before == Status.UNKNOWN:
        return Change.BECAME_KNOWN
    return Change.ENTERED if after == Status.POOR else Change.LEFT


def compare_runs(
    *, by: Officer, on: date, before: Run, after: Run, area_path: str | None = None
) -> Comparison:
    """The counts of two runs side by side, in an area or in all places of the officer."""
    rows = _Rows(before, after, _scope(by, on, VIEW_HOUSEHOLDS, area_path), area_path)
    matrix = rows.matrix()
    return Comparison(before, after, matrix, _changes(matrix), rows.criteria())


comparison_of = compare_runs


def compare_areas(*, by: Officer, on: date, before: Run, after: Run, area: Area) -> list[AreaChanges]:
    """The changes of every area directly below one."""
    rows = _Rows(before, after, _scope(by, on, VIEW_HOUSEHOLDS, area.path), area.path)
    found = rows.matrices(len(area.path) + PATH_STEP)
    children = Area.objects.filter(parent=area, closed_on=None).order_by("code")
    return [AreaChanges(child, _changes(found.get(child.path, {}))) for child in children]


def changed_households(
    *,
    by: Officer,
    on: date,
    before: Run,
    after: Run,
    change: Change,
    area_path: str | None = None,
    criterion: str | None = None,
) -> QuerySet[Result]:
    """The households with a change: rows of ``after`` (of ``before`` for those gone).

    ``other_status`` is the status in the other run. With a ``criterion``: those for whom it made the
    difference.
    """
    scope = _scope(by, on, VIEW_HOUSEHOLDS, area_path)
    run, other = (before, after) if change is Change.GONE else (after, before)
    rows = Result.objects.filter(scope.filter(), run=run).select_related("household", "household__area")
    if area_path is not None:
        part = range_of(area_path)
        rows = rows.filter(area_path__gte=part.low, area_path__lt=part.high)
    beside = Result.objects.filter(run=other, household_id=OuterRef("household_id"))
    if change in (Change.NEW, Change.GONE):
        rows = rows.filter(~Exists(beside))
    else:
        rows = rows.annotate(other_status=Subquery(beside.values("status")[:1])).filter(_condition(change))
    if criterion is not None and change in CRITERION_OF:
        column, came = CRITERION_OF[change]
        rows = rows.annotate(here=F(column).bitand(_bit(after, criterion)))
        rows = rows.annotate(
            there=Subquery(beside.annotate(bit=F(column).bitand(_bit(before, criterion))).values("bit")[:1])
        )
        rows = rows.filter(here__gt=0, there=0) if came else rows.filter(here=0, there__gt=0)
    return rows.order_by("area_path", "household_id")


def _condition(change: Change) -> Q:
    unknown = int(Status.UNKNOWN)
    conditions = {
        Change.ENTERED: Q(status=Status.POOR, other_status=Status.NOT_POOR),
        Change.LEFT: Q(status=Status.NOT_POOR, other_status=Status.POOR),
        Change.BECAME_UNKNOWN: Q(status=unknown, other_status__isnull=False) & ~Q(other_status=unknown),
        Change.BECAME_KNOWN: Q(other_status=unknown) & ~Q(status=unknown),
    }
    return conditions.get(change, Q(other_status=F("status")))


def _scope(by: Officer, on: date, permission: Permission, area_path: str | None) -> Scope:
    return required_scope(by=by, permission=permission, on=on, path=area_path)


def _bit(run: Run, name: str) -> int:
    """The bit of a criterion; one that only the other run has is never set here."""
    names: list[str] = run.names["criteria"]
    return 1 << names.index(name) if name in names else 0


def _changes(matrix: Mapping[tuple[int | None, int | None], Count]) -> dict[Change, Count]:
    found = dict.fromkeys(Change, Count())
    for (before, after), count in matrix.items():
        change = change_of(before, after)
        found[change] = Count(
            found[change].households + count.households, found[change].people + count.people
        )
    return found


class _Rows:
    """The two runs joined by household, in SQL that both databases read."""

    def __init__(self, before: Run, after: Run, scope: Scope, area_path: str | None) -> None:
        self._before, self._after = before, after
        ranges = [range_of(area_path)] if area_path is not None else list(scope.ranges)
        self._ranges: list[AreaRange] | None = None if scope.everywhere and area_path is None else ranges

    def _side(self, run: Run) -> tuple[str, list[str | int]]:
        where = "run_id = %s"
        values: list[str | int] = [run.pk]
        if self._ranges is not None:
            parts = " OR ".join("(area_path >= %s AND area_path < %s)" for _ in self._ranges)
            where += f" AND ({parts or 'false'})"
            values += [bound for part in self._ranges for bound in (part.low, part.high)]
        columns = "household_id, area_path, people, status, not_met, unknown"
        table = Result._meta.db_table
        return f"SELECT {columns} FROM {table} WHERE {where}", values  # noqa: S608  # no word from outside

    def _asked(
        self, select: str, values: Sequence[str | int], rest: str
    ) -> list[tuple[Any, ...]]:  # Any: what a cursor gives
        before, before_values = self._side(self._before)
        after, after_values = self._side(self._after)
        statement = f"WITH b AS ({before}), a AS ({after}) SELECT {select} FROM b {rest}"  # noqa: S608  # the same
        with connection.cursor() as cursor:
            cursor.execute(statement, [*before_values, *after_values, *values])
            return list(cursor.fetchall())

    def matrix(self) -> dict[tuple[int | None, int | None], Count]:
        """Status before and after to households and people."""
        rows = self._asked(
            "b.status, a.status, count(*), sum(coalesce(a.people, b.people))", (), f"{JOINED} GROUP BY 1, 2"
        )
        return {(before, after): Count(int(count), int(people)) for before, after, count, people in rows}

    def matrices(self, width: int) -> dict[str, dict[tuple[int | None, int | None], Count]]:
        """The same for every area whose path has ``width`` digits."""
        found: dict[str, dict[tuple[int | None, int | None], Count]] = {}
        place = "substr(coalesce(a.area_path, b.area_path), 1, %s)"
        select = f"{place}, b.status, a.status, count(*), sum(coalesce(a.people, b.people))"
        for path, before, after, count, people in self._asked(select, (width,), f"{JOINED} GROUP BY 1, 2, 3"):
            found.setdefault(path, {})[before, after] = Count(int(count), int(people))
        return found

    def criteria(self) -> dict[Change, dict[str, int]]:
        """For each change, how often each criterion made the difference."""
        names = list(dict.fromkeys([*self._after.names["criteria"], *self._before.names["criteria"]]))
        found: dict[Change, dict[str, int]] = {change: dict.fromkeys(names, 0) for change in CRITERION_OF}
        parts, values = [], []
        for column, came in (("not_met", True), ("not_met", False), ("unknown", True), ("unknown", False)):
            for name in names:
                here, there = ("<> 0", "= 0") if came else ("= 0", "<> 0")
                parts.append(
                    f"sum(CASE WHEN (a.{column} & %s) {here} AND (b.{column} & %s) {there} THEN 1 ELSE 0 END)"
                )
                values += [_bit(self._after, name), _bit(self._before, name)]
        rows = self._asked(
            f"b.status, a.status, {', '.join(parts)}",
            values,
            "JOIN a ON a.household_id = b.household_id WHERE a.status <> b.status GROUP BY 1, 2",
        )
        kinds = list(CRITERION_OF)
        for before, after, *sums in rows:
            change = change_of(before, after)
            start = kinds.index(change) * len(names)
            for name, number in zip(names, sums[start : start + len(names)], strict=True):
                found[change][name] += int(number)
        return found
