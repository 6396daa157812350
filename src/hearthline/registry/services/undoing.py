# SPDX-License-Identifier: Apache-2.0
"""Decides how an undone import goes: what it opened is closed, current values are made anew without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, DateField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_noop

from hearthline.accounts.models import Officer
from hearthline.audit.services import record
from hearthline.jobs.services import Work
from hearthline.policy.queries import policy_of
from hearthline.registry.models import (
    Household,
    HouseholdFacts,
    Membership,
    Observation,
    Person,
    PersonFacts,
    RegisterImport,
    Replaced,
)
from hearthline.registry.observed import COUNTS
from hearthline.registry.services.caches import refresh_areas, refresh_households
from hearthline.registry.services.replacing import bring_back
from hearthline.registry.storing import throw_away

HOUSEHOLDS_AT_ONCE = 1_000


def undo_register_import(work: Work) -> dict[str, object]:
    """Close everything an import opened, household by household; what it only changed is computed anew."""
    imported = RegisterImport.objects.select_related("version").get(pk=int(str(work.job.payload["import"])))
    cursor = work.cursor if isinstance(work.cursor, dict) else {}
    last, closed = int(cursor.get("after", 0)), int(cursor.get("closed", 0))
    undoing = _Undoing(imported, work.on)
    total = Observation.objects.filter(
        brought_by=imported, household__isnull=False, person__isnull=True
    ).count()
    while numbers := undoing.households_after(last):
        with transaction.atomic():
            closed += undoing.undo(numbers)
            last = numbers[-1]
            work.advance(
                done=min(closed, total),
                total=total,
                stage=gettext_noop("undoing"),
                cursor={"after": last, "closed": closed},
            )
    with transaction.atomic():
        undoing.undo_areas()
        record(
            by=Officer.objects.get(pk=work.by.pk),
            on=work.on,
            action="registry.undo_import",
            subject="import",
            subject_id=imported.pk,
            area_path=imported.area_path,
            facts={"title": imported.title, "closed": closed},
        )
    if Path(imported.folder).parent == settings.HOME / "imports":
        throw_away(Path(imported.folder))
    return {"import": imported.pk, "closed": closed}


class _Undoing:
    """One import being undone."""

    def __init__(self, imported: RegisterImport, on: date) -> None:
        self._imported = imported
        self._policy = policy_of(imported.version)
        self._on = on

    def households_after(self, last: int) -> list[int]:
        """The next households that the import opened or said something of."""
        said = Observation.objects.filter(brought_by=self._imported, household__gt=last)
        changed = Replaced.objects.filter(brought_by=self._imported, household__gt=last)
        opened = Household.objects.filter(opened_by=self._imported, pk__gt=last)
        found = set(
            said.order_by("household").values_list("household", flat=True).distinct()[:HOUSEHOLDS_AT_ONCE]
        )
        found |= set(
            changed.order_by("household").values_list("household", flat=True).distinct()[:HOUSEHOLDS_AT_ONCE]
        )
        found |= set(opened.order_by("pk").values_list("pk", flat=True)[:HOUSEHOLDS_AT_ONCE])
        return sorted(found)[:HOUSEHOLDS_AT_ONCE]

    def undo(self, households: Sequence[int]) -> int:
        """Undo what the import did to some households; how many it had opened."""
        people = Person.objects.filter(household__in=households, opened_by=self._imported)
        ends = Greatest(F("starts_on"), Value(self._on, DateField()))
        Membership.objects.filter(person__in=people.values("pk"), ends_on__isnull=True).update(ends_on=ends)
        people.filter(closed_on__isnull=True).update(closed_on=self._on)
        opened = Household.objects.filter(pk__in=households, opened_by=self._imported, closed_on__isnull=True)
        closed = opened.update(closed_on=self._on, version=F("version") + 1)
        members = (
            Membership.objects.filter(household=OuterRef("pk"), ends_on__isnull=True)
            .order_by()
            .values("household")
            .annotate(n=Count("pk"))
            .values("n")
        )
        Household.objects.filter(pk__in=households).update(members=Coalesce(Subquery(members), 0))
        bring_back(self._imported, households)
        self._refresh(households)
        return closed

    def _refresh(self, households: Sequence[int]) -> None:
        """Compute anew where other observations are left, and throw the caches of the others away."""
        others = Observation.objects.filter(COUNTS, household__in=households)
        left = set(others.order_by().values_list("household", flat=True).distinct())
        gone = [number for number in households if number not in left]
        PersonFacts.objects.filter(person__household__in=gone).delete()
        HouseholdFacts.objects.filter(household__in=gone).delete()
        rest = sorted(left)
        if rest:
            refresh_households(self._policy, rest)

    def undo_areas(self) -> None:
        """Compute the facts of places anew."""
        said = Observation.objects.filter(Q(brought_by=self._imported), area__isnull=False)
        areas = list(said.order_by().values_list("area", flat=True).distinct())
        for start in range(0, len(areas), HOUSEHOLDS_AT_ONCE):
            refresh_areas(self._policy, areas[start : start + HOUSEHOLDS_AT_ONCE])
