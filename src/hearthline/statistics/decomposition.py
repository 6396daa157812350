# SPDX-License-Identifier: Apache-2.0
"""Decides how a figure of the whole is made up of its groups: their shares, and within and between."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from sqlglot import exp

from hearthline.engine.rules.policy import Index
from hearthline.statistics.columns import WELFARE, Column, Combined, Frame, Parts, Quantity
from hearthline.statistics.entropy import positive_sum
from hearthline.statistics.expressions import Tree, column, function
from hearthline.statistics.linear import Linear
from hearthline.statistics.multidimensional import m0_weight, measurable, scores_of
from hearthline.statistics.poverty import shortfalls, welfare_known
from hearthline.statistics.totals import summed

_FGT = {"below_line": 0, "gap": 1, "severity": 2}


def decomposition(frame: Frame) -> Iterator[Column]:
    """How much of poverty each group holds, and how much of inequality is within and between groups.

    For every group g of a breakdown, with P the FGT measures, M0 and H those of `mpi` and W the weight:

        population_share = W_g / W
        share_of_P       = (W_g / W) P_g / P          likewise of M0 and H; over a breakdown they sum to 1

    For every breakdown, over positive welfare, with s = W_g / W, μ the mean and GE that of `ge`:

        ge0_within = Σ s GE0_g               ge0_between = Σ s ln(μ / μ_g)
        ge1_within = Σ s (μ_g / μ) GE1_g     ge1_between = Σ s (μ_g / μ) ln(μ_g / μ)
        ge2_within = Σ s (μ_g / μ)² GE2_g    ge2_between = (Σ s (μ_g / μ)² - 1) / 2

    Within and between make up GE exactly. The unknown of a breakdown are a group of their own.

    - **Weights:** w of the request. **Quantile type:** none. **Ties:** as in the measures themselves.
    - **Non-positive incomes:** kept in FGT, left out of GE.
    - **Error:** by the chain rule through the totals of all groups; shares of one whole are correlated.
    - **Source:** Foster, Greer and Thorbecke (1984); Shorrocks (1984); Alkire and Foster (2011).
    - **Agrees with:** R `survey::svyratio` for shares, `svycontrast` over totals of all groups for GE;
      `convey::svygeidec`, `mpitbR`.
    """
    yield from _of_poverty(frame)
    yield from _of_indices(frame)
    yield from _of_inequality(frame)


def _share(name: str) -> Callable[[Parts], Linear]:
    return lambda parts: parts.own[name] / parts.whole[name]


def _column(table: str, name: str, quantity: Quantity, combined: Combined, item: str | None = None) -> Column:
    reads = exp.Tuple(expressions=[tree.copy() for tree in combined.totals.values()])
    return Column("decomposition", table, name, quantity, reads, item, combined=combined)


def _of_poverty(frame: Frame) -> Iterator[Column]:
    if not frame.has_line:
        return
    totals = {name: shortfalls(frame, power) for name, power in _FGT.items()}
    totals["line_weight"] = frame.weight_where(welfare_known())
    shares = {"population_share": "line_weight"} | {f"share_of_{name}": name for name in _FGT}
    for name, of in shares.items():
        yield _column("decomposition", name, Quantity.SHARE, Combined(totals, _share(of)))


def _of_indices(frame: Frame) -> Iterator[Column]:
    for index in frame.specification.indices:
        if measurable(index, frame):
            totals = _index_totals(frame, index)
            shares = {"population_share": "answered", "share_of_h": "poor", "share_of_m0": "censored"}
            for name, of in shares.items():
                combined = Combined(totals, _share(f"{index.name}_{of}"))
                yield _column("mpi_decomposition", name, Quantity.SHARE, combined, index.name)


def _index_totals(frame: Frame, index: Index) -> Mapping[str, Tree]:
    scores = scores_of(index)
    return {
        f"{index.name}_answered": frame.weight_where(scores.answered),
        f"{index.name}_poor": frame.weight_where(column(scores.poor)),
        f"{index.name}_censored": m0_weight(frame, index),
    }


def _of_inequality(frame: Frame) -> Iterator[Column]:
    if not frame.has_welfare:
        return
    welfare, log = column(WELFARE), function("ln", column(WELFARE))
    totals = {
        "weight": positive_sum(frame),
        "income": positive_sum(frame, welfare),
        "log": positive_sum(frame, log),
        "income_log": positive_sum(frame, welfare, log),
        "square": positive_sum(frame, welfare, welfare),
    }
    for breakdown in frame.breakdowns:
        for name, figure in _ENTROPY.items():
            combined = Combined(totals, figure, breakdown)
            yield _column("entropy_decomposition", name, Quantity.INDEX, combined, breakdown)


Totals = Mapping[str, Linear]


def _mean(totals: Totals) -> Linear:
    return totals["income"] / totals["weight"]


def _ge0(totals: Totals) -> Linear:
    return _mean(totals).log() - totals["log"] / totals["weight"]


def _ge1(totals: Totals) -> Linear:
    return totals["income_log"] / totals["income"] - _mean(totals).log()


def _ge2(totals: Totals) -> Linear:
    squares = totals["square"] / totals["income"] * totals["weight"] / totals["income"]
    return (squares - 1.0) * 0.5


def _groups(parts: Parts) -> list[Totals]:
    """The groups in which anybody has an income: the rest add nothing to either part."""
    return [group for group in parts.groups if _somebody(group)]


def _somebody(totals: Totals) -> bool:
    value = totals["weight"].value
    return value > 0 if isinstance(value, float) else bool((value > 0).all())


def _people(group: Totals, whole: Totals) -> Linear:
    return group["weight"] / whole["weight"]


def _income(group: Totals, whole: Totals) -> Linear:
    return group["income"] / whole["income"]


def _squared(group: Totals, whole: Totals) -> Linear:
    times = _mean(group) / _mean(whole)
    return _people(group, whole) * times * times


def _times(group: Totals, whole: Totals) -> Linear:
    """The logarithm of the mean of a group over that of everybody."""
    return _mean(group).log() - _mean(whole).log()


def _sum(figure: Callable[[Totals, Totals], Linear]) -> Callable[[Parts], Linear]:
    return lambda parts: _over_groups(figure, parts)


def _over_groups(figure: Callable[[Totals, Totals], Linear], parts: Parts) -> Linear:
    if parts.together is None:
        return summed([figure(group, parts.whole) for group in _groups(parts)])
    somebody = parts.together["weight"] > 0
    columns = {name: Linear(values[somebody]) for name, values in parts.together.items()}
    return Linear(math.fsum(np.atleast_1d(figure(columns, parts.whole).value)))


_ENTROPY: dict[str, Callable[[Parts], Linear]] = {
    "ge0_within": _sum(lambda group, whole: _people(group, whole) * _ge0(group)),
    "ge0_between": _sum(lambda group, whole: _people(group, whole) * _times(group, whole) * -1.0),
    "ge1_within": _sum(lambda group, whole: _income(group, whole) * _ge1(group)),
    "ge1_between": _sum(lambda group, whole: _income(group, whole) * _times(group, whole)),
    "ge2_within": _sum(lambda group, whole: _squared(group, whole) * _ge2(group)),
    "ge2_between": lambda parts: (_over_groups(_squared, parts) - 1.0) * 0.5,
}
