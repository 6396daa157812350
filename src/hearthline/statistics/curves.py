# SPDX-License-Identifier: Apache-2.0
"""Decides the curves of a distribution: Lorenz, and Pen's parade."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from hearthline.statistics.columns import Column, Frame, Quantity, ranked_column
from hearthline.statistics.linear import MISSING, Linear, Values
from hearthline.statistics.ranked import Ranked
from hearthline.statistics.segments import Segments

PLACES = (5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
"""The shares of people, in per cent, for which the curves are tabled."""

FINE = tuple(range(1, 100))
"""Those for which they are drawn."""


def lorenz(frame: Frame) -> Iterator[Column]:
    """The Lorenz curve: the share of all income that the poorest p of the people hold together.

    Over households whose welfare is known and whose weight is above zero, in the order of welfare, with C
    the running sum of weights, S that of w y, W and Y the sums of all, and k the first with Cₖ ≥ p W:

        income_share = (Sₖ₋₁ + (p W - Cₖ₋₁) yₖ) / Y

    which joins the points of the households by straight lines, as `gini` does.

    - **Weights:** w of the request. **Ties:** no matter. **Quantile type:** none; linear between points.
    - **Non-positive incomes:** kept, so that the curve may fall below zero; unknown where Y ≤ 0.
    - **Error:** influence ((y - yₖ) [y before yₖ] + p yₖ - income_share y) / Y, which needs no density
      (Langel and Tillé 2011).
    - **Source:** Lorenz (1905).
    - **Agrees with:** R `ineq::Lc` at its points; `convey::svylorenz` steps instead of joining them.
    """
    for place in PLACES:
        yield ranked_column(
            "curves",
            "income_share",
            Quantity.SHARE,
            lorenz_at(place / 100),
            _lorenz_of_all(place / 100),
            measure="lorenz",
            item=str(place),
        )


DRAWN = "drawn"
"""The table of the curves as they are drawn."""


def drawn_columns() -> tuple[Column, ...]:
    """Both curves at every percentile, for a drawing."""
    curves = (
        ("lorenz", "income_share", Quantity.SHARE, lorenz_at, _lorenz_of_all),
        ("parade", "income", Quantity.AMOUNT, parade_at, _parade_of_all),
    )
    return tuple(
        ranked_column(DRAWN, name, quantity, at(p / 100), of_all(p / 100), measure=measure, item=str(p))
        for measure, name, quantity, at, of_all in curves
        for p in FINE
    )


def lorenz_at(share: float) -> Callable[[Ranked], Linear]:
    """The height of the Lorenz curve over a share of people."""

    def figure(rows: Ranked) -> Linear:
        if not len(rows.welfare) or rows.earned <= 0:
            return MISSING
        return rows.lower_income(share) / rows.income_total()

    return figure


def _lorenz_of_all(share: float) -> Callable[[Segments], Values]:
    def figure(rows: Segments) -> Values:
        with np.errstate(all="ignore"):
            return np.where(rows.earned > 0, rows.lower_income(share) / rows.earned, np.nan)

    return figure


def parade(frame: Frame) -> Iterator[Column]:
    """Pen's parade: the welfare of the person who stands at p when all pass in the order of welfare.

        income = q(p), the quantile of `quantiles`

    - **Weights:** w of the request. **Ties:** no matter. **Quantile type:** 2, as `quantiles`.
    - **Non-positive incomes:** kept.
    - **Error:** as `quantiles`.
    - **Source:** Pen (1971).
    - **Agrees with:** R `laeken::weightedQuantile`.
    """
    for place in PLACES:
        yield ranked_column(
            "curves",
            "income",
            Quantity.AMOUNT,
            parade_at(place / 100),
            _parade_of_all(place / 100),
            measure="parade",
            item=str(place),
        )


def parade_at(share: float) -> Callable[[Ranked], Linear]:
    """The height of the parade at a share of people."""
    return lambda rows: rows.quantile(share)


def _parade_of_all(share: float) -> Callable[[Segments], Values]:
    return lambda rows: rows.quantile(share)
