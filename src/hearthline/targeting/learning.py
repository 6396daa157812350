# SPDX-License-Identifier: Apache-2.0
"""Decides how scikit-learn is asked: quantile and logistic regression, and boosted trees, all by a seed.

scikit-learn is the extra ``learning``, loaded through ``base.extras`` when it is asked. What comes back is
plain numbers: no object of scikit-learn is kept or written.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any

import numpy as np

from hearthline.base.extras import find_extra
from hearthline.targeting.additive import known_rows
from hearthline.targeting.errors import lowest_share
from hearthline.targeting.forests import LEAF, MILLIONTH, Forest, Node, encoded, words_of
from hearthline.targeting.frame import Frame, Numbers, Whole
from hearthline.targeting.problems import NO_EXTRA
from hearthline.targeting.regressions import Logarithm, Odds, prepared

TREES = 400
RATE = 0.06
LEAVES = 12
FEWEST_IN_A_LEAF = 20
SMOOTHING = 1.0
"""From one exploratory fit of the imaginary country, the same for every package since; no fold sets them."""

STEADY = 1e-6
TURNS = 2_000


def _sklearn(method: str) -> ModuleType:
    found = find_extra("learning")
    if found is None:
        raise NO_EXTRA.error(method=method)
    return found


def _one_thread() -> AbstractContextManager[Any]:
    """One thread, so that sums are taken in one order and a seed gives one score."""
    threads = find_extra("threads")
    return nullcontext() if threads is None else threads.threadpool_limits(limits=1)


def learn_quantile(frame: Frame, rows: Whole, interacts: str | None, quantile: float) -> Logarithm:
    """Weighted quantile regression of the logarithm of welfare (a linear programme)."""
    kept, design = prepared(frame, rows, interacts)
    weight = frame.weight[kept] / frame.weight[kept].mean()
    with _one_thread():
        model = _sklearn("quantile").linear_model.QuantileRegressor(
            quantile=quantile, alpha=STEADY, solver="highs"
        )
        model.fit(design.matrix, np.log(frame.welfare[kept]), sample_weight=weight)
    return Logarithm(design.additive(float(model.intercept_), np.asarray(model.coef_, dtype=float)))


def learn_logistic(frame: Frame, rows: Whole, interacts: str | None, share: float) -> Odds:
    """Weighted logistic regression of not being poor: below the line, or without one in the lowest share."""
    kept, design = prepared(frame, rows, interacts)
    line, welfare = frame.line[kept], frame.welfare[kept]
    lowest = lowest_share(welfare, frame.weight[kept], share) > 0.5  # the larger part of a household
    poor = lowest if np.isnan(line).any() else welfare < line
    weight = frame.weight[kept] / frame.weight[kept].mean()
    with _one_thread():
        model = _sklearn("logistic").linear_model.LogisticRegression(C=SMOOTHING, max_iter=TURNS)
        model.fit(design.matrix, ~poor, sample_weight=weight)
    return Odds(design.additive(float(model.intercept_[0]), np.asarray(model.coef_[0], dtype=float)))


def learn_boosting(frame: Frame, rows: Whole, seed: int) -> Forest:
    """Boosted trees of the logarithm of welfare, by weighted squares."""
    kept = known_rows(frame, rows)
    names = tuple(frame.covariates)
    words = words_of(frame, names, kept)
    matrix: Numbers = encoded(frame, names, words)[kept]
    model = _sklearn("boosting").ensemble.HistGradientBoostingRegressor(
        learning_rate=RATE,
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=FEWEST_IN_A_LEAF,
        l2_regularization=SMOOTHING,
        early_stopping=False,
        random_state=seed,
    )
    with _one_thread():  # sums in one order, so that a seed gives one score
        model.fit(matrix, np.log(frame.welfare[kept]), sample_weight=frame.weight[kept])
    trees = tuple(_plain(each[0].nodes) for each in model._predictors)
    base = round(float(np.ravel(model._baseline_prediction)[0]) * MILLIONTH)
    return Forest(names, words, base, trees)


def _plain(nodes: np.ndarray[tuple[int], np.dtype[np.void]]) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in nodes:
        if node["is_leaf"]:
            found.append((LEAF, 0.0, 0, 0, round(float(node["value"]) * MILLIONTH)))
        else:
            place = int(node["feature_idx"]), float(node["num_threshold"])
            found.append((*place, int(node["left"]), int(node["right"]), 0))
    return tuple(found)
