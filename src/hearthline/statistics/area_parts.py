# SPDX-License-Identifier: Apache-2.0
"""Decides how a large country is counted in parts: of whole areas, so that no group lies in two of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from hearthline.statistics.cells import AREA_CODES, AREA_ID, area_depths
from hearthline.statistics.expressions import Tree, both, column, count, named
from hearthline.statistics.framing import BASE
from hearthline.statistics.group_columns import ranks_of
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.linear import Positions
from hearthline.statistics.relation import RUN_ROWS
from hearthline.statistics.session import Session, Step

PART_ROWS = 1_000_000
"""A part takes areas until it has so many households: a few seconds of work, some 200 MB of memory."""

_AREAS = "areas_of_parts"


@dataclass(frozen=True)
class Part:
    """Some areas, or all rows where there is no ``condition``."""

    number: int
    rows: int
    condition: Tree | None = field(default=None, compare=False)


def parts_of(session: Session, grouping: Grouping, *, is_joined: bool) -> tuple[list[Part], dict[str, str]]:
    """The parts in the order of their areas; one alone where a group could lie in several.

    Of several parts also the levels at which all live in one area, with its code.

    That is so where not every key is a level of area, where an area has none above it at a level that is
    asked for, and where a code stands for several areas. Rows that are joined are read as one part too.
    """
    tree = exp.select(named(count(), "rows")).from_(exp.to_table(BASE))
    depths = area_depths(grouping)
    if is_joined or not depths or len(depths) < len(grouping.keys):
        return [Part(0, int(session.fetch(Step("rows_counted", tree))["rows"][0].as_py()))], {}
    found = _areas_of(session, sorted(depths, key=lambda alias: depths[alias]))
    rows = found["rows"].to_numpy()
    whole = [Part(0, int(rows.sum()))]
    if int(rows.sum()) <= PART_ROWS:
        return whole, {}
    keys = [found[alias].combine_chunks() for alias in sorted(depths, key=lambda alias: depths[alias])]
    if any(key.null_count for key in keys) or found[AREA_ID].null_count:
        return whole, {}
    level = next((key for key in keys if pc.count_distinct(key).as_py() > 1), None)
    if level is None:
        return whole, {}
    part = _numbered(ranks_of(level), rows)
    if any(_in_several(key, part) for key in keys if pc.count_distinct(key).as_py() > 1):
        return whole, {}
    alike = {
        alias: found[alias][0].as_py() for alias in depths if pc.count_distinct(found[alias]).as_py() == 1
    }
    return _made(session, found[AREA_ID].to_numpy(), part, rows), alike


def _areas_of(session: Session, aliases: list[str]) -> pa.Table:
    """The areas of the rows with their codes and how many rows they have."""
    own = exp.select(column(AREA_ID), named(count(), "rows")).from_(exp.to_table(BASE))
    own = own.group_by(column(AREA_ID))
    codes = [column(alias, AREA_CODES) for alias in aliases]
    same = exp.EQ(this=column(AREA_ID, "own"), expression=column(AREA_ID, AREA_CODES))
    tree = exp.select(column(AREA_ID, "own"), column("rows", "own"), *codes)
    tree = tree.from_(own.subquery("own")).join(exp.to_table(AREA_CODES), on=same, join_type="left")
    return session.fetch(Step("areas_of_rows", tree))


def _numbered(place: Positions, rows: Positions) -> Positions:
    """The part of each area: codes in their order, as many together as make a part."""
    of_code = np.bincount(place, weights=rows)
    before = np.cumsum(of_code) - of_code
    numbers = (before // PART_ROWS).astype(np.int64)
    _, numbers = np.unique(numbers, return_inverse=True)
    return numbers[place]


def _in_several(key: pa.Array, part: Positions) -> bool:
    """Whether a code lies in several parts."""
    code = key.dictionary_encode().indices.to_numpy().astype(np.int64)
    pairs = np.unique(code * (int(part.max()) + 1) + part)
    return len(pairs) > int(code.max()) + 1


def _made(session: Session, area: Positions, part: Positions, rows: Positions) -> list[Part]:
    session.take(_AREAS, pa.table({AREA_ID: area, "part": part}))
    parts = []
    for number in range(int(part.max()) + 1):
        own = area[part == number]
        low, high = int(own.min()), int(own.max())
        condition: Tree = exp.Between(
            this=column(AREA_ID, RUN_ROWS), low=exp.Literal.number(low), high=exp.Literal.number(high)
        )
        between = (area >= low) & (area <= high)
        if (part[between] != number).any():
            chosen = exp.select(column(AREA_ID)).from_(exp.to_table(_AREAS))
            chosen = chosen.where(exp.EQ(this=column("part"), expression=exp.Literal.number(number)))
            condition = both(condition, exp.In(this=column(AREA_ID, RUN_ROWS), query=chosen.subquery()))
        parts.append(Part(number, int(rows[part == number].sum()), condition))
    return parts
