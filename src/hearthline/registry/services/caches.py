# SPDX-License-Identifier: Apache-2.0
"""Decides how the caches of current values are written: from the observations, and from nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.rules import range_of
from hearthline.audit.services import record
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.registry.current import Current, Seen, current_of
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.models import (
    AreaFacts,
    CurrentFacts,
    Household,
    HouseholdFacts,
    Observation,
    PersonFacts,
)
from hearthline.registry.observed import Subject, observations_of
from hearthline.registry.rules import REBUILD_CURRENT

AT_ONCE = 500
_CACHES: dict[str, tuple[type[CurrentFacts], str]] = {
    HOUSEHOLD: (HouseholdFacts, "household"),
    PERSON: (PersonFacts, "person"),
    AREA: (AreaFacts, "area"),
}


@dataclass(frozen=True)
class Rebuilt:
    """How many caches were made anew."""

    households: int
    areas: int


def refresh_households(policy: Policy, households: Collection[int]) -> None:
    """Make the caches of some households and their people anew. Call it in the transaction of the change."""
    found = observations_of(households=households)
    _write(
        policy,
        found,
        HOUSEHOLD,
        HouseholdFacts.objects.filter(household__in=households).values_list("pk", flat=True),
    )
    stale = PersonFacts.objects.filter(person__household__in=households).values_list("pk", flat=True)
    _write(policy, found, PERSON, stale)


def refresh_areas(policy: Policy, areas: Collection[int]) -> None:
    """Make the caches of some areas anew."""
    found = observations_of(areas=areas)
    _write(policy, found, AREA, AreaFacts.objects.filter(area__in=areas).values_list("pk", flat=True))


def _write(
    policy: Policy, found: Mapping[Subject, Sequence[Seen]], level: str, cached: Iterable[int]
) -> None:
    model, key = _CACHES[level]
    current: dict[int, Current] = {}
    for (kind, number), seen in found.items():
        now = current_of(policy, level, seen) if kind == level else None
        if now is not None:
            current[number] = now
    rows = [
        model(
            **{f"{key}_id": number},
            facts=now.facts,
            records=now.records,
            origins=now.origins,
            observation_id=now.observation,
        )
        for number, now in current.items()
    ]
    columns = ["facts", "records", "origins", "observation"]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=columns
    )
    gone = set(cached) - current.keys()
    if gone:
        model._default_manager.filter(pk__in=gone).delete()


def rebuild_current(*, by: Officer, on: date, area_path: str) -> Rebuilt:
    """Make the current values of a place and all within it anew from its observations, to the byte."""
    required_scope(by=by, permission=REBUILD_CURRENT, on=on, path=area_path)
    _, policy = dictionary_of(area_path, on)
    within = range_of(area_path)
    lies = Q(area_path__gte=within.low, area_path__lt=within.high)
    households = 0
    last = 0
    while True:
        numbers = list(
            Household.objects.filter(lies, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        )
        if not numbers:
            break
        with transaction.atomic():
            refresh_households(policy, numbers)
        households, last = households + len(numbers), numbers[-1]
    areas = set(
        Observation.objects.filter(area__path__gte=within.low, area__path__lt=within.high).values_list(
            "area_id", flat=True
        )
    )
    with transaction.atomic():
        if areas:
            refresh_areas(policy, [number for number in areas if number])
        record(
            by=by,
            on=on,
            action="registry.rebuild_current",
            subject="area",
            subject_id=area_path,
            area_path=area_path,
            facts={"households": households, "areas": len(areas)},
        )
    return Rebuilt(households, len(areas))
