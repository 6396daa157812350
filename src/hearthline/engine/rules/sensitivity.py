# SPDX-License-Identifier: Apache-2.0
"""Decides which values of a package are sensitive: marked facts, and whatever is computed from them.

A derived value rests on each fact that its formula reads, directly or through another one. It is released
only where the package says so, with a reason. The answer of a household's criterion is released always: it
is what officials decide by; the answer of a person's is not. A table of records of which every fact is
sensitive is so itself: how many rows there are tells as much as what stands in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from hearthline.engine.rules.policy import HOUSEHOLD, Criterion, Derived, Policy
from hearthline.engine.rules.tree import Aggregate, FactRef, Node, RuleRef

SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Sensitive:
    """What is sensitive of a package: facts by level and name, tables of records, values and criteria."""

    facts: frozenset[tuple[str, str]]
    levels: frozenset[str]
    rules: frozenset[str]

    def rests_on(self, tree: Node) -> bool:
        """Whether a formula reads anything sensitive."""
        return any(self._is(part) for part in tree.walk())

    def _is(self, part: Node) -> bool:
        if isinstance(part, FactRef):
            return (part.level, part.name) in self.facts
        if isinstance(part, RuleRef):
            return part.name in self.rules
        return isinstance(part, Aggregate) and part.level in self.levels


def sensitive_of(policy: Policy) -> Sensitive:
    """What is sensitive of a package."""
    facts = frozenset(
        (fact.level, fact.name)
        for of_level in policy.facts.values()
        for fact in of_level.values()
        if fact.sensitivity == SENSITIVE
    )
    levels = frozenset(
        level.name
        for level in policy.record_levels()
        if policy.facts.get(level.name)
        and all((level.name, name) in facts for name in policy.facts[level.name])
    )
    rules: list[Derived | Criterion] = [
        *(rule for rule in policy.derived.values() if not rule.released),
        *(rule for rule in policy.criteria.values() if rule.level != HOUSEHOLD),
    ]
    found = Sensitive(facts, levels, frozenset())
    while True:
        names = found.rules | {rule.name for rule in rules if found.rests_on(rule.tree)}
        if names == found.rules:
            return found
        found = Sensitive(facts, levels, names)
