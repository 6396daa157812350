# SPDX-License-Identifier: Apache-2.0
"""Decides which parts of formulas get a column of their own, worked out once before the formulas.

Two reasons: several formulas need the part; or the SQL of the node above would repeat it (a division
names its sides several times), and repeated parts within repeated parts would grow without bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hearthline.engine.rules.algebra import raw_digits
from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.tree import (
    Aggregate,
    Arithmetic,
    Case,
    Coalesce,
    Compare,
    DateShift,
    Extreme,
    FactRef,
    InList,
    IsNull,
    Literal,
    LookupRef,
    Node,
    ParameterRef,
    Rounding,
    RuleRef,
    ScreeningDate,
    Within,
    YearsBetween,
)
from hearthline.engine.rules.types import MAX_DIGITS, Kind
from hearthline.engine.sql.constants import is_constant

_CHEAP = FactRef | RuleRef | Literal | ParameterRef | ScreeningDate | IsNull
_REPEATING = Rounding | Extreme | YearsBetween | DateShift | LookupRef | InList | Within


def shared_layers(roots: Sequence[Node], policy: Policy) -> list[list[Node]]:
    """Parts to work out first, in layers: a part reads only what stands in the layers below its own."""
    survey = _Survey(policy)
    for root in roots:
        survey.visit(root)
    layers: list[list[Node]] = []
    depth: dict[Node, int] = {}
    for part in survey.chosen():
        below = [depth[inner] for inner in part.walk() if inner is not part and inner in depth]
        depth[part] = max(below, default=-1) + 1
        while len(layers) <= depth[part]:
            layers.append([])
        layers[depth[part]].append(part)
    return layers


@dataclass
class _Survey:
    """Counts parts; what lies below a part seen before is not counted again, as it comes with it."""

    policy: Policy
    uses: Counter[Node] = field(default_factory=Counter)
    costly: set[Node] = field(default_factory=set)
    order: list[Node] = field(default_factory=list)
    tangled: dict[Node, bool] = field(default_factory=dict)

    def visit(self, node: Node) -> bool:
        """Survey a node; whether its SQL repeats something, so that repeating it in turn would multiply."""
        if isinstance(node, _CHEAP | Aggregate) or is_constant(node):
            return False
        self.uses[node] += 1
        if node in self.tangled:
            return self.tangled[node]
        repeated = set(map(id, _repeated(node)))
        tangled = bool(repeated)
        for child in node.children():
            inner = self.visit(child)
            if inner and id(child) in repeated:
                self.costly.add(child)
                inner = False
            tangled = tangled or inner
        self.order.append(node)  # children stand before what holds them
        self.tangled[node] = tangled
        return tangled

    def chosen(self) -> list[Node]:
        """The parts that get a column, inner ones first."""
        return [
            node
            for node in self.order
            if (self.uses[node] > 1 or node in self.costly) and not _may_refuse(node, self.policy)
        ]


def _repeated(node: Node) -> Iterator[Node]:
    """The children that the SQL of a node names more than once."""
    if isinstance(node, _REPEATING):
        yield from node.children()
    elif isinstance(node, Case):
        yield from (condition for condition, _ in node.branches)
    elif isinstance(node, Arithmetic):
        kind = node.type.kind
        if (
            kind is Kind.DOUBLE
            or node.op == "/"
            or raw_digits(node.op, node.left.type, node.right.type, node.type) > MAX_DIGITS
        ):
            yield from node.children()
    elif isinstance(node, Compare):
        counted = any(isinstance(side, Aggregate) and side.function == "count" for side in node.children())
        if counted:
            yield from node.children()
    if isinstance(node, Arithmetic | Compare | Coalesce | Case):
        scale = max((child.type.scale for child in node.children()), default=0)
        for child in node.children():
            outgrown = child.type.digits + scale - child.type.scale > MAX_DIGITS
            if child.type.kind is Kind.NUMBER and outgrown:
                yield child


def _may_refuse(node: Node, policy: Policy) -> bool:
    """A lookup that must hold its key stays where it is: there a case may keep it from being asked."""
    return any(
        isinstance(part, LookupRef) and policy.lookups[part.table].missing_is_error for part in node.walk()
    )
