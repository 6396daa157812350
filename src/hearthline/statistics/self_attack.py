# SPDX-License-Identifier: Apache-2.0
"""Decides how near an attacker comes to a count by all that was ever published: by linear programming.

He knows every release: shown counts, the values a rounded one stands for, that counts are not negative, what
adds up, and what cannot exceed what. For each count that is to be protected the least and the most it can
be are sought. Shown counts are constants, so what is left falls into small systems of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hearthline.base.extras import find_extra
from hearthline.base.problems import Kind, declare
from hearthline.statistics.release import NEED, Release, Told

LARGEST = 10**7
"""The most that a hidden count is taken to be: a bound, so that a solution always has one."""
_TRIES = 6
_ROUNDING = 1e-6

NO_PROGRAMMES = declare(
    "release.no-programmes",
    Kind.UNSUPPORTED,
    "linear programmes are solved by scipy, which is not installed.",
    "Install it: pip install 'hearthline[publishing]'. Nothing is published without the attack.",
)
CONTRADICTION = declare(
    "release.contradiction",
    Kind.DAMAGED,
    "what was published does not fit together: {counts}.",
    "Look for a release in the folder that is not of this register, or counts a place otherwise.",
)


@dataclass
class Widths:
    """How far a count is open: its least and most, and how many programmes were solved to know."""

    seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    programmes: int = 0

    def width(self, name: str) -> float:
        """Between the least and the most."""
        least, most = self.seen[name]
        return most - least


@dataclass(frozen=True)
class _Row:
    """A linear row: terms, and its least and most."""

    terms: Mapping[str, float]
    low: float
    high: float


def known_of(releases: Iterable[Release]) -> dict[str, Told]:
    """The most that is told of each count by all releases together. Raises ``release.contradiction``."""
    known: dict[str, Told] = {}
    for release in releases:
        for name, told in release.told.items():
            known[name] = _both(name, known[name], told) if name in known else told
    return known


def _both(name: str, one: Told, other: Told) -> Told:
    most = other.most if one.most is None else one.most if other.most is None else min(one.most, other.most)
    least = max(one.least, other.least)
    if most is not None and least > most:
        raise CONTRADICTION.error(counts=name)
    return Told(least, most)


def widths_of(releases: Collection[Release], targets: Collection[str], *, need: float = NEED) -> Widths:
    """How far each target is open by all releases; one that is open by ``need`` is not looked at further.

    Raises ``release.contradiction`` where nothing fits what was published.
    """
    known = known_of(releases)
    found = Widths()
    for name in targets:
        told = known[name]
        if told.most is not None and told.least == told.most:
            found.seen[name] = (told.least, told.most)
    wanted = set(targets) - found.seen.keys()
    for names, rows in _systems(releases, known, wanted):
        _System(names, rows, known).measure(sorted(wanted & set(names)), found, need)
    return found


def _systems(
    releases: Iterable[Release], known: Mapping[str, Told], wanted: Collection[str]
) -> Iterator[tuple[list[str], list[_Row]]]:
    """What is open, in parts that share no row; those alone in which something is wanted."""
    rows = list(_rows(releases, known))
    touching: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for name in row.terms:
            touching[name].append(number)
    left = set(wanted)
    while left:
        names, numbers, edge = set[str](), set[int](), [left.pop()]
        while edge:
            name = edge.pop()
            if name in names:
                continue
            names.add(name)
            for number in touching[name]:
                if number not in numbers:
                    numbers.add(number)
                    edge.extend(rows[number].terms)
        left -= names
        yield sorted(names), [rows[number] for number in sorted(numbers)]


def _rows(releases: Iterable[Release], known: Mapping[str, Told]) -> Iterator[_Row]:
    sums = {one for release in releases for one in release.sums}
    for one in sorted(sums, key=lambda one: (one.whole, one.parts)):
        yield _open({one.whole: -1.0} | dict.fromkeys(one.parts, 1.0), known, 0.0)
    pairs = {pair for release in releases for pair in release.at_most}
    for small, large in sorted(pairs):
        yield _open({small: 1.0, large: -1.0}, known, -np.inf)


def _open(terms: Mapping[str, float], known: Mapping[str, Told], low: float) -> _Row:
    """A row of what is open; what is shown goes to the other side."""
    constant, left = 0.0, {}
    for name, factor in terms.items():
        told = known.get(name, Told(0, None))
        if told.most is not None and told.least == told.most:
            constant += factor * told.least
        else:
            left[name] = factor
    return _Row(left, low - constant, -constant)


class _System:
    """Open counts that hang together, as a linear programme."""

    def __init__(self, names: list[str], rows: list[_Row], known: Mapping[str, Told]) -> None:
        self._index = {name: number for number, name in enumerate(names)}
        told = [known.get(name, Told(0, None)) for name in names]
        most = [LARGEST if one.most is None else one.most for one in told]
        optimize, sparse = find_extra("publishing"), find_extra("matrices")
        if optimize is None or sparse is None:
            raise NO_PROGRAMMES.error()
        self._solve = optimize.milp
        self._bounds = optimize.Bounds([float(one.least) for one in told], [float(one) for one in most])
        entries = [
            (number, self._index[name], factor)
            for number, row in enumerate(rows)
            for name, factor in row.terms.items()
        ]
        self._constraints = None
        if entries:
            lines, columns, values = zip(*entries, strict=True)
            matrix = sparse.csr_matrix((values, (lines, columns)), shape=(len(rows), len(names)))
            low, high = [row.low for row in rows], [row.high for row in rows]
            self._constraints = optimize.LinearConstraint(matrix, low, high)

    def measure(self, targets: list[str], found: Widths, need: float) -> None:
        """Seek the least and the most of each target, many at once first."""
        draw = np.random.default_rng(len(targets))
        for _ in range(_TRIES):
            narrow = [name for name in targets if self._narrow(name, found, need)]
            if len(narrow) < 2:
                break
            aim = np.zeros(len(self._index))
            for name in narrow:
                aim[self._index[name]] = draw.choice([-1.0, 1.0]) * draw.uniform(0.2, 1.0)
            self._take(self._extreme(aim, found), targets, found)
        for name in targets:
            for sign in (1.0, -1.0):
                if self._narrow(name, found, need):
                    aim = np.zeros(len(self._index))
                    aim[self._index[name]] = sign
                    self._take(self._extreme(aim, found), targets, found)

    def _narrow(self, name: str, found: Widths, need: float) -> bool:
        return name not in found.seen or found.width(name) < need - _ROUNDING

    def _take(self, values: np.ndarray, targets: list[str], found: Widths) -> None:
        for name in targets:
            value = float(values[self._index[name]])
            least, most = found.seen.get(name, (value, value))
            found.seen[name] = (min(least, value), max(most, value))

    def _extreme(self, aim: np.ndarray, found: Widths) -> np.ndarray:
        found.programmes += 1
        answer = self._solve(aim, constraints=self._constraints, bounds=self._bounds)
        if answer.x is None:
            raise CONTRADICTION.error(counts=", ".join(sorted(self._index)[:3]))
        values: np.ndarray = answer.x
        return values
