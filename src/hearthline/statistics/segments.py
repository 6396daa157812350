# SPDX-License-Identifier: Apache-2.0
"""Decides how all groups of a breakdown stand in the order of welfare at once: as parts of one array each.

What :class:`~hearthline.statistics.ranked.Ranked` works out for one group, with influences, is worked out
here for hundreds of thousands of groups by a few passes over their rows, without. Weights are whole numbers,
so that running sums of them are exact; who has others takes the groups one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hearthline.statistics.linear import Positions, Values
from hearthline.statistics.ranked import TOLERANCE

BLOCK = 1 << 21
"""Rows whose terms are held at once: a nation's would need a gigabyte for each passing product."""

Whole = NDArray[np.int64]
Term = Callable[[slice], Values]


@dataclass(frozen=True, eq=False)
class Segments:
    """Rows with known welfare and a weight above zero: by group, within one in the order of welfare.

    Group g has the rows from ``starts[g]`` up to before ``starts[g + 1]``, at least one. ``line`` is the
    line of all rows; NaN where there is none. ``median`` is that of everybody, whatever the group.
    """

    starts: Positions
    welfare: Values
    weight: Values | Whole
    line: float = math.nan
    median: float = math.nan

    @property
    def begins(self) -> Positions:
        """The first row of each group."""
        return self.starts[:-1]

    @property
    def ends(self) -> Positions:
        """The row behind the last of each group."""
        return self.starts[1:]

    @cached_property
    def running(self) -> Whole:
        """The weight up to and including each row, from the first row of all."""
        running: Whole = np.cumsum(self.weight, dtype=np.int64)
        return running

    @cached_property
    def before(self) -> Whole:
        """The weight of all groups before each."""
        first = self.begins
        own: Whole = self.running[first] - self.weight[first].astype(np.int64)
        return own

    @cached_property
    def weighed(self) -> Values:
        """The weight of each group."""
        return (self.running[self.ends - 1] - self.before).astype(np.float64)

    @cached_property
    def earned(self) -> Values:
        """Σ w y of each group."""
        return self.total(self._income, self.begins, self.ends)

    def _income(self, rows: slice) -> Values:
        return self.weight[rows] * self.welfare[rows]

    def weight_up_to(self, ends: Positions) -> Values:
        """The weight of each group from its first row up to before a row."""
        up_to = self.running[np.maximum(ends - 1, 0)] - self.before
        return np.where(ends > self.begins, up_to, 0).astype(np.float64)

    def total(self, term: Term, begins: Positions, ends: Positions) -> Values:
        """The sum of a term over part of the rows of each group; 0 over none."""
        whole = np.zeros(len(begins))
        for block in range(0, len(self.welfare), BLOCK):
            until = min(block + BLOCK, len(self.welfare))
            first = int(np.searchsorted(ends, block, side="right"))
            last = int(np.searchsorted(begins, until, side="left"))
            if first < last:
                values = term(slice(block, until))
                low = np.clip(begins[first:last], block, until) - block
                high = np.clip(ends[first:last], block, until) - block
                whole[first:last] += _sums(values, low, high)
        return whole

    def income_between(self, begins: Positions, ends: Positions) -> Values:
        """Σ w y over part of the rows of each group."""
        return self.total(self._income, begins, ends)

    def reached(self, weight: Values, *, above: bool) -> Positions:
        """The first row of each group whose running weight is at least this, or above it; else its last."""
        if above:
            target = self.before + np.floor(weight).astype(np.int64)
            found = np.searchsorted(self.running, target, side="right")
        else:
            target = self.before + np.ceil(weight).astype(np.int64)
            found = np.searchsorted(self.running, target, side="left")
        return np.clip(found, self.begins, self.ends - 1)

    def quantile(self, share: float) -> Values:
        """Type 2 of Hyndman and Fan in each group, as :meth:`Ranked.quantile_value`."""
        return self.quantile_of(share, self.weighed)

    def quantile_of(self, share: float, weighed: Values) -> Values:
        """The quantile of the poorest of each group who weigh so much together."""
        low = self.reached((share - TOLERANCE) * weighed, above=False)
        high = self.reached((share + TOLERANCE) * weighed, above=True)
        last = np.maximum(np.searchsorted(self.running, self.before + weighed.astype(np.int64)), self.begins)
        middle: Values = (self.welfare[np.minimum(low, last)] + self.welfare[np.minimum(high, last)]) / 2
        return middle

    def poorer(self, amount: Values | float, *, or_equal: bool = False) -> Positions:
        """The first row of each group whose welfare is not below an amount, or above it if ``or_equal``."""
        low, high = self.begins.copy(), self.ends.copy()
        while True:
            open_ = np.flatnonzero(low < high)
            if not len(open_):
                return low
            middle = (low[open_] + high[open_]) // 2
            wanted = amount[open_] if isinstance(amount, np.ndarray) else amount
            value = self.welfare[middle]
            under = value <= wanted if or_equal else value < wanted
            low[open_[under]] = middle[under] + 1
            high[open_[~under]] = middle[~under]

    def below(self, amount: float) -> Values:
        """The share of each group strictly below an amount."""
        share: Values = self.weight_up_to(self.poorer(amount)) / self.weighed
        return share

    def gini(self) -> Values:
        """Σ w y (2 C − w) / (W Y) − 1 of each group; NaN where Y is not above zero."""
        return self.gini_up_to(self.ends, self.weighed, self.earned)

    def gini_up_to(self, ends: Positions, weighed: Values, earned: Values) -> Values:
        """The same of the poorest of each group, up to before a row."""

        def spread(rows: slice) -> Values:
            return self._income(rows) * (2 * self._own_running(rows) - self.weight[rows])

        return _over(self.total(spread, self.begins, ends), weighed, earned)

    def _own_running(self, rows: slice) -> Values:
        """The weight up to and including each row, from the first of its group."""
        first = int(np.searchsorted(self.ends, rows.start, side="right"))
        last = int(np.searchsorted(self.begins, rows.stop, side="left"))
        if last - first == 1:
            own: Whole = self.running[rows] - self.before[first]
        else:
            own = self.running[rows] - np.repeat(self.before[first:last], self._sizes(first, last, rows))
        return own.astype(np.float64)

    def _sizes(self, first: int, last: int, rows: slice) -> Whole:
        """How many of some rows each group has, of those from one group to another."""
        bounds: Whole = np.clip(self.starts[first : last + 1], rows.start, rows.stop)
        return bounds[1:] - bounds[:-1]

    def lower_income(self, share: float) -> Values:
        """Σ w y of the poorest share of each group, the row on its edge taken in part."""
        edge = self.reached(share * self.weighed, above=False)
        before = self.weight_up_to(edge)
        inside: Values = (share * self.weighed - before) * self.welfare[edge]
        income: Values = self.income_between(self.begins, edge) + inside
        return income

    def shortfalls(self) -> tuple[Positions, Values]:
        """Where those below the line end in each group, and the mean of their shortfalls over everybody."""
        ends = self.poorer(self.line)

        def gap(rows: slice) -> Values:
            return self.weight[rows] * (1.0 - self.welfare[rows] / self.line)

        return ends, self.total(gap, self.begins, ends) / self.weighed

    def gini_of_the_poor(self, ends: Positions) -> Values:
        """The Gini coefficient of welfare over line among those below the line."""

        def relative(rows: slice) -> Values:
            return self.weight[rows] * (self.welfare[rows] / self.line)

        def spread(rows: slice) -> Values:
            return relative(rows) * (2 * self._own_running(rows) - self.weight[rows])

        earned = self.total(relative, self.begins, ends)
        return _over(self.total(spread, self.begins, ends), self.weight_up_to(ends), earned)

    def gini_of_shortfalls(self, ends: Positions, gap: Values) -> Values:
        """The Gini coefficient of the shortfall of everybody; the poorest come last in its order."""
        weighed = self.weighed

        def spread(rows: slice) -> Values:
            weight = self.weight[rows]
            shortfall = 1.0 - self.welfare[rows] / self.line
            first = int(np.searchsorted(self.ends, rows.start, side="right"))
            last = int(np.searchsorted(self.begins, rows.stop, side="left"))
            sizes = self._sizes(first, last, rows)
            behind = np.repeat(weighed[first:last], sizes) - self._own_running(rows)
            return weight * shortfall * (2 * behind + weight)

        return _over(self.total(spread, self.begins, ends), weighed, gap * weighed)


def _over(spread: Values, weighed: Values, earned: Values) -> Values:
    with np.errstate(all="ignore"):
        return np.where(earned > 0, spread / (weighed * earned) - 1, np.nan)


def _sums(values: Values, begins: Positions, ends: Positions) -> Values:
    """The sums of values between positions, 0 where there are none between."""
    places = np.empty(2 * len(begins), dtype=np.int64)
    places[0::2], places[1::2] = begins, ends
    # ``reduceat`` takes no position behind the last value, so there is one more.
    found = np.add.reduceat(np.append(values, 0.0), places)[0::2]
    return np.where(ends > begins, found, 0.0)
