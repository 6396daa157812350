# SPDX-License-Identifier: Apache-2.0
"""Decides what a map means for a package: which columns fill which facts, and that nothing is left open."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.rules.units import NO_UNIT
from hearthline.engine.snapshots.schema import DESIGN_COLUMNS
from hearthline.intake import problems
from hearthline.intake.dates import DateForm, date_form, find_two_readings
from hearthline.intake.maps import ColumnRule, FileRule, ImportMap
from hearthline.intake.units import find_factor
from hearthline.intake.values import Reading, Stored, stored_value


@dataclass(frozen=True)
class FactPlan:
    """How one fact is filled from a file: from one column, from several, or with a constant."""

    reading: Reading
    columns: tuple[str, ...]
    missing: tuple[str, ...]
    recode: Mapping[str, str]
    constant: Stored | None = None

    @property
    def fact(self) -> Fact:
        """The fact that is filled."""
        return self.reading.fact


@dataclass(frozen=True)
class EntryPlan:
    """One ``[[file]]`` of the map, resolved: what its rows are and how each fact is read."""

    number: int
    rule: FileRule
    facts: tuple[FactPlan, ...]

    @property
    def level(self) -> str:
        """The level of the rows."""
        return self.rule.level

    @property
    def lists(self) -> bool:
        """Whether the rows say which units exist, rather than add facts to units listed elsewhere."""
        return not self.rule.joins

    @property
    def household_key(self) -> list[str]:
        """The columns that identify the household of a row."""
        return self.rule.key if self.level == HOUSEHOLD else self.rule.household

    @property
    def design(self) -> dict[str, list[str]]:
        """The snapshot's design columns and the columns they come from."""
        rules = (self.rule.design.stratum, self.rule.design.cluster)
        return {name: rule for name, rule in zip(DESIGN_COLUMNS, rules, strict=True) if rule}

    def columns(self) -> list[str]:
        """Every column of the file that is needed, once each."""
        needed = [*self.household_key, *self.rule.key, *self.rule.person]
        needed += [name for plan in self.facts for name in plan.columns]
        needed += [name for area in self.rule.areas for name in (area.code, area.name) if name]
        needed += [name for names in self.design.values() for name in names]
        if self.rule.head:
            needed.append(self.rule.head.column)
        return list(dict.fromkeys(needed))

    def doubles(self) -> set[str]:
        """The columns that feed only binary floating point facts, which keep every bit."""
        exact = {c for plan in self.facts if plan.fact.type.kind is not Kind.DOUBLE for c in plan.columns}
        return {c for plan in self.facts if plan.fact.type.kind is Kind.DOUBLE for c in plan.columns} - exact


@dataclass(frozen=True)
class Plan:
    """A whole map resolved against a package."""

    map: ImportMap
    policy: Policy
    entries: tuple[EntryPlan, ...]
    counted: Mapping[str, str]
    """Household facts that are counts, and the level that is counted."""

    def listing(self, level: str) -> list[EntryPlan]:
        """The entries that say which units of a level exist."""
        return [entry for entry in self.entries if entry.level == level and entry.lists]

    def joining(self, level: str) -> list[EntryPlan]:
        """The entries that add facts to the units of a level."""
        return [entry for entry in self.entries if entry.level == level and not entry.lists]

    @property
    def design(self) -> list[str]:
        """The design columns that the snapshot will have."""
        present = {name for entry in self.listing(HOUSEHOLD) for name in entry.design}
        return [name for name in DESIGN_COLUMNS if name in present]


def planned(import_map: ImportMap, policy: Policy) -> Plan:
    """The map resolved; every contradiction between map and package is told at once."""
    faults: list[HearthlineError] = []
    entries = []
    for number, rule in enumerate(import_map.file):
        if rule.level not in policy.levels and rule.level != AREA:
            levels = ", ".join(policy.levels)
            faults.append(problems.UNKNOWN_LEVEL.error(files=rule.named, level=rule.level, levels=levels))
            continue
        facts = []
        for name, column in rule.columns.items():
            try:
                if column.count_of is None:
                    facts.append(_fact_plan(policy, rule, name, column))
            except HearthlineError as error:
                faults.append(error)
        entries.append(EntryPlan(number, rule, tuple(facts)))
    plan = Plan(import_map, policy, tuple(entries), _counted(import_map))
    faults += [*_link_faults(plan), *_fact_faults(plan), *_check_faults(plan)]
    if faults:
        raise ManyProblems(faults)
    return plan


def _counted(import_map: ImportMap) -> dict[str, str]:
    rules = [rule for rule in import_map.file if rule.level == HOUSEHOLD]
    return {name: col.count_of for rule in rules for name, col in rule.columns.items() if col.count_of}


def _fact_plan(policy: Policy, rule: FileRule, name: str, column: ColumnRule) -> FactPlan:
    known = policy.facts.get(rule.level, {})
    if name not in known:
        nearest = difflib.get_close_matches(name, known, 1, 0.0) or ["no fact"]
        raise problems.UNKNOWN_FACT.error(level=rule.level, fact=name, nearest=nearest[0])
    fact = known[name]
    reading = Reading(
        fact,
        factor=_factor(fact, column),
        rounded=column.round,
        thousands=rule.thousands,
        decimal_mark=rule.decimal_mark,
        forms=_forms(fact, column),
        labels=_labels(fact, column),
        weight=rule.level == HOUSEHOLD and name in (policy.household_weight, policy.person_weight),
    )
    missing = tuple(rule.missing if column.missing is None else column.missing)
    if column.any_of is not None and fact.type.kind is not Kind.BOOLEAN:
        raise _bad_rule(fact, "any_of fills facts of type boolean")
    constant = None
    if column.value is not None:
        text = str(column.value).lower() if isinstance(column.value, bool) else str(column.value)
        try:
            constant = stored_value(text, reading)
        except HearthlineError as error:
            raise _bad_rule(fact, error.message.removesuffix(".")) from error
    _check_recode(reading, column)
    columns = tuple(column.any_of or ([column.column] if column.column is not None else []))
    return FactPlan(reading, columns, missing, column.recode, constant)


def _check_recode(reading: Reading, column: ColumnRule) -> None:
    """Refuse a recode into what the fact cannot hold: every row that has the text would be refused."""
    fact = reading.fact
    for text, target in column.recode.items():
        if target == "":
            continue
        try:
            stored_value(target, reading)
        except HearthlineError as error:
            why = f"recode turns {text!r} into {target!r}: {error.message.removesuffix('.')}"
            if fact.codes:
                nearest = difflib.get_close_matches(target, fact.codes, 1, 0.0) or [min(fact.codes)]
                why = (
                    f"recode turns {text!r} into {target!r}, which is no code; the nearest is {nearest[0]!r}"
                )
            raise _bad_rule(fact, why) from error


def _factor(fact: Fact, column: ColumnRule) -> Fraction:
    if (column.unit or column.factor) and fact.type.kind not in (Kind.NUMBER, Kind.DOUBLE):
        raise _bad_rule(fact, f"a {fact.declared} has no unit")
    if column.factor is not None:
        try:
            factor = Fraction(str(column.factor))
        except (ValueError, ZeroDivisionError) as error:
            raise _bad_rule(fact, f"{column.factor} is not a factor such as 12 or 1/100") from error
        if factor <= 0:
            raise _bad_rule(fact, "a factor must be above zero")
        return factor
    if column.unit is None:
        return Fraction(1)
    try:
        found = find_factor(column.unit, fact.type.unit or NO_UNIT)
    except HearthlineError as error:
        raise _bad_rule(fact, error.message.removesuffix(".")) from error
    if found is None:
        needed = str(fact.type.unit or NO_UNIT)
        raise problems.BAD_CONVERSION.error(
            level=fact.level, fact=fact.name, needed=needed, given=column.unit
        )
    return found


def _forms(fact: Fact, column: ColumnRule) -> tuple[DateForm, ...]:
    if column.formats and fact.type.kind is not Kind.DATE:
        raise _bad_rule(fact, f"a {fact.declared} has no date format")
    forms = []
    for name in column.formats:
        form = date_form(name)
        if form is None:
            raise _bad_rule(fact, f"{name} is not a form of a date; write it with yyyy, mm and dd")
        forms.append(form)
    twice = find_two_readings(forms)
    if twice is not None:
        one, other = twice.forms
        days = " and ".join(day.isoformat() for day in twice.days)
        raise _bad_rule(
            fact, f"{one} and {other} both read {twice.text}, as {days}; keep the one that is meant"
        )
    return tuple(forms)


def _labels(fact: Fact, column: ColumnRule) -> dict[str, str]:
    if column.by_label is None:
        return {}
    labels: dict[str, str] = {}
    for code, label in fact.codes.items():
        text = label.get(column.by_label)
        if text is None or text in labels:
            raise _bad_rule(fact, f"its codes have no distinct labels in {column.by_label}")
        labels[text] = code
    if not labels:
        raise _bad_rule(fact, "by_label is for facts of type code")
    return labels


def _bad_rule(fact: Fact, why: str) -> HearthlineError:
    return problems.BAD_RULE.error(level=fact.level, fact=fact.name, why=why)


def _link_faults(plan: Plan) -> Iterator[HearthlineError]:
    if not plan.listing(HOUSEHOLD):
        yield problems.NO_HOUSEHOLD_FILE.error()
    for entry in plan.entries:
        rule, level = entry.rule, plan.policy.levels.get(entry.level)
        if entry.level == HOUSEHOLD and not rule.key:
            yield problems.NO_LINK.error(files=rule.named, owner=HOUSEHOLD, setting="key")
        elif entry.level == AREA and not rule.areas:
            yield problems.NO_LINK.error(files=rule.named, owner=AREA, setting="areas")
        elif level is not None and level.belongs_to == HOUSEHOLD and not rule.household:
            yield problems.NO_LINK.error(files=rule.named, owner=HOUSEHOLD, setting="household")
        elif level is not None and level.belongs_to == PERSON and not rule.person:
            yield problems.NO_LINK.error(files=rule.named, owner=PERSON, setting="person")
        if rule.person and any(not listing.rule.key for listing in plan.listing(PERSON)):
            yield problems.BAD_CHECK.error(why=f"{rule.named} refers to persons, whose file has no key")
        if rule.joins and (entry.level not in (HOUSEHOLD, PERSON) or not rule.key):
            why = f"{rule.named} joins, which needs the level household or person, and a key"
            yield problems.BAD_CHECK.error(why=why)
        if rule.source is not None and rule.source not in plan.policy.sources:
            known = ", ".join(plan.policy.sources) or "none"
            why = f"{rule.named} comes from {rule.source}, and the package knows the sources {known}"
            yield problems.BAD_CHECK.error(why=why)
        if rule.repeated and (entry.level != HOUSEHOLD or rule.joins):
            yield problems.BAD_CHECK.error(why=f"{rule.named} is repeated and does not list households")


def _fact_faults(plan: Plan) -> Iterator[HearthlineError]:
    for level, facts in plan.policy.facts.items():
        listed = [{p.fact.name for p in entry.facts} for entry in plan.listing(level)]
        joined = [p.fact.name for entry in plan.joining(level) for p in entry.facts]
        counted = list(plan.counted) if level == HOUSEHOLD else []
        everywhere = [*set().union(*listed), *joined, *counted]
        for name in sorted({name for name in everywhere if everywhere.count(name) > 1}):
            yield problems.FACT_TWICE.error(level=level, fact=name)
        for name, fact in facts.items():
            filled = name in joined or name in counted or all(name in names for names in listed)
            if fact.required and listed and not filled:
                yield problems.REQUIRED_UNMAPPED.error(level=level, fact=name)


def _check_faults(plan: Plan) -> Iterator[HearthlineError]:
    known = plan.policy.facts.get(HOUSEHOLD, {})
    size = plan.map.checks.size
    for name, level in plan.counted.items():
        if name not in known or known[name].declared != "integer":
            yield problems.BAD_CHECK.error(
                why=f"count_of fills {name}, which is no whole number of households"
            )
        if level == HOUSEHOLD or not plan.listing(level):
            yield problems.BAD_CHECK.error(why=f"{name} counts {level}, of which no file is given")
    if size is not None and (size not in known or known[size].declared != "integer" or size in plan.counted):
        yield problems.BAD_CHECK.error(
            why=f"size = {size!r} is no whole number that a file gives for households"
        )
    if size is not None and not plan.listing(PERSON):
        yield problems.BAD_CHECK.error(why="size needs a file that lists persons")
