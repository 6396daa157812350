# SPDX-License-Identifier: Apache-2.0
"""Decides the rules of a package: derived values, criteria and evidence of causes, with typed formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.declared_types import Declaration, unit_text, value_type
from hearthline.engine.packages.layers import Entry, ReadLayer, merged
from hearthline.engine.packages.names import refuse_reserved
from hearthline.engine.packages.problems import BAD_CAUSE, BAD_RULE, NAME_CLASH
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.rules import (
    CauseEntry,
    CausesFile,
    CriterionEntry,
    DerivedEntry,
    IndexEntry,
    RulesFile,
    StandardEntry,
)
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Cause, Criterion, Derived, Fact
from hearthline.engine.rules.source import FormulaText, RawRule
from hearthline.engine.rules.tree import Node

R = TypeVar("R", DerivedEntry, CriterionEntry, StandardEntry, IndexEntry)


@dataclass(frozen=True)
class RuleEntries:
    """The rules as written, after all layers."""

    derived: Mapping[str, Entry[DerivedEntry]]
    criteria: Mapping[str, Entry[CriterionEntry]]
    standards: Mapping[str, Entry[StandardEntry]]
    indices: Mapping[str, Entry[IndexEntry]]
    causes: Mapping[str, Entry[CauseEntry]]


def rule_entries(layers: Sequence[ReadLayer], faults: Faults) -> RuleEntries:
    """Join the rules and causes of all layers."""

    def section(pick: Callable[[RulesFile], Mapping[str, R | Removal]], name: str) -> dict[str, Entry[R]]:
        def picked(model: BaseModel) -> Mapping[str, R | Removal]:
            return pick(model) if isinstance(model, RulesFile) else {}

        return merged([read.entries("rules", picked, name) for read in layers], faults)

    return RuleEntries(
        derived=section(lambda file: file.derived, "derived"),
        criteria=section(lambda file: file.criteria, "criteria"),
        standards=section(lambda file: file.standards, "standards"),
        indices=section(lambda file: file.indices, "indices"),
        causes=merged([read.entries("causes", _causes, "causes") for read in layers], faults),
    )


def _causes(model: BaseModel) -> Mapping[str, CauseEntry | Removal]:
    return model.causes if isinstance(model, CausesFile) else {}


def cause_rule(name: str) -> str:
    """The derived value that holds the evidence of a cause."""
    return f"cause_{name}"


def raw_rules(
    entries: RuleEntries, facts: Mapping[str, Mapping[str, Fact]], settings: Settings, faults: Faults
) -> dict[str, RawRule]:
    """Every formula with its place, by the name of its rule; names must be free and formulas locatable."""
    rules = _Rules(facts, settings, faults)
    for name, derived in entries.derived.items():
        rules.add_derived(name, derived)
    for name, criterion in entries.criteria.items():
        rules.add_criterion(name, criterion)
    for name, cause in entries.causes.items():
        rules.add_cause(name, cause)
    return rules.raw


class _Rules:
    """Collects formulas while their names, levels and words are checked."""

    def __init__(self, facts: Mapping[str, Mapping[str, Fact]], settings: Settings, faults: Faults) -> None:
        self.facts = facts
        self.settings = settings
        self.faults = faults
        self.raw: dict[str, RawRule] = {}
        self._owners: dict[str, str] = {}

    def add_derived(self, name: str, entry: Entry[DerivedEntry]) -> None:
        """A derived value, with the type and unit it promises."""
        written = entry.model
        self._claim(name, written.level, "the derived value", entry.key_place())
        self._check_level(name, written.level, "the derived value", entry.place("level"))
        self.settings.check_words(
            written.label, "label", lambda *p: entry.key_place("label", *p), self.faults
        )
        if written.released is not None:
            self.settings.check_words(
                written.released, "released", lambda *p: entry.key_place("released", *p), self.faults
            )
        self.settings.checked_source(written.source, entry.key_place, self.faults)
        self.settings.checked_note(written.note, entry.key_place, self.faults)
        declaration = Declaration(written.type, written.unit, written.scale, entry.key_place)
        value_type(declaration, self.settings, self.faults)
        division = written.division_scale
        with self.faults.kept():
            self.raw[name] = RawRule(
                name,
                written.level,
                entry.document.formula(*entry.path, "formula"),
                written.type,
                unit_text(written.type, written.unit, self.settings),
                written.scale,
                self.settings.division_scale if division is None else division,
            )

    def add_criterion(self, name: str, entry: Entry[CriterionEntry]) -> None:
        """A criterion; its formula is always true, false or unknown."""
        written = entry.model
        self._claim(name, written.level, "the criterion", entry.key_place())
        self._check_level(name, written.level, "the criterion", entry.place("level"))
        texts = (
            (written.label, ("label",)),
            (written.words.met, ("words", "met")),
            (written.words.not_met, ("words", "not_met")),
            (written.words.unknown, ("words", "unknown")),
            (written.remedy, ("remedy",)),
        )
        for words, path in texts:
            self.settings.check_words(words, path[-1], _places(entry, path), self.faults)
        self.settings.checked_source(written.source, entry.key_place, self.faults)
        self.settings.checked_note(written.note, entry.key_place, self.faults)
        division = written.division_scale
        with self.faults.kept():
            formula = entry.document.formula(*entry.path, "good")
            scale = self.settings.division_scale if division is None else division
            self.raw[name] = RawRule(name, written.level, formula, None, "1", None, scale)

    def add_cause(self, name: str, entry: Entry[CauseEntry]) -> None:
        """The evidence of a cause, if it has any, is a boolean of the household."""
        self.settings.check_words(
            entry.model.label, "label", lambda *p: entry.key_place("label", *p), self.faults
        )
        if entry.model.evidence is None:
            return
        rule = cause_rule(name)
        self._claim(rule, HOUSEHOLD, "the evidence of the cause", entry.key_place())
        with self.faults.kept():
            formula = entry.document.formula(*entry.path, "evidence")
            self.raw[rule] = RawRule(
                rule, HOUSEHOLD, formula, "boolean", "1", None, self.settings.division_scale
            )

    def _claim(self, name: str, level: str, noun: str, place: Place) -> None:
        with self.faults.kept():
            refuse_reserved(name, place, level=level, levels=self.settings.levels, rule=True)
        other = self._owners.get(name)
        if other is None and name in self.facts.get(level, {}):
            other = f"a fact of the level {level}"
        if other is not None:
            self.faults.add(NAME_CLASH.error(place, name=name, other=other))
        self._owners.setdefault(name, f"{noun} {name}")

    def _check_level(self, name: str, level: str, noun: str, place: Place) -> None:
        allowed = [each for each in (HOUSEHOLD, PERSON) if each in self.settings.levels]
        if level not in allowed:
            hint = f"Write {' or '.join(allowed)}; sum up a record table in a value of its owner."
            reason = f"rules are not made for the level '{level}'"
            self.faults.add(BAD_RULE.error(place, noun=noun, name=name, reason=reason, hint=hint))


def _places(entry: Entry[CriterionEntry], path: tuple[str, ...]) -> Callable[..., Place]:
    return lambda *more: entry.key_place(*path, *more)


def derived_of(
    entries: RuleEntries, raw: Mapping[str, RawRule], trees: Mapping[str, Node], settings: Settings
) -> dict[str, Derived]:
    """Derived values with their trees, the evidence of causes among them."""
    found = {}
    for name, entry in entries.derived.items():
        written = entry.model
        found[name] = Derived(
            name,
            written.level,
            written.type,
            trees[name].type,
            written.label,
            _text(raw[name].formula),
            trees[name],
            settings.source_words(written.source),
            entry.origin,
            written.covariate,
            written.released or {},
        )
    for name, cause in entries.causes.items():
        rule = cause_rule(name)
        if rule in raw:
            tree, text, label = trees[rule], _text(raw[rule].formula), cause.model.label
            source = settings.source_words(cause.model.source)
            found[rule] = Derived(
                rule, HOUSEHOLD, "boolean", tree.type, label, text, tree, source, cause.origin
            )
    return found


def criteria_of(
    entries: RuleEntries, raw: Mapping[str, RawRule], trees: Mapping[str, Node], settings: Settings
) -> dict[str, Criterion]:
    """Criteria with their trees and words."""
    return {
        name: Criterion(
            name=name,
            level=entry.model.level,
            label=entry.model.label,
            text=_text(raw[name].formula),
            tree=trees[name],
            met=entry.model.words.met,
            not_met=entry.model.words.not_met,
            unknown=entry.model.words.unknown,
            remedy=entry.model.remedy,
            source=settings.source_words(entry.model.source),
            origin=entry.origin,
        )
        for name, entry in entries.criteria.items()
    }


def _text(formula: FormulaText) -> str:
    return formula.text.strip("\n")


def causes_of(entries: RuleEntries, settings: Settings, faults: Faults) -> dict[str, Cause]:
    """The list of causes; two may not have one number."""
    numbers: dict[int, str] = {}
    causes = {}
    for name, entry in entries.causes.items():
        number = entry.model.number
        if number in numbers:
            faults.add(_number_taken(entry, numbers[number]))
        numbers.setdefault(number, name)
        evidence = None if entry.model.evidence is None else cause_rule(name)
        source = settings.checked_source(entry.model.source, entry.key_place, faults)
        causes[name] = Cause(name, number, entry.model.label, evidence, source, entry.origin)
    return causes


def _number_taken(entry: Entry[CauseEntry], other: str) -> HearthlineError:
    reason = f"its number {entry.model.number} is that of the cause {other}"
    return BAD_CAUSE.error(
        entry.place("number"), name=entry.name, reason=reason, hint="Give each cause its own number."
    )
