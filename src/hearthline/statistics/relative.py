# SPDX-License-Identifier: Apache-2.0
"""Decides the measures that take their line from the median, and the ratio of rich to poor."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from hearthline.statistics.columns import Column, Frame, Quantity, ranked_column
from hearthline.statistics.linear import MISSING, Influence, Linear, Values
from hearthline.statistics.ranked import Ranked
from hearthline.statistics.segments import Segments

SHARES_OF_MEDIAN = (40, 50, 60, 70)
"""The thresholds of the risk of poverty in per cent of the median, as Eurostat gives them."""


def risk(frame: Frame) -> Iterator[Column]:
    """The risk of poverty: the threshold at 40, 50, 60 and 70 % of the median, the rate below it, and how
    far below it the median of those at risk lies.

    With q(0.5) the median of everybody's welfare, whatever the group, and s the share:

        threshold  = s q(0.5)
        rate       = Σ w [y < threshold] / Σ w
        median_gap = (threshold - median of y among y < threshold) / threshold

    The threshold of a group is that of everybody, so that rates of groups make up the rate of the whole.

    - **Weights:** w of the request; households of zero or unknown weight are left out.
    - **Ties:** exactly on the threshold is not below it. **Quantile type:** 2, as `quantiles`.
    - **Non-positive incomes:** kept.
    - **Error:** the influence of the threshold included: Osier (2009), with a Gaussian kernel of width
      s W^(−1/5), W and s of everybody, as in R `convey::svyarpt`, `svyarpr` and `svyrmpg`, `vardpoor`.
    - **Source:** Eurostat (2004), working group on statistics on income, poverty and social exclusion.
    - **Agrees with:** R `laeken::arpt`, `arpr` and `rmpg`, which give rates and gaps in per cent.
    """
    for share in SHARES_OF_MEDIAN:
        part = share / 100
        for name, quantity, figure, of_all in (
            ("threshold", Quantity.AMOUNT, _threshold(part), _thresholds(part)),
            ("rate", Quantity.SHARE, _rate(part), _rates(part)),
            ("median_gap", Quantity.SHARE, _median_gap(part), _median_gaps(part)),
        ):
            yield ranked_column("risk", name, quantity, figure, of_all, measure="risk", item=str(share))


def _thresholds(share: float) -> Callable[[Segments], Values]:
    return lambda rows: np.full(len(rows.begins), rows.median * share)


def _rates(share: float) -> Callable[[Segments], Values]:
    return lambda rows: rows.below(rows.median * share)


def _median_gaps(share: float) -> Callable[[Segments], Values]:
    def figure(rows: Segments) -> Values:
        threshold = rows.median * share
        under = rows.poorer(threshold)
        median = rows.quantile_of(0.5, rows.weight_up_to(under))
        with np.errstate(all="ignore"):
            gap = 1.0 - median / (threshold or math.nan)
        return np.where(under > rows.begins, gap, np.nan)

    return figure


def _threshold(share: float) -> Callable[[Ranked], Linear]:
    return lambda rows: rows.everybody.quantile(0.5) * share


def _rate(share: float) -> Callable[[Ranked], Linear]:
    return lambda rows: _rate_below(rows, rows.everybody.quantile(0.5) * share)


def _rate_below(rows: Ranked, threshold: Linear) -> Linear:
    if not len(rows.welfare):
        return MISSING
    at = float(threshold.value)
    rate = rows.below(at)
    return rate.moved(threshold, rows.density(at)) if rows.derived else rate


def _median_gap(share: float) -> Callable[[Ranked], Linear]:
    def figure(rows: Ranked) -> Linear:
        threshold = rows.everybody.quantile(0.5) * share
        at = float(threshold.value)
        under = int(np.searchsorted(rows.welfare, at, side="left"))
        if not under:
            return MISSING
        poor = rows.taken(np.arange(under), rows.welfare[:under])
        return Linear(1.0) - _median_of_poor(rows, poor, threshold) / threshold

    return figure


def _median_of_poor(rows: Ranked, poor: Ranked, threshold: Linear) -> Linear:
    """The m with F(m) = F(threshold) / 2; its influence follows from that of both sides."""
    median = poor.quantile_value(0.5)
    if not rows.derived:
        return Linear(median)
    rate = _rate_below(rows, threshold)
    density = rows.density(median)
    own = -((rows.welfare <= median) - float(rate.value) / 2) / (rows.weighed * density)
    figure = Linear(median, {Influence(rows.rows, rows.weight * own): 1.0})
    return figure.moved(rate, 0.5 / density)


def quintile_ratio(frame: Frame) -> Iterator[Column]:
    """The quintile share ratio S80/S20: all income of the richest fifth over that of the poorest fifth.

        quintile_ratio = Σ w y [y > q(0.8)] / Σ w y [y ≤ q(0.2)]

    - **Weights:** w of the request; households of zero or unknown weight are left out.
    - **Ties:** all on q(0.2) are among the poorest, none on q(0.8) among the richest, so neither group
      need be exactly a fifth. **Quantile type:** 2, as `quantiles`.
    - **Non-positive incomes:** kept; unknown where the poorest fifth has no income above zero.
    - **Error:** influence of Σ w y [y ≤ q(p)]: y [y ≤ q] - q ([y ≤ q] - p), which needs no density
      (Langel and Tillé 2011). R `convey::svyqsr` puts a kernel estimate in its place.
    - **Source:** Eurostat (2004).
    - **Agrees with:** R `laeken::qsr`.
    """
    yield ranked_column(
        "inequality", "quintile_ratio", Quantity.RATIO, _ratio, _ratios, measure="quintile_ratio"
    )


def _ratio(rows: Ranked) -> Linear:
    if not len(rows.welfare):
        return MISSING
    low, high = rows.quantile_value(0.2), rows.quantile_value(0.8)
    welfare, weight = rows.welfare, rows.weight
    poorest, richest = welfare <= low, welfare > high

    def lower() -> Values:
        return welfare * poorest - low * (poorest - 0.2)

    def upper() -> Values:
        return welfare * richest + high * (~richest - 0.8)

    bottom = rows.figure(float(np.sum(weight * welfare * poorest)), lower)
    top = rows.figure(float(np.sum(weight * welfare * richest)), upper)
    return top / bottom if float(bottom.value) > 0 else MISSING


def _ratios(rows: Segments) -> Values:
    poorest = rows.poorer(rows.quantile(0.2), or_equal=True)
    richest = rows.poorer(rows.quantile(0.8), or_equal=True)
    bottom = rows.income_between(rows.begins, poorest)
    with np.errstate(all="ignore"):
        return np.where(bottom > 0, rows.income_between(richest, rows.ends) / bottom, np.nan)
