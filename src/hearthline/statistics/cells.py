# SPDX-License-Identifier: Apache-2.0
"""Decides how rows become groups in two steps: into cells, the finest there are, and these into groups.

A level of area depends on the area of the household alone. So the rows carry the number of their area, and
only the cells learn the codes above it: a nation is joined with its tree of areas cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from hearthline.statistics.expressions import Tree, column, count, exact_total, named
from hearthline.statistics.framing import BASE
from hearthline.statistics.grouping import Grouping, grouping_sets, key_columns, set_number
from hearthline.statistics.relation import AREA_ROWS, RUN_ROWS, Located, Relation, ancestors_at
from hearthline.statistics.session import Step

SET = "grouping_set"
N = "n_households"
KEYED = "keyed"
AREA_ID = "area_id"


def base_keys(grouping: Grouping) -> tuple[dict[str, Located], bool]:
    """What rows carry of the keys, and whether it is the number of their area in the place of its codes."""
    found = key_columns(grouping)
    plain = {alias: key for alias, key in found.items() if not key.table.startswith(AREA_ROWS)}
    by_area = len(plain) < len(found)
    if by_area:
        plain[AREA_ID] = Located(AREA_ID, column(AREA_ID, RUN_ROWS), RUN_ROWS, "whole")
    return plain, by_area


def cells_step(keys: Sequence[str], totals: Mapping[str, Tree]) -> Step:
    """The totals of every cell, in one reading of the base."""
    tree = exp.select(*(column(key) for key in keys), named(count(), N))
    tree = tree.select(*(named(total, name) for name, total in totals.items())).from_(exp.to_table(BASE))
    return Step("cells", tree.group_by(*(column(key) for key in keys)) if keys else tree, kept=True)


def keyed_step(relation: Relation, grouping: Grouping, source: str, name: str) -> Step:
    """The rows of a step with the codes of the areas above them as keys."""
    tree = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(source)))
    tree = tree.from_(exp.to_table(source))
    for alias, key in key_columns(grouping).items():
        if key.table.startswith(AREA_ROWS) and relation.areas is not None:
            above = f"{key.table}_{alias}"
            tree = tree.select(named(column("code", above), alias))
            rows = ancestors_at(relation.areas, int(key.table.rpartition("_")[2])).subquery(above)
            same = exp.EQ(this=column(AREA_ID, source), expression=column(AREA_ID, above))
            tree = tree.join(rows, on=same, join_type="left")
    return Step(name, tree)


def sums_step(grouping: Grouping, figures: Sequence[Tree], source: str) -> Step:
    """The figures of all breakdowns from the cells."""
    keys = [column(alias) for alias in grouping.aliases()]
    shown = [named(tree, f"figure_{position}") for position, tree in enumerate(figures)]
    tree = exp.select(*keys, named(set_number(grouping), SET), named(exact_total(column(N)), N), *shown)
    tree = tree.from_(exp.to_table(source))
    tree.set("group", grouping_sets(grouping))
    return Step("sums", tree)
