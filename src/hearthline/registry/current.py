# SPDX-License-Identifier: Apache-2.0
"""Decides the current value of each fact: by the source's precedence, then the newest date, with corrections.

Pure: observations in, values and where each came from out. An observation of an undone import is not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hearthline.engine.rules.policy import Policy
from hearthline.registry.documents import Document, Json, Records

LOWEST = 1_000
"""The rank of a source that the package does not name for a fact."""


@dataclass(frozen=True)
class Seen:
    """One observation, as the computation needs it; ``origins`` says of a fact another source and day."""

    id: int
    level: str
    source: str
    observed_on: date
    facts: Document
    records: Records = field(default_factory=dict)
    corrects: int | None = None
    origins: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def origin_of(self, level: str, fact: str) -> tuple[str, date]:
        """The source of one fact, and the day of which it speaks."""
        of_level = self.origins.get(level)
        found = of_level.get(fact) if of_level else None
        if not found:
            return self.source, self.observed_on
        day = found[1] if len(found) > 1 else ""
        return found[0] or self.source, date.fromisoformat(day) if day else self.observed_on

    def source_of(self, level: str, fact: str) -> str:
        """The source of one fact."""
        return self.origin_of(level, fact)[0]

    def day_of(self, level: str, fact: str) -> date:
        """The day of which one fact speaks."""
        return self.origin_of(level, fact)[1]


@dataclass(frozen=True)
class Current:
    """The current values of one subject; ``observation`` is the origin unless ``origins`` names another."""

    facts: Document
    records: Records
    origins: dict[str, int]
    observation: int


@dataclass(frozen=True)
class ValueAt:
    """One value that a fact had: from which observation, source and day."""

    value: Json
    source: str
    observed_on: date
    observation: int
    corrected_by: int | None = None


def values_of(policy: Policy, level: str, fact: str, seen: Iterable[Seen]) -> list[ValueAt]:
    """Every value given for a fact, the one that counts first; a corrected one names its correction.

    The correction of a value keeps the rank and the day of what it corrects, so that correcting an old
    visit does not overrule a newer one.
    """
    given = {one.id: one for one in seen if fact in one.facts}
    corrected: dict[int, int] = {}
    for one in sorted(given.values(), key=lambda item: item.id):
        if one.corrects is not None:
            corrected[one.corrects] = one.id
    sources = policy.facts[level][fact].sources if fact in policy.facts.get(level, {}) else ()
    ranks = {source: rank for rank, source in enumerate(sources)}

    def rank(one: Seen) -> tuple[int, date, int]:
        root = _root(one, given)
        source = root.source_of(level, fact)
        return (-ranks.get(source, LOWEST), root.day_of(level, fact), one.id)

    ordered = sorted(given.values(), key=rank, reverse=True)
    values = [
        ValueAt(
            one.facts[fact],
            one.source_of(level, fact),
            one.day_of(level, fact),
            one.id,
            corrected.get(one.id),
        )
        for one in ordered
    ]
    return sorted(values, key=lambda value: value.corrected_by is not None)


def _root(one: Seen, given: Mapping[int, Seen]) -> Seen:
    while one.corrects is not None and one.corrects in given:
        one = given[one.corrects]
    return one


def current_of(policy: Policy, level: str, seen: Sequence[Seen]) -> Current | None:
    """The current values of one subject of ``level``; None where nothing was observed."""
    if not seen:
        return None
    facts: Document = {}
    where: dict[str, int] = {}
    for fact in sorted({name for one in seen for name in one.facts}):
        best = values_of(policy, level, fact, seen)[0]
        facts[fact], where[fact] = best.value, best.observation
    records: Records = {}
    for name in sorted({name for one in seen for name in one.records}):
        newest = max((one for one in seen if name in one.records), key=lambda one: (one.observed_on, one.id))
        records[name], where[records_origin(name)] = newest.records[name], newest.id
    newest = max(seen, key=lambda one: one.id)
    origin = newest.id if not where else _commonest(where.values())
    return Current(facts, records, {name: at for name, at in where.items() if at != origin}, origin)


def records_origin(level: str) -> str:
    """How the origin of a level of records is named among those of facts."""
    return f"@{level}"


def _commonest(numbers: Iterable[int]) -> int:
    """The number that stands most often; of equals the greatest."""
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return max(counts, key=lambda number: (counts[number], number))
