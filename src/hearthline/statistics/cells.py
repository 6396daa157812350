# SPDX-License-Identifier: Apache-2.0
"""Decides how rows become groups in two steps: into cells, the finest there are, and these into groups.

A level of area depends on the area of the household alone. So the rows carry the number of their area, and
only the cells learn the codes above it: a nation is joined with its tree of areas cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from hearthline.statistics.exact_sums import as_doubles
from hearthline.statistics.expressions import Tree, column, count, named
from hearthline.statistics.framing import BASE
from hearthline.statistics.grouping import Grouping, grouping_sets, key_columns, set_number
from hearthline.statistics.relation import AREA_ROWS, RUN_ROWS, Located, Relation, codes_above
from hearthline.statistics.session import Step

SET = "grouping_set"
N = "n_households"
KEYED = "keyed"
AREA_ID = "area_id"
AREA_CODES = "area_codes"


def base_keys(grouping: Grouping) -> tuple[dict[str, Located], bool]:
    """What rows carry of the keys, and whether it is the number of their area in the place of its codes."""
    found = key_columns(grouping)
    plain = {alias: key for alias, key in found.items() if not key.table.startswith(AREA_ROWS)}
    by_area = len(plain) < len(found)
    if by_area:
        plain[AREA_ID] = Located(AREA_ID, column(AREA_ID, RUN_ROWS), RUN_ROWS, "whole")
    return plain, by_area


def cells_step(keys: Sequence[str], totals: Mapping[str, Tree], name: str, source: str = BASE) -> Step:
    """The totals of every cell, in one reading of the base or of part of it."""
    tree = exp.select(*(column(key) for key in keys), named(count(), N))
    tree = tree.select(*(named(total, name) for name, total in totals.items())).from_(exp.to_table(source))
    return Step(name, tree.group_by(*(column(key) for key in keys)) if keys else tree, kept=True)


def summed_step(keys: Sequence[str], totals: Mapping[str, Tree], source: str, name: str) -> Step:
    """The totals of larger cells from those of smaller ones."""
    return Step(name, summed(keys, totals, source), kept=True)


def summed(keys: Sequence[str], totals: Mapping[str, Tree], source: str) -> exp.Select:
    """The query of :func:`summed_step`."""
    sums = [named(exp.Sum(this=column(each)), each) for each in (N, *totals)]
    tree = exp.select(*(column(key) for key in keys), *sums).from_(exp.to_table(source))
    return tree.group_by(*(column(key) for key in keys)) if keys else tree


def area_depths(grouping: Grouping) -> dict[str, int]:
    """The keys that are levels of area, each with its depth."""
    return {
        alias: int(key.table.rpartition("_")[2])
        for alias, key in key_columns(grouping).items()
        if key.table.startswith(AREA_ROWS)
    }


def area_codes_step(relation: Relation, grouping: Grouping) -> Step:
    """For every area the codes above it that are keys, stored once for all that is joined with it."""
    if relation.areas is None:
        raise AssertionError("a level of area was located without a tree of areas")
    return Step(AREA_CODES, codes_above(relation.areas, area_depths(grouping)), kept=True)


def keyed_step(grouping: Grouping, source: str, name: str) -> Step:
    """The rows of a step with the codes of the areas above them as keys."""
    tree = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(source)))
    tree = tree.select(*(column(alias, AREA_CODES) for alias in area_depths(grouping)))
    same = exp.EQ(this=column(AREA_ID, source), expression=column(AREA_ID, AREA_CODES))
    tree = tree.from_(exp.to_table(source)).join(exp.to_table(AREA_CODES), on=same, join_type="left")
    return Step(name, tree)


def totals_of(keys: Sequence[str], powers: Mapping[str, int], source: str | exp.Subquery) -> exp.Select:
    """The totals of cells as doubles, for the formulas over them."""
    tree = exp.select(*(column(key) for key in keys), named(exp.cast(column(N), "bigint"), N))
    tree = tree.select(*(named(as_doubles(name, power), name) for name, power in powers.items()))
    return tree.from_(source if isinstance(source, exp.Subquery) else exp.to_table(source))


def sets_step(grouping: Grouping, totals: Mapping[str, Tree], source: str, name: str) -> Step:
    """The totals of all breakdowns from those of cells."""
    keys = [column(alias) for alias in grouping.aliases()]
    sums = [named(exp.Sum(this=column(each)), each) for each in (N, *totals)]
    tree = exp.select(*keys, named(set_number(grouping), SET), *sums).from_(exp.to_table(source))
    tree.set("group", grouping_sets(grouping))
    return Step(name, tree)
