# SPDX-License-Identifier: Apache-2.0
"""Decides which methods there are to learn a score, and how each is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from hearthline.base.extras import find_extra
from hearthline.targeting.cards import QUESTIONS, learn_card
from hearthline.targeting.judging import Learn
from hearthline.targeting.learning import learn_boosting, learn_logistic, learn_quantile
from hearthline.targeting.problems import BAD_CHOICE, NO_EXTRA, UNKNOWN_METHOD
from hearthline.targeting.regressions import learn_ols

METHODS = ("ols", "quantile", "logistic", "boosting", "card")
LIKELIEST = 50
"""Most questions a card may have; beyond that it is no card."""


@dataclass(frozen=True)
class Choices:
    """What a person chooses before a score is learned; everything else is fixed.

    ``quantile`` is the share of welfare below the told value; ``questions`` the most a card may ask;
    ``share`` the poorest share of people it should find; ``interacts`` the covariate beside all others.
    """

    folds: int = 5
    seed: int = 1
    share: float = 0.2
    quantile: float = 0.5
    questions: int = QUESTIONS
    interacts: str | None = None

    def __post_init__(self) -> None:
        bounds = (
            ("share", self.share, 0.0, 1.0),
            ("quantile", self.quantile, 0.0, 1.0),
        )
        for name, value, low, high in bounds:
            if not low < value < high:
                raise BAD_CHOICE.error(name=name, value=value, range=f"between {low:g} and {high:g}")
        if not 1 <= self.questions <= LIKELIEST:
            raise BAD_CHOICE.error(name="questions", value=self.questions, range=f"from 1 to {LIKELIEST}")


def method_of(name: str, choices: Choices) -> Learn:
    """How a method learns; raises where it is unknown or scikit-learn is missing."""
    if name == "ols":
        return lambda frame, rows: learn_ols(frame, rows, choices.interacts)
    if name == "card":
        return lambda frame, rows: learn_card(frame, rows, choices.questions)
    if name not in METHODS:
        raise UNKNOWN_METHOD.error(name=name, known=", ".join(METHODS))
    if find_extra("learning") is None:
        raise NO_EXTRA.error(method=name)
    if name == "quantile":
        return lambda frame, rows: learn_quantile(frame, rows, choices.interacts, choices.quantile)
    if name == "logistic":
        return lambda frame, rows: learn_logistic(frame, rows, choices.interacts, choices.share)
    return lambda frame, rows: learn_boosting(frame, rows, choices.seed)
