# SPDX-License-Identifier: Apache-2.0
"""Decides which households an import brought in or changed, for the figures of its report to open.

What an import finds unchanged it does not write, so nothing of it can be listed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.registry.models import Household, Observation, Person, RegisterImport, Replaced
from hearthline.registry.queries import get_import
from hearthline.registry.rules import VIEW_HOUSEHOLD

FEW = 200_000
"""Households written by an import that are gathered at once; of more, a page looks as far as it shows."""


def households_new(*, by: Officer, on: date, import_id: int) -> QuerySet[Household]:
    """The households that came into the register with an import, closed ones too, in the officer's places.

    Raises ``accounts.not-found``.
    """
    imported = get_import(by=by, on=on, import_id=import_id)
    opened = _visible(by, on).filter(opened_by=imported)
    return opened.alias(first=_first_said_by()).filter(first=imported.pk)


def households_changed(*, by: Officer, on: date, import_id: int) -> QuerySet[Household]:
    """The households known before of which an import wrote something, or that it opened again.

    Raises ``accounts.not-found``.
    """
    imported = get_import(by=by, on=on, import_id=import_id)
    # not "opened by another import": a household that an officer opened was opened by none
    rows = _visible(by, on).alias(opener=Coalesce(F("opened_by"), 0)).filter(_written_of(imported))
    others = rows.exclude(opener=imported.pk)
    if not RegisterImport.objects.filter(undone_at__isnull=False).exists():
        return others  # only what an undone import had opened is ever opened again
    again = Q(opener=imported.pk) & ~Q(first=imported.pk)
    return rows.alias(first=_first_said_by()).filter(~Q(opener=imported.pk) | again)


def households_of_people(*, by: Officer, on: date, numbers: Collection[str]) -> dict[str, int]:
    """The households of people by their numbers, as far as the officer may see them."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    rows = Person.objects.filter(scope.filter(), number__in=numbers)
    return dict(rows.values_list("number", "household_id"))


def _written_of(imported: RegisterImport) -> Q:
    """Households of which an import wrote something: by a list of few, by a look at each of many."""
    said = Observation.objects.filter(brought_by=imported)
    replaced = Replaced.objects.filter(brought_by=imported)
    if _written(imported.report) <= FEW:
        listed = said.filter(household__isnull=False).values("household")
        return Q(pk__in=listed.union(replaced.values("household")))
    this = OuterRef("pk")
    return Q(Exists(said.filter(household=this))) | Q(Exists(replaced.filter(household=this)))


def _written(report: Mapping[str, object]) -> int:
    """How many households an import wrote something of, as its report counts them."""
    register = report.get("register")
    counts = register.get("counts") if isinstance(register, dict) else None
    known = counts if isinstance(counts, dict) else {}
    return int(known.get("new_households", 0)) + int(known.get("changed_households", 0))


def _visible(by: Officer, on: date) -> QuerySet[Household]:
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    return Household.objects.filter(scope.filter())


def _first_said_by() -> Subquery:
    """The import that said the first thing of a household: whoever opens one again is not it."""
    said = Observation.objects.filter(household=OuterRef("pk"), person__isnull=True).order_by("pk")
    return Subquery(said.values("brought_by")[:1])
