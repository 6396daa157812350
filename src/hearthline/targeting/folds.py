# SPDX-License-Identifier: Apache-2.0
"""Decides which households are judged together: whole clusters of the sample, dealt out by a seed."""

from __future__ import annotations

import numpy as np

from hearthline.targeting.frame import Labels, Whole
from hearthline.targeting.problems import TOO_FEW


def folds_of(clusters: Labels, folds: int, seed: int) -> Whole:
    """The fold, from 0, of every household; a cluster is never split.

    Clusters are sorted before they are shuffled, so that the order of the rows changes nothing.
    """
    numbers = cluster_numbers(clusters)
    count = int(numbers.max()) + 1 if len(numbers) else 0
    if count < 2 * folds:
        raise TOO_FEW.error(found=count, what="clusters of the sample", needed=2 * folds)
    dealt = np.empty(count, dtype=np.int64)
    dealt[np.random.default_rng(seed).permutation(count)] = np.arange(count) % folds
    return dealt[numbers]


def cluster_numbers(clusters: Labels) -> Whole:
    """Each cluster as a number, in the order of the clusters' names."""
    names = [str(cluster) for cluster in clusters]
    places = {name: place for place, name in enumerate(sorted(set(names)))}
    return np.array([places[name] for name in names], dtype=np.int64)
