# SPDX-License-Identifier: Apache-2.0
"""Decides which observations count, and how those of a household, its people or an area are fetched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q, QuerySet

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.registry.current import Seen
from hearthline.registry.models import Observation, RegisterImport

COUNTS = Q(brought_by__isnull=True) | Q(brought_by__undone_at__isnull=True)
"""Observations of an undone import are kept and never count."""

Subject = tuple[str, int]
"""The level and the number of what was observed."""


def observations_of(
    *, households: Iterable[int] = (), areas: Iterable[int] = ()
) -> dict[Subject, list[Seen]]:
    """What was observed of households, their people, or areas, and counts; by subject, the oldest first."""
    rows: QuerySet[Observation] = Observation.objects.filter(COUNTS)
    rows = rows.filter(area_id__in=list(areas)) if areas else rows.filter(household_id__in=list(households))
    found: dict[Subject, list[Seen]] = defaultdict(list)
    for row in rows.order_by("id"):
        subject, seen = seen_of(row)
        found[subject].append(seen)
    return found


def seen_of(row: Observation, *, documents: bool = True) -> tuple[Subject, Seen]:
    """A row as the computation of current values takes it, and whom it is of."""
    if row.person_id is not None:
        subject = (PERSON, row.person_id)
    elif row.household_id is not None:
        subject = (HOUSEHOLD, row.household_id)
    else:
        subject = (AREA, row.area_id or 0)
    return subject, Seen(
        id=row.pk,
        level=subject[0],
        source=row.source,
        observed_on=row.observed_on,
        facts=row.facts if documents else {},
        records=row.records if documents else {},
        corrects=row.corrects_id,
        origins=_sources_of(row.brought_by_id) if row.brought_by_id is not None else {},
    )


@lru_cache(maxsize=64)
def _sources_of(import_id: int) -> dict[str, dict[str, list[str]]]:
    """Sources and days of the facts of an import; they never change once it began."""
    sources: dict[str, dict[str, list[str]]] = RegisterImport.objects.values_list("sources", flat=True).get(
        pk=import_id
    )
    return sources
