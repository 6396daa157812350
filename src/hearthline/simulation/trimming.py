# SPDX-License-Identifier: Apache-2.0
"""Decides the part of a changed package that has to be worked out again, over what a run already holds.

The rules that depend on a change keep their formulas. A rule that does not, but is read by one that does,
becomes a fact: a column of the run. What remains is a package like any other, for the same compiler.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hearthline.engine.rules.dependence import Dependence, level_of, trees_of
from hearthline.engine.rules.policy import (
    AREA,
    HOUSEHOLD,
    PERSON,
    Combine,
    Criterion,
    Derived,
    Fact,
    Policy,
    Standard,
)
from hearthline.engine.rules.tree import Aggregate, FactRef, Node, RuleRef
from hearthline.engine.rules.types import ValueType
from hearthline.engine.rules.types import double as double_of
from hearthline.engine.sql.needs import facts_read

MARK = "@run"
"""Ends the name of a column that comes from the run; no name of a package can hold it."""


@dataclass(frozen=True)
class Trimmed:
    """A package of the affected rules alone.

    ``given`` says by level which rules the run gives, and of which type; ``facts``, which facts of the
    snapshot are still read.
    """

    policy: Policy
    given: Mapping[str, Mapping[str, ValueType]]
    facts: Mapping[str, tuple[str, ...]]


def walked(trees: Iterable[Node]) -> Iterator[Node]:
    """Every node of some formulas."""
    for tree in trees:
        yield from tree.walk()


def given_column(name: str) -> str:
    """The column of a given rule in the table that is shown to the plan."""
    return f"{name}{MARK}"


def trimmed(
    policy: Policy, dependence: Dependence, wanted: frozenset[str], *, own_weights: bool = False
) -> Trimmed:
    """What has to be worked out to answer ``wanted`` (rules) and the statuses that can differ.

    ``own_weights``: the package weighs households otherwise than that of the run, so that the weights are
    worked out too.
    """
    return _Trimming(policy, dependence, own_weights).result(wanted)


class _Trimming:
    """Gathers, from what is wanted downward, the rules to compute and the columns to take."""

    def __init__(self, policy: Policy, dependence: Dependence, own_weights: bool) -> None:
        self.policy, self.dependence = policy, dependence
        self.own_weights = own_weights
        self.trees = trees_of(policy)
        self.kept: dict[str, Node] = {}
        self.given: dict[str, dict[str, ValueType]] = {HOUSEHOLD: {}, PERSON: {}}

    def result(self, wanted: frozenset[str]) -> Trimmed:
        """The trimmed package."""
        standards = self._standards()
        indices = {standard.index for standard in standards.values()} | self.dependence.indices
        for name in sorted(wanted):
            self._need(name)
        for standard in standards.values():
            for name in standard.criteria:
                self._need(name)
        for index in self.policy.indices.values():
            if index.name in indices:
                for name in index.weights:
                    self._need(name)
        weights = self._weights()
        trees = list(self.kept.values())
        levels = {HOUSEHOLD, AREA, PERSON, *self.policy.levels}
        read = {level: self._snapshot_facts(trees, level, weights) for level in levels}
        counted = weights[1] is None  # people are weighed by those who are listed
        people = counted or any(
            isinstance(part, Aggregate) and part.level == PERSON for part in walked(trees)
        )
        people = people or any(level_of(self.policy, name) == PERSON for name in self.kept)
        policy = replace(
            self.policy,
            levels={name: each for name, each in self.policy.levels.items() if people or name != PERSON},
            facts=self._facts(),
            derived={name: self._derived(name) for name in self._of(self.policy.derived)},
            criteria={name: self._criterion(name) for name in self._of(self.policy.criteria)},
            standards=standards,
            indices={name: self.policy.indices[name] for name in sorted(filter(None, indices))},
            causes={},
            household_weight=weights[0],
            person_weight=weights[1],
        )
        return Trimmed(policy, self.given, {level: names for level, names in read.items() if names})

    def _snapshot_facts(
        self, trees: list[Node], level: str, weights: tuple[str | None, str | None]
    ) -> tuple[str, ...]:
        own = self.policy.facts.get(level, {})
        names = dict.fromkeys(facts_read(trees, level))
        if level == HOUSEHOLD:
            names |= dict.fromkeys(name for name in weights if name is not None)
        return tuple(name for name in names if name in own)

    def _standards(self) -> dict[str, Standard]:
        """The statuses that can differ. One is always the default; a stand-in decides nothing."""
        own = {name: self.policy.standards[name] for name in sorted(self.dependence.standards)}
        default = self.policy.default_standard
        if default.name not in own:
            own[default.name] = replace(default, combine=Combine.ALL, criteria=(), index=None)
        return own

    def _weights(self) -> tuple[str | None, str | None]:
        """The run's own weights, unless what they are read from can differ."""
        names = (self.policy.household_weight, self.policy.person_weight)
        if self.own_weights or any(name in self.dependence.affected for name in names):
            for name in names:
                if name in self.trees:
                    self._need(str(name))
            return names
        self.given[HOUSEHOLD] |= {"household_weight": double_of(), "weight": double_of()}
        return given_column("household_weight"), given_column("weight")

    def _need(self, name: str) -> None:
        if name in self.kept:
            return
        tree = self.trees[name]
        level = level_of(self.policy, name)
        if name not in self.dependence.affected:
            self.given[level][name] = tree.type
            self.kept[name] = FactRef(tree.type, level, given_column(name))
            return
        self.kept[name] = tree
        for part in tree.walk():
            if isinstance(part, RuleRef):
                self._need(part.name)

    def _of(self, rules: Mapping[str, object]) -> list[str]:
        return [name for name in rules if name in self.kept]

    def _derived(self, name: str) -> Derived:
        return replace(self.policy.derived[name], tree=self.kept[name])

    def _criterion(self, name: str) -> Criterion:
        return replace(self.policy.criteria[name], tree=self.kept[name])

    def _facts(self) -> dict[str, dict[str, Fact]]:
        facts = {level: dict(own) for level, own in self.policy.facts.items()}
        for level, given in self.given.items():
            for name, kind in given.items():
                column = given_column(name)
                facts.setdefault(level, {})[column] = Fact(column, level, kind.kind.value, kind, {})
        return facts
