# SPDX-License-Identifier: Apache-2.0
"""Decides what a ranking by the community adds to a score: alone, and both together.

Ranks of one community say nothing of another, so a ranking counts by the place within the community, a score
by its place among all. Both together is a weighted mean of the two places; the weight is chosen for each fold
on the others.
"""

from __future__ import annotations

import numpy as np

from hearthline.engine.rules.data_sheet import RankingErrors
from hearthline.targeting.errors import at_quota, figure
from hearthline.targeting.folds import cluster_numbers
from hearthline.targeting.frame import Flags, Frame, Numbers, Whole
from hearthline.targeting.judging import Held
from hearthline.targeting.problems import TOO_FEW

FEWEST_RANKED = 100
WEIGHTS = tuple(step / 20 for step in range(21))


def place_of(values: Numbers, weight: Numbers) -> Numbers:
    """The share of people below each value, half of those with the same value counted; between 0 and 1."""
    found, places = np.unique(values, return_inverse=True)
    held = np.bincount(places, weights=weight, minlength=len(found))
    return np.asarray(((np.cumsum(held) - held / 2) / held.sum())[places], dtype=float)


def place_within(values: Numbers, weight: Numbers, communities: Whole) -> Numbers:
    """The same within each community."""
    found = np.zeros(len(values))
    for community in np.unique(communities):
        inside = communities == community
        found[inside] = place_of(values[inside], weight[inside])
    return found


def ranking_errors(name: str, ranking: Numbers, frame: Frame, held: Held, share: float) -> RankingErrors:
    """What score, ranking and both together miss at a quota, on the households that have both."""
    rows: Flags = ~np.isnan(ranking) & ~np.isnan(held.score) & (frame.weight > 0) & (frame.welfare > 0)
    if int(rows.sum()) < FEWEST_RANKED:
        raise TOO_FEW.error(found=int(rows.sum()), what=f"households ranked by {name}", needed=FEWEST_RANKED)
    weight, welfare, fold = frame.weight[rows], frame.welfare[rows], held.fold[rows]
    by_score = place_of(held.score[rows], weight)
    by_rank = place_within(ranking[rows], weight, cluster_numbers(frame.clusters)[rows])

    def missed(values: Numbers, inside: Flags) -> float:
        return at_quota(values[inside], welfare[inside], weight[inside], share).missed

    everybody = np.ones(len(weight), dtype=bool)
    both, weights = np.zeros(len(weight)), []
    for number in np.unique(fold):
        others = fold != number
        best = min(WEIGHTS, key=lambda part: (missed((1 - part) * by_score + part * by_rank, others), part))
        weights.append(best)
        both[~others] = ((1 - best) * by_score + best * by_rank)[~others]
    return RankingErrors(
        ranking=name,
        ranked=int(rows.sum()),
        weight=figure(float(np.mean(weights))),
        score_missed=figure(missed(by_score, everybody)),
        ranking_missed=figure(missed(by_rank, everybody)),
        both_missed=figure(missed(both, everybody)),
    )
