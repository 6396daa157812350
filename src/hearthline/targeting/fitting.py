# SPDX-License-Identifier: Apache-2.0
"""Decides what a fit gives: each method judged on clusters it has not seen, then learned from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.policy import Policy
from hearthline.targeting.frame import Columns, Frame, Numbers
from hearthline.targeting.judging import Held, Missed, Model, held_out, missed_at
from hearthline.targeting.methods import Choices, method_of
from hearthline.targeting.problems import RANKING_NOT_A_NUMBER
from hearthline.targeting.rankings import ranking_errors
from hearthline.targeting.sheets import sheet_of
from hearthline.targeting.writing import Learnt, write_scores

PREFIX = "pmt"
"""How the name of a learned score begins; its method follows."""


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


def learned_scores(
    run: Run, frame: Frame, fits: Mapping[str, Fit], choices: Choices, rankings: Sequence[str] = ()
) -> list[Learnt]:
    """Every fit with its data sheet; ``rankings`` names values that hold a ranking by the community."""
    places = {name: _ranking(run, frame, name) for name in rankings}
    found = []
    for method, fit in fits.items():
        added = [
            ranking_errors(name, values, frame, fit.held, choices.share) for name, values in places.items()
        ]
        sheet = sheet_of(run, frame, method, fit.held, choices, added)
        found.append(Learnt(f"{PREFIX}_{method}", method, fit.model, sheet))
    return found


def _ranking(run: Run, frame: Frame, name: str) -> Numbers:
    values = Columns(run, frame.data).column(name)
    if values.dtype == object:
        raise RANKING_NOT_A_NUMBER.error(name=name)
    return np.asarray(values, dtype=float)


def write_fits(run: Run, scores: Sequence[Learnt], out: Path, package_id: str | None = None) -> Policy:
    """Write the scores as a package over that of the run; its id is that of the run with ``-scores``."""
    return write_scores(run, scores, out, package_id or f"{run.policy.id}-scores")
