# SPDX-License-Identifier: Apache-2.0
"""Decides how a sensitivity curve is run: one package of copies, one query, one row."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.duckdb_engine import DuckDBEngine
from hearthline.engine.rules.dependence import dependence_of, trees_of
from hearthline.engine.rules.policy import HOUSEHOLD, Derived, Policy
from hearthline.engine.rules.tree import FactRef
from hearthline.engine.sql.terms import cast_to, whole
from hearthline.simulation.asking import Asking, minor_constant
from hearthline.simulation.benefits import Measured, amount_tree, minor_units
from hearthline.simulation.curve import (
    FINE,
    CurvePoint,
    CurveRequest,
    at,
    curve_policy,
    curve_select,
    points_read,
)
from hearthline.simulation.package import ChangedPackage, with_value
from hearthline.simulation.recomputing import RECOMPUTED, Recomputation, Sources
from hearthline.simulation.references import not_poor
from hearthline.simulation.trimming import trimmed
from hearthline.statistics.expressions import Tree, as_double, column
from hearthline.statistics.session import Session, Step

WELFARE = "welfare@curve"
"""The derived value that carries a welfare fact of the snapshot along."""


def curve_points(
    asking: Asking,
    changed: ChangedPackage,
    request: CurveRequest,
    sources: Sources,
    on: date,
    memory: str,
) -> tuple[CurvePoint, ...]:
    """Who would be poor at each value, by one query over the run."""
    curve = _Curve(asking, changed.policy, request, on)
    policy = curve.policy(changed)
    dependence = dependence_of(asking.sides.before, policy, on)
    trim = trimmed(policy, dependence, curve.wanted(policy), own_weights=curve.own_weights)
    recomputation = Recomputation(sources, trim, on)
    costs = curve.costs(policy) if asking.benefits else None
    with (
        tempfile.TemporaryDirectory(prefix="hearthline-") as spill,
        DuckDBEngine(memory=memory, spill=Path(spill)) as engine,
    ):
        session = Session(engine.connection)
        recomputation.define(session, kept=False)
        tree = curve_select(RECOMPUTED, fine_columns(policy, request), costs)
        row = session.fetch(Step("curve", tree)).to_pylist()[0]
    return points_read(row, request, costs is not None)


def fine_names(policy: Policy, request: CurveRequest) -> frozenset[str]:
    """The copies that say of each point whether a household is not poor, where there are such."""
    names = {at(FINE, place) for place in range(len(request.values))}
    return frozenset(names & set(policy.derived))


def fine_columns(policy: Policy, request: CurveRequest) -> list[Tree]:
    """Whether a household is not poor at every point: worked out as such, or read from its status."""
    default = policy.default_standard.name
    return [
        column(at(FINE, place))
        if at(FINE, place) in policy.derived
        else not_poor(column(f"status_{at(default, place)}"))
        for place in range(len(request.values))
    ]


@dataclass(frozen=True)
class _Curve:
    """The names of the copies that one curve needs."""

    asking: Asking
    after: Policy
    request: CurveRequest
    on: date

    @property
    def own_weights(self) -> bool:
        """Whether the changed package weighs households otherwise than that of the run."""
        names = ("household_weight", "person_weight")
        return any(getattr(self.asking.sides.before, name) != getattr(self.after, name) for name in names)

    @property
    def extra(self) -> frozenset[str]:
        """Rules besides the criteria that cost depends on: amounts, welfare and line."""
        later = self.asking.specifications[1]
        names = {benefit.name for benefit in self.asking.benefits if benefit.name}
        if any(benefit.kind == "gap" for benefit in self.asking.benefits):
            names |= {str(later.welfare), str(later.line.column) if later.line else ""}
        return frozenset(names & set(trees_of(self.after)))

    def policy(self, changed: ChangedPackage) -> Policy:
        """The package of copies, with types that have room for the largest value."""
        largest = max(self.request.values, key=abs)
        whole_policy = with_value(changed, self.request.parameter, largest, self.on)
        policy = curve_policy(whole_policy, self.request, self.on, self.extra)
        welfare = self.asking.specifications[1].welfare
        if welfare is not None and welfare in policy.facts[HOUSEHOLD] and self._fills_gap:
            kind = policy.facts[HOUSEHOLD][welfare].type
            carried = Derived(WELFARE, HOUSEHOLD, "money", kind, {}, "", FactRef(kind, HOUSEHOLD, welfare))
            policy = replace(policy, derived={**policy.derived, WELFARE: carried})
        return policy

    @property
    def _fills_gap(self) -> bool:
        return any(benefit.kind == "gap" for benefit in self.asking.benefits)

    def wanted(self, policy: Policy) -> frozenset[str]:
        """The rules whose values the cost reads."""
        names = {self._copy(policy, name, place) for name in self.extra for place in self._places}
        names |= {WELFARE} & set(policy.derived)
        return frozenset(names) | fine_names(policy, self.request)

    @property
    def _places(self) -> range:
        return range(len(self.request.values))

    def _copy(self, policy: Policy, name: str, place: int) -> str:
        """The copy of a rule for a point, or the rule itself where it does not depend on the parameter."""
        copy = at(name, place)
        return copy if copy in policy.derived or copy in policy.criteria else name

    def costs(self, policy: Policy) -> list[Tree]:
        """The amount of a household at every point, over the columns that are worked out."""
        return [self._cost(policy, place) for place in self._places]

    def _cost(self, policy: Policy, place: int) -> Tree:
        digits = self.after.minor_digits
        people = exp.Div(
            this=as_double(column("weight")),
            expression=exp.Nullif(
                this=as_double(column("household_weight")), expression=exp.Literal.number(0)
            ),
            typed=False,
            safe=False,
        )
        size = cast_to(exp.Anonymous(this="round", expressions=[people]), "BIGINT")
        values = {
            benefit.name: minor_units(column(self._copy(policy, benefit.name, place)), digits)
            for benefit in self.asking.benefits
            if benefit.name
        }
        welfare = self._welfare(policy, place) if self._fills_gap else None
        line = self._line(policy, place) if self._fills_gap else None
        return amount_tree(self.asking.benefits, Measured(size, welfare, line), values)

    def _welfare(self, policy: Policy, place: int) -> Tree:
        name = str(self.asking.specifications[1].welfare)
        at_name = WELFARE if WELFARE in policy.derived else self._copy(policy, name, place)
        return minor_units(column(at_name), self.after.minor_digits)

    def _line(self, policy: Policy, place: int) -> Tree:
        line = self.asking.specifications[1].line
        assert line is not None  # a gap is asked for only where there is a line
        digits = self.after.minor_digits
        if line.name == self.request.parameter:
            return cast_to(whole(minor_constant(self.request.values[place], digits)), "BIGINT")
        if line.value is not None:
            return cast_to(whole(minor_constant(line.value, digits)), "BIGINT")
        return minor_units(column(self._copy(policy, str(line.column), place)), digits)
