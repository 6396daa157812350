# SPDX-License-Identifier: Apache-2.0
"""Decides which changed rule made each household differ: the one nearest to what was changed.

A household's changed rule is a rule whose own definition differs, whose value differs for it, and on which a
criterion rests whose answer differs for it. Where the standard alone made the difference, the standard is it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlglot import exp

from hearthline.engine.rules.dependence import Dependence, level_of, trees_of, upstream
from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.types import Text
from hearthline.statistics.differences import CHANGES, Change, Count, Traced
from hearthline.statistics.expressions import Tree, column, count, named, text, total
from hearthline.statistics.pairing import changed_rows, root_column
from hearthline.statistics.session import Session, Step

Criteria = Mapping[str, tuple[bool, bool]]


def changed_rules(
    before: Policy, after: Policy, dependence: Dependence, criteria: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The changed household rules behind these criteria whose values both packages have, in order.

    Of each the criteria that rest on it.
    """
    behind = {criterion: upstream(after, {criterion}) for criterion in criteria}
    resting = {
        name: tuple(criterion for criterion in criteria if name in behind[criterion])
        for name in dependence.origins
    }
    return {name: found for name, found in resting.items() if found and _in_both(before, after, name)}


def _in_both(before: Policy, after: Policy, name: str) -> bool:
    trees = [trees_of(policy).get(name) for policy in (before, after)]
    kinds = [tree.type.kind for tree in trees if tree is not None]
    same = len(kinds) == 2 and kinds[0] is kinds[1]
    return same and all(level_of(policy, name) == HOUSEHOLD for policy in (before, after))


def rule_labels(policy: Policy, names: Collection[str]) -> dict[str, Text]:
    """What rules are called."""
    return {name: (policy.derived.get(name) or policy.criteria[name]).label for name in names}


def read_origins(session: Session, roots: Collection[str], table: str) -> Traced:
    """Count the households of each change by the changed rule behind it; ``table`` holds those changed."""
    tree = exp.select(column("change"))
    for place, name in enumerate(roots):
        differs = column(root_column(name))
        tree = tree.select(
            named(count(differs), f"households_{place}"),
            named(total(column("people"), differs), f"people_{place}"),
        )
    nothing = _none(roots)
    tree = tree.select(named(count(nothing), "households"), named(total(column("people"), nothing), "people"))
    tree = tree.from_(exp.to_table(table)).group_by(column("change"))
    rows = {Change(row["change"]): row for row in session.fetch(Step("origins", tree)).to_pylist()}
    rules: dict[tuple[Change, str], Count] = {}
    standard: dict[Change, Count] = {}
    for change in CHANGES:
        row = rows.get(change)
        if row is None:
            continue
        for place, name in enumerate(roots):
            if row[f"households_{place}"]:
                rules[change, name] = Count(row[f"households_{place}"], row[f"people_{place}"])
        if row["households"]:
            standard[change] = Count(row["households"], row["people"])
    return Traced(rules, standard)


def _none(roots: Collection[str]) -> Tree:
    """Whether no changed rule is behind."""
    if not roots:
        return exp.true()
    return exp.and_(*(exp.Not(this=column(root_column(name))) for name in roots))


RULES = "rules"
"""The column of a list that names the changed rules behind a household, with commas between."""


def rules_tree(roots: Collection[str]) -> Tree:
    """The changed rules behind the change of a household, as a text."""
    parts: list[Tree] = [
        exp.Case(ifs=[exp.If(this=column(root_column(name)), true=text(name))]) for name in roots
    ]
    return exp.Anonymous(this="concat_ws", expressions=[text(","), *parts]) if parts else text("")


def listed_rows(criteria: Criteria, roots: Collection[str], table: str) -> exp.Select:
    """Every household that differs, with the criteria that changed and the rules behind them."""
    return changed_rows(criteria, table).select(named(rules_tree(roots), RULES))


def read_rules(
    session: Session, criteria: Criteria, roots: Collection[str], limit: int | None, table: str
) -> dict[int, tuple[str, ...]]:
    """The changed rules behind each household of the list that the later run knows."""
    tree = listed_rows(criteria, roots, table)
    rows = session.fetch(Step("listed_rules", tree if limit is None else tree.limit(limit))).to_pylist()
    return {
        row["later_id"]: tuple(filter(None, row[RULES].split(",")))
        for row in rows
        if row["later_id"] is not None
    }
