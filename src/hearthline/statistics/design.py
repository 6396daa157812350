# SPDX-License-Identifier: Apache-2.0
"""Decides how far a figure of a sample may be from that of the population: variance under the design.

Strata and primary sampling units, drawn with replacement or as good as (Binder 1983). With t the sum of
the influences of a unit, n_h the units of stratum h and m_h the mean of t there:

    V = Σ_h n_h / (n_h − 1) Σ_i (t_hi − m_h)²

A group is a domain: units without anybody of the group count with t = 0. A stratum with one unit adds t²
(the rule "adjust" of R `survey`: its mean is taken to be that of all, which is zero). Without a column of
clusters every household is a unit; without strata all are in one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hearthline.statistics.linear import Linear, Positions, Values

CONFIDENCE = 0.95
"""The share of samples whose interval holds the figure of the population."""


@dataclass(frozen=True)
class Precision:
    """What a sample says of its figure: standard error, interval, design effect, degrees of freedom."""

    error: float
    low: float
    high: float
    effect: float | None = None


@dataclass(frozen=True, eq=False)
class Design:
    """Which unit each row belongs to, which stratum each unit, and what weighs a row."""

    unit: NDArray[np.int64]
    stratum: NDArray[np.int64]
    weight: Values
    has_clusters: bool = True
    has_strata: bool = True

    @property
    def units(self) -> int:
        """How many primary sampling units there are."""
        return len(self.stratum)

    @property
    def strata(self) -> int:
        """How many strata there are."""
        return int(self.stratum.max()) + 1 if self.units else 0

    @property
    def lonely(self) -> int:
        """How many strata have one unit alone."""
        return int(np.sum(np.bincount(self.stratum, minlength=self.strata) == 1))

    @property
    def freedom(self) -> int:
        """Degrees of freedom: units less strata, of the whole design, for a group too."""
        return self.units - self.strata

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """The units of every stratum."""
        return np.bincount(self.stratum, minlength=self.strata)

    @cached_property
    def whole(self) -> Domain:
        """Everybody."""
        return Domain(self, np.arange(len(self.unit)))


@dataclass(frozen=True, eq=False)
class Domain:
    """A group of the sample, by the positions of its rows in ascending order; the whole design counts for it.

    What it needs of the design is found once for all its figures: the units and strata in which it has rows.
    """

    design: Design
    rows: Positions

    @cached_property
    def _units(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The units with a row of the group, and for each row the place of its own among them."""
        present, place = np.unique(self.design.unit[self.rows], return_inverse=True)
        return present, place

    @cached_property
    def _strata(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The same for strata and units."""
        present, place = np.unique(self.design.stratum[self._units[0]], return_inverse=True)
        return present, place

    def variance(self, influence: Values) -> float:
        """The variance of a figure from the influence of every row of the group; all others have none."""
        units, unit = self._units
        strata, stratum = self._strata
        totals = np.bincount(unit, weights=influence, minlength=len(units))
        size = self.design.sizes[strata]
        mean = np.bincount(stratum, weights=totals, minlength=len(strata)) / size
        mean = np.where(size > 1, mean, 0.0)
        factor = np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
        absent = size - np.bincount(stratum, minlength=len(strata))
        squares = (totals - mean[stratum]) ** 2 * factor[stratum]
        return math.fsum((*squares, *(absent * mean**2 * factor)))

    def effect(self, influence: Values, variance: float) -> float | None:
        """The variance over that of a simple random sample of as many households (Kish).

        V_srs = W² / n · n / (n − 1) Σ w (z − z̄)² / W, with z the influence of a unit of weight, over the
        rows of the group that weigh anything: as `survey::svymean(deff = "replace")`.
        """
        weight = self.design.weight[self.rows]
        counted = weight > 0
        weight, chosen = weight[counted], influence[counted]
        number = len(weight)
        if number < 2:
            return None
        unit = chosen / weight
        whole = float(np.sum(weight))
        mean = float(np.sum(chosen)) / whole
        spread = float(np.sum(weight * (unit - mean) ** 2)) / whole * number / (number - 1)
        simple = whole**2 / number * spread
        return variance / simple if simple > 0 else None

    def influence(self, figure: Linear) -> Values | None:
        """The influence of every row of the group; None where that of a row outside moves the figure too.

        The threshold of everybody's median does, whatever the group.
        """
        own = np.zeros(len(self.rows))
        for part, slope in figure.slopes.items():
            place = np.minimum(np.searchsorted(self.rows, part.rows), len(self.rows) - 1)
            outside = self.rows[place] != part.rows
            if outside.any() and part.values[outside].any():
                return None
            own[place[~outside]] += slope * part.values[~outside]
        return own


def design_of(
    stratum: Sequence[str | None] | None, cluster: Sequence[str | None] | None, weight: Values
) -> Design:
    """The design from its two columns. A unit lies within its stratum, whatever its name elsewhere.

    An unknown stratum is a stratum; a household whose cluster is unknown is a unit of its own.
    """
    number = len(weight)
    strata: list[str | None] = list(stratum) if stratum is not None else [None] * number
    names: list[object] = (
        [name if name is not None else place for place, name in enumerate(cluster)]
        if cluster is not None
        else list(range(number))
    )
    stratum_code = {name: code for code, name in enumerate(sorted(set(strata), key=_rank))}
    unit_code: dict[tuple[str | None, object], int] = {}
    unit = np.empty(number, dtype=np.int64)
    for place, pair in enumerate(zip(strata, names, strict=True)):
        unit[place] = unit_code.setdefault(pair, len(unit_code))
    of_unit = np.array([stratum_code[name] for name, _ in unit_code], dtype=np.int64)
    return Design(unit, of_unit, weight, cluster is not None, stratum is not None)


def _rank(name: str | None) -> tuple[bool, str]:
    return (name is None, name or "")


def precision_of(
    figure: Linear, domain: Domain, *, share: bool, confidence: float = CONFIDENCE
) -> Precision | None:
    """The precision of a figure; None where there is no figure, or where it is no estimate."""
    value, design = float(figure.value), domain.design
    if not figure.slopes or math.isnan(value) or design.freedom < 1:
        return None
    influence = domain.influence(figure)
    if influence is None:
        domain, influence = design.whole, figure.influence(len(design.unit))
    variance = domain.variance(influence)
    if math.isnan(variance):
        return None
    error = math.sqrt(variance)
    low, high = interval(value, error, design.freedom, share=share, confidence=confidence)
    return Precision(error, low, high, domain.effect(influence, variance))


def interval(
    value: float, error: float, freedom: int, *, share: bool, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Figure ± t · error; for a share by its logit, so that it stays between none and all.

    As `survey::svyciprop(method = "logit")` and, for the rest, `confint(df = degf(design))`.
    """
    reach = student(0.5 + confidence / 2, freedom) * error
    if not share or not 0 < value < 1:
        return value - reach, value + reach
    middle, spread = math.log(value / (1 - value)), reach / (value * (1 - value))
    low, high = (1 / (1 + math.exp(min(-(middle + side), 700.0))) for side in (-spread, spread))
    return low, high


@lru_cache(maxsize=256)
def student(p: float, freedom: int) -> float:
    """The quantile of Student's t; by bisection on its distribution function (Abramowitz, Stegun 26.7)."""
    if freedom > 100_000:
        return NormalDist().inv_cdf(p)
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if _student_below(middle, freedom) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _student_below(t: float, freedom: int) -> float:
    """P(T ≤ t) for t ≥ 0, by the finite sums for whole degrees of freedom."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    term, total = (1.0, 0.0) if freedom % 2 == 0 else (cosine, 0.0)
    for place in range(freedom % 2 + 1, freedom, 2):
        total += term
        term *= cosine**2 * place / (place + 1)
        if term < 1e-18:
            break
    if freedom % 2 == 0:
        return 0.5 + sine * total / 2
    return 0.5 + (angle + sine * total) / math.pi
