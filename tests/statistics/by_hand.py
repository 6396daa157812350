# SPDX-License-Identifier: Apache-2.0
"""Decides nothing of the product: every measure once more, row by row, from its definition alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

Pair = tuple[float, float]
"""Welfare and weight of one household."""


def share(rows: Iterable[tuple[bool, float]]) -> float:
    """The weight of the rows that are so, over the weight of all."""
    listed = list(rows)
    return math.fsum(weight for so, weight in listed if so) / math.fsum(weight for _, weight in listed)


def fgt(pairs: Sequence[Pair], line: float, alpha: int) -> float:
    """Foster, Greer and Thorbecke; poor is strictly below the line."""
    above = math.fsum(weight * ((line - y) / line) ** alpha for y, weight in pairs if y < line)
    return above / math.fsum(weight for _, weight in pairs)


def watts(pairs: Sequence[Pair], line: float) -> float:
    """Watts, over positive incomes."""
    positive = [(y, weight) for y, weight in pairs if y > 0]
    above = math.fsum(weight * math.log(line / y) for y, weight in positive if y < line)
    return above / math.fsum(weight for _, weight in positive)


def mean(pairs: Sequence[Pair]) -> float:
    """The weighted mean."""
    return math.fsum(y * weight for y, weight in pairs) / math.fsum(weight for _, weight in pairs)


def gini_by_lorenz(pairs: Sequence[Pair]) -> float:
    """One less twice the area under the Lorenz curve, by trapezoids, in exact fractions."""
    ordered = sorted((Fraction(y), Fraction(weight)) for y, weight in pairs if weight > 0)
    people = sum(weight for _, weight in ordered)
    income = sum(y * weight for y, weight in ordered)
    area, reached = Fraction(0), Fraction(0)
    for y, weight in ordered:
        step = reached + y * weight / income
        area += (reached + step) / 2 * weight / people
        reached = step
    return float(1 - 2 * area)


def gini_by_pairs(pairs: Sequence[Pair]) -> float:
    """The mean absolute difference over all pairs of people, over twice the mean."""
    people = math.fsum(weight for _, weight in pairs)
    spread = math.fsum(v * w * abs(x - y) for x, v in pairs for y, w in pairs)
    return spread / people**2 / 2 / mean(pairs)


def quantile(pairs: Sequence[Pair], p: Fraction) -> float:
    """The inverse of the distribution function, averaged where it is flat; in exact fractions."""
    ordered = sorted((Fraction(y), Fraction(weight)) for y, weight in pairs if weight > 0)
    target = p * sum(weight for _, weight in ordered)
    running = Fraction(0)
    for place, (y, weight) in enumerate(ordered):
        running += weight
        if running == target:
            return float((y + ordered[place + 1][0]) / 2)
        if running > target:
            return float(y)
    return float(ordered[-1][0])


Answers = dict[str, str]


class AlkireFoster:
    """H, A, M0 and their parts over households given as answers and weight."""

    def __init__(
        self,
        rows: Sequence[tuple[Answers, float]],
        weights: dict[str, Fraction],
        cutoff: Fraction,
        missing: str,
    ) -> None:
        self.weights = weights
        judged = [(answers, weight, self._poor(answers, cutoff, missing)) for answers, weight in rows]
        self.unknown = share((poor is None, weight) for _, weight, poor in judged)
        self.judged = [(answers, weight, poor) for answers, weight, poor in judged if poor is not None]

    def _poor(self, answers: Answers, cutoff: Fraction, missing: str) -> bool | None:
        least = sum(w for name, w in self.weights.items() if answers[name] == "not met")
        most = least + sum(w for name, w in self.weights.items() if answers[name] == "unknown")
        if missing == "complete_case" and most != least:
            return None
        if missing == "bounds" and least < cutoff <= most:
            return None
        return least >= cutoff

    def _score(self, answers: Answers) -> float:
        return float(sum(w for name, w in self.weights.items() if answers[name] == "not met"))

    def _mean(self, of: Callable[[Answers, bool], float]) -> float:
        above = math.fsum(weight * of(answers, poor) for answers, weight, poor in self.judged)
        return above / math.fsum(weight for _, weight, _ in self.judged)

    @property
    def h(self) -> float:
        return self._mean(lambda _, poor: float(poor))

    @property
    def m0(self) -> float:
        return self._mean(lambda answers, poor: self._score(answers) if poor else 0.0)

    @property
    def a(self) -> float:
        return self.m0 / self.h

    def censored(self, name: str) -> float:
        return self._mean(lambda answers, poor: float(poor and answers[name] == "not met"))

    def uncensored(self, name: str) -> float:
        known = [(answers, weight) for answers, weight, _ in self.judged if answers[name] != "unknown"]
        return share((answers[name] == "not met", weight) for answers, weight in known)

    def contribution(self, name: str) -> float:
        return float(self.weights[name]) * self.censored(name) / self.m0
