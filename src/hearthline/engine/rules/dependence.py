# SPDX-License-Identifier: Apache-2.0
"""Decides what differs between two packages: which definitions changed, and which answers can change by it.

A definition is changed where its formula, a parameter it reads, or a table it reads is another one. What
reads a changed answer can change too; everything else has the answer it had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, ParameterValue, Policy, Standard
from hearthline.engine.rules.tree import LookupRef, Node, ParameterRef, RuleRef, ScreeningDate
from hearthline.engine.rules.types import ValueType

FORMULA, PARAMETER, LOOKUP, DATE = "formula", "parameter", "lookup", "date"


@dataclass(frozen=True, order=True)
class Origin:
    """One definition that differs: ``kind`` is ``formula``, ``parameter``, ``lookup`` or ``date``."""

    kind: str
    name: str


@dataclass(frozen=True)
class Dependence:
    """How the answers of one package depend on what differs from another.

    ``origins``: the household rules whose own definition differs, with what differs in it; what differs in
    a rule of people counts for the household rules that read it. ``affected``: every rule of the later
    package whose answer can differ. ``standards``: those whose status can differ; ``indices`` likewise.
    """

    origins: Mapping[str, tuple[Origin, ...]]
    affected: frozenset[str]
    standards: frozenset[str]
    redefined: frozenset[str]
    """Standards that combine otherwise than before, whatever their criteria answer."""
    indices: frozenset[str]


def trees_of(policy: Policy) -> dict[str, Node]:
    """The formula of every derived value and criterion."""
    derived = {name: rule.tree for name, rule in policy.derived.items()}
    return derived | {name: rule.tree for name, rule in policy.criteria.items()}


def level_of(policy: Policy, name: str) -> str:
    """The level that a derived value or criterion belongs to."""
    rule = policy.derived.get(name) or policy.criteria[name]
    return rule.level


def dependence_of(before: Policy, after: Policy, on: date, earlier: date | None = None) -> Dependence:
    """What differs between two packages asked on a date, and what depends on it.

    ``earlier`` is the date on which the first was asked, where that is another one.
    """
    walk = _Walk(before, after, on, on if earlier is None else earlier)
    trees = trees_of(after)
    affected = frozenset(name for name in trees if walk.is_affected(name))
    origins = {
        name: found
        for name in trees
        if level_of(after, name) == HOUSEHOLD and (found := walk.origins_with_people(name))
    }
    redefined = frozenset(
        name for name, standard in after.standards.items() if _redefined(before, after, standard)
    )
    indices = frozenset(
        name
        for name, index in after.indices.items()
        if _bare_index(before, name) != _bare_index(after, name) or affected & set(index.weights)
    )
    standards = frozenset(
        name
        for name, standard in after.standards.items()
        if name in redefined or affected & set(standard.criteria) or standard.index in indices
    )
    return Dependence(origins, affected, standards, redefined, indices)


class _Walk:
    """Follows formulas from what reads to what is read, remembering what was found."""

    def __init__(self, before: Policy, after: Policy, on: date, earlier: date) -> None:
        self.before, self.after, self.days = before, after, (earlier, on)
        self.earlier, self.later = trees_of(before), trees_of(after)
        self._own: dict[str, tuple[Origin, ...]] = {}
        self._affected: dict[str, bool] = {}
        self._people: dict[str, tuple[Origin, ...]] = {}

    def own_origins(self, name: str) -> tuple[Origin, ...]:
        """What differs in the definition of a rule itself."""
        if name not in self._own:
            self._own[name] = tuple(dict.fromkeys(self._differing(name)))
        return self._own[name]

    def _differing(self, name: str) -> Iterator[Origin]:
        tree = self.later[name]
        if name not in self.earlier or self._reworded(name):
            yield Origin(FORMULA, name)
        for node in tree.walk():
            if isinstance(node, ScreeningDate) and self.days[0] != self.days[1]:
                yield Origin(DATE, "")
            if isinstance(node, ParameterRef) and self._value(0, node) != self._value(1, node):
                yield Origin(PARAMETER, node.name)
            if isinstance(node, LookupRef) and self._table(self.before, node) != self._table(
                self.after, node
            ):
                yield Origin(LOOKUP, node.table)

    def _reworded(self, name: str) -> bool:
        moved = level_of(self.before, name) != level_of(self.after, name)
        return moved or bare(self.earlier[name]) != bare(self.later[name])

    def _value(self, side: int, node: ParameterRef) -> object:
        policy = (self.before, self.after)[side]
        found: ParameterValue | None = None
        if node.name in policy.parameters:
            day = self.days[side] if node.year is None else date(node.year, 12, 31)
            found = find_parameter_value(
                policy.parameters[node.name], jurisdiction=node.jurisdiction, purpose=node.purpose, on=day
            )
        return None if found is None else found.value

    def _table(self, policy: Policy, node: LookupRef) -> object:
        table = policy.lookups.get(node.table)
        return None if table is None else (dict(table.rows), table.missing_is_error)

    def is_affected(self, name: str) -> bool:
        """Whether the answer of a rule can differ; types count here, since they decide what overflows."""
        if name not in self._affected:
            tree = self.later[name]
            self._affected[name] = (
                bool(self.own_origins(name))
                or self.earlier[name] != tree
                or any(self.is_affected(part.name) for part in tree.walk() if isinstance(part, RuleRef))
            )
        return self._affected[name]

    def origins_with_people(self, name: str) -> tuple[Origin, ...]:
        """What differs in a rule, and in the rules of people that it reads."""
        if name not in self._people:
            found = dict.fromkeys(self.own_origins(name))
            for part in self.later[name].walk():
                if isinstance(part, RuleRef) and part.level == PERSON:
                    found |= dict.fromkeys(self.origins_with_people(part.name))
            self._people[name] = tuple(found)
        return self._people[name]


def upstream(policy: Policy, names: frozenset[str] | set[str]) -> set[str]:
    """These rules and every rule that they read, directly or through others."""
    trees = trees_of(policy)
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [part.name for part in trees[name].walk() if isinstance(part, RuleRef)]
    return found


def bare(node: Node) -> Node:
    """The formula without the number of digits of its parts, which follow from values and not from words."""
    changed: dict[str, object] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        changed[item.name] = _bare_part(value)
    return replace(node, **changed)  # type: ignore[arg-type]  # the same fields of the same kinds


def _bare_part(value: object) -> object:
    if isinstance(value, Node):
        return bare(value)
    if isinstance(value, ValueType):
        return replace(value, digits=0)
    if isinstance(value, tuple):
        return tuple(_bare_part(part) for part in value)
    return value


def _redefined(before: Policy, after: Policy, standard: Standard) -> bool:
    earlier = before.standards.get(standard.name)
    if earlier is None:
        return True
    index = standard.index
    combined = [
        (each.combine, each.criteria, each.at_least, each.index, each.default) for each in (earlier, standard)
    ]
    return combined[0] != combined[1] or (
        index is not None and _bare_index(before, index) != _bare_index(after, index)
    )


def _bare_index(policy: Policy, name: str) -> object:
    index = policy.indices.get(name)
    return None if index is None else (index.cutoff, index.missing, index.weights)
