# SPDX-License-Identifier: Apache-2.0
"""Decides how wrong a score is: whom it misses and whom it takes in, at a quota and at a line.

The cut at a quota: households are taken from the lowest score upward until the share of people is reached.
Those who share the score at the cut are taken in part, each by the same fraction of its weight, so that
exactly the share is chosen and no order of rows decides. Who has no score is not chosen. A quota is a measure
between methods; it is never applied to a list of people (R11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from hearthline.targeting.folds import cluster_numbers
from hearthline.targeting.frame import Flags, Labels, Numbers

DRAWS = 200
"""Draws of the cluster bootstrap."""


def figure(value: float) -> Decimal:
    """A figure with four decimals, as a sheet holds it."""
    return Decimal(f"{value:.4f}") + 0


def lowest_share(values: Numbers, weight: Numbers, share: float) -> Numbers:
    """How much of each household belongs to the lowest ``share`` of people, between 0 and 1.

    Unknown (NaN) values belong to nobody's share; the people counted are all, the unknown among them.
    """
    target = share * float(weight.sum())
    known = ~np.isnan(values)
    part = np.zeros(len(values))
    if not known.any() or target <= 0:
        return part
    order = np.argsort(values[known], kind="stable")
    sorted_values, reached = values[known][order], np.cumsum(weight[known][order])
    place = min(int(np.searchsorted(reached, target)), len(reached) - 1)
    cut = sorted_values[place]
    below, at = known & (values < cut), known & (values == cut)
    part[below] = 1.0
    at_cut = float(weight[at].sum())
    part[at] = min(1.0, max(0.0, target - float(weight[below].sum())) / at_cut) if at_cut else 0.0
    return part


@dataclass(frozen=True)
class Errors:
    """Shares of people: missed of the poor, not poor among the chosen, chosen of all, poor of all."""

    missed: float
    leaked: float
    chosen: float
    poor: float
    households: int


def errors_of(chosen: Numbers, poor: Numbers, weight: Numbers) -> Errors:
    """Exclusion error 1 - chosen poor / poor, and inclusion error chosen not poor / chosen."""
    total = float(weight.sum())
    chosen_people, poor_people = float(weight @ chosen), float(weight @ poor)
    both = float(weight @ (chosen * poor))
    return Errors(
        missed=1 - both / poor_people if poor_people else float("nan"),
        leaked=1 - both / chosen_people if chosen_people else float("nan"),
        chosen=chosen_people / total if total else float("nan"),
        poor=poor_people / total if total else float("nan"),
        households=len(weight),
    )


def at_quota(score: Numbers, welfare: Numbers, weight: Numbers, share: float) -> Errors:
    """The errors where the lowest ``share`` by score is chosen to find the poorest ``share`` of people."""
    return errors_of(lowest_share(score, weight, share), lowest_share(welfare, weight, share), weight)


def at_line(likely: Flags, welfare: Numbers, line: Numbers, weight: Numbers) -> Errors:
    """The errors where all whom the score puts below the line are chosen; poor is strictly below it."""
    return errors_of(likely.astype(float), (welfare < line).astype(float), weight)


def interval(
    measure: Callable[[Numbers], float], weight: Numbers, clusters: Labels, *, seed: int, draws: int = DRAWS
) -> tuple[float, float]:
    """A 95 % percentile interval: clusters are drawn with replacement, a drawn one counts as often as drawn.

    ``measure`` takes the weights of a draw. The score is not learned again in a draw, so it tells of
    the households it was judged by, not of those it was learned from.
    """
    numbers = cluster_numbers(clusters)
    count = int(numbers.max()) + 1
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        times = np.bincount(generator.integers(0, count, count), minlength=count)
        value = measure(weight * times[numbers])
        if not np.isnan(value):
            found.append(value)
    if not found:
        return float("nan"), float("nan")
    low, high = np.quantile(np.array(found), [0.025, 0.975])
    return float(low), float(high)
