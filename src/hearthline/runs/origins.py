# SPDX-License-Identifier: Apache-2.0
"""Decides which observation each value of a household in a run came from, and how that is said.

The register's cache of current values names the observations; where something was recorded after the
snapshot, they are worked out again as they were known then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.reasons import Fact
from hearthline.engine.rules.wording import said
from hearthline.registry.current import Current, Seen, current_of
from hearthline.registry.models import AreaFacts, HouseholdFacts, Observation, PersonFacts
from hearthline.registry.observed import COUNTS, seen_of
from hearthline.runs.models import Snapshot
from hearthline.runs.rows import ROW_OWNER, Found

Subject = tuple[str, int]


class Origin(str):
    """Where a value came from, in words; ``observation`` is the number of the observation it stands in."""

    observation: int

    def __new__(cls, words: str, observation: int) -> Origin:
        """The words with the observation they speak of."""
        made = super().__new__(cls, words)
        made.observation = observation
        return made


@dataclass(frozen=True)
class _Known:
    """The origins of one subject: that of each fact, record levels as ``@level``, and of all others."""

    origins: Mapping[str, int]
    observation: int


class Origins:
    """Says where the values of one household of a snapshot came from (the ``Where`` of the reasons)."""

    def __init__(
        self,
        policy: Policy,
        snapshot: Snapshot,
        found: Found,
        household_id: int,
        people: Sequence[int],
        area: int,
        language: str,
    ) -> None:
        self._policy, self._language, self._found, self._people = policy, language, found, people
        self._household, self._area = household_id, area
        known = self._as_it_was(snapshot) if self._changed(snapshot) else self._as_it_is()
        self._known = known
        numbers = {each.observation for each in known.values()}
        numbers |= {number for each in known.values() for number in each.origins.values()}
        self._seen = {
            row.pk: seen_of(row, documents=False)[1]
            for row in Observation.objects.filter(pk__in=numbers).defer("facts", "records")
        }

    def where(self, fact: Fact) -> str:
        """The source and the day of a value, with its observation; nothing where there is none."""
        subject, name = self._subject(fact)
        known = self._known.get(subject)
        number = known.origins.get(name, known.observation) if known else None
        seen = self._seen.get(number) if number is not None else None
        if seen is None:
            return ""
        level = fact.level
        source, day = seen.source_of(level, fact.name), seen.day_of(level, fact.name)
        words = said(self._policy.sources.get(source, {}), self._language) or source
        return Origin(f"{words} {day.isoformat()}", seen.id)

    def _subject(self, fact: Fact) -> tuple[Subject, str]:
        if fact.level == HOUSEHOLD:
            return (HOUSEHOLD, self._household), fact.name
        if fact.level == AREA:
            return (AREA, self._area), fact.name
        row = fact.row or 0
        if fact.level == PERSON:
            return (PERSON, self._people[row]), fact.name
        name = f"@{fact.level}"
        if self._policy.levels[fact.level].belongs_to == PERSON:
            owner = self._found.rows.tables[fact.level][row][ROW_OWNER]
            return (PERSON, self._people[int(str(owner))]), name
        return (HOUSEHOLD, self._household), name

    def _of_subjects(self) -> Q:
        return (
            Q(household_id=self._household, person_id=None)
            | Q(person_id__in=self._people)
            | Q(area_id=self._area)
        )

    def _changed(self, snapshot: Snapshot) -> bool:
        """Whether anything was recorded or undone after the snapshot knew, or speaks of a later day."""
        later = Q(recorded_at__gt=snapshot.known_at) | Q(observed_on__gt=snapshot.as_of)
        later |= Q(brought_by__undone_at__gt=snapshot.known_at)
        return Observation.objects.filter(self._of_subjects(), later).exists()

    def _as_it_is(self) -> dict[Subject, _Known]:
        known: dict[Subject, _Known] = {}
        columns = ("pk", "origins", "observation_id")
        for pk, origins, number in HouseholdFacts.objects.filter(pk=self._household).values_list(*columns):
            known[HOUSEHOLD, pk] = _Known(origins, number)
        for pk, origins, number in PersonFacts.objects.filter(pk__in=self._people).values_list(*columns):
            known[PERSON, pk] = _Known(origins, number)
        for pk, origins, number in AreaFacts.objects.filter(pk=self._area).values_list(*columns):
            known[AREA, pk] = _Known(origins, number)
        return known

    def _as_it_was(self, snapshot: Snapshot) -> dict[Subject, _Known]:
        seen: dict[Subject, list[Seen]] = {}
        rows = Observation.objects.filter(COUNTS, self._of_subjects(), recorded_at__lte=snapshot.known_at)
        for row in rows.order_by("id"):
            subject, one = seen_of(row)
            seen.setdefault(subject, []).append(as_of(one, snapshot.as_of))
        known: dict[Subject, _Known] = {}
        for (level, pk), observed in seen.items():
            current: Current | None = current_of(self._policy, level, observed)
            if current is not None:
                known[level, pk] = _Known(current.origins, current.observation)
        return known


def as_of(seen: Seen, day: date) -> Seen:
    """An observation without what speaks of a later day."""
    facts = {name: value for name, value in seen.facts.items() if seen.day_of(seen.level, name) <= day}
    records = seen.records if seen.observed_on <= day else {}
    return Seen(
        seen.id, seen.level, seen.source, seen.observed_on, facts, records, seen.corrects, seen.origins
    )
