# SPDX-License-Identifier: Apache-2.0
"""Decides what an attacker can work out of a protected tree: every hidden count, by integer programming.

He knows the tree, every shown count of households and people, that parts add up to the whole, that a
household has 1 to 60 people, and how the standard makes a household poor of its criteria.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from hearthline.statistics.disclosure_cells import PlaceCounts
from hearthline.statistics.disclosure_tree import Hidden

LARGEST_HOUSEHOLD = 60
Cell = tuple[int, str]
"""Key of a place (negative: what lives in none of its parts), and word of a count."""


@dataclass(frozen=True)
class Table:
    """A tree with its people: ``people`` holds the people of every cell of every place."""

    places: list[PlaceCounts]
    people: Mapping[Cell, int]
    standard: frozenset[str]


def cells_of(place: PlaceCounts, standard: frozenset[str] = frozenset()) -> dict[str, int]:
    """Every count of a place, shown or following from shown ones.

    By the standard the poor who do not fail a criterion are a group too, and so are those not known to be
    not poor who are known to meet it.
    """
    found = {
        "households": place.households,
        "poor": place.poor,
        "unknown": place.unknown,
        "not poor": place.not_poor,
    }
    for name, (not_met, unknown) in place.criteria.items():
        found |= {f"{name} not met": not_met, f"{name} unknown": unknown}
        found[f"{name} met"] = place.households - not_met - unknown
        if name in standard:
            found[f"{name} spared"] = place.poor - not_met
            found[f"{name} unexplained"] = place.poor + place.unknown - not_met - unknown
    for name, count in place.causes.items():
        found |= {f"{name} having": count, f"{name} without": place.poor - count}
    return found


class Attack:
    """The linear system of one protected table; without ``people`` he reads the households alone."""

    def __init__(self, table: Table, hidden: Mapping[int, Hidden], *, people: bool = True) -> None:
        self.table = table
        self.sides = (self.hh, self.pp) if people else (self.hh,)
        self.truth: dict[Cell, int] = {
            (place.key, word): count
            for place in table.places
            for word, count in cells_of(place, table.standard).items()
        }
        self.rows: list[dict[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.words = list(cells_of(table.places[0], table.standard))
        keys = [place.key for place in table.places]
        parents = {place.parent for place in table.places if place.parent is not None}
        self.keys = keys + [-key for key in keys if key in parents]
        self.index = {cell: n for n, cell in enumerate((k, w) for k in self.keys for w in self.words)}
        self.size = len(self.sides) * len(self.index)
        for key in self.keys:
            self._within(key)
        for key in (key for key in keys if key in parents):
            self._parts(key)
        for place in table.places:
            self._shown(place, hidden[place.key])

    def hh(self, key: int, word: str) -> int:
        return self.index[key, word]

    def pp(self, key: int, word: str) -> int:
        return len(self.index) + self.index[key, word]

    def know(self, terms: Mapping[int, float], low: float, high: float) -> None:
        self.rows.append(dict(terms))
        self.low.append(low)
        self.high.append(high)

    def _within(self, key: int) -> None:
        groups = [("poor", "unknown", "not poor")]
        some = self.table.places[0]
        groups += [(f"{name} not met", f"{name} unknown", f"{name} met") for name in some.criteria]
        for of in self.sides:
            for group in groups:
                self.know({of(key, "households"): -1} | {of(key, word): 1 for word in group}, 0, 0)
            for name in some.causes:
                parts = {of(key, f"{name} having"): 1, of(key, f"{name} without"): 1}
                self.know(parts | {of(key, "poor"): -1}, 0, 0)
        for word in self.words:
            self._sizes(key, word)
        for of in self.sides:
            for name in self.table.standard:
                parts = {of(key, f"{name} not met"): 1, of(key, f"{name} spared"): 1}
                self.know(parts | {of(key, "poor"): -1}, 0, 0)
                parts[of(key, f"{name} unknown")] = 1
                parts.pop(of(key, f"{name} spared"))
                parts[of(key, f"{name} unexplained")] = 1
                self.know(parts | {of(key, "poor"): -1, of(key, "unknown"): -1}, 0, 0)
        if self.table.standard:
            for of in self.sides:
                for status, state in (("poor", "not met"), ("unknown", "unknown")):
                    terms = {of(key, f"{name} {state}"): 1.0 for name in self.table.standard}
                    self.know(terms | {of(key, status): -1}, 0, np.inf)

    def _sizes(self, key: int, word: str) -> None:
        """A group of households: none or more, each of 1 to 60 people."""
        if self.pp not in self.sides:
            return
        households, people = self.hh(key, word), self.pp(key, word)
        self.know({people: 1, households: -1}, 0, np.inf)
        self.know({people: -1, households: LARGEST_HOUSEHOLD}, 0, np.inf)

    def _parts(self, key: int) -> None:
        parts = [place.key for place in self.table.places if place.parent == key] + [-key]
        for word in self.words:
            for of in self.sides:
                self.know({of(key, word): -1} | {of(part, word): 1 for part in parts}, 0, 0)

    def _shown(self, place: PlaceCounts, hidden: Hidden) -> None:
        words: list[str] = []
        words += [] if hidden.households else ["households"]
        words += [] if hidden.poor else ["poor"]
        words += [] if hidden.unknown else ["unknown"]
        words += [f"{name} not met" for name in place.criteria if name not in hidden.not_met]
        words += [f"{name} unknown" for name in place.criteria if name not in hidden.doubtful]
        words += [f"{name} having" for name in place.causes if name not in hidden.causes]
        for word in words:
            count, people = self.truth[place.key, word], self.table.people[place.key, word]
            self.know({self.hh(place.key, word): 1}, count, count)
            if self.pp in self.sides:
                self.know({self.pp(place.key, word): 1}, people, people)

    def sensitive(self) -> Iterator[Cell]:
        """Counts of 1 to 10, and "nobody" where somebody is on the other side."""
        for (key, word), count in self.truth.items():
            nobody = {"not poor": "poor"} | {
                f"{name} met": f"{name} not met" for name in self.table.places[0].criteria
            }
            nobody |= {f"{name} without": f"{name} having" for name in self.table.places[0].causes}
            if 0 < count < 11 or (count == 0 and word in nobody and self.truth[key, nobody[word]] > 0):
                yield key, word

    def found(self, margin: int, *, whole: bool = True) -> list[tuple[Cell, int, float, float]]:
        """The sensitive counts that can be stated to within the margin: cell, truth, least, most."""
        matrix = self._matrix()
        seen = {cell: [float(count), float(count)] for cell, count in self.truth.items()}
        self._many_at_once(matrix, seen, margin, whole)
        breaches: list[tuple[Cell, int, float, float]] = []
        for cell in self.sensitive():
            for sign in (1.0, -1.0):
                if not _narrow(seen[cell], margin):
                    break
                aim = np.zeros(self.size)
                aim[self.index[cell]] = sign
                self._extend(seen, self._extreme(matrix, aim, whole))
            if _narrow(seen[cell], margin):
                breaches.append((cell, self.truth[cell], seen[cell][0], seen[cell][1]))
        return breaches

    def _many_at_once(
        self, matrix: csr_matrix, seen: dict[Cell, list[float]], margin: int, whole: bool
    ) -> None:
        """Solutions far from the truth for many cells together: any two show how far a cell is open."""
        draw = np.random.default_rng(0)
        for _ in range(8):
            narrow = [self.index[cell] for cell in self.sensitive() if _narrow(seen[cell], margin)]
            if not narrow:
                return
            aim = np.zeros(self.size)
            aim[narrow] = draw.choice([-1.0, 1.0], len(narrow)) * draw.uniform(0.2, 1.0, len(narrow))
            self._extend(seen, self._extreme(matrix, aim, whole))

    def _matrix(self) -> csr_matrix:
        entries = [(r, c, v) for r, row in enumerate(self.rows) for c, v in row.items()]
        rows, columns, values = zip(*entries, strict=True)
        return csr_matrix((values, (rows, columns)), shape=(len(self.rows), self.size))

    def _extreme(self, matrix: csr_matrix, aim: np.ndarray, whole: bool) -> Iterable[float]:
        answer = milp(
            aim,
            constraints=LinearConstraint(matrix, self.low, self.high),
            bounds=Bounds(0, 1000 + 2 * max(self.table.people.values())),  # a hidden whole has no bound
            integrality=np.ones(self.size) if whole else np.zeros(self.size),
            options={"time_limit": 20},
        )
        assert answer.x is not None, answer.message
        values: Iterable[float] = answer.x
        return values

    def _extend(self, seen: dict[Cell, list[float]], values: Iterable[float]) -> None:
        solution = list(values)
        for cell in seen:
            value = solution[self.index[cell]]
            seen[cell] = [min(seen[cell][0], value), max(seen[cell][1], value)]


def _narrow(seen: list[float], margin: int) -> bool:
    return seen[1] - seen[0] < 2 * margin + 1 - 1e-6
