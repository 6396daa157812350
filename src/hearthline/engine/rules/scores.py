# SPDX-License-Identifier: Apache-2.0
"""Decides the score of a multidimensional index in whole points, so that weights stay exact.

Alkire and Foster (2011): a household is poor if the weights of its deprivations reach the cutoff.
Weights are brought to their common denominator; the score is then a whole number of points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hearthline.engine.rules.policy import Index, Missing


@dataclass(frozen=True)
class Points:
    """An index in whole points: ``weights`` by indicator, ``whole`` for all, ``needed`` to be poor."""

    weights: Mapping[str, int]
    whole: int
    needed: int


def points_of(index: Index) -> Points:
    """Bring the weights and the cutoff of an index to one denominator."""
    weights = index.weights
    whole = math.lcm(*(weight.denominator for weight in weights.values()))
    needed = math.ceil(index.cutoff * whole)
    return Points({name: int(Fraction(weight) * whole) for name, weight in weights.items()}, whole, needed)


def index_points(index: Index, answers: Mapping[str, bool | None]) -> tuple[int, int]:
    """Points of indicators known to be deprived (criterion not met), and of unknown ones."""
    points = points_of(index)
    deprived = sum(points.weights[name] for name, answer in answers.items() if answer is False)
    unknown = sum(points.weights[name] for name, answer in answers.items() if answer is None)
    return deprived, unknown


def index_status(index: Index, answers: Mapping[str, bool | None]) -> str:
    """``poor``, ``not poor`` or ``unknown`` by the index's own treatment of unknown indicators."""
    needed = points_of(index).needed
    deprived, unknown = index_points(index, answers)
    if index.missing is Missing.COMPLETE_CASE and any(answer is None for answer in answers.values()):
        return "unknown"
    if deprived >= needed:
        return "poor"
    if index.missing is Missing.NOT_DEPRIVED:
        return "not poor"
    return "unknown" if deprived + unknown >= needed else "not poor"
