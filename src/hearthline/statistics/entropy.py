# SPDX-License-Identifier: Apache-2.0
"""Decides the measures of inequality that are sums: generalised entropy and Atkinson."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from hearthline.statistics.columns import WELFARE, Column, Frame, Quantity
from hearthline.statistics.expressions import (
    Tree,
    both,
    column,
    difference,
    function,
    known,
    more,
    number,
    product,
    ratio,
    total,
)

ENTROPIES = {"ge0": 0, "ge1": 1, "ge2": 2}
"""The columns of generalised entropy and their parameter."""

ATKINSON = {"atkinson_05": 0.5, "atkinson_1": 1.0, "atkinson_2": 2.0}
"""The columns of Atkinson's index and their aversion to inequality."""


def generalised_entropy(frame: Frame) -> Iterator[Column]:
    """Generalised entropy with the parameters 0 (mean logarithmic deviation), 1 (Theil) and 2.

    Over households whose welfare y is known and above zero, with weight w, W = Σ w and μ = Σ w y / W:

        ge0 = ln μ - Σ w ln y / W
        ge1 = Σ w y ln y / (W μ) - ln μ
        ge2 = (Σ w y² / (W μ²) - 1) / 2

    0 where everybody has the same. All three are the sum of what is within and between groups: see
    `decomposition`.

    - **Weights:** w of the request. **Ties, quantile type:** not concerned.
    - **Non-positive incomes:** left out of all sums, since they have no logarithm; their share is shown
      as nonpositive = Σ w [y <= 0] / Σ w over known.
    - **Error:** the derivatives by the totals Σ w, Σ w y, Σ w ln y, Σ w y ln y, Σ w y².
    - **Source:** Shorrocks (1980); Biewen and Jenkins (2006) for the errors.
    - **Agrees with:** R `survey::svycontrast` over those totals; `convey::svygei`, `ineq::entropy`, Stata
      `svygei`, where all incomes are positive.
    """
    weighed, earned = positive_sum(frame), positive_sum(frame, column(WELFARE))
    mean = ratio(earned, weighed)
    log_mean = function("ln", mean)
    yield _column("ge", "ge0", difference(log_mean, ratio(positive_sum(frame, _log()), weighed)))
    by_income = ratio(positive_sum(frame, column(WELFARE), _log()), earned)
    yield _column("ge", "ge1", difference(by_income, log_mean))
    squares = positive_sum(frame, column(WELFARE), column(WELFARE))
    squared = difference(ratio(product(ratio(squares, earned), weighed), earned), number(1))
    yield _column("ge", "ge2", ratio(squared, number(2)))
    yield nonpositive(frame, "ge")


def atkinson(frame: Frame) -> Iterator[Column]:
    """Atkinson's index with an aversion to inequality ε of 0.5, 1 and 2.

    Over households whose welfare y is known and above zero, with weight w, W = Σ w and μ = Σ w y / W:

        atkinson = 1 - (Σ w y^(1 - ε) / W)^(1 / (1 - ε)) / μ      for ε = 0.5 and 2
        atkinson = 1 - exp(Σ w ln y / W) / μ                      for ε = 1

    The share of all income that could be given up for equality without a loss, by that aversion.

    - **Weights:** w of the request. **Ties, quantile type:** not concerned.
    - **Non-positive incomes:** left out of all sums; their share is shown as nonpositive.
    - **Error:** the derivatives by the totals Σ w, Σ w y, Σ w √y, Σ w ln y, Σ w / y.
    - **Source:** Atkinson (1970); Biewen and Jenkins (2006) for the errors.
    - **Agrees with:** R `survey::svycontrast` over those totals; `convey::svyatk`, `ineq::Atkinson`, where
      all incomes are positive.
    """
    weighed, earned = positive_sum(frame), positive_sum(frame, column(WELFARE))
    mean = ratio(earned, weighed)
    root = ratio(positive_sum(frame, function("sqrt", column(WELFARE))), weighed)
    inverse = ratio(weighed, positive_sum(frame, ratio(number(1.0), column(WELFARE))))
    alike = {
        "atkinson_05": product(root, root),
        "atkinson_1": function("exp", ratio(positive_sum(frame, _log()), weighed)),
        "atkinson_2": inverse,
    }
    for name, equal in alike.items():
        yield _column("atkinson", name, difference(number(1), ratio(equal, mean)))
    yield nonpositive(frame, "atkinson")


def nonpositive(frame: Frame, measure: str) -> Column:
    """The share of people left out because their welfare is not above zero."""
    is_known = known(column(WELFARE))
    left_out = both(is_known, exp.LTE(this=column(WELFARE), expression=number(0)))
    tree = ratio(frame.weight_where(left_out), frame.weight_where(is_known))
    return Column(measure, "inequality", "nonpositive", Quantity.SHARE, tree)


def positive_sum(frame: Frame, *factors: Tree) -> Tree:
    """The sum of the weight times some factors over positive welfare, which alone the factors see."""
    positive = more(column(WELFARE), number(0))
    guarded = exp.Case(ifs=[exp.If(this=positive, true=product(frame.weight, *factors))])
    return total(guarded, positive)


def _log() -> Tree:
    return function("ln", column(WELFARE))


def _column(measure: str, name: str, tree: Tree) -> Column:
    return Column(measure, "inequality", name, Quantity.INDEX, tree)
