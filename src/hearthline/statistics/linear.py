# SPDX-License-Identifier: Apache-2.0
"""Decides how a figure carries its linearisation: its value, and how it moves with the weight of each row.

The influence of row k is w_k · ∂figure/∂w_k. Sums, products, quotients and logarithms of figures carry it by
the rules of differentiation (Deville 1999; Binder 1983), so that a measure states its formula once and
its variance follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Positions = NDArray[np.int64]
Number = float | Values
"""One figure, or the same figure in every replicate of a bootstrap."""


@dataclass(frozen=True, eq=False)
class Influence:
    """w·∂T/∂w of one total over the rows at some positions; every other row has none."""

    rows: Positions
    values: Values


@dataclass(frozen=True, eq=False)
class Linear:
    """A figure with its derivatives by the totals it is made of. NaN is a figure that does not exist."""

    value: Number
    slopes: Mapping[Influence, float] = field(default_factory=dict)

    def __add__(self, other: Linear | float) -> Linear:
        other = linear(other)
        return Linear(self.value + other.value, _merged(self.slopes, 1.0, other.slopes, 1.0))

    def __sub__(self, other: Linear | float) -> Linear:
        other = linear(other)
        return Linear(self.value - other.value, _merged(self.slopes, 1.0, other.slopes, -1.0))

    def __mul__(self, other: Linear | float) -> Linear:
        other = linear(other)
        slopes = _merged(self.slopes, other.value, other.slopes, self.value)
        return Linear(self.value * other.value, slopes)

    def __truediv__(self, other: Linear | float) -> Linear:
        other = linear(other)
        with np.errstate(all="ignore"):
            divisor = np.where(other.value == 0, np.nan, other.value)
            value = self.value / divisor
            one, two = 1 / divisor, -value / divisor
        return Linear(_plain(value), _merged(self.slopes, _plain(one), other.slopes, _plain(two)))

    def log(self) -> Linear:
        """The natural logarithm; of zero or less there is none."""
        with np.errstate(all="ignore"):
            positive = np.where(np.asarray(self.value) > 0, self.value, np.nan)
            return Linear(_plain(np.log(positive)), _merged(self.slopes, _plain(1 / positive), {}, 0.0))

    def exp(self) -> Linear:
        """The exponential."""
        value = _plain(np.exp(self.value))
        return Linear(value, _merged(self.slopes, value, {}, 0.0))

    def moved(self, by: Linear, slope: float) -> Linear:
        """The same value, which also moves with another figure at this slope."""
        return Linear(self.value, _merged(self.slopes, 1.0, by.slopes, slope))

    def influence(self, size: int) -> Values:
        """The influence of every row; their sum is zero for a figure that does not grow with the sample."""
        whole = np.zeros(size)
        for part, slope in self.slopes.items():
            whole[part.rows] += slope * part.values
        return whole


def linear(value: Linear | float) -> Linear:
    """A number as a figure that moves with nothing."""
    return value if isinstance(value, Linear) else Linear(float(value))


MISSING = Linear(float("nan"))
"""A figure that does not exist, such as a share of nobody."""


def _plain(value: Values | float) -> Number:
    array = np.asarray(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array


def _merged(
    left: Mapping[Influence, float], by: Number, right: Mapping[Influence, float], by_right: Number
) -> dict[Influence, float]:
    """The chain rule; replicates of a bootstrap have no slopes, so that factors of slopes are numbers."""
    if not left and not right:
        return {}
    slopes = {part: slope * float(by) for part, slope in left.items()}
    for part, slope in right.items():
        slopes[part] = slopes.get(part, 0.0) + slope * float(by_right)
    return slopes
