# SPDX-License-Identifier: Apache-2.0
"""Decides the growth-incidence curve: how welfare changed from one run to another, by place in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hearthline.engine.backends.runs import Run
from hearthline.statistics.compare import check_comparable
from hearthline.statistics.curves import DRAWN, drawn_columns
from hearthline.statistics.design import Precision
from hearthline.statistics.figures import Provenance
from hearthline.statistics.growth_errors import growth_precisions
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
    mean_precision: Precision | None = None

    def at(self, place: int) -> GrowthPoint:
        """The point of a percentile, 1 to 99."""
        return self.points[place - 1]


def growth_between(
    runs: tuple[Run, Run],
    specifications: tuple[Specification, Specification],
    *,
    errors: bool = False,
    keys: tuple[Path, Path] | None = None,
) -> Growth | None:
    """The growth-incidence curve: how welfare grew from the earlier run to the later, at every percentile.

    With q₁ and q₂ the quantiles of `parade` in the two runs, and μ₁ and μ₂ their means:

        growth(p) = q₂(p) / q₁(p) − 1, for p of 1 to 99 %        growth of the mean = μ₂ / μ₁ − 1

    People are not followed: p is a place in each distribution. It is the growth of the whole time between
    the two days, not of a year. There is none where a run names no welfare value; runs whose welfare is of
    different units are refused.

    - **Weights:** those of each run. **Ties:** no matter. **Quantile type:** 2, as `quantiles`.
    - **Non-positive incomes:** kept; where q₁ is not above zero there is no growth.
    - **Error:** of q₂ / q₁ by the influences of both, (q₂' − q₁' q₂ / q₁) / q₁. The same households in both
      runs, of one snapshot or by keys, count with their correlation; two samples drawn apart without.
    - **Source:** Ravallion and Chen (2003); Osier (2009) for quantiles.
    - **Agrees with:** R `survey::svytotal` of that influence, with `laeken::weightedQuantile` for q.
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
    if keys is not None:
        check_comparable(*runs, keys)
    apart = keys is None and runs[0].record.snapshot.hash != runs[1].record.snapshot.hash
    tables = [
        compute_run(run, part, measures=["mean"], further=drawn_columns())
        for run, part in zip(runs, specifications, strict=True)
    ]
    precisions, of_mean = (
        growth_precisions(runs, specifications, apart=apart, keys=keys) if errors else ({}, None)
    )
    return Growth(
        specification=second,
        earlier=provenance_of(runs[0]),
        later=provenance_of(runs[1]),
        points=tuple(_points(tables, precisions)),
        mean=_growth(*(table.value("mean") for table in tables)),
        has_errors=errors,
        mean_precision=of_mean,
    )


def _points(tables: Sequence[StatisticsTable], precisions: Mapping[int, Precision]) -> list[GrowthPoint]:
    drawn = [table.find_table(DRAWN) for table in tables]
    if drawn[0] is None or drawn[1] is None:
        return []
    places = [int(row.item or 0) for row in drawn[0].rows if not row.group.names]
    return [_point(tables, place, precisions.get(place)) for place in places]


def _point(tables: Sequence[StatisticsTable], place: int, precision: Precision | None) -> GrowthPoint:
    before, after = (table.value("income", item=str(place)) for table in tables)
    return GrowthPoint(
        place,
        math.nan if before is None else float(before),
        math.nan if after is None else float(after),
        _growth(before, after),
        precision,
    )


def _growth(before: float | None, after: float | None) -> float | None:
    """Growth from an amount above zero; from nothing or a debt there is none."""
    if before is None or after is None or before <= 0:
        return None
    return after / before - 1
