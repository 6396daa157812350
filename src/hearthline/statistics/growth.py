# SPDX-License-Identifier: Apache-2.0
"""Decides the growth-incidence curve: how welfare changed between two runs, from the poorest to the richest.

With q₁ and q₂ the quantiles of `parade` in the two runs, growth(p) = q₂(p) / q₁(p) − 1, and that of the mean
beside it (Ravallion and Chen 2003). People are not followed: p is a place in each distribution. It is the
growth of the whole time between the two days, not of a year. The errors of two samples drawn apart add up
by the delta method; the same households twice are no two samples, and get none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hearthline.engine.backends.runs import Run
from hearthline.statistics.curves import DRAWN, drawn_columns
from hearthline.statistics.design import Precision, interval
from hearthline.statistics.figures import Provenance
from hearthline.statistics.measures import compute_run
from hearthline.statistics.problems import DIFFERENT_WELFARE
from hearthline.statistics.runs import provenance_of
from hearthline.statistics.specification import Specification
from hearthline.statistics.table import StatisticsTable


@dataclass(frozen=True)
class GrowthPoint:
    """One percentile: welfare before and after, its growth, and how sure that is."""

    place: int
    before: float
    after: float
    growth: float | None
    precision: Precision | None = None


@dataclass(frozen=True)
class Growth:
    """The curve, and the growth of the mean."""

    specification: Specification
    earlier: Provenance
    later: Provenance
    points: tuple[GrowthPoint, ...]
    mean: float | None
    has_errors: bool

    def at(self, place: int) -> GrowthPoint:
        """The point of a percentile, 1 to 99."""
        return self.points[place - 1]


def growth_between(
    runs: tuple[Run, Run], specifications: tuple[Specification, Specification], *, errors: bool = False
) -> Growth | None:
    """The growth-incidence curve of two runs; None where they name no welfare value.

    Refused where the two are of different units. With ``errors`` both runs must be samples.
    """
    first, second = specifications
    if first.welfare is None or second.welfare is None:
        return None
    if first.welfare_unit != second.welfare_unit:
        raise DIFFERENT_WELFARE.error(
            earlier=first.welfare,
            unit=first.welfare_unit or "no unit",
            later=second.welfare,
            later_unit=second.welfare_unit or "no unit",
        )
    apart = runs[0].record.snapshot.hash != runs[1].record.snapshot.hash
    tables = [
        compute_run(run, part, measures=["mean"], errors=errors and apart, further=drawn_columns())
        for run, part in zip(runs, specifications, strict=True)
    ]
    return Growth(
        specification=second,
        earlier=provenance_of(runs[0]),
        later=provenance_of(runs[1]),
        points=tuple(_points(tables)),
        mean=_growth(*(table.value("mean") for table in tables)),
        has_errors=errors and apart,
    )


def _points(tables: Sequence[StatisticsTable]) -> list[GrowthPoint]:
    drawn = [table.find_table(DRAWN) for table in tables]
    if drawn[0] is None or drawn[1] is None:
        return []
    places = [int(row.item or 0) for row in drawn[0].rows if not row.group.names]
    return [_point(tables, place) for place in places]


def _point(tables: Sequence[StatisticsTable], place: int) -> GrowthPoint:
    item = str(place)
    before, after = (table.value("income", item=item) for table in tables)
    growth = _growth(before, after)
    precisions = [table.precision("income", item=item) for table in tables]
    return GrowthPoint(
        place,
        math.nan if before is None else float(before),
        math.nan if after is None else float(after),
        growth,
        _precision(before, after, precisions, tables),
    )


def _growth(before: float | None, after: float | None) -> float | None:
    """Growth from an amount above zero; from nothing or a debt there is none."""
    if before is None or after is None or before <= 0:
        return None
    return after / before - 1


def _precision(
    before: float | None,
    after: float | None,
    found: Sequence[Precision | None],
    tables: Sequence[StatisticsTable],
) -> Precision | None:
    first, second = found
    growth = _growth(before, after)
    if growth is None or first is None or second is None or before is None or after is None:
        return None
    error = math.hypot(second.error / before, after * first.error / before**2)
    freedom = sum(table.sampling.freedom for table in tables if table.sampling is not None)
    low, high = interval(growth, error, freedom, share=False)
    return Precision(error, low, high)
