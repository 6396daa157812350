# SPDX-License-Identifier: Apache-2.0
"""Decides what can never be unknown, so that neither a counter nor a check is spent on it."""

from __future__ import annotations

from hearthline.engine.rules.policy import AREA, Policy
from hearthline.engine.rules.tree import (
    And,
    Coalesce,
    Compare,
    DatePart,
    FactRef,
    InList,
    IsNull,
    Literal,
    Node,
    Not,
    Or,
    RuleRef,
    ScreeningDate,
)
from hearthline.engine.rules.types import MAX_DIGITS, Kind


def outgrows(part: Node, scale: int) -> bool:
    """Whether bringing a part to a larger scale could pass 38 digits, which makes it unknown."""
    return part.type.kind is Kind.NUMBER and part.type.digits + scale - part.type.scale > MAX_DIGITS


def rule_tree(policy: Policy, name: str) -> Node:
    """The formula of a derived value or criterion."""
    derived = policy.derived.get(name)
    return derived.tree if derived is not None else policy.criteria[name].tree


def can_be_unknown(node: Node, policy: Policy) -> bool:
    """Whether a node could be unknown for some row; a required fact, a constant and ``is null`` cannot."""
    if isinstance(node, Literal):
        return node.value is None
    if isinstance(node, FactRef):
        # a household may stand in no area, so even a required fact of an area can be missing
        return not node.required or node.level == AREA
    if isinstance(node, IsNull | ScreeningDate):
        return False
    if isinstance(node, RuleRef):
        return can_be_unknown(rule_tree(policy, node.name), policy)
    if isinstance(node, Coalesce):
        return all(can_be_unknown(part, policy) or outgrows(part, node.type.scale) for part in node.operands)
    if isinstance(node, Compare | InList):
        parts = list(node.children())
        scale = max(part.type.scale for part in parts)
        return any(can_be_unknown(part, policy) or outgrows(part, scale) for part in parts)
    if isinstance(node, And | Or | Not | DatePart):
        return any(can_be_unknown(child, policy) for child in node.children())
    return True
