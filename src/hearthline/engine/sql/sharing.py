# SPDX-License-Identifier: Apache-2.0
"""Decides which parts of formulas are worked out once because several formulas of a step need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.tree import (
    Aggregate,
    FactRef,
    IsNull,
    Literal,
    LookupRef,
    Node,
    ParameterRef,
    RuleRef,
    ScreeningDate,
)
from hearthline.engine.sql.constants import is_constant

_CHEAP = FactRef | RuleRef | Literal | ParameterRef | ScreeningDate | IsNull


def shared_parts(roots: Sequence[Node], policy: Policy) -> list[Node]:
    """The largest parts that occur more than once in the formulas, in order of first use.

    A part that must hold a key of a lookup table stays where it is: there a case may keep it from
    being asked for.
    """
    uses: Counter[Node] = Counter()
    seen: set[Node] = set()
    for root in roots:
        _count(root, uses, seen, policy)
    repeated = {node for node, times in uses.items() if times > 1}
    return [node for node in uses if node in repeated]


def _count(node: Node, uses: Counter[Node], seen: set[Node], policy: Policy) -> None:
    """Count a part; what lies below a part seen before is not counted again, as it comes with it."""
    if isinstance(node, _CHEAP) or is_constant(node):
        return
    if not isinstance(node, Aggregate) and not _may_refuse(node, policy):
        uses[node] += 1
        if node in seen:
            return
        seen.add(node)
    if isinstance(node, Aggregate):
        return
    for child in node.children():
        _count(child, uses, seen, policy)


def _may_refuse(node: Node, policy: Policy) -> bool:
    return any(
        isinstance(part, LookupRef) and policy.lookups[part.table].missing_is_error for part in node.walk()
    )
