# SPDX-License-Identifier: Apache-2.0
"""Decides how it is told what an observation changed: before and after in words, and what counts instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from hearthline.accounts.models import Officer
from hearthline.engine.rules.policy import Policy
from hearthline.registry.effects import Effect, effects_of
from hearthline.registry.models import Observation
from hearthline.registry.queries import PastValue
from hearthline.site.facts import said, source_title, value_words
from hearthline.ui.wording import short_day


@dataclass(frozen=True)
class ToldEffect:
    """One fact: its label, the value before, the one written, and what is to be said of it."""

    label: str
    before: str
    written: str
    changed: bool
    counts: bool
    note: str


@dataclass(frozen=True)
class ToldLines:
    """Records of one kind, before and after."""

    title: str
    before: int
    now: int


@dataclass(frozen=True)
class ToldEffects:
    """What one observation changed."""

    observation: Observation
    subject: str
    source: str
    effects: Sequence[ToldEffect]
    lines: Sequence[ToldLines]


def told_effects(
    *, by: Officer, on: date, household_id: int, observation_id: int, language: str
) -> ToldEffects:
    """What an observation of a household changed, in words. Raises ``accounts.not-found``."""
    row, policy, effects, lines = effects_of(
        by=by, on=on, household_id=household_id, observation_id=observation_id
    )
    return ToldEffects(
        observation=row,
        subject=row.person.name if row.person else "",
        source=f"{source_title(policy, row.source, language)} {short_day(row.observed_on)}",
        effects=[_told(policy, each, language) for each in effects],
        lines=[
            ToldLines(said(policy.levels[one.level].title, language), one.before, one.now) for one in lines
        ],
    )


def _told(policy: Policy, effect: Effect, language: str) -> ToldEffect:
    before = effect.before
    changed = before is None or before.value != effect.now.value
    return ToldEffect(
        label=said(effect.fact.label, language),
        before=_words(effect, before, language) if before else gettext("nothing"),
        written=_words(effect, effect.written, language),
        changed=changed,
        counts=effect.counts,
        note=_note(policy, effect, language),
    )


def _note(policy: Policy, effect: Effect, language: str) -> str:
    if effect.counts:
        return ""
    words = {
        "value": _words(effect, effect.now, language),
        "source": source_title(policy, effect.now.source, language),
        "day": short_day(effect.now.observed_on),
    }
    return gettext("%(value)s still counts: %(source)s, %(day)s, is trusted more or is newer.") % words


def _words(effect: Effect, past: PastValue, language: str) -> str:
    return gettext("hidden from your role") if past.hidden else value_words(effect.fact, past.value, language)
