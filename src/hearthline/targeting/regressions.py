# SPDX-License-Identifier: Apache-2.0
"""Decides the scores that regressions give: least squares, quantile and logistic, each as sums of tables.

Least squares and quantile regression tell the logarithm of welfare; the logistic regression tells the odds of
not being poor, as a logarithm. The lower, the poorer, in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.targeting.additive import Additive, Design, design_of, known_rows, training_levels
from hearthline.targeting.frame import Frame, Numbers, Whole
from hearthline.targeting.levels import Levels


@dataclass(frozen=True)
class Logarithm:
    """A score that tells the logarithm of welfare."""

    additive: Additive

    def score(self, frame: Frame) -> Numbers:
        """The logarithm of welfare that it expects of each household; NaN where unknown."""
        return self.additive.score(frame)

    def below_line(self, frame: Frame) -> Numbers:
        """1 where it expects welfare below the line, 0 where not, NaN where it does not know."""
        return below(self.score(frame), np.log(frame.line))


@dataclass(frozen=True)
class Odds:
    """A score that tells the logarithm of the odds of not being poor."""

    additive: Additive

    def score(self, frame: Frame) -> Numbers:
        """The logarithm of the odds for each household; NaN where unknown."""
        return self.additive.score(frame)

    def below_line(self, frame: Frame) -> Numbers:
        """1 where being poor is the likelier, 0 where not, NaN where it does not know."""
        return below(self.score(frame), np.zeros(frame.size))


def below(score: Numbers, cut: Numbers) -> Numbers:
    """1 where the score is below the cut, 0 where not, NaN where either is unknown."""
    return np.where(np.isnan(score) | np.isnan(cut), np.nan, (score < cut).astype(float))


def least_squares(matrix: Numbers, target: Numbers, weight: Numbers) -> tuple[float, Numbers]:
    """Constant and effects that make the weighted sum of squares least; of several, the shortest effects."""
    root = np.sqrt(weight)
    full = np.column_stack([np.ones(len(target)), matrix]) * root[:, None]
    found = np.linalg.lstsq(full, target * root, rcond=None)[0]
    return float(found[0]), found[1:]


def prepared(frame: Frame, rows: Whole, interacts: str | None) -> tuple[Whole, Design]:
    """The rows that can teach, and their indicator columns."""
    kept = known_rows(frame, rows)
    levels = training_levels(frame, kept)
    beside = _beside(levels, interacts)
    return kept, design_of(frame, kept, levels, beside)


def _beside(levels: list[Levels], interacts: str | None) -> Levels | None:
    return next((each for each in levels if each.covariate.name == interacts), None)


def learn_ols(frame: Frame, rows: Whole, interacts: str | None) -> Logarithm:
    """Weighted least squares of the logarithm of welfare."""
    kept, design = prepared(frame, rows, interacts)
    constant, effects = least_squares(design.matrix, np.log(frame.welfare[kept]), frame.weight[kept])
    return Logarithm(design.additive(constant, effects))
