# SPDX-License-Identifier: Apache-2.0
"""Decides how boosted trees are held and read: plain numbers, nothing that can run.

A tree is a list of nodes ``[covariate, threshold, below, above, value]``: a household goes to ``below`` where
its covariate is at most the threshold; a leaf has covariate -1 and a value in millionths. The score is the
base and one leaf of each tree, added as whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hearthline.targeting.frame import Frame, Numbers, unknown_in
from hearthline.targeting.levels import word_of
from hearthline.targeting.regressions import below

MILLIONTH = 1_000_000
LEAF = -1
Node = tuple[int, float, int, int, int]


@dataclass(frozen=True)
class Forest:
    """Boosted trees over ``names``; ``words`` gives the number of each word of a covariate that has words."""

    names: tuple[str, ...]
    words: Mapping[str, Mapping[str, int]]
    base: int
    trees: tuple[tuple[Node, ...], ...]

    def score(self, frame: Frame) -> Numbers:
        """The logarithm of welfare that it expects; NaN where a covariate is unknown or a word is new."""
        matrix = encoded(frame, self.names, self.words)
        known = ~np.isnan(matrix).any(axis=1)
        total = np.full(int(known.sum()), self.base, dtype=np.int64)
        rows = matrix[known]
        for tree in self.trees:
            total += _leaves(tree, rows)
        found = np.full(frame.size, np.nan)
        found[known] = total / MILLIONTH
        return found

    def below_line(self, frame: Frame) -> Numbers:
        """1 where it expects welfare below the line, 0 where not, NaN where it does not know."""
        return below(self.score(frame), np.log(frame.line))


def _leaves(tree: tuple[Node, ...], rows: Numbers) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    covariate = np.array([node[0] for node in tree])
    threshold = np.array([node[1] for node in tree])
    lower = np.array([node[2] for node in tree])
    upper = np.array([node[3] for node in tree])
    value = np.array([node[4] for node in tree], dtype=np.int64)
    place = np.zeros(len(rows), dtype=np.int64)
    moving = np.flatnonzero(covariate[place] != LEAF)
    while len(moving):
        at = place[moving]
        low = rows[moving, covariate[at]] <= threshold[at]
        place[moving] = np.where(low, lower[at], upper[at])
        moving = moving[covariate[place[moving]] != LEAF]
    return value[place]


def words_of(
    frame: Frame, names: tuple[str, ...], rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> dict[str, dict[str, int]]:
    """The words of the training in the order of the dictionary, numbered from 0."""
    found = {}
    for name in names:
        covariate = frame.covariates[name]
        if not covariate.is_number:
            seen = {word_of(value) for value in frame.values[name][rows]} - {""}
            order = [word for word in covariate.codes if word in seen] or sorted(seen)
            found[name] = {word: place for place, word in enumerate(order)}
    return found


def encoded(frame: Frame, names: tuple[str, ...], words: Mapping[str, Mapping[str, int]]) -> Numbers:
    """A column for each covariate: numbers as they are, words by their number, unknowns and new words NaN."""
    columns = []
    for name in names:
        values = frame.values[name]
        if name in words:
            numbers = words[name]
            missing = unknown_in(values)
            columns.append(
                np.array(
                    [
                        np.nan if gone else numbers.get(word_of(value), np.nan)
                        for value, gone in zip(values, missing, strict=True)
                    ],
                    dtype=float,
                )
            )
        else:
            columns.append(np.asarray(values, dtype=float))
    return np.column_stack(columns)
