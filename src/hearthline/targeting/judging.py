# SPDX-License-Identifier: Apache-2.0
"""Decides how a method is judged: on clusters it has not learned from, fold by fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hearthline.targeting.errors import at_quota, interval
from hearthline.targeting.folds import folds_of
from hearthline.targeting.frame import Frame, Numbers, Whole


class Model(Protocol):
    """A learned score: the lower, the poorer; NaN where a covariate is unknown."""

    def score(self, frame: Frame) -> Numbers:
        """The score of every household."""

    def below_line(self, frame: Frame) -> Numbers:
        """1 where the score says below the line, 0 where not, NaN where it does not know."""


Learn = Callable[[Frame, Whole], Model]
"""Learns a score from some rows of a frame and from nothing else of it."""


@dataclass(frozen=True)
class Held:
    """What a method said of each household while that household's cluster was held out."""

    score: Numbers
    below_line: Numbers
    fold: Whole


def held_out(frame: Frame, learn: Learn, *, folds: int, seed: int) -> Held:
    """Learn once without each fold, and score the fold."""
    fold = folds_of(frame.clusters, folds, seed)
    score, likely = np.full(frame.size, np.nan), np.full(frame.size, np.nan)
    for number in range(folds):
        out = fold == number
        model = learn(frame, np.flatnonzero(~out))
        score[out] = model.score(frame)[out]
        likely[out] = model.below_line(frame)[out]
    return Held(score, likely, fold)


@dataclass(frozen=True)
class Missed:
    """The share of the poorest people that a score misses at a quota, with its interval."""

    share: float
    missed: float
    low: float
    high: float


def missed_at(frame: Frame, score: Numbers, share: float, seed: int) -> Missed:
    """What the lowest ``share`` by score misses of the poorest ``share`` of people."""

    def measure(weight: Numbers) -> float:
        return at_quota(score, frame.welfare, weight, share).missed

    low, high = interval(measure, frame.weight, frame.clusters, seed=seed)
    return Missed(share, measure(frame.weight), low, high)
