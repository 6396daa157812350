# SPDX-License-Identifier: Apache-2.0
"""Decides the order of a screening: which rules need which, and at which pass over the rows each can run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.tree import Aggregate, FactRef, Node, RuleRef


@dataclass
class Rule:
    """A derived value or criterion in the order of work."""

    name: str
    level: str
    tree: Node


@dataclass
class Needs:
    """Rules by level in an order in which each comes after what it needs, with the pass of each.

    Pass 0 over a table needs no answer of the household; pass 1 needs household answers of pass 0,
    and so on. Most packages need pass 0 only, so each table is read once.
    """

    rules: Mapping[str, Rule]
    ordered: list[str] = field(default_factory=list)
    passes: dict[str, int] = field(default_factory=dict)
    aggregate_passes: dict[Aggregate, int] = field(default_factory=dict)

    @property
    def last_pass(self) -> int:
        """The highest pass any rule needs."""
        return max(self.passes.values(), default=0)

    def at(self, level: str, number: int) -> list[Rule]:
        """The rules of a level that run in a pass, in order."""
        return [
            self.rules[name]
            for name in self.ordered
            if self.rules[name].level == level and self.passes[name] == number
        ]

    def aggregates_at(self, level: str, owner: str, number: int) -> list[Aggregate]:
        """Distinct aggregates over a table, asked for by rules of ``owner``, in a pass."""
        found: dict[Aggregate, None] = {}
        for name in self.ordered:
            if self.rules[name].level != owner:
                continue
            for node in self.rules[name].tree.walk():
                if not isinstance(node, Aggregate) or node.level != level:
                    continue
                if self.aggregate_passes[node] == number:
                    found[node] = None
        return list(found)


def needs_of(policy: Policy, wanted: set[str] | None = None) -> Needs:
    """Order the rules of a package; ``wanted`` keeps only those and what they need."""
    rules = {
        **{name: Rule(name, rule.level, rule.tree) for name, rule in policy.derived.items()},
        **{name: Rule(name, rule.level, rule.tree) for name, rule in policy.criteria.items()},
    }
    needs = Needs(rules)
    for name in rules:
        if wanted is None or name in wanted:
            _visit(name, needs)
    return needs


def _visit(name: str, needs: Needs) -> None:
    if name in needs.passes:
        return
    rule = needs.rules[name]
    needs.passes[name] = _pass_of(rule.tree, rule.level, needs)
    needs.ordered.append(name)


def _pass_of(node: Node, level: str, needs: Needs) -> int:
    """The pass of a node read at ``level``; a household answer read in a row belongs to the pass before."""
    if isinstance(node, RuleRef):
        _visit(node.name, needs)
        later = 1 if level != HOUSEHOLD and node.level == HOUSEHOLD else 0
        return needs.passes[node.name] + later
    if isinstance(node, Aggregate):
        inner = max((_pass_of(child, node.level, needs) for child in node.children()), default=0)
        needs.aggregate_passes[node] = inner
        return inner
    return max((_pass_of(child, level, needs) for child in node.children()), default=0)


def facts_read(nodes: list[Node], level: str) -> list[str]:
    """Names of the facts of a level that occur in any of the trees, in order of first use."""
    names: dict[str, None] = {}
    for node in nodes:
        for part in node.walk():
            if isinstance(part, FactRef) and part.level == level:
                names[part.name] = None
    return list(names)


def rules_read(nodes: list[Node], level: str) -> list[str]:
    """Names of the rules of a level that occur in any of the trees."""
    names: dict[str, None] = {}
    for node in nodes:
        for part in node.walk():
            if isinstance(part, RuleRef) and part.level == level:
                names[part.name] = None
    return list(names)
