# SPDX-License-Identifier: Apache-2.0
"""Decides how sure the growth between two runs is: both are one sample, where each figure has its influence.

Where the runs are of the same households, each household moves the quantile before and the quantile after,
and the two are correlated. Where two samples were drawn apart, their strata are strata of one design, and
variances add. Either way the variance of growth is that of :mod:`~hearthline.statistics.design`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.engine.backends.runs import Run
from hearthline.statistics.curves import FINE, drawn_columns
from hearthline.statistics.design import Design, Precision, precision_of
from hearthline.statistics.estimation import DESIGN_ALIASES, ID, checked_design, sampled_rows
from hearthline.statistics.framing import RUN_WEIGHTS, framed
from hearthline.statistics.grouping import grouping_of
from hearthline.statistics.linear import Linear, Positions, Values
from hearthline.statistics.ranked import Ranked, ranked
from hearthline.statistics.rows import Rows
from hearthline.statistics.runs import relation_of, sample_of
from hearthline.statistics.session import open_session
from hearthline.statistics.specification import Specification

Listed = list[str | None] | None


@dataclass(frozen=True, eq=False)
class Sampled:
    """The rows of one run and who each is: the same identity in both runs is the same household."""

    rows: Rows
    identity: Sequence[object]

    def listed(self, name: str) -> Listed:
        """A column of the design."""
        return self.rows.texts(name)


def growth_precisions(
    runs: tuple[Run, Run],
    specifications: tuple[Specification, Specification],
    *,
    apart: bool,
    keys: tuple[Path, Path] | None = None,
) -> tuple[Mapping[int, Precision], Precision | None]:
    """The precision of growth at every percentile, and of that of the mean, where there is growth.

    ``apart``: two samples drawn apart; else the same households, by number or by the keys of both imports.
    """
    first, second = (
        _sampled(run, part, keys[place] if keys else None)
        for place, (run, part) in enumerate(zip(runs, specifications, strict=True))
    )
    places, design = _drawn_apart(first, second) if apart else _matched(first, second)
    before, after = (
        _spread(one.rows, at, len(design.unit)) for one, at in zip((first, second), places, strict=True)
    )
    points = {place: _growth(before, after, place / 100, design) for place in FINE}
    known = {place: found for place, found in points.items() if found is not None}
    return known, _precision(_mean(before), _mean(after), design)


def _sampled(run: Run, specification: Specification, key_file: Path | None) -> Sampled:
    relation = relation_of(run, specification, sampled=True)
    values = framed(relation, specification, RUN_WEIGHTS)
    with open_session() as session:
        rows, _ = sampled_rows(
            session,
            relation,
            values,
            grouping_of(relation, ()),
            drawn_columns(),
            sample_of(run, relation),
        )
    numbers: list[object] = rows.extra[ID].to_pylist()
    if key_file is None:
        return Sampled(rows, numbers)
    table = pq.read_table(key_file, columns=["level", "source_key", "id"])
    table = table.filter(pc.equal(table["level"], "household"))
    names = dict(zip(table["id"].to_pylist(), table["source_key"].to_pylist(), strict=True))
    return Sampled(rows, [names[number] for number in numbers])


def _drawn_apart(first: Sampled, second: Sampled) -> tuple[tuple[Positions, Positions], Design]:
    """The rows of the second behind those of the first, each in strata of its own."""
    sides = (first, second)
    strata: list[str | None] = []
    clusters: list[str | None] = []
    for place, side in enumerate(sides):
        own = side.listed(DESIGN_ALIASES[0]) or [""] * len(side.identity)
        strata += [f"{place} {name}" for name in own]
        clusters += side.listed(DESIGN_ALIASES[1]) or [None] * len(side.identity)
    weight = np.concatenate([side.rows.weight for side in sides])
    middle = len(first.identity)
    places = np.arange(middle), np.arange(middle, len(weight))
    return places, checked_design(strata, clusters, weight)


def _matched(first: Sampled, second: Sampled) -> tuple[tuple[Positions, Positions], Design]:
    """Every household once, with the design and weight of the later run where that knows it."""
    place_of: dict[object, int] = {}
    for name in (*first.identity, *second.identity):
        place_of.setdefault(name, len(place_of))
    places = tuple(
        np.array([place_of[name] for name in side.identity], dtype=np.int64) for side in (first, second)
    )
    columns = [
        _later_first([side.listed(name) for side in (first, second)], places) for name in DESIGN_ALIASES
    ]
    weight = np.zeros(len(place_of))
    for side, at in zip((first, second), places, strict=True):
        weight[at] = side.rows.weight
    return (places[0], places[1]), checked_design(columns[0], columns[1], weight)


def _later_first(columns: Sequence[Listed], places: Sequence[Positions]) -> Listed:
    """The values of a column by place, those of the later run above those of the earlier."""
    if all(values is None for values in columns):
        return None
    whole: list[str | None] = [None] * (1 + max(int(at.max(initial=-1)) for at in places))
    for values, at in zip(columns, places, strict=True):
        for place, value in zip(at, values or [], strict=values is not None):
            whole[place] = value
    return whole


def _spread(rows: Rows, places: Positions, size: int) -> Ranked:
    """The rows of a run among all, in the order of welfare; who is not in it has no welfare."""
    welfare: Values = np.full(size, np.nan)
    weight: Values = np.zeros(size)
    welfare[places], weight[places] = rows.welfare, rows.weight
    return ranked(np.arange(size), welfare, weight, None, derived=True)


def _growth(before: Ranked, after: Ranked, share: float, design: Design) -> Precision | None:
    return _precision(before.quantile(share), after.quantile(share), design)


def _mean(rows: Ranked) -> Linear:
    people = rows.figure(rows.weighed, lambda: np.ones(len(rows.welfare)))
    return rows.income_total() / people


def _precision(before: Linear, after: Linear, design: Design) -> Precision | None:
    """That of after / before - 1; from nothing or a debt there is no growth."""
    if not float(before.value) > 0:
        return None
    return precision_of(after / before - 1.0, design.whole, share=False)
