# SPDX-License-Identifier: Apache-2.0
"""Decides the answer for one household by walking the typed trees: the second opinion on the SQL.

It shares only the tree with the compiler. Exact numbers are Decimals that are never rounded except
where the language says so; None is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Combine, Index, Policy, Standard, Value
from hearthline.engine.rules.scores import index_points, index_status
from hearthline.engine.rules.tree import Node
from hearthline.engine.rules.values import Row, evaluate_node

OWNER_KEY = "__person"
"""In a row of a table that belongs to person: the index of its person in ``tables['person']``."""


@dataclass
class Record:
    """All rows of one household: values by fact name; a missing name or None is unknown."""

    household: dict[str, Value] = field(default_factory=dict)
    area: dict[str, Value] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Value]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a screening says of one household; booleans of criteria: True met, False not met, None unknown."""

    values: Mapping[str, Value]
    criteria: Mapping[str, bool | None]
    status: Mapping[str, str]
    persons: tuple[Mapping[str, Value], ...]
    points: Mapping[str, tuple[int, int]]


class Household:
    """One household under evaluation: answers are worked out when asked for and remembered."""

    def __init__(self, policy: Policy, record: Record, on: date) -> None:
        self.policy = policy
        self.record = record
        self.on = on
        self._answers: dict[tuple[str, int], Value] = {}

    def rule_tree(self, name: str) -> Node:
        """The typed formula of a derived value or criterion."""
        derived = self.policy.derived.get(name)
        return derived.tree if derived is not None else self.policy.criteria[name].tree

    def fact(self, level: str, name: str, row: Row) -> Value:
        """A fact of the row, of its person, of the household or of its area."""
        if level == HOUSEHOLD:
            return self.record.household.get(name)
        if level == AREA:
            return self.record.area.get(name)
        return self.record.tables[level][row.index(level)].get(name)

    def answer(self, level: str, name: str, row: Row) -> Value:
        """The value of a rule for the household or for the person of the row."""
        index = -1 if level == HOUSEHOLD else row.index(level)
        key = (name, index)
        if key not in self._answers:
            inner = Row() if level == HOUSEHOLD else Row(((level, index),))
            self._answers[key] = evaluate_node(self.rule_tree(name), self, inner)
        return self._answers[key]

    def rows(self, level: str, row: Row) -> list[Row]:
        """The rows of a table that belong to the household, or to the person of the row."""
        person = row.find(PERSON)
        rows = []
        for index, content in enumerate(self.record.tables.get(level, [])):
            if person is None or level == PERSON or content.get(OWNER_KEY) == person:
                rows.append(Row(((level, index),)))
        return rows

    def status(self, standard: Standard) -> str:
        """``poor``, ``not poor`` or ``unknown`` by one standard."""
        if standard.combine is Combine.INDEX:
            index = self.policy.indices[standard.index or ""]
            return index_status(index, self._indicators(index))
        answers = [self._criterion(name) for name in standard.criteria]
        known_bad = sum(answer is False for answer in answers)
        unknown = sum(answer is None for answer in answers)
        needed = {
            Combine.ALL: 1,
            Combine.ANY: len(answers),
            Combine.COUNT: standard.at_least,
        }[standard.combine]
        if known_bad >= needed:
            return "poor"
        return "not poor" if known_bad + unknown < needed else "unknown"

    def _criterion(self, name: str) -> bool | None:
        answer = self.answer(HOUSEHOLD, name, Row())
        return answer if isinstance(answer, bool) else None

    def _indicators(self, index: Index) -> dict[str, bool | None]:
        return {name: self._criterion(name) for name in index.weights}

    def points(self, index: Index) -> tuple[int, int]:
        """Weighted points of known deprivations, and of indicators that are unknown."""
        return index_points(index, self._indicators(index))


def evaluate(policy: Policy, record: Record, on: date) -> Outcome:
    """Every derived value, criterion and status of one household on a date."""
    return outcome_of(Household(policy, record, on))


def outcome_of(household: Household, *, with_persons: bool = True) -> Outcome:
    """The same for a household under evaluation, which remembers what was worked out.

    Without its persons, what is asked of them is only what its own answers rest on.
    """
    policy, record, on = household.policy, household.record, household.on
    values: dict[str, Value] = {}
    criteria: dict[str, bool | None] = {}
    for name, derived in policy.derived.items():
        if derived.level == HOUSEHOLD:
            values[name] = household.answer(HOUSEHOLD, name, Row())
    for name, criterion in policy.criteria.items():
        if criterion.level == HOUSEHOLD:
            answer = household.answer(HOUSEHOLD, name, Row())
            criteria[name] = answer if isinstance(answer, bool) else None
    status = {
        name: household.status(standard)
        for name, standard in policy.standards.items()
        if standard.in_force(on)
    }
    count = len(record.tables.get(PERSON, [])) if with_persons else 0
    persons = tuple(_person_answers(household, index) for index in range(count))
    points = {name: household.points(index) for name, index in policy.indices.items()}
    return Outcome(values, criteria, status, persons, points)


def _person_answers(household: Household, index: int) -> dict[str, Value]:
    policy = household.policy
    row = Row(((PERSON, index),))
    names = [name for name, rule in policy.derived.items() if rule.level == PERSON]
    names += [name for name, rule in policy.criteria.items() if rule.level == PERSON]
    return {name: household.answer(PERSON, name, row) for name in names}


__all__ = ["OWNER_KEY", "Household", "Outcome", "Record", "evaluate", "outcome_of"]
