# SPDX-License-Identifier: Apache-2.0
"""Decides what of the reasons is kept from who may not see sensitive facts, such as health.

Hidden are sensitive facts, values of one person that rest on them, and every condition or count made of
these; the answer of a criterion and the values of the household stay, since the decision rests on them.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext

from hearthline.engine.rules.policy import HOUSEHOLD, Criterion, Derived, Policy
from hearthline.engine.rules.reasons import Reason
from hearthline.engine.rules.tree import FactRef, Node, RuleRef

SENSITIVE = "sensitive"
_STAY = frozenset({"criterion", "rule"})
_NAMES: dict[str, frozenset[str]] = {}


def sensitive_names(policy: Policy) -> frozenset[str]:
    """The facts that are sensitive, and the values of a person that rest on them."""
    if policy.version_hash not in _NAMES:
        names = {
            fact.name
            for facts in policy.facts.values()
            for fact in facts.values()
            if fact.sensitivity == SENSITIVE
        }
        rules: list[Derived | Criterion] = [*policy.derived.values(), *policy.criteria.values()]
        of_person = [rule for rule in rules if rule.level != HOUSEHOLD]
        before = -1
        while len(names) != before:
            before = len(names)
            names |= {rule.name for rule in of_person if _rests_on(rule.tree, names)}
        _NAMES[policy.version_hash] = frozenset(names)
    return _NAMES[policy.version_hash]


def _rests_on(tree: Node, names: set[str]) -> bool:
    return any(isinstance(part, FactRef | RuleRef) and part.name in names for part in tree.walk())


def masked(reason: Reason, names: frozenset[str]) -> Reason:
    """The reason without what is sensitive."""
    return _masked(reason, names)[0]


def _masked(reason: Reason, names: frozenset[str]) -> tuple[Reason, bool]:
    """The same, and whether anything directly below was hidden."""
    if reason.kind in ("fact", "rule") and reason.name in names:
        return _hidden(reason), True
    parts = [_masked(child, names) for child in reason.children]
    children = tuple(part for part, _ in parts)
    touched = any(hidden for _, hidden in parts)
    if touched and reason.kind not in _STAY:
        return replace(_hidden(reason), children=children), True
    return replace(reason, children=children), False


def _hidden(reason: Reason) -> Reason:
    return replace(
        reason,
        value=gettext("not shown: sensitive"),
        answer=None,
        unknown=False,
        source="",
        children=(),
    )
