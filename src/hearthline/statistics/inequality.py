# SPDX-License-Identifier: Apache-2.0
"""Decides the measures of a distribution: population, mean, quantiles and the Gini coefficient.

Gini and quantiles need the households in the order of welfare, with a running sum of their weights.
Neither depends on the order among households of equal welfare.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from hearthline.statistics.columns import HOUSEHOLDS, PEOPLE, WEIGHT, WELFARE, Column, Frame, Quantity
from hearthline.statistics.expressions import (
    Tree,
    as_double,
    at_least,
    column,
    count,
    difference,
    either,
    exact_total,
    filtered,
    known,
    missing,
    more,
    number,
    product,
    ratio,
    total,
)

RUNNING = "running_weight"
ALL = "all_weight"
"""Columns of the ordered rows: the weight up to and including a row, and that of the whole group."""

QUANTILES = {"p10": 0.10, "p25": 0.25, "median": 0.50, "p75": 0.75, "p90": 0.90}

TOLERANCE = 1e-12
"""A running share this close to p, as a part of the whole weight, is taken to be exactly p."""


def population(frame: Frame) -> Iterator[Column]:
    """How many people and households the table stands for, and how many households are in it.

        people = Σ person weight      households = Σ household weight      n = number of rows

    n is exact and not weighted. The sums are exact where the weights are whole or decimal numbers. The
    number of households whose weight is unknown is weight_unknown; they count in n and nowhere else.
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
    exactly p W within 10⁻¹² W. Equal to R `laeken::weightedQuantile`, Stata `_pctile` and SAS PCTLDEF=5.
    """
    for name, share in QUANTILES.items():
        yield Column("quantiles", "welfare", name, Quantity.AMOUNT, _quantile(share))


def _quantile(share: float) -> Tree:
    whole = column(ALL)
    low = filtered(_least(), at_least(column(RUNNING), product(number(share - TOLERANCE), whole)))
    high = filtered(_least(), more(column(RUNNING), product(number(share + TOLERANCE), whole)))
    both_ends = exp.Add(this=low, expression=exp.Coalesce(this=high, expressions=[low.copy()]))
    return exp.Div(this=exp.Paren(this=both_ends), expression=exp.Literal.number(2), typed=False, safe=False)


def _least() -> Tree:
    return exp.Min(this=column(WELFARE))


def gini(frame: Frame) -> Iterator[Column]:
    """The Gini coefficient of welfare: one less twice the area under the Lorenz curve.

    Over households whose welfare is known and whose weight is above zero, in the order of welfare, with
    C the running sum of weights, W the sum of all weights and Y = Σ w y:

        gini = Σ w y (2 C - w) / (W Y) - 1

    This is the trapezoid rule on the Lorenz curve: 0 where everybody has the same, and not changed by
    splitting a weighted row into equal rows. Equal to R `laeken::gini` divided by 100 (eusilc: 26.48962
    by rb050). R `convey::svygini` leaves out the term -w and gives 0.2649652 there.
    There is no small-sample correction n / (n - 1). Unknown where Y ≤ 0. Negative incomes are kept, so
    the value may pass 1 where they weigh much.
    """
    welfare = total(product(column(WEIGHT), column(WELFARE)))
    doubled = difference(product(number(2), column(RUNNING)), column(WEIGHT))
    above = total(product(column(WEIGHT), column(WELFARE), doubled))
    below = product(filtered(exp.Max(this=column(ALL)), None), welfare)
    tree = difference(ratio(above, below), number(1))
    positive = exp.Case(ifs=[exp.If(this=more(welfare, number(0)), true=tree)])
    yield Column("gini", "welfare", "gini", Quantity.INDEX, positive)
