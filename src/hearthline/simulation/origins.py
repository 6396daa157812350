# SPDX-License-Identifier: Apache-2.0
"""Decides which changed rule made each household differ: the one nearest to what was changed.

A household's changed rule is a rule whose own definition differs and whose value differs for it. Where the
standard alone was changed, the standard is the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from hearthline.simulation.pairs import CHANGED, Sides, root_column
from hearthline.statistics.differences import CHANGES, Change, Count
from hearthline.statistics.expressions import Tree, column, count, named, text, total
from hearthline.statistics.pairing import changed_rows
from hearthline.statistics.session import Session, Step


@dataclass(frozen=True)
class Traced:
    """For every change of status, the households that each changed rule made differ.

    ``rules``: a household counts under every changed rule whose value differs for it. ``standard``: no value
    differs, so that the standard itself decides otherwise.
    """

    rules: Mapping[tuple[Change, str], Count]
    standard: Mapping[Change, Count]


def read_origins(session: Session, sides: Sides) -> Traced:
    """Count the households of each change by the changed rule behind it."""
    roots = sides.roots
    tree = exp.select(column("change"))
    for place, name in enumerate(roots):
        differs = column(root_column(name))
        tree = tree.select(
            named(count(differs), f"households_{place}"),
            named(total(column("people"), differs), f"people_{place}"),
        )
    nothing = _none(roots)
    tree = tree.select(named(count(nothing), "households"), named(total(column("people"), nothing), "people"))
    tree = tree.from_(exp.to_table(CHANGED)).group_by(column("change"))
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


def _none(roots: list[str]) -> Tree:
    """Whether no changed rule's value differs."""
    if not roots:
        return exp.true()
    return exp.and_(*(exp.Not(this=column(root_column(name))) for name in roots))


RULES = "rules"
"""The column of a list that names the changed rules behind a household, with commas between."""


def rules_tree(sides: Sides) -> Tree:
    """The changed rules whose values differ for a household, as a text."""
    parts: list[Tree] = [
        exp.Case(ifs=[exp.If(this=column(root_column(name)), true=text(name))]) for name in sides.roots
    ]
    return exp.Anonymous(this="concat_ws", expressions=[text(","), *parts]) if parts else text("")


def listed_rows(sides: Sides) -> exp.Select:
    """Every household that differs, with the criteria that changed and the rules behind them."""
    return changed_rows(sides.criteria, CHANGED).select(named(rules_tree(sides), RULES))


def read_rules(session: Session, sides: Sides, limit: int | None) -> dict[int, tuple[str, ...]]:
    """The changed rules behind each household of the list."""
    tree = listed_rows(sides)
    rows = session.fetch(Step("listed_rules", tree if limit is None else tree.limit(limit))).to_pylist()
    return {row["later_id"]: tuple(filter(None, row[RULES].split(","))) for row in rows}
