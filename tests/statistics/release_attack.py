# SPDX-License-Identifier: Apache-2.0
"""Decides what an attacker of a series of releases finds: a programme of his own, that knows no gate.

He writes every count of every release as an unknown, with what was told of it as bounds, and every sum as a
row; then he seeks the least and the most of each count that is sensitive in truth, and of each small change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from hearthline.statistics.release import Release

MARGIN = 3
Aim = Mapping[str, float]


class Attacker:
    """All that was published, as one linear programme."""

    def __init__(self, releases: Sequence[Release]) -> None:
        names = sorted({name for release in releases for name in release.told})
        self.at = {name: number for number, name in enumerate(names)}
        low, high = np.zeros(len(names)), np.full(len(names), 10_000.0)
        rows: list[dict[int, float]] = []
        for release in releases:
            for name, told in release.told.items():
                low[self.at[name]] = max(low[self.at[name]], told.least)
                if told.most is not None:
                    high[self.at[name]] = min(high[self.at[name]], told.most)
            for one in release.sums:
                rows.append({self.at[one.whole]: -1.0} | {self.at[part]: 1.0 for part in one.parts})
        entries = [(r, c, v) for r, row in enumerate(rows) for c, v in row.items()]
        lines, columns, values = zip(*entries, strict=True)
        matrix = csr_matrix((values, (lines, columns)), shape=(len(rows), len(names)))
        self.bounds, self.rows = Bounds(low, high), LinearConstraint(matrix, 0, 0)
        self.solved: list[np.ndarray] = []
        self.programmes = 0

    def pins(self, aims: Mapping[str, Aim]) -> list[str]:
        """The aims (sums of counts with factors) that can be stated to within the margin."""
        draw = np.random.default_rng(len(aims))
        for _ in range(4):
            narrow = [aim for aim in aims.values() if self._narrow(aim)]
            if len(narrow) < 3:
                break
            both = np.zeros(len(self.at))
            for aim in narrow:
                sign = draw.choice([-1.0, 1.0]) * draw.uniform(0.2, 1)
                for name, factor in aim.items():
                    both[self.at[name]] += sign * factor
            self._solve(both)
        found = []
        for label, aim in aims.items():
            for sign in (1.0, -1.0):
                if self._narrow(aim):
                    alone = np.zeros(len(self.at))
                    for name, factor in aim.items():
                        alone[self.at[name]] = sign * factor
                    self._solve(alone)
            if self._narrow(aim):
                found.append(label)
        return found

    def _narrow(self, aim: Aim) -> bool:
        values = [sum(factor * x[self.at[name]] for name, factor in aim.items()) for x in self.solved]
        return not values or max(values) - min(values) < 2 * MARGIN + 1 - 1e-6

    def _solve(self, aim: np.ndarray) -> None:
        self.programmes += 1
        answer = milp(aim, constraints=self.rows, bounds=self.bounds)
        assert answer.x is not None, answer.message
        self.solved.append(answer.x)


def sensitive(truth: Mapping[str, int], releases: Sequence[Release]) -> dict[str, Aim]:
    """Counts of 1 to 10, classes that everybody is in, and changes of 1 to 10 between two days."""
    aims: dict[str, Aim] = {name: {name: 1.0} for name, count in truth.items() if 0 < count < 11}
    for release in releases:
        for one in release.sums:
            if one.classes and truth[one.whole]:
                aims |= {part: {part: 1.0} for part in one.parts if truth[part] == truth[one.whole]}
    series = defaultdict(list)
    for name in truth:
        series[name.rpartition("@")[0]].append(name)
    for names in series.values():
        for number, first in enumerate(names):
            for other in names[number + 1 :]:
                if 0 < abs(truth[first] - truth[other]) < 11:
                    aims[f"{other} less {first}"] = {other: 1.0, first: -1.0}
    return aims
