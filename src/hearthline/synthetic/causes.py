# SPDX-License-Identifier: Apache-2.0
"""Decides which causes of poverty a household names: one main, at most two others, all borne out by facts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from hearthline.synthetic.columns import UNKNOWN, coded
from hearthline.synthetic.draws import Draws, Flags, Ints

CAUSES = (
    "illness",
    "disability",
    "schooling",
    "disaster",
    "land",
    "water_lack",
    "skills",
    "labour",
    "funds",
    "traffic",
    "motivation",
    "other",
)
NAMED_AT_MOST = 3
_NAMED = {
    "illness": 0.86,
    "disability": 0.83,
    "schooling": 0.55,
    "disaster": 0.6,
    "land": 0.2,
    "water_lack": 0.4,
    "skills": 0.655,
    "labour": 0.93,
    "funds": 0.5,
    "traffic": 0.2,
    "motivation": 0.04,
    "other": 0.02,
}
"""How often a cause is named where the facts bear it out."""
_WEIGHT = (5.0, 4.8, 3.0, 3.4, 1.0, 1.0, 4.4, 5.0, 2.0, 0.6, 0.2, 0.0)
_SPREAD = 2.5


def named_causes(draws: Draws, evidence: Mapping[str, Flags], poor: Flags, asked: Flags) -> Ints:
    """Three columns of positions in ``CAUSES``; a household that is asked names at least one.

    A cause that ``evidence`` leaves out is a judgement that no fact can show; it may always be named.
    """
    count = len(asked)
    shown = np.stack([evidence.get(cause, np.ones(count, dtype=np.bool_)) for cause in CAUSES], axis=1)
    poor_first = np.argsort(~poor, kind="stable").astype(np.int64)
    named = np.stack(
        [
            draws.even_chance(f"names {cause}", np.where(shown[:, place], _NAMED[cause], 0.0), poor_first)
            for place, cause in enumerate(CAUSES)
        ],
        axis=1,
    )
    weight = np.asarray(_WEIGHT) + _SPREAD * np.stack(
        [draws.uniform(f"weight of {cause}", count) for cause in CAUSES], axis=1
    )
    silent = ~named.any(axis=1)
    named[silent] = shown[silent]
    score = np.where(named, weight, -1.0)
    order = np.argsort(-score, axis=1, kind="stable")[:, :NAMED_AT_MOST]
    chosen = np.where(np.take_along_axis(score, order, axis=1) >= 0, order, UNKNOWN)
    chosen[silent, 1:] = UNKNOWN
    return np.where(asked[:, None], chosen, UNKNOWN).astype(np.int64)


def cause_columns(causes: Ints) -> dict[str, pa.Array]:
    """The columns of the main cause and the two others."""
    names = ("main_cause", "other_cause_1", "other_cause_2")
    return {name: coded(CAUSES, causes[:, place]) for place, name in enumerate(names)}
