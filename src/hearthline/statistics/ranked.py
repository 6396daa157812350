# SPDX-License-Identifier: Apache-2.0
"""Decides how rows stand in the order of welfare: running totals, quantiles, densities and shares.

Rows of equal welfare stand in the order of their weights, so that the order of a file shows in no digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from hearthline.statistics.linear import MISSING, Influence, Linear, Positions, Values

TOLERANCE = 1e-12
"""A running share this close to p, as a part of the whole weight, is taken to be exactly p."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """Rows with known welfare and a weight above zero, in the order of welfare.

    ``rows`` are their positions among all rows, ``line`` the line of each (NaN where there is none).
    Without ``derived`` figures carry no influence and need no positions, as for points and replicates.
    """

    rows: Positions
    welfare: Values
    weight: Values
    line: Values | None = None
    derived: bool = True
    whole: Ranked | None = field(default=None, repr=False)
    """All rows, of which these are a group; None where these are all."""

    @cached_property
    def running(self) -> Values:
        """The weight up to and including each row."""
        return np.cumsum(self.weight)

    @cached_property
    def income(self) -> Values:
        """Σ w y up to and including each row."""
        return np.cumsum(self.weight * self.welfare)

    @cached_property
    def weighed(self) -> float:
        """The weight of all rows."""
        return float(self.running[-1]) if len(self.running) else 0.0

    @cached_property
    def earned(self) -> float:
        """Σ w y of all rows."""
        return float(self.income[-1]) if len(self.income) else 0.0

    @property
    def everybody(self) -> Ranked:
        """All rows, of which these are a group or the whole."""
        return self.whole or self

    def figure(self, value: float, unit: Callable[[], Values]) -> Linear:
        """A figure whose derivative by the weight of each row is ``unit``, worked out only if needed."""
        if not self.derived or math.isnan(value):
            return Linear(value)
        return Linear(value, {Influence(self.rows, self.weight * unit()): 1.0})

    def place(self, share: float) -> int:
        """The first row whose running weight is above a share of all the weight."""
        reached = int(np.searchsorted(self.running, (share + TOLERANCE) * self.weighed, side="right"))
        return min(reached, len(self.running) - 1)

    def quantile_value(self, share: float) -> float:
        """Type 2 of Hyndman and Fan: averaged where the running weight is exactly the share."""
        if not len(self.welfare):
            return math.nan
        low = int(np.searchsorted(self.running, (share - TOLERANCE) * self.weighed, side="left"))
        low = min(low, len(self.welfare) - 1)
        return float((self.welfare[low] + self.welfare[self.place(share)]) / 2)

    def quantile(self, share: float) -> Linear:
        """A quantile; its influence is −([y ≤ q] − p) / (f(q) W), with f by :meth:`density`."""
        value = self.quantile_value(share)
        return self.figure(
            value,
            lambda: (share - (self.welfare <= value).astype(float)) / (self.density(value) * self.weighed),
        )

    @cached_property
    def bandwidth(self) -> float:
        """The width of the kernel: s W^(−1/5) of all rows, s their standard deviation (Osier 2009)."""
        rows = self.everybody
        mean = rows.earned / rows.weighed
        spread = float(np.sum(rows.weight * (rows.welfare - mean) ** 2)) / rows.weighed
        return math.sqrt(spread) * math.pow(rows.weighed, -0.2)

    def density(self, at: float) -> float:
        """The density of welfare by a Gaussian kernel; NaN where welfare does not vary."""
        if not self.bandwidth:
            return math.nan
        distance = (self.welfare - at) / self.bandwidth
        kernel = float(np.sum(self.weight * np.exp(-(distance**2) / 2))) / math.sqrt(2 * math.pi)
        return kernel / (self.bandwidth * self.weighed) or math.nan

    def below(self, threshold: float) -> Linear:
        """The share strictly below a fixed amount."""
        under = int(np.searchsorted(self.welfare, threshold, side="left"))
        value = float(self.running[under - 1]) / self.weighed if under else 0.0
        return self.figure(value, lambda: ((self.welfare < threshold).astype(float) - value) / self.weighed)

    def gini(self) -> Linear:
        """Σ w y (2 C − w) / (W Y) − 1; the influence is its exact derivative by each weight."""
        if self.earned <= 0:
            return MISSING
        whole, earned = self.weighed, self.earned
        value = float(np.sum(self.weight * self.welfare * (2 * self.running - self.weight)))
        value = value / (whole * earned) - 1

        def unit() -> Values:
            spread = self.welfare * (2 * self.running - whole) + earned - 2 * self.income
            return spread / (whole * earned) - value * (1 / whole + self.welfare / earned)

        return self.figure(value, unit)

    def lower_income(self, share: float) -> Linear:
        """Σ w y of the poorest share of people, the row on its edge taken in part."""
        edge = min(
            int(np.searchsorted(self.running, share * self.weighed, side="left")), len(self.running) - 1
        )
        before = float(self.running[edge - 1]) if edge else 0.0
        sum_before = float(self.income[edge - 1]) if edge else 0.0
        at = float(self.welfare[edge])
        value = sum_before + (share * self.weighed - before) * at

        def unit() -> Values:
            poorer = np.arange(len(self.welfare)) < edge
            return np.where(poorer, self.welfare - at, 0.0) + share * at

        return self.figure(value, unit)

    def income_total(self) -> Linear:
        """Σ w y."""
        return self.figure(self.earned, lambda: self.welfare)

    def reweighted(self, factor: Values, whole: Ranked | None = None) -> Ranked:
        """The same rows with their weights multiplied, by the factor of every row of the file."""
        weight = self.weight * factor[self.rows]
        kept = np.flatnonzero(weight > 0)
        line = self.line[kept] if self.line is not None else None
        return Ranked(self.rows[kept], self.welfare[kept], weight[kept], line, False, whole)

    def lined(self) -> Ranked:
        """The rows that have a line above zero, in the order of welfare over line."""
        if self.line is None:
            return self.taken(np.zeros(0, dtype=np.int64), np.zeros(0))
        has = np.flatnonzero(self.line > 0)
        return self.taken(has, self.welfare[has] / self.line[has])

    def taken(self, places: Positions, values: Values) -> Ranked:
        """Some of the rows with other values, put into the order of those."""
        weight = self.weight[places]
        order = np.lexsort((weight, values))
        rows = self.rows[places][order] if self.derived else self.rows
        return Ranked(rows, values[order], weight[order], None, self.derived)


def ranked(
    rows: Positions,
    welfare: Values,
    weight: Values,
    line: Values | None,
    *,
    derived: bool,
    whole: Ranked | None = None,
) -> Ranked:
    """Some rows by position, put into the order of welfare; the unknown and the weightless left out."""
    own_welfare, own_weight = welfare[rows], weight[rows]
    places = np.flatnonzero(~np.isnan(own_welfare) & (own_weight > 0))
    places = places[np.lexsort((own_weight[places], own_welfare[places]))]
    chosen = rows[places]
    return Ranked(
        chosen,
        own_welfare[places],
        own_weight[places],
        line[chosen] if line is not None else None,
        derived,
        whole,
    )
