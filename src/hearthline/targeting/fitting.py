# SPDX-License-Identifier: Apache-2.0
"""Decides what a fit gives: each method judged on clusters it has not seen, then learned from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hearthline.targeting.frame import Frame
from hearthline.targeting.judging import Held, Missed, Model, held_out, missed_at
from hearthline.targeting.methods import Choices, method_of


@dataclass(frozen=True)
class Fit:
    """One method: what it said of households held out, what it missed, and the score learned from all."""

    method: str
    held: Held
    missed: Missed
    model: Model


def fit_methods(frame: Frame, methods: Sequence[str], choices: Choices) -> Mapping[str, Fit]:
    """Judge and learn each method; the order of the households changes nothing."""
    learners = {name: method_of(name, choices) for name in methods}
    fits = {}
    for name, learn in learners.items():
        held = held_out(frame, learn, folds=choices.folds, seed=choices.seed)
        missed = missed_at(frame, held.score, choices.share, choices.seed)
        fits[name] = Fit(name, held, missed, learn(frame, np.arange(frame.size)))
    return fits
