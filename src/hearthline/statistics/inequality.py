# SPDX-License-Identifier: Apache-2.0
"""Decides the measures of a distribution: population, mean, quantiles and the Gini coefficient.

Gini and quantiles need the households in the order of welfare, with a running sum of their weights.
Neither depends on the order among households of equal welfare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hearthline.statistics.columns import (
    HOUSEHOLDS,
    PEOPLE,
    WELFARE,
    Column,
    Frame,
    Quantity,
    ranked_column,
)
from hearthline.statistics.expressions import (
    as_double,
    column,
    count,
    either,
    exact_total,
    known,
    missing,
    product,
    ratio,
    total,
)
from hearthline.statistics.linear import Linear, Values
from hearthline.statistics.ranked import Ranked
from hearthline.statistics.segments import Segments

QUANTILES = {"p10": 0.10, "p25": 0.25, "median": 0.50, "p75": 0.75, "p90": 0.90}


def population(frame: Frame) -> Iterator[Column]:
    """How many people and households the table stands for, and how many households are in it.

        people = Σ person weight      households = Σ household weight      n = number of rows

    n is exact and not weighted. The sums are exact where the weights are whole or decimal numbers. The
    number of households whose weight is unknown is weight_unknown; they count in n and nowhere else.

    - **Weights:** both of the package, whatever the request weighs by.
    - **Ties, quantile type, non-positive incomes:** not concerned.
    - **Error:** that of a total; the influence of a household is its weight. n and weight_unknown have none.
    - **Source:** Horvitz and Thompson (1952).
    - **Agrees with:** R `survey::svytotal`.
    """
    for name in (PEOPLE, HOUSEHOLDS):
        if name in frame.aliases:
            exact = name in frame.whole
            tree = exact_total(column(name)) if exact else total(as_double(column(name)))
            yield Column("population", "population", name, Quantity.WEIGHTED, tree)
    yield Column("population", "population", "n", Quantity.COUNT, count())
    unknown = [missing(column(name)) for name in (PEOPLE, HOUSEHOLDS) if name in frame.aliases]
    if unknown:
        tree = count(either(*unknown))
        yield Column("population", "population", "weight_unknown", Quantity.COUNT, tree)


def mean(frame: Frame) -> Iterator[Column]:
    """The weighted mean of welfare.

    Over households whose welfare y is known, with weight w:

        mean = Σ w y / Σ w

    With weight "person" and welfare per person it is the mean over people. Households whose welfare is
    unknown are in neither sum; `welfare_unknown` of `below_line` says how many they are.

    - **Weights:** w of the request. **Ties, quantile type:** not concerned.
    - **Non-positive incomes:** kept.
    - **Error:** influence (y - mean) / Σ w.
    - **Source:** Särndal, Swensson and Wretman (1992), section 5.7.
    - **Agrees with:** R `survey::svymean`, `laeken::incMean`.
    """
    tree = ratio(total(product(frame.weight, column(WELFARE))), frame.weight_where(known(column(WELFARE))))
    yield Column("mean", "welfare", "mean", Quantity.AMOUNT, tree)


def quantiles(frame: Frame) -> Iterator[Column]:
    """The weighted p10, p25, median, p75 and p90 of welfare: the inverse of the distribution function,
    averaged where it is flat (type 2 of Hyndman and Fan).

    Over households whose welfare is known and whose weight is above zero, in the order of welfare
    y₁ ≤ y₂ ≤ …, with C the running sum of weights and W the sum of all:

        q(p) = yₖ, where k is the first with Cₖ > p W
        q(p) = (yₖ + yₖ₊₁) / 2, where Cₖ = p W exactly

    so that the median of an even number of equal weights is the mean of the middle two. Cₖ counts as
    exactly p W within 10⁻¹² W.

    - **Weights:** w of the request; zero and unknown weights stand out of the order.
    - **Ties:** no matter. **Quantile type:** 2. **Non-positive incomes:** kept.
    - **Error:** influence −([y ≤ q] − p) / (f(q) W), with the density f by a Gaussian kernel of width
      s W^(−1/5), as in R `convey::svyiqalpha` and `vardpoor` (Osier 2009).
    - **Source:** Hyndman and Fan (1996), definition 2.
    - **Agrees with:** R `laeken::weightedQuantile`, Stata `_pctile`, SAS PCTLDEF=5.
    """
    for name, share in QUANTILES.items():
        yield ranked_column(
            "welfare", name, Quantity.AMOUNT, _quantile(share), _quantiles(share), measure="quantiles"
        )


def _quantile(share: float) -> Callable[[Ranked], Linear]:
    return lambda rows: rows.quantile(share)


def _quantiles(share: float) -> Callable[[Segments], Values]:
    return lambda rows: rows.quantile(share)


def gini(frame: Frame) -> Iterator[Column]:
    """The Gini coefficient of welfare: one less twice the area under the Lorenz curve.

    Over households whose welfare is known and whose weight is above zero, in the order of welfare, with
    C the running sum of weights, W the sum of all weights and Y = Σ w y:

        gini = Σ w y (2 C - w) / (W Y) - 1

    This is the trapezoid rule on the Lorenz curve: 0 where everybody has the same, and not changed by
    splitting a weighted row into equal rows. There is no small-sample correction n / (n - 1).

    - **Weights:** w of the request; zero and unknown weights stand out of the order.
    - **Ties:** no matter. **Quantile type:** none needed.
    - **Non-positive incomes:** kept, so the value may pass 1 where they weigh much; unknown where Y ≤ 0.
    - **Error:** influence (y (2 C - W) + Y - 2 S) / (W Y) - gini (1 / W + y / Y), with S the running
      Σ w y: the derivative by each weight (Langel and Tillé 2013).
    - **Source:** Gini (1914); Langel and Tillé (2013).
    - **Agrees with:** R `laeken::gini` divided by 100 (eusilc: 26.48962 by rb050). R `convey::svygini`
      leaves out the term -w and gives 0.2649652 there.
    """
    yield ranked_column("welfare", "gini", Quantity.INDEX, Ranked.gini, Segments.gini, measure="gini")
