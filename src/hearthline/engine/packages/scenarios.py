# SPDX-License-Identifier: Apache-2.0
"""Decides what each scenario of a package gives and expects, in the types of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults, shown
from hearthline.engine.packages.layers import Entry, ReadLayer, SourceFile, merged
from hearthline.engine.packages.names import unknown_reference
from hearthline.engine.packages.problems import BAD_SCENARIO, ENTRY_TWICE, NOT_A_CHOICE
from hearthline.engine.packages.records import RecordReader, Written, merged_household
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.scenarios import ScenarioEntry, ScenariosFile
from hearthline.engine.packages.texts import check_words, words_of
from hearthline.engine.packages.typed_values import Expected, typed_value
from hearthline.engine.rules.evaluator import Record
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.rules.types import Text

CRITERION_WORDS = ("met", "not met", "unknown")
Template = dict[str, object]


@dataclass(frozen=True)
class Expectations:
    """What must come out; criteria and statuses as words, None for an unknown value."""

    status: Mapping[str, str]
    criteria: Mapping[str, str]
    values: Mapping[str, Value]
    persons: tuple[Mapping[str, Value], ...] | None


@dataclass(frozen=True)
class Scenario:
    """One household on one day, and the answers expected of it."""

    name: str
    title: Text
    """The name in each language; ``name`` is that of the first of the package."""
    on: date
    record: Record
    expect: Expectations
    about: Text
    place: Place


def scenarios_of(policy: Policy, layers: Sequence[ReadLayer], run_from: int) -> list[Scenario]:
    """The scenarios of the layers from number ``run_from`` up, with the templates of all layers.

    A scenario of a lower layer speaks of the lower package: it is not expected to hold above it.
    """
    faults = Faults()
    templates = merged([read.entries("scenarios", _templates, "templates") for read in layers], faults)
    scenarios: list[Scenario] = []
    names: dict[str, Place] = {}
    for read in layers[run_from:]:
        for file in read.files:
            scenarios += _scenarios(policy, file, templates, names, faults)
    faults.raise_any()
    return scenarios


def _templates(model: BaseModel) -> Mapping[str, Template | Removal]:
    return model.templates if isinstance(model, ScenariosFile) else {}


def _scenarios(
    policy: Policy,
    file: SourceFile,
    templates: Mapping[str, Entry[Template]],
    names: dict[str, Place],
    faults: Faults,
) -> list[Scenario]:
    if not isinstance(file.model, ScenariosFile) or not file.model.scenarios:
        return []
    found = []
    pieces = Written(file.document.data, file.document, ()).parts()["scenarios"].items()
    for entry, piece in zip(file.model.scenarios, pieces, strict=True):
        reader = _ScenarioReader(policy, entry, piece, faults)
        if reader.name in names:
            faults.add(ENTRY_TWICE.error(reader.place, name=reader.name, first=names[reader.name]))
        names.setdefault(reader.name, reader.place)
        found.append(reader.read(templates))
    return found


class _ScenarioReader:
    """Reads one scenario; every mistake in it is kept."""

    def __init__(self, policy: Policy, entry: ScenarioEntry, piece: Written, faults: Faults) -> None:
        self.policy = policy
        self.entry = entry
        self.piece = piece
        self.faults = faults
        self.place = piece.place
        self.title = words_of(entry.name, policy.languages)
        self.name = next((self.title[each] for each in policy.languages if each in self.title), "")

    def _at(self, *path: str | int) -> Place:
        return self.piece.document.key_place(*self.piece.path, *path)

    def read(self, templates: Mapping[str, Entry[Template]]) -> Scenario:
        """The scenario with its record and expectations in types."""
        entry = self.entry
        self._check_words("name", entry.name)
        self._check_words("about", entry.about)
        self._check_date()
        template = None
        if entry.like is not None:
            found = templates.get(entry.like)
            if found is None:
                self.faults.add(unknown_reference(entry.like, "a template", templates, self._at("like")))
            else:
                template = Written(found.model, found.document, found.path)
        given = Written(entry.given, self.piece.document, (*self.piece.path, "given"))
        pieces = merged_household(template, given, self.faults)
        record = RecordReader(self.policy, self.name, self.place, self.faults).read(pieces)
        persons = self._persons(len(record.tables.get(PERSON, [])))
        expect = Expectations(self._statuses(), self._criteria(), self._values(), persons)
        return Scenario(
            self.name,
            self.title,
            entry.on,
            record,
            expect,
            words_of(entry.about, self.policy.languages),
            self.place,
        )

    def _check_words(self, key: str, written: str | Text | None) -> None:
        if written is None or isinstance(written, str):
            return
        known = self.policy.languages
        check_words(written, key, lambda *p: self._at(key, *p), self.faults, languages=known, known=known)

    def _check_date(self) -> None:
        policy, on = self.policy, self.entry.on
        if on < policy.start or (policy.end is not None and on > policy.end):
            until = f"to {policy.end}" if policy.end else "on"
            reason = f"its date {on} is not one the package is valid for"
            hint = f"Write a date from {policy.start} {until}."
            self.faults.add(BAD_SCENARIO.error(self._at("on"), name=self.name, reason=reason, hint=hint))

    def _statuses(self) -> dict[str, str]:
        expect = self.entry.expect
        found: dict[str, str] = (
            {} if expect.status is None else {self.policy.default_standard.name: expect.status}
        )
        for key, word in (expect.__pydantic_extra__ or {}).items():
            name = key.removeprefix("status_")
            place = self._at("expect", key)
            standard = self.policy.standards.get(name)
            if not key.startswith("status_") or standard is None:
                known = [f"status_{each}" for each in self.policy.standards]
                self.faults.add(unknown_reference(key, "the status by a standard", ["status", *known], place))
            elif not standard.in_force(self.entry.on):
                reason = f"the standard {name} is not in force on {self.entry.on}"
                hint = "Change the date, or delete this line."
                self.faults.add(BAD_SCENARIO.error(place, name=self.name, reason=reason, hint=hint))
            else:
                found[name] = word
        return found

    def _criteria(self) -> dict[str, str]:
        known = [name for name, each in self.policy.criteria.items() if each.level == HOUSEHOLD]
        for name in self.entry.expect.criteria:
            if name not in known:
                place = self._at("expect", "criteria", name)
                self.faults.add(unknown_reference(name, "a household criterion", known, place))
        return dict(self.entry.expect.criteria)

    def _values(self) -> dict[str, Value]:
        return self._answers(HOUSEHOLD, self.entry.expect.values, ("expect", "values"), criteria=False)

    def _persons(self, count: int) -> tuple[Mapping[str, Value], ...] | None:
        persons = self.entry.expect.persons
        if persons is None:
            return None
        if len(persons) != count:
            reason = f"it expects answers for {len(persons)} persons, but has {count}"
            hint = "Write one item for each person, in order; {} where nothing is compared."
            place = self._at("expect", "persons")
            self.faults.add(BAD_SCENARIO.error(place, name=self.name, reason=reason, hint=hint))
        return tuple(
            self._answers(PERSON, each, ("expect", "persons", index), criteria=True)
            for index, each in enumerate(persons)
        )

    def _answers(
        self, level: str, written: Mapping[str, object], path: tuple[str | int, ...], *, criteria: bool
    ) -> dict[str, Value]:
        """Expected values of derived values, and of criteria as words where they may stand here."""
        policy = self.policy
        known = {name for name, each in policy.derived.items() if each.level == level}
        words = {name for name, each in policy.criteria.items() if each.level == level} if criteria else set()
        found: dict[str, Value] = {}
        for name, raw in written.items():
            place = self.piece.document.place(*self.piece.path, *path, name)
            if name in words:
                if raw not in CRITERION_WORDS:
                    hint = "Write met, not met or unknown."
                    self.faults.add(NOT_A_CHOICE.error(place, key=name, value=shown(raw), hint=hint))
                found[name] = str(raw)
            elif name not in known:
                noun = f"a derived value{' or criterion' if criteria else ''} of the {level}"
                self.faults.add(unknown_reference(name, noun, known | words, self._at(*path, name)))
            elif raw is None:
                found[name] = None
            else:
                derived = policy.derived[name]
                expected = Expected(name, derived.declared, derived.type.scale)
                with self.faults.kept():
                    found[name] = typed_value(raw, expected, place)
        return found
