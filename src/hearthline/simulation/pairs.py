# SPDX-License-Identifier: Apache-2.0
"""Decides the row of each household before and after the change, from which every figure is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp

from hearthline.engine.rules.dependence import Dependence
from hearthline.engine.rules.policy import Policy
from hearthline.simulation.recomputing import RECOMPUTED, carried_column
from hearthline.statistics.expressions import Tree, as_double, column, named
from hearthline.statistics.grouping import Grouping, key_columns
from hearthline.statistics.pairing import JUDGED, ask_for_all, has_change, judged, judging_columns
from hearthline.statistics.relation import RUN_ROWS, Located, Relation, beside
from hearthline.statistics.session import Session, Step
from hearthline.statistics.tracing import changed_rules

RUN, NEW = "r", "n"
"""The row of the run, and the answers worked out again."""

ROWS, CHANGED = "rows", "changed"
"""Every household with all that is known of it, and those alone whose status changed."""

_OWN = ("household_id", "area_id")
"""Columns that the answers have themselves."""
_COUNTED = ("change", "before", "after", "people")


@dataclass(frozen=True)
class Sides:
    """The package of the run, the changed one, and what depends on the change."""

    before: Policy
    after: Policy
    dependence: Dependence

    @property
    def criteria(self) -> dict[str, tuple[bool, bool]]:
        """The criteria of the two default standards, and in which of them each is."""
        lists = [_criteria_of(policy) for policy in (self.before, self.after)]
        return {name: (name in lists[0], name in lists[1]) for name in dict.fromkeys([*lists[1], *lists[0]])}

    def later(self, name: str) -> Tree:
        """An answer of the changed package: worked out where it can differ, else that of the run."""
        affected = name in self.dependence.affected
        return column(name, NEW if affected else RUN)

    @property
    def later_status(self) -> Tree:
        """The status by the changed package."""
        changed = self.after.default_standard.name in self.dependence.standards
        return column("status", NEW if changed else RUN)

    @cached_property
    def roots(self) -> dict[str, tuple[str, ...]]:
        """The changed household rules behind the status whose values both packages have, in order.

        Of each the criteria that rest on it.
        """
        criteria = [name for name, (_, later) in self.criteria.items() if later]
        return changed_rules(self.before, self.after, self.dependence, criteria)


def _criteria_of(policy: Policy) -> tuple[str, ...]:
    standard = policy.default_standard
    return tuple(policy.indices[standard.index].weights) if standard.index else standard.criteria


@dataclass(frozen=True)
class Extra:
    """What pairs hold beside statuses and criteria.

    ``columns`` are trees over the run (``r``), the recomputed answers (``n``), the tables in which
    ``values`` are found, and those of ``joins`` by their alias. ``summed`` names the columns of which sums
    are taken over all households, changed or not.
    """

    columns: Mapping[str, Tree] = field(default_factory=dict)
    values: Mapping[str, Located] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    summed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pairs:
    """The row of each household, as a query over the answers worked out again (``n``).

    ``carried`` names the columns of the run that it reads, so that they stand in the same row.
    ``figures`` names the columns that are wanted of all households; ``is_summed``: more than once.
    """

    tree: exp.Select
    carried: tuple[str, ...]
    figures: tuple[str, ...]
    is_summed: bool

    def define(self, session: Session, criteria: Mapping[str, tuple[bool, bool]]) -> None:
        """Leave the tables ``judged`` (all households) and ``changed`` in the session.

        Few households change: only of those is the whole row kept. Where nothing but the changes are to be
        counted, ``judged`` is a view that is read once.
        """
        session.define(Step("pairs", self.tree))
        session.define(Step(ROWS, judged(criteria)))
        session.define(Step(CHANGED, exp.select(exp.Star()).from_(ROWS).where(has_change()), kept=True))
        rows = exp.select(*(column(name) for name in self.figures)).from_(ROWS)
        session.define(Step(JUDGED, rows, kept=self.is_summed))


def pairs_of(sides: Sides, relation: Relation, grouping: Grouping, extra: Extra) -> Pairs:
    """The row of each household before and after, with the keys of its groups and the extra columns."""
    keys = key_columns(grouping) | dict(extra.values)
    columns = [
        named(column("household_id", RUN), "earlier_id"),
        named(column("household_id", RUN), "later_id"),
        named(column("area", RUN), "area"),
        named(column("status", RUN), "before"),
        named(sides.later_status, "after"),
        named(as_double(column("weight", NEW)), "people"),
        *(named(found.tree, alias) for alias, found in key_columns(grouping).items()),
    ]
    answers: dict[str, tuple[Tree | None, Tree | None]] = {
        name: (column(name, RUN) if earlier else None, sides.later(name) if later else None)
        for name, (earlier, later) in sides.criteria.items()
    }
    values: dict[str, tuple[Tree, Sequence[str]]] = {
        name: (exp.NullSafeNEQ(this=column(name, RUN), expression=sides.later(name)), resting)
        for name, resting in sides.roots.items()
    }
    columns += judging_columns(answers, values, all_are_asked=ask_for_all(sides.before, sides.after))
    columns += [named(tree, name) for name, tree in extra.columns.items()]
    carried: dict[str, None] = {}

    def of_the_row(part: exp.Expr) -> exp.Expr:
        if not isinstance(part, exp.Column) or part.table not in (RUN, RUN_ROWS):
            return part
        if part.name in _OWN:
            return column(part.name, NEW)
        carried[part.name] = None
        return column(carried_column(part.name), NEW)

    tree = exp.select(*(each.transform(of_the_row) for each in columns))
    tree = tree.from_(exp.alias_(exp.to_table(RECOMPUTED), NEW, table=True))
    tree = beside(tree, relation, {found.table for found in keys.values()}, NEW)
    for alias, table in extra.joins.items():
        same = exp.EQ(this=column("household_id", alias), expression=column("household_id", NEW))
        tree = tree.join(exp.alias_(exp.to_table(table), alias, table=True), on=same)
    figures = (*_COUNTED, *grouping.aliases(), *extra.summed)
    return Pairs(tree, tuple(carried), figures, bool(extra.summed))
