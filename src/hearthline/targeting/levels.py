# SPDX-License-Identifier: Apache-2.0
"""Decides the levels of a covariate: its answers, or spans of its numbers, each with households enough.

Levels are learned from the households in training alone. A number beyond the last span falls into it; a word
that was not seen in training has no level, and the score of such a household is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.targeting.frame import Covariate, Labels, Numbers, Whole

FEWEST = 30
"""Households a level must have in training; below that its effect would be chance."""

SPANS = 10
"""Most levels of a number, unless the caller wants fewer."""

FINEST = 60
"""Most values of a number that are looked at one by one; of more, as many spans of equal size."""

NO_LEVEL = -1


@dataclass(frozen=True)
class Levels:
    """The levels of one covariate: ``words`` with the level of each, or lower ``bounds`` of spans.

    A span holds numbers from its bound up to below the next; the first has no lower end.
    """

    covariate: Covariate
    words: dict[str, int]
    bounds: tuple[float, ...]

    @property
    def count(self) -> int:
        """How many levels there are."""
        return max(self.words.values()) + 1 if self.words else len(self.bounds) + 1

    def of(self, values: Numbers | Labels) -> Whole:
        """The level of every value; ``NO_LEVEL`` where it is unknown or was not seen."""
        if self.covariate.is_number:
            numbers = np.asarray(values, dtype=float)
            found = np.searchsorted(np.array(self.bounds), numbers, side="right").astype(np.int64)
            return np.where(np.isnan(numbers), NO_LEVEL, found)
        return np.array([self.words.get(word_of(value), NO_LEVEL) for value in values], dtype=np.int64)


def word_of(value: object) -> str:
    """A code or text as it is; a boolean, which is kept as a number, as false or true."""
    if value is None or isinstance(value, str):
        return value or ""
    return {0.0: "false", 1.0: "true"}.get(float(str(value)), "")


def levels_of(
    covariate: Covariate, values: Numbers | Labels, target: Numbers, weight: Numbers, most: int = SPANS
) -> Levels | None:
    """The levels found in training, or None where fewer than two hold enough households.

    A number has a level for each value; those next to each other are joined where one holds too few, then
    where it costs the least weighted variance of ``target``, until there are at most ``most``.
    """
    if covariate.is_number:
        bounds = _spans(np.asarray(values, dtype=float), target, weight, most)
        return Levels(covariate, {}, bounds) if bounds else None
    counts: dict[str, int] = {}
    for value in values:
        if (word := word_of(value)) != "":
            counts[word] = counts.get(word, 0) + 1
    order = list(covariate.codes) or sorted(counts)
    frequent = [word for word in order if counts.get(word, 0) >= FEWEST]
    rare = [word for word in order if 0 < counts.get(word, 0) < FEWEST]
    if not frequent:
        return None
    words = {word: place for place, word in enumerate(frequent)}
    if sum(counts[word] for word in rare) >= FEWEST:
        words |= dict.fromkeys(rare, len(frequent))
    else:
        # too few even together: they count as the most frequent answer, which moves a score least
        common = max(frequent, key=lambda word: (counts[word], word))
        words |= dict.fromkeys(rare, words[common])
    return Levels(covariate, words, ()) if len(set(words.values())) > 1 else None


def _spans(numbers: Numbers, target: Numbers, weight: Numbers, most: int) -> tuple[float, ...]:
    known = ~np.isnan(numbers)
    starts, places = np.unique(numbers[known], return_inverse=True)
    if len(starts) > FINEST:
        cuts = np.quantile(numbers[known], np.arange(1, FINEST) / FINEST, method="inverted_cdf")
        starts = np.unique(np.concatenate([starts[:1], cuts]))
        places = np.searchsorted(starts, numbers[known], side="right") - 1
    shape = len(starts)
    counts = np.bincount(places, minlength=shape).astype(float).tolist()
    sums = np.bincount(places, weights=weight[known], minlength=shape).tolist()
    totals = np.bincount(places, weights=weight[known] * target[known], minlength=shape).tolist()
    bounds = [float(start) for start in starts]
    while len(bounds) > 1:
        small = min(counts) < FEWEST
        if not small and len(bounds) <= most:
            break
        at = min(
            (place for place in range(len(bounds) - 1) if not small or _is_small(counts, place)),
            key=lambda place: (_cost(sums, totals, place), place),
        )
        for column in (counts, sums, totals):
            column[at] += column.pop(at + 1)
        bounds.pop(at + 1)
    return tuple(bounds[1:])


def _is_small(counts: list[float], place: int) -> bool:
    return min(counts[place], counts[place + 1]) < FEWEST


def _cost(sums: list[float], totals: list[float], place: int) -> float:
    """How much weighted variance of the target is lost where two spans are joined."""
    first, second = sums[place], sums[place + 1]
    if not first or not second:
        return 0.0
    return first * second / (first + second) * (totals[place] / first - totals[place + 1] / second) ** 2
