# SPDX-License-Identifier: Apache-2.0
"""Decides how a test writes a small package in a few lines: a draft becomes a checked policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hearthline.engine.rules.policy import (
    AREA,
    HOUSEHOLD,
    PERSON,
    Combine,
    Criterion,
    Derived,
    Fact,
    Index,
    Level,
    LookupTable,
    Parameter,
    ParameterValue,
    Policy,
    Standard,
    Value,
)
from hearthline.engine.rules.rulebook import typed_rules
from hearthline.engine.rules.source import FormulaText, RawRule
from hearthline.engine.rules.tree import Node
from hearthline.engine.rules.types import ValueType

FIRST_DAY = date(1, 1, 1)
PLACE = "CN"
NO_WORDS: dict[str, str] = {}


def fact(level: str, name: str, declared: str, kind: ValueType, *, required: bool = False) -> Fact:
    """One entry of a dictionary."""
    return Fact(name=name, level=level, declared=declared, type=kind, label={"en": name}, required=required)


def level(name: str, belongs_to: str | None = None) -> Level:
    """A level with its name for a title."""
    return Level(name, {"en": name}, belongs_to)


def dated(
    value: Value,
    start: date = FIRST_DAY,
    end: date | None = None,
    purpose: str = "standard",
    jurisdiction: str = PLACE,
) -> ParameterValue:
    """One dated value of a parameter."""
    return ParameterValue(jurisdiction, purpose, start, end, value, {"en": "made for a test"})


def parameter(name: str, declared: str, kind: ValueType, *values: ParameterValue) -> Parameter:
    """A dated series."""
    return Parameter(name, declared, kind, {"en": name}, values)


def lookup(
    name: str,
    keys: Mapping[str, ValueType],
    kind: ValueType,
    rows: Mapping[tuple[Value, ...], Value],
    *,
    missing_is_error: bool = False,
) -> LookupTable:
    """A table of the package."""
    return LookupTable(name, {"en": name}, tuple(keys), tuple(keys.values()), kind, rows, missing_is_error)


def standard(
    name: str,
    criteria: Sequence[str] = (),
    combine: Combine = Combine.ALL,
    *,
    at_least: int = 0,
    index: str | None = None,
    default: bool = False,
) -> Standard:
    """A standard that is always in force."""
    return Standard(
        name, {"en": name}, combine, tuple(criteria), at_least, index, FIRST_DAY, None, default=default
    )


@dataclass(frozen=True)
class Rule:
    """A rule of a draft: ``gives`` is its type as a package declares it, None for a criterion."""

    name: str
    formula: str
    gives: str | None = None
    level: str = HOUSEHOLD
    division_scale: int = 6

    def raw(self) -> RawRule:
        """The rule as a package would hand it to the checker; ``gives`` reads ``decimal 4 yuan/year``."""
        words = (self.gives or "").split()
        declared = words[0] if words else None
        scale = next((int(word) for word in words[1:] if word.isdigit()), None)
        unit = next((word for word in words[1:] if not word.isdigit()), "")
        text = FormulaText(self.formula, f"{self.name}.yaml")
        return RawRule(self.name, self.level, text, declared, unit, scale, self.division_scale)


@dataclass
class Draft:
    """A package as a test states it."""

    levels: Sequence[Level]
    facts: Sequence[Fact]
    rules: Sequence[Rule] = ()
    parameters: Sequence[Parameter] = ()
    lookups: Sequence[LookupTable] = ()
    standards: Sequence[Standard] = ()
    indices: Sequence[Index] = ()
    extra: dict[str, Rule] = field(default_factory=dict)

    def dictionary(self) -> dict[str, dict[str, Fact]]:
        """Facts by level and name."""
        known: dict[str, dict[str, Fact]] = {entry.name: {} for entry in self.levels}
        for entry in self.facts:
            known[entry.level][entry.name] = entry
        return known

    def trees(self) -> dict[str, Node]:
        """The typed formula of every rule; raises what the checker finds wrong."""
        return typed_rules(
            levels={entry.name: entry for entry in self.levels},
            facts=self.dictionary(),
            parameters={entry.name: entry for entry in self.parameters},
            lookups={entry.name: entry for entry in self.lookups},
            rules={rule.name: rule.raw() for rule in self.rules},
            jurisdiction=PLACE,
            minor_digits=2,
        )

    def policy(self) -> Policy:
        """The checked package."""
        trees = self.trees()
        return Policy(
            id="test/language",
            title={"en": "Language"},
            description=NO_WORDS,
            languages=("en",),
            jurisdiction=PLACE,
            currency="yuan",
            minor_digits=2,
            division_scale=6,
            start=FIRST_DAY,
            end=None,
            sources={},
            household_weight=None,
            person_weight=None,
            levels={entry.name: entry for entry in self.levels},
            facts=self.dictionary(),
            parameters={entry.name: entry for entry in self.parameters},
            lookups={entry.name: entry for entry in self.lookups},
            derived={rule.name: _derived(rule, trees) for rule in self.rules if rule.gives is not None},
            criteria={rule.name: _criterion(rule, trees) for rule in self.rules if rule.gives is None},
            standards={entry.name: entry for entry in self.standards},
            indices={entry.name: entry for entry in self.indices},
            causes={},
            layers=("test/language",),
            version_hash="0" * 64,
        )


def _derived(rule: Rule, trees: Mapping[str, Node]) -> Derived:
    tree = trees[rule.name]
    declared = (rule.gives or "").split()[0]
    return Derived(rule.name, rule.level, declared, tree.type, {"en": rule.name}, rule.formula, tree)


def _criterion(rule: Rule, trees: Mapping[str, Node]) -> Criterion:
    return Criterion(
        name=rule.name,
        level=rule.level,
        label={"en": rule.name},
        text=rule.formula,
        tree=trees[rule.name],
        met=NO_WORDS,
        not_met=NO_WORDS,
        unknown=NO_WORDS,
        remedy=NO_WORDS,
    )


__all__ = ["AREA", "HOUSEHOLD", "PERSON", "Draft", "Rule", "dated", "fact", "level", "lookup", "parameter"]
