# SPDX-License-Identifier: Apache-2.0
"""Decides the measures of poverty that also weigh how unequal the poor are: Sen, and Sen-Shorrocks-Thon."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hearthline.statistics.columns import Column, Frame, Quantity, ranked_column
from hearthline.statistics.linear import MISSING, Linear, Values
from hearthline.statistics.ranked import Ranked
from hearthline.statistics.segments import Segments


def sen(frame: Frame) -> Iterator[Column]:
    """Sen's index of poverty, in its form for large populations.

    Over households whose welfare y and line z are known, with H = `below_line`, P1 = `gap` and G the Gini
    coefficient (as in `gini`) of y / z among those below the line:

        sen = H G + P1 (1 - G)

    - **Weights:** w of the request; households of zero or unknown weight are left out.
    - **Ties:** no matter; a household exactly on the line is not below it. **Quantile type:** none.
    - **Non-positive incomes:** kept; unknown where the poor have no income above zero together.
      0 where nobody is poor.
    - **Error:** by the chain rule from those of H, P1 and G.
    - **Source:** Sen (1976), with q / (q + 1) taken to be 1.
    - **Agrees with:** R `survey::svytotal` of the influence; `convey::svysen` where nobody is exactly on
      the line.
    """
    yield ranked_column(
        "poverty_intensity", "sen", Quantity.INDEX, _sen, _sen_of_all, measure="sen", line=True
    )


def _sen(rows: Ranked) -> Linear:
    lined = rows.lined()
    if not len(lined.welfare):
        return MISSING
    headcount = lined.below(1.0)
    under = int(np.searchsorted(lined.welfare, 1.0, side="left"))
    if not under:
        return headcount
    poor = lined.taken(np.arange(under), lined.welfare[:under])
    unequal = poor.gini()
    return headcount * unequal + _gap(lined) * (Linear(1.0) - unequal)


def _sen_of_all(rows: Segments) -> Values:
    if not rows.line > 0:
        return np.full(len(rows.begins), np.nan)
    ends, gap = rows.shortfalls()
    headcount, unequal = rows.weight_up_to(ends) / rows.weighed, rows.gini_of_the_poor(ends)
    return np.where(ends > rows.begins, headcount * unequal + gap * (1.0 - unequal), headcount)


def _gap(lined: Ranked) -> Linear:
    shortfall = np.maximum(1.0 - lined.welfare, 0.0)
    value = float(np.sum(lined.weight * shortfall)) / lined.weighed

    def unit() -> Values:
        return (shortfall - value) / lined.weighed

    return lined.figure(value, unit)


def sen_shorrocks_thon(frame: Frame) -> Iterator[Column]:
    """The index of Sen, Shorrocks and Thon: the poverty gap, raised by how unequal the gaps are.

    Over households whose welfare y and line z are known, with P1 = `gap` and G the Gini coefficient (as
    in `gini`) of the shortfall max(0, (z - y) / z) of everybody, zero for those not below the line:

        sst = P1 (1 + G)

    - **Weights:** w of the request; households of zero or unknown weight are left out.
    - **Ties:** no matter. **Quantile type:** none.
    - **Non-positive incomes:** kept; a negative y is a shortfall above 1. 0 where nobody is poor.
    - **Error:** by the chain rule from those of P1 and G.
    - **Source:** Shorrocks (1995); Thon (1979); the product after Xu and Osberg (2001).
    - **Agrees with:** R `survey::svytotal` of the influence; `convey::svysst`, up to the term that its
      `svygini` leaves out.
    """
    yield ranked_column(
        "poverty_intensity", "sst", Quantity.INDEX, _sst, _sst_of_all, measure="sst", line=True
    )


def _sst(rows: Ranked) -> Linear:
    lined = rows.lined()
    if not len(lined.welfare):
        return MISSING
    gap = _gap(lined)
    if gap.value == 0:
        return gap
    gaps = lined.taken(np.arange(len(lined.welfare)), np.maximum(1.0 - lined.welfare, 0.0))
    return gap * (gaps.gini() + 1.0)


def _sst_of_all(rows: Segments) -> Values:
    if not rows.line > 0:
        return np.full(len(rows.begins), np.nan)
    ends, gap = rows.shortfalls()
    return np.where(gap == 0, gap, gap * (rows.gini_of_shortfalls(ends, gap) + 1.0))
