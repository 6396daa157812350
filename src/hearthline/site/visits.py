# SPDX-License-Identifier: Apache-2.0
"""Decides what the form of a visit asks: the facts of one household or person from one source, by topic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearthline.engine.rules.policy import Fact, Policy
from hearthline.registry.documents import record_levels
from hearthline.registry.queries import FactView, RecordView
from hearthline.registry.services import LinesChanged
from hearthline.site.fact_fields import NOT_TAKEN, FactField
from hearthline.site.facts import said, source_words, value_words

PREFERRED = "visit"
"""The source that a visitor means unless he chooses another, where the package has it."""
MOST_LINES = 30
_LONGEST_EVIDENCE = 300


@dataclass(frozen=True)
class Subject:
    """Whom the visit is of, what is known, and how far the officer sees."""

    policy: Policy
    level: str
    facts: Sequence[FactView]
    records: Mapping[str, Sequence[RecordView]]
    sensitive: bool
    version: int
    language: str


@dataclass(frozen=True)
class Group:
    """Fields under one heading; ``open`` where something is wrong or was typed."""

    name: str
    title: str
    fields: Sequence[BoundField]
    open: bool


@dataclass(frozen=True)
class KnownLine:
    """A record that is known: its words, and the tick that leaves it out."""

    words: str
    tick: BoundField


@dataclass(frozen=True)
class Lines:
    """The records of one level: those known, and empty ones for new."""

    level: str
    title: str
    known: Sequence[KnownLine]
    new: Sequence[Sequence[BoundField]]
    counter: BoundField
    open: bool
    full: bool


@dataclass(frozen=True)
class Given:
    """What a form says."""

    facts: Mapping[str, object]
    lines: Mapping[str, LinesChanged] = field(default_factory=dict)


def sources_of(policy: Policy, level: str) -> list[str]:
    """The sources from which a fact of the level may come, the visit first."""
    facts = policy.facts.get(level, {}).values()
    named = [name for name in policy.sources if any(_may_come(fact, name) for fact in facts)]
    return sorted(named, key=lambda name: name != PREFERRED)


def _may_come(fact: Fact, source: str) -> bool:
    return not fact.sources or source in fact.sources


class VisitForm(forms.Form):
    """What was seen or declared on one day. ``lines`` says how many empty records each level offers."""

    observed_on = forms.DateField(
        label=_("Day of the visit or declaration"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write a day as year, month and day, such as 2017-12-31.")},
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=_LONGEST_EVIDENCE,
        help_text=_("What it rests on, such as the number of a photo or of a paper."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput)
    source = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, subject: Subject, source: str, on: date, lines: Mapping[str, int], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._subject, self._source, self._on = subject, source, on
        self._facts = [fact for fact in subject.policy.facts[subject.level].values() if self._asked(fact)]
        self._levels = [
            level for level in record_levels(subject.policy, subject.level) if self._level_asked(level)
        ]
        known = {view.fact.name: view for view in subject.facts}
        for fact in self._facts:
            so_far = self._so_far(known[fact.name]) if fact.name in known else ""
            self.fields[f"f-{fact.name}"] = FactField(fact, subject.language, so_far=so_far)
        self._new = {level: min(max(lines.get(level, 1), 1), MOST_LINES) for level in self._levels}
        for level in self._levels:
            self._add_lines(level)

    def _asked(self, fact: Fact) -> bool:
        return _may_come(fact, self._source) and (self._subject.sensitive or fact.sensitivity != "sensitive")

    def _level_asked(self, level: str) -> bool:
        facts = self._subject.policy.facts.get(level, {}).values()
        hidden = not self._subject.sensitive and any(fact.sensitivity == "sensitive" for fact in facts)
        needed = [fact for fact in facts if fact.required] or list(facts)
        return bool(needed) and not hidden and all(_may_come(fact, self._source) for fact in needed)

    def _so_far(self, view: FactView) -> str:
        subject = self._subject
        words = {
            "value": value_words(view.fact, view.value, subject.language),
            "source": source_words(subject.policy, view, subject.language),
        }
        return gettext("So far: %(value)s (%(source)s).") % words

    def _add_lines(self, level: str) -> None:
        language = self._subject.language
        for record in self._subject.records.get(level, ()):
            words = gettext("no longer holds, or was wrong")
            self.fields[f"d-{level}-{record.key}"] = forms.BooleanField(label=words, required=False)
        for place in range(self._new[level]):
            for fact in self._line_facts(level):
                self.fields[_line_field(level, place, fact)] = FactField(fact, language)
        counter = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=self._new[level])
        self.fields[f"n-{level}"] = counter

    def _line_facts(self, level: str) -> list[Fact]:
        facts = self._subject.policy.facts[level].values()
        return [fact for fact in facts if _may_come(fact, self._source)]

    def clean(self) -> dict[str, Any]:
        """A day that has come, and records with all that they need."""
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("observed_on")
        if day is not None and day > self._on:
            self.add_error("observed_on", gettext("This day is still to come."))
        for level, place in self._lines():
            facts = self._line_facts(level)
            taken = [cleaned.get(_line_field(level, place, fact), None) is not NOT_TAKEN for fact in facts]
            for fact in facts:
                name = _line_field(level, place, fact)
                if any(taken) and fact.required and cleaned.get(name) is NOT_TAKEN:
                    words = gettext("A record cannot do without it: %(label)s.")
                    self.add_error(name, words % {"label": said(fact.label, self._subject.language)})
        if not self.errors and not self._says_something():
            raise forms.ValidationError(gettext("Nothing was written down yet: give at least one value."))
        return cleaned

    def _lines(self) -> Iterator[tuple[str, int]]:
        for level in self._levels:
            for place in range(self._new[level]):
                yield level, place

    def _says_something(self) -> bool:
        given = self.given()
        return bool(given.facts or given.lines)

    def given(self) -> Given:
        """What the form says, once it was found right."""
        cleaned = self.cleaned_data
        facts = {
            fact.name: cleaned[f"f-{fact.name}"]
            for fact in self._facts
            if cleaned.get(f"f-{fact.name}", NOT_TAKEN) is not NOT_TAKEN
        }
        lines = {}
        for level in self._levels:
            added = [line for place in range(self._new[level]) if (line := self._line(level, place))]
            records = self._subject.records.get(level, ())
            left_out = [one.key for one in records if cleaned.get(f"d-{level}-{one.key}")]
            if added or left_out:
                lines[level] = LinesChanged(added, left_out)
        return Given(facts, lines)

    def _line(self, level: str, place: int) -> dict[str, object]:
        values = {
            fact.name: self.cleaned_data.get(_line_field(level, place, fact), NOT_TAKEN)
            for fact in self._line_facts(level)
        }
        return {name: value for name, value in values.items() if value is not NOT_TAKEN}

    def heads(self) -> list[BoundField]:
        """The fields that come before the topics."""
        return [self["observed_on"], self["evidence"]]

    def hidden(self) -> list[BoundField]:
        """The fields that nobody sees."""
        return [self["version"], self["token"], self["source"]]

    def groups(self) -> list[Group]:
        """The facts topic by topic, in the order of the package; those of no topic at the end."""
        policy, language = self._subject.policy, self._subject.language
        found = []
        for topic in (*policy.topics, ""):
            fields = [self[f"f-{fact.name}"] for fact in self._facts if fact.topic == topic]
            if fields:
                title = said(policy.topics[topic], language) if topic else gettext("Other")
                found.append(Group(topic or "other", title, fields, _is_open(fields)))
        return found

    def lines(self) -> list[Lines]:
        """The records level by level."""
        return [self._of_level(level) for level in self._levels]

    def _of_level(self, level: str) -> Lines:
        records = self._subject.records.get(level, ())
        known = [KnownLine(self._line_words(one), self[f"d-{level}-{one.key}"]) for one in records]
        new = [
            [self[_line_field(level, place, fact)] for fact in self._line_facts(level)]
            for place in range(self._new[level])
        ]
        title = said(self._subject.policy.levels[level].title, self._subject.language)
        shown = [line.tick for line in known] + [each for line in new for each in line]
        count = self._new[level]
        is_open = count > 1 or _is_open(shown)
        return Lines(level, title, known, new, self[f"n-{level}"], is_open, count >= MOST_LINES)

    def _line_words(self, record: RecordView) -> str:
        language = self._subject.language
        parts = [
            value_words(view.fact, view.value, language) for view in record.facts if view.value is not None
        ]
        return gettext(", ").join(parts)


def _line_field(level: str, place: int, fact: Fact) -> str:
    return f"r-{level}-{place}-{fact.name}"


def _is_open(fields: Sequence[BoundField]) -> bool:
    return any(each.errors or each.value() for each in fields)
