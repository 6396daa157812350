# SPDX-License-Identifier: Apache-2.0
"""Decides how the points of all groups are worked out: sums by the engine, ranks by passes over the rows.

Sums go up from the finest cells: a level of area is the sum of the one below it. What needs the order of
welfare is taken of all groups of a breakdown at once. Either gives a column for each figure.

A large country is counted in parts, each of whole areas, so that the rows of one are in memory at a time; the
whole is the sum of the parts, and its order of welfare is made first, since thresholds rest on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from sqlglot import exp

from hearthline.statistics.area_parts import Part, parts_of
from hearthline.statistics.cells import (
    AREA_CODES,
    AREA_ID,
    KEYED,
    SET,
    N,
    area_codes_step,
    area_depths,
    base_keys,
    cells_step,
    keyed_step,
    sets_step,
    summed,
    summed_step,
    totals_of,
)
from hearthline.statistics.columns import LINE, WEIGHT, WELFARE, Column, Quantity, ranked_reads
from hearthline.statistics.combining import total_columns
from hearthline.statistics.exact_sums import cells_of
from hearthline.statistics.expressions import Tree, both, column, known, more, named, number
from hearthline.statistics.framing import BASE, Framed, base_steps
from hearthline.statistics.group_columns import GroupColumns, aligned_with
from hearthline.statistics.grouping import Grouping, number_of
from hearthline.statistics.linear import Linear, Values
from hearthline.statistics.relation import RUN_ROWS, Relation
from hearthline.statistics.rows import (
    Codes,
    Rows,
    in_order,
    ranked_groups,
    read_rows,
    segments_of,
    welfare_order,
)
from hearthline.statistics.segments import Segments
from hearthline.statistics.session import Session, Step
from hearthline.statistics.totals import by_names, figure_of

PART_TOTALS, LAST_TOTALS = "part_totals", "last_totals"
_PART = "part"


@dataclass(frozen=True)
class Request:
    """What is asked, made ready: the base, the groups and the columns."""

    relation: Relation
    values: Framed
    grouping: Grouping
    columns: tuple[Column, ...]


class Counting:
    """The points of a request, in parts: :meth:`part` for each of :attr:`parts`, then :meth:`whole`."""

    def __init__(self, session: Session, request: Request) -> None:
        self._session = session
        self._request = request
        self._keys, self._by_area = base_keys(request.grouping)
        self._summed = [part for part in request.columns if part.ranked is None and part.combined is None]
        self._summed += total_columns(request.columns).values()
        self._ordered = [part for part in request.columns if part.ranked is not None]
        for step in self._base(BASE):
            session.define(step)
        if self._by_area:
            session.define(area_codes_step(request.relation, request.grouping))
        self._cells = cells_of(session, self._summed)
        self.parts, alike = parts_of(session, request.grouping, is_joined=self._is_joined)
        aliases = request.grouping.aliases()
        self.alike: dict[int, str] = {
            place: alike[aliases[breakdown[0]]]
            for place, breakdown in enumerate(request.grouping.breakdowns)
            if breakdown and aliases[breakdown[0]] in alike
        }
        """The breakdowns of several parts in which all are one group, with its code: it is the whole."""
        session.define(cells_step([], self._cells.totals, "no_totals", self._nothing()))
        session.define(summed_step([], self._cells.totals, "no_totals", PART_TOTALS))
        self._formulas = {part: by_names(part.tree, self._cells.keys) for part in self._summed}
        self._set_out()

    @property
    def columns(self) -> list[Column]:
        """The figures of every group: those asked for, and totals that others are made of."""
        return [*self._summed, *self._ordered]

    @property
    def _is_joined(self) -> bool:
        found = self._request.values.located.values()
        return any(each.table != RUN_ROWS for each in (*found, *self._keys.values()))

    def _nothing(self) -> str:
        """An empty base, so that the totals of parts have their columns before the first is counted."""
        tree = exp.select(exp.Star()).from_(exp.to_table(BASE)).where(exp.false())
        self._session.define(Step("no_rows", tree))
        return "no_rows"

    def _base(self, name: str, part: Part | None = None) -> list[Step]:
        request = self._request
        return base_steps(
            request.relation,
            request.values,
            request.grouping,
            request.columns,
            readers=2 + bool(self._ordered),
            keys=self._keys,
            base=name,
            where=part.condition if part is not None else None,
        )

    def part(self, part: Part) -> list[GroupColumns]:
        """The groups of a part in every breakdown but the total; its totals are kept for the whole."""
        for step in self._base(_PART, part):
            self._session.define(step)
        groups = [each for each in self._sums() if each.place not in self.alike]
        if self._ordered and groups:
            groups = self._ranks(groups, _PART)
        return [each.ordered() for each in groups]

    def _sums(self) -> list[GroupColumns]:
        for step in self._steps:
            self._session.define(step)
        everything = exp.select(exp.Star()).from_(exp.to_table(LAST_TOTALS))
        self._session.append(Step(PART_TOTALS, everything))
        found = [self._columns(place, keys, self._session.fetch(step)) for place, keys, step in self._levels]
        for step in reversed(self._steps):
            if step.kept and step.name != LAST_TOTALS:
                self._session.forget(step.name)
        return found

    def _set_out(self) -> None:
        """The steps of every part, written once: cells, and from them levels of area or grouping sets."""
        grouping, cells = self._request.grouping, self._cells
        self._steps = [cells_step(list(self._keys), cells.totals, "cells", _PART)]
        self._steps.append(summed_step([], cells.totals, "cells", LAST_TOTALS))
        self._levels: list[tuple[int, list[str], Step]] = []
        source = "cells"
        if self._by_area:
            source = "cells_of_areas"
            self._steps.append(keyed_step(grouping, "cells", source))
        levels = _levels(grouping)
        for above, (place, key) in enumerate(levels):
            name = f"level_{key}"
            self._steps.append(
                summed_step([alias for _, alias in levels[above:]], cells.totals, source, name)
            )
            self._levels.append((place, [key], self._level(key, above + 1 < len(levels), name)))
            source = name
        if not levels and len(grouping.breakdowns) > 1:
            self._steps.append(replace(sets_step(grouping, cells.totals, source, "sets"), kept=True))
            for place, breakdown in enumerate(grouping.breakdowns[1:], start=1):
                keys = [grouping.aliases()[key] for key in breakdown]
                tree = totals_of(keys, cells.powers, "sets")
                number = exp.Literal.number(number_of(grouping, breakdown))
                chosen = exp.EQ(this=column(SET), expression=number)
                self._levels.append((place, keys, Step("totals_of_set", tree.where(chosen))))

    def _level(self, key: str, has_above: bool, source: str) -> Step:
        """The totals of a level, of which an unknown area may stand in several areas above it."""
        cells, name = self._cells, "totals_of_level"
        if not has_above:
            return Step(name, totals_of([key], cells.powers, source))
        merged = summed([key], cells.totals, source).subquery("merged")
        return Step(name, totals_of([key], cells.powers, merged))

    def _columns(self, place: int, keys: Sequence[str], table: pa.Table) -> GroupColumns:
        """The figures of groups by their formulas, from the totals."""
        totals = {name: Linear(_values(table[name])) for name in self._cells.totals}
        size = table.num_rows
        figures = {part: _figure(part, tree, totals, size) for part, tree in self._formulas.items()}
        return GroupColumns(place, tuple(_one(table[key]) for key in keys), _one(table[N]), figures)

    def whole(self) -> GroupColumns:
        """The total, once every part is counted or its totals are taken over."""
        merged = summed([], self._cells.totals, PART_TOTALS).subquery("merged")
        tree = totals_of([], self._cells.powers, merged)
        found = self._columns(0, [], self._session.fetch(Step("totals_of_all", tree)))
        return self._ranks([found], BASE)[0] if self._ordered else found

    def named_alike(self, whole: GroupColumns, place: int) -> GroupColumns:
        """The whole as the only group of a breakdown."""
        figures = {part: whole.figures[part] for part in self.columns}
        return GroupColumns(place, (pa.array([self.alike[place]], pa.string()),), whole.counts, figures)

    def totals(self) -> pa.Table:
        """The totals of the part counted last, as texts that :meth:`take_over` reads."""
        texts = [named(exp.cast(column(name), "varchar"), name) for name in (N, *self._cells.totals)]
        return self._session.fetch(
            Step("totals_as_texts", exp.select(*texts).from_(exp.to_table(LAST_TOTALS)))
        )

    def take_over(self, totals: pa.Table) -> None:
        """Add the totals of a part that was counted before."""
        self._session.take("taken_over", totals)
        names = [column(name) for name in (N, *self._cells.totals)]
        self._session.append(Step(PART_TOTALS, exp.select(*names).from_(exp.to_table("taken_over"))))

    @cached_property
    def _line(self) -> float | None:
        """The line of everybody; None where each household has its own and a figure reads it."""
        line = self._request.values.frame.specification.line
        if LINE not in ranked_reads(self._ordered):
            return float("nan")
        return float(line.value) if line is not None and line.value is not None else None

    @property
    def _at_once(self) -> bool:
        return self._cells.whole and self._line is not None

    @cached_property
    def _everybody(self) -> Segments:
        """All rows in the order of welfare."""
        tree = exp.select(column(WELFARE), column(WEIGHT)).from_(exp.to_table(BASE)).where(_is_ranked())
        welfare, weight = _filled(self._session, Step("everybody", tree))
        order = welfare_order(welfare, weight)
        starts = np.array([0, len(order)] if len(order) else [0])
        welfare = welfare[order]
        weight = weight[order]
        del order
        median = float("nan")
        if len(welfare):
            median = float(Segments(starts, welfare, weight).quantile(0.5)[0])
        return Segments(starts, welfare, weight, self._line or float("nan"), median)

    def _ranks(self, groups: list[GroupColumns], source: str) -> list[GroupColumns]:
        """The groups with what needs the order of welfare."""
        if not self._at_once:
            return self._one_by_one(groups, source)
        if [each.place for each in groups] == [0]:
            return [aligned_with(groups[0], (), self._of(self._everybody))]
        rows = self._rows(source)
        found = []
        for each in groups:
            breakdown = self._request.grouping.breakdowns[each.place]
            line, median = self._everybody.line, self._everybody.median
            keys, segments = segments_of(rows, breakdown, line, median)
            found.append(aligned_with(each, keys, self._of(segments)))
        return found

    def _of(self, segments: Segments) -> dict[Column, Values]:
        if not len(segments.begins):
            return {part: np.zeros(0) for part in self._ordered}
        return {part: part.segmented(segments) for part in self._ordered if part.segmented is not None}

    def _rows(self, source: str) -> Rows:
        """The rows of a part in the order of welfare, with the codes of their groups."""
        grouping = self._request.grouping
        if not self._by_area or len(area_depths(grouping)) < len(grouping.keys):
            return in_order(self._keyed_rows(source, frozenset({WELFARE})))
        tree = exp.select(column(AREA_ID), column(WELFARE), column(WEIGHT)).from_(exp.to_table(source))
        table = self._session.fetch(Step("rows_of_part", tree.where(_is_ranked())))
        keys, names = self._area_keys(table[AREA_ID].to_numpy())
        return in_order(Rows(table[WEIGHT].to_numpy(), table[WELFARE].to_numpy(), None, keys, names))

    def _area_keys(self, area: Codes) -> tuple[tuple[Codes, ...], tuple[tuple[str | None, ...], ...]]:
        """The codes of the areas above each row, by the number of its area."""
        table = self._area_codes
        own = table[AREA_ID].to_numpy()
        place = np.searchsorted(own, area)
        place[place == len(own)] = 0
        place[own[place] != area] = len(own)
        keys, names = [], []
        for alias in self._request.grouping.aliases():
            encoded = pa.concat_arrays([_one(table[alias]), pa.nulls(1, pa.string())]).dictionary_encode(
                null_encoding="encode"
            )
            names.append(tuple(encoded.dictionary.to_pylist()))
            keys.append(encoded.indices.to_numpy().astype(np.int64)[place])
        return tuple(keys), tuple(names)

    @cached_property
    def _area_codes(self) -> pa.Table:
        aliases = [column(alias) for alias in self._request.grouping.aliases()]
        tree = exp.select(column(AREA_ID), *aliases).from_(exp.to_table(AREA_CODES))
        return self._session.fetch(Step("codes_of_areas", tree.order_by(column(AREA_ID))))

    def _keyed_rows(self, source: str, reads: frozenset[str]) -> Rows:
        if self._by_area:
            self._session.define(keyed_step(self._request.grouping, source, KEYED))
            source = KEYED
        return read_rows(self._session, self._request.grouping, reads=reads, ranked_only=True, source=source)

    def _one_by_one(self, groups: list[GroupColumns], source: str) -> list[GroupColumns]:
        """Group after group: weights that are not whole, or lines of each household, allow no more."""
        rows = in_order(self._keyed_rows(source, ranked_reads(self._ordered)))
        found = []
        for each in groups:
            breakdown = self._request.grouping.breakdowns[each.place]
            values: list[tuple[str | None, ...]] = []
            figures: dict[Column, list[float]] = {part: [] for part in self._ordered}
            for group, ranked in ranked_groups(rows, breakdown):
                values.append(group)
                for part, listed in figures.items():
                    listed.append(float(part.ranked(ranked).value) if part.ranked is not None else 0.0)
            keys = tuple(
                pa.array([group[place] for group in values], pa.string()) for place in range(len(breakdown))
            )
            arrays = {part: np.array(listed) for part, listed in figures.items()}
            found.append(aligned_with(each, keys, arrays))
        return found


def _levels(grouping: Grouping) -> list[tuple[int, str]]:
    """The breakdowns as levels of area, the finest first; nothing where any is something else."""
    depths, aliases = area_depths(grouping), grouping.aliases()
    levels = []
    for place, breakdown in enumerate(grouping.breakdowns):
        if not breakdown:
            continue
        if len(breakdown) > 1 or aliases[breakdown[0]] not in depths:
            return []
        levels.append((place, aliases[breakdown[0]]))
    return sorted(levels, key=lambda level: -depths[level[1]])


_WHOLE_NUMBERS = (exp.Sum, exp.Count)


def _figure(part: Column, tree: Tree, totals: Mapping[str, Linear], size: int) -> pa.Array:
    """A figure of every group; sums of whole numbers and counts are whole."""
    values = np.broadcast_to(np.asarray(figure_of(tree, totals).value, dtype=np.float64), size)
    inner = part.tree.this if isinstance(part.tree, exp.Coalesce) else part.tree
    inner = inner.this if isinstance(inner, exp.Filter) else inner
    if isinstance(inner, _WHOLE_NUMBERS) or part.quantity is Quantity.COUNT:
        return pa.array(values.astype(np.int64))
    return pa.array(np.where(np.isfinite(values), values, np.nan), from_pandas=True)


def _values(chunked: pa.ChunkedArray) -> Values:
    values: Values = chunked.to_numpy()
    return values


def _is_ranked() -> exp.Expr:
    return both(known(column(WELFARE)), more(column(WEIGHT), number(0)))


def _one(chunked: pa.ChunkedArray) -> pa.Array:
    whole = chunked.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _filled(session: Session, step: Step) -> tuple[Values, Values]:
    """Welfare and weight of all rows, weights as whole numbers of four bytes where they fit.

    Each column is let go before the next is copied: a nation has a quarter of a gigabyte in each.
    """
    table = session.fetch(step)
    weight: Values = table[WEIGHT].to_numpy().astype(np.float64, copy=False)
    table = table.select([WELFARE])
    if len(weight) and weight.max() < np.iinfo(np.int32).max:
        weight = weight.astype(np.int32)
    welfare: Values = table[WELFARE].to_numpy().astype(np.float64, copy=False)
    return welfare, weight
