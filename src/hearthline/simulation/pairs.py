# SPDX-License-Identifier: Apache-2.0
"""Decides the row of each household before and after the change, from which every figure is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp

from hearthline.engine.rules.dependence import Dependence, level_of, trees_of, upstream
from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.simulation.recomputing import RECOMPUTED
from hearthline.statistics.expressions import Tree, as_double, column, named, parquet, text
from hearthline.statistics.grouping import Grouping, key_columns
from hearthline.statistics.pairing import ABSENT, JUDGED, judged
from hearthline.statistics.relation import RUN_ROWS, Located, Relation, base_select
from hearthline.statistics.session import Session, Step

GROUP_KEYS = "group_keys"
RUN, NEW, VALUES = "r", "n", "k"
"""The rows of the run, the answers worked out again, and other values of the household."""


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
    def roots(self) -> list[str]:
        """The changed household rules behind the status whose values both packages have, in order."""
        criteria = {name for name, (_, later) in self.criteria.items() if later}
        behind = upstream(self.after, criteria)
        return [name for name in self.dependence.origins if name in behind and self._in_both(name)]

    def _in_both(self, name: str) -> bool:
        return all(
            name in trees_of(policy) and level_of(policy, name) == HOUSEHOLD
            for policy in (self.before, self.after)
        )


def _criteria_of(policy: Policy) -> tuple[str, ...]:
    standard = policy.default_standard
    return tuple(policy.indices[standard.index].weights) if standard.index else standard.criteria


@dataclass(frozen=True)
class Extra:
    """What pairs hold beside statuses and criteria.

    ``columns`` are trees over the run (``r``), the recomputed answers (``n``), the values found for the
    household (``k``, from ``values``) and the tables of ``joins`` by their alias.
    """

    columns: Mapping[str, Tree] = field(default_factory=dict)
    values: Mapping[str, Located] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)


def define_pairs(
    session: Session, sides: Sides, relation: Relation, grouping: Grouping, extra: Extra
) -> None:
    """Leave the table ``judged`` in the session."""
    keys = key_columns(grouping) | dict(extra.values)
    if keys:
        number = Located("household_id", column("household_id", RUN_ROWS), RUN_ROWS, "whole")
        session.define(Step(GROUP_KEYS, base_select(relation, {"household_id": number} | keys)))
    columns = [
        named(column("household_id", RUN), "earlier_id"),
        named(column("household_id", RUN), "later_id"),
        named(column("area", RUN), "area"),
        named(column("status", RUN), "before"),
        named(sides.later_status, "after"),
        named(as_double(column("weight", NEW)), "people"),
        *(named(column(alias, VALUES), alias) for alias in grouping.aliases()),
    ]
    for name, (earlier, later) in sides.criteria.items():
        columns.append(named(column(name, RUN) if earlier else text(ABSENT), f"earlier_{name}"))
        columns.append(named(sides.later(name) if later else text(ABSENT), f"later_{name}"))
    for name in sides.roots:
        differs = exp.NullSafeNEQ(this=column(name, RUN), expression=sides.later(name))
        columns.append(named(differs, root_column(name)))
    columns += [named(tree, name) for name, tree in extra.columns.items()]
    tree = exp.select(*columns).from_(exp.alias_(parquet(relation.files), RUN, table=True))
    tree = _joined(tree, RECOMPUTED, NEW)
    if keys:
        tree = _joined(tree, GROUP_KEYS, VALUES)
    for alias, table in extra.joins.items():
        tree = _joined(tree, table, alias)
    session.define(Step("pairs", tree))
    session.define(Step(JUDGED, judged(sides.criteria), kept=True))


def root_column(name: str) -> str:
    """The column that says whether the value of a changed rule differs."""
    return f"root_{name}"


def _joined(tree: exp.Select, table: str, alias: str) -> exp.Select:
    same = exp.EQ(this=column("household_id", alias), expression=column("household_id", RUN))
    return tree.join(exp.alias_(exp.to_table(table), alias, table=True), on=same)
