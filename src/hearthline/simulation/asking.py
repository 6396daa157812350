# SPDX-License-Identifier: Apache-2.0
"""Decides what a question asks for beyond statuses: benefits, welfare and line, causes, a reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sqlglot import exp

from hearthline.engine.rules.policy import Policy
from hearthline.engine.sql.terms import cast_to, whole
from hearthline.simulation.benefits import Benefit, Measured, amount_tree, minor_units
from hearthline.simulation.pairs import NEW, RUN, Extra, Sides
from hearthline.simulation.problems import NO_WELFARE
from hearthline.simulation.references import Reference, status_need
from hearthline.statistics.expressions import Tree, as_double, column, named, parquet
from hearthline.statistics.relation import Located, Relation, locate, locate_number
from hearthline.statistics.session import Session, Step
from hearthline.statistics.specification import Specification

REFERENCE = "reference_run"
_OTHER = "q"


@dataclass
class Asking:
    """Gathers the columns that the figures of a question need, over both sides."""

    sides: Sides
    specifications: tuple[Specification, Specification]
    relation: Relation
    benefits: tuple[Benefit, ...] = ()
    reference: Reference | None = None
    _columns: dict[str, Tree] = field(default_factory=dict)
    _values: dict[str, Located] = field(default_factory=dict)
    _joins: dict[str, str] = field(default_factory=dict)

    @property
    def after(self) -> Policy:
        """The changed package."""
        return self.sides.after

    @property
    def has_line(self) -> bool:
        """Whether the changed package names a welfare value and a line of one unit."""
        later = self.specifications[1]
        return later.welfare is not None and later.line is not None and later.is_comparable

    def wanted(self) -> frozenset[str]:
        """The rules whose values the figures need, where they can differ."""
        later = self.specifications[1]
        names = {benefit.name for benefit in self.benefits} | set(self.causes().values())
        names |= {later.welfare or "", later.line.column if later.line and later.line.column else ""}
        names |= {self.reference.value or ""} if self.reference else set()
        return frozenset(names & self.sides.dependence.affected)

    def causes(self) -> dict[str, str]:
        """The causes that have evidence, with the value that holds it."""
        return {cause.name: cause.evidence for cause in self.after.causes.values() if cause.evidence}

    def extra(self, session: Session) -> Extra:
        """The columns; leaves what they are read from in the session."""
        weight, household = column("weight", NEW), column("household_weight", NEW)
        people = exp.Div(
            this=as_double(weight),
            expression=exp.Nullif(this=as_double(household.copy()), expression=exp.Literal.number(0)),
            typed=False,
            safe=False,
        )
        size = cast_to(exp.Anonymous(this="round", expressions=[people]), "BIGINT")
        self._columns |= {cause_column(name): self.value(at) for name, at in self.causes().items()}
        summed: dict[str, Tree] = {}
        if self.benefits:
            summed = {"household_weight": as_double(household), "size": size, **self._help(size)}
        if self.reference is not None:
            summed["reference"] = self._need(self.reference, session)
        return Extra(self._columns | summed, self._values, self._joins, tuple(summed))

    def _help(self, size: Tree) -> dict[str, Tree]:
        """What the benefits are of either side, and the welfare and line that they are held against."""
        found: dict[str, Tree] = {}
        welfare: Tree | None = None
        lines: list[Tree | None] = [None, None]
        if self.has_line:
            welfare = self.money(str(self.specifications[1].welfare))
            lines = [self._line(place) for place in (0, 1)]
            found = {"welfare": welfare, "line_before": _tree(lines[0]), "line_after": _tree(lines[1])}
        elif any(benefit.kind == "gap" for benefit in self.benefits):
            raise NO_WELFARE.error(what="Filling the gap", package=self.after.id)
        for place, side in enumerate(("before", "after")):
            measured = Measured(size, welfare, lines[place])
            values = {each.name: self._amount(each.name, place) for each in self.benefits if each.name}
            found[f"benefit_{side}"] = amount_tree(self.benefits, measured, values)
        return found

    def value(self, name: str) -> Tree:
        """A household value of the changed package: worked out, of the run, or a fact of the snapshot."""
        if name in self.sides.dependence.affected:
            return column(name, NEW)
        if name in self.relation.types:
            return column(name, RUN)
        return self._fact(name, locate(self.relation, name, "simulate"))

    def money(self, name: str) -> Tree:
        """An amount of the household in minor units."""
        digits = self.after.minor_digits
        if name in self.sides.dependence.affected or name in self.relation.types:
            return minor_units(self.value(name), digits)
        return minor_units(self._fact(name, locate_number(self.relation, name, "simulate")), digits)

    def _fact(self, name: str, found: Located) -> Tree:
        self._values[f"fact_{name}"] = found
        return found.tree

    def _amount(self, name: str, place: int) -> Tree:
        """What the package of a side says a household would get; a new formula says it for both."""
        if place == 0 and name in self.sides.before.derived:
            return minor_units(column(name, RUN), self.after.minor_digits)
        return self.money(name)

    def _line(self, place: int) -> Tree | None:
        line = self.specifications[place].line
        if line is None:
            return exp.Null()
        if line.value is not None:
            return cast_to(whole(minor_constant(line.value, self.after.minor_digits)), "BIGINT")
        name = str(line.column)
        if place == 0 and name in self.relation.types:
            return minor_units(column(name, RUN), self.after.minor_digits)
        return self.money(name)

    def _need(self, reference: Reference, session: Session) -> Tree:
        if reference.run is not None:
            rows = exp.select(column("household_id"), named(column("status"), "reference_status"))
            session.define(Step(REFERENCE, rows.from_(parquet(reference.run.paths("households")))))
            self._joins[_OTHER] = REFERENCE
            return status_need(column("reference_status", _OTHER))
        if reference.standard is not None:
            # as the run has it: who is in need is not moved by the change that is judged
            return status_need(column(self._status_of_run(reference.standard), RUN))
        return self.value(str(reference.value))

    def _status_of_run(self, standard: str) -> str:
        default = self.sides.before.default_standard.name == standard
        return "status" if default else f"status_{standard}"


def cause_column(name: str) -> str:
    """The column that says whether a household shows a cause."""
    return f"shows_{name}"


def minor_constant(value: Decimal | float, digits: int) -> int:
    """An amount in minor units, rounded half to even only where it has more decimals than money has."""
    return round(Decimal(str(value)).scaleb(digits))


def _tree(tree: Tree | None) -> Tree:
    return exp.Null() if tree is None else tree
