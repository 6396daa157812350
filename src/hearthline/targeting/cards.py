# SPDX-License-Identifier: Apache-2.0
"""Decides a score card: few questions, whole points for each answer, 0 to 100 in all, the fewer the poorer.

Questions are added one at a time, each the one that explains most of the logarithm of welfare beside those
already chosen (forward selection by weighted least squares). Points are the effects of the answers, moved so
that the lowest of each question has none, and stretched so that the best answers add up to 100 at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hearthline.targeting.additive import (
    UNIT,
    Additive,
    Design,
    Term,
    design_of,
    known_rows,
    training_levels,
)
from hearthline.targeting.frame import Frame, Numbers, Whole
from hearthline.targeting.levels import Levels
from hearthline.targeting.regressions import below, least_squares

QUESTIONS = 12
ANSWERS = 5
"""Most spans of a number on a card: more would not fit on its page."""
TOTAL = 100
_STEADY = 1e-9
"""Added to the diagonal, so that answers that exclude one another cannot make the system singular."""


@dataclass(frozen=True)
class Card:
    """Questions with the points of each answer; ``constant + slope * points`` tells log welfare."""

    levels: tuple[Levels, ...]
    points: tuple[tuple[int, ...], ...]
    constant: float
    slope: float

    @property
    def names(self) -> list[str]:
        """The covariates it asks for, the most telling first."""
        return [each.covariate.name for each in self.levels]

    @property
    def additive(self) -> Additive:
        """The card as a sum of tables; its score is the points."""
        terms = [
            Term(each, None, np.array(points, dtype=np.int64)[:, None] * UNIT)
            for each, points in zip(self.levels, self.points, strict=True)
        ]
        return Additive(0, tuple(terms))

    def score(self, frame: Frame) -> Numbers:
        """The logarithm of welfare that the points stand for; NaN where an answer is unknown."""
        return self.constant + self.slope * self.additive.score(frame)

    def below_line(self, frame: Frame) -> Numbers:
        """1 where the points stand for welfare below the line, 0 where not, NaN where unknown."""
        return below(self.score(frame), np.log(frame.line))


def learn_card(frame: Frame, rows: Whole, questions: int = QUESTIONS) -> Card:
    """The card of at most so many questions that these households teach."""
    kept = known_rows(frame, rows)
    design = design_of(frame, kept, training_levels(frame, kept, ANSWERS), None)
    target, weight = np.log(frame.welfare[kept]), frame.weight[kept]
    chosen = _chosen(design, target, weight, questions)
    columns = design.columns_of(chosen)
    _, effects = least_squares(design.matrix[:, columns], target, weight)
    tables = {term: np.zeros(design.levels[term].count) for term in chosen}
    for column, effect in zip(columns, effects, strict=True):
        term, level, _ = design.cells[column]
        tables[term][level] = effect
    points = _points([tables[term] for term in chosen])
    told = [term for term, each in zip(chosen, points, strict=True) if max(each)]
    kept_points = tuple(each for each in points if max(each))
    card = Card(tuple(design.levels[term] for term in told), kept_points, 0.0, 1.0)
    total = card.additive.score(frame)[kept]
    constant, slope = least_squares(total[:, None], target, weight)
    return Card(card.levels, card.points, constant, float(slope[0]))


def _chosen(design: Design, target: Numbers, weight: Numbers, questions: int) -> list[int]:
    full = np.column_stack([np.ones(len(target)), design.matrix])
    share = weight / weight.sum()
    products = full.T @ (full * share[:, None]) + _STEADY * np.eye(full.shape[1])
    towards = full.T @ (share * target)
    chosen: list[int] = []
    while len(chosen) < min(questions, len(design.levels)):
        gains = {
            term: _explained(products, towards, [0, *(1 + c for c in design.columns_of([*chosen, term]))])
            for term in range(len(design.levels))
            if term not in chosen
        }
        chosen.append(max(gains, key=lambda term: (round(gains[term], 12), -term)))
    return chosen


def _explained(products: Numbers, towards: Numbers, columns: Sequence[int]) -> float:
    part = products[np.ix_(columns, columns)]
    return float(np.linalg.solve(part, towards[list(columns)]) @ towards[list(columns)])


def _points(tables: Sequence[Numbers]) -> list[tuple[int, ...]]:
    """Whole points: the widest stretch with which the best answers together have at most 100."""
    lifted = [table - table.min() for table in tables]
    widest = sum(float(table.max()) for table in lifted)
    stretch = TOTAL / widest if widest else 0.0
    while sum(int(np.rint(table.max() * stretch)) for table in lifted) > TOTAL:
        stretch *= 0.999
    return [tuple(int(each) for each in np.rint(table * stretch)) for table in lifted]
