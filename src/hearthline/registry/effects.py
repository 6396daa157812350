# SPDX-License-Identifier: Apache-2.0
"""Decides what an observation changed: what counted before it, what counts with it, and if it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, scope_of
from hearthline.engine.rules.policy import Fact, Policy
from hearthline.registry.current import Seen, ValueAt, values_of
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.documents import Json, read_value
from hearthline.registry.models import Observation
from hearthline.registry.observed import observations_of, seen_of
from hearthline.registry.queries import PastValue, household_in_scope
from hearthline.registry.rules import VIEW_SENSITIVE


@dataclass(frozen=True)
class Effect:
    """One fact of an observation: what was written, what counted before, and what counts with it."""

    fact: Fact
    written: PastValue
    before: PastValue | None
    now: PastValue

    @property
    def counts(self) -> bool:
        """Whether what was written is what counts."""
        return self.now.observation == self.written.observation


@dataclass(frozen=True)
class LinesEffect:
    """How many records of a level the observation names, and how many were known before it."""

    level: str
    before: int
    now: int


def effects_of(
    *, by: Officer, on: date, household_id: int, observation_id: int
) -> tuple[Observation, Policy, Sequence[Effect], Sequence[LinesEffect]]:
    """What an observation of a household or of one of its people changed, as known when it was written."""
    household = household_in_scope(by=by, on=on, household_id=household_id)
    row = Observation.objects.select_related("person").filter(household=household, pk=observation_id).first()
    if row is None:
        raise NOT_FOUND.error()
    sensitive = scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(household.area_path)
    _, policy = dictionary_of(household.area_path, on)
    subject, _seen = seen_of(row)
    seen = [one for one in observations_of(households=[household_id])[subject] if one.id <= row.pk]
    earlier = [one for one in seen if one.id < row.pk]
    facts = policy.facts.get(subject[0], {})
    found = [
        _effect(policy, facts[name], row, earlier, seen, sensitive) for name in facts if name in row.facts
    ]
    lines = [
        LinesEffect(level, len(_last(earlier, level)), len(kept))
        for level, kept in row.records.items()
        if sensitive or not _hidden(policy, level)
    ]
    return row, policy, found, lines


def _effect(
    policy: Policy,
    fact: Fact,
    row: Observation,
    earlier: Sequence[Seen],
    seen: Sequence[Seen],
    sensitive: bool,
) -> Effect:
    before = values_of(policy, fact.level, fact.name, earlier)
    now = values_of(policy, fact.level, fact.name, seen)
    written = next(value for value in now if value.observation == row.pk)
    hidden = fact.sensitivity == "sensitive" and not sensitive
    return Effect(
        fact=fact,
        written=_past(fact, written, now[0], hidden),
        before=_past(fact, before[0], before[0], hidden) if before else None,
        now=_past(fact, now[0], now[0], hidden),
    )


def _past(fact: Fact, value: ValueAt, current: ValueAt, hidden: bool) -> PastValue:
    return PastValue(
        value=None if hidden else read_value(fact, value.value),
        hidden=hidden,
        source=value.source,
        observed_on=value.observed_on,
        observation=value.observation,
        current=value.observation == current.observation,
        corrected_by=value.corrected_by,
    )


def _last(seen: Sequence[Seen], level: str) -> dict[str, dict[str, Json]]:
    found = [one for one in seen if level in one.records]
    return max(found, key=lambda one: (one.observed_on, one.id)).records[level] if found else {}


def _hidden(policy: Policy, level: str) -> bool:
    return all(fact.sensitivity == "sensitive" for fact in policy.facts.get(level, {}).values())
