# SPDX-License-Identifier: Apache-2.0
"""Decides how far apart two values of a count can be in a system of sums: by bounds, by lines, by programmes.

First the bounds of each count are tightened by every sum it stands in: what is fixed so is known. Then, from
a solution that is there, a line through all that may vary is followed both ways for each count: it proves
that a count is open. Only what is left is asked of linear programmes, which prove the opposite too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hearthline.base.extras import find_extra
from hearthline.base.problems import Kind, declare
from hearthline.statistics.release import Told

LARGEST = 10**7
"""The most that a hidden count is taken to be: a bound, so that a solution always has one."""
_TRIES = 6
_ROUNDING = 1e-6
_ROUNDS = 8
"""How often bounds are tightened by each other; what is left, lines and programmes find."""
_DENSE = 40_000
"""Up to so many cells a matrix is worked with as it is, beyond as a sparse one."""
_AT_ONCE = 256

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

ToldOf = tuple[tuple[str, ...], tuple[object, ...]]
Measured = dict[ToldOf, Mapping[str, tuple[float, float]]]
"""Systems that were measured, by all that is told of them, with the least and the most of their counts."""


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
class Row:
    """A linear row: terms, and its least and most."""

    terms: Mapping[str, float]
    low: float
    high: float


class System:
    """Open counts that hang together."""

    def __init__(self, names: list[str], rows: list[Row], known: Mapping[str, Told]) -> None:
        self._index = {name: number for number, name in enumerate(names)}
        told = [known.get(name, Told(0, None)) for name in names]
        self._low = np.array([float(one.least) for one in told])
        self._high = np.array([float(LARGEST if one.most is None else one.most) for one in told])
        self._rows = [row for row in rows if row.terms]
        self.told: ToldOf = (
            tuple(names),
            (
                tuple(self._low),
                tuple(self._high),
                tuple((tuple(row.terms.items()), row.low, row.high) for row in self._rows),
            ),
        )
        self._points: list[np.ndarray] = []

    def measure(
        self,
        targets: list[str],
        found: Widths,
        need: float,
        truth: Mapping[str, int],
        settled: Callable[[int], None] = lambda number: None,
    ) -> None:
        """Seek the least and the most of each target, as far as ``need`` asks.

        ``settled`` is told from time to time how many are; what it raises ends the search.
        """
        wanted = len(targets)
        self._tighten()
        for name in targets:
            at = self._index[name]
            if self._high[at] - self._low[at] < _ROUNDING:
                found.seen[name] = (self._low[at], self._high[at])
        targets = [name for name in targets if name not in found.seen]
        if not targets:
            return
        self._build()
        self._begin(truth, targets, found)
        draw = np.random.default_rng(len(targets))
        for _ in range(_TRIES):
            narrow = self._by_lines(targets, found, need)
            settled(wanted - len(narrow))
            if len(narrow) < 2:
                break
            aim = np.zeros(len(self._index))
            for name in narrow:
                aim[self._index[name]] = draw.choice([-1.0, 1.0]) * draw.uniform(0.2, 1.0)
            self._take(self._extreme(aim, found), targets, found)
        for place, name in enumerate(narrow):
            settled(wanted - len(narrow) + place)
            for sign in (1.0, -1.0):
                if self._narrow(name, found, need):
                    aim = np.zeros(len(self._index))
                    aim[self._index[name]] = sign
                    self._take(self._extreme(aim, found), targets, found)

    def _tighten(self) -> None:
        """Bounds by every row from those of the others in it, until nothing moves. Raises
        ``release.contradiction``."""
        rows = [
            ([self._index[name] for name in row.terms], list(row.terms.values()), row.low, row.high)
            for row in self._rows
        ]
        low, high = self._low.tolist(), self._high.tolist()
        for _ in range(_ROUNDS):
            moved = False
            for places, factors, least, most in rows:
                moved |= _tightened(places, factors, least, most, low, high)
            if not moved:
                break
        self._low, self._high = np.array(low), np.array(high)
        if (self._low > self._high + _ROUNDING).any():
            at = int(np.argmax(self._low - self._high))
            raise CONTRADICTION.error(counts=list(self._index)[at])
        self._high = np.maximum(self._low, self._high)

    def _build(self) -> None:
        optimize, sparse = find_extra("publishing"), find_extra("matrices")
        if optimize is None or sparse is None:
            raise NO_PROGRAMMES.error()
        self._solve = optimize.milp
        self._bounds = optimize.Bounds(self._low, self._high)
        entries = [
            (number, self._index[name], factor)
            for number, row in enumerate(self._rows)
            for name, factor in row.terms.items()
        ]
        lines, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self._rows), len(self._index))
        self._matrix = sparse.csr_matrix((values, (lines, columns)), shape=shape)
        self._least = np.array([row.low for row in self._rows])
        self._most = np.array([row.high for row in self._rows])
        self._constraints = (
            optimize.LinearConstraint(self._matrix, self._least, self._most) if entries else None
        )
        self._lines = Lines(self._matrix, self._least == self._most) if entries else None

    def _begin(self, truth: Mapping[str, int], targets: Sequence[str], found: Widths) -> None:
        """The truth is a solution, where all of it is known and fits."""
        if not self._index.keys() <= truth.keys():
            return
        point = np.array([float(truth[name]) for name in self._index])
        fits = bool(((point >= self._low - _ROUNDING) & (point <= self._high + _ROUNDING)).all())
        sums = self._matrix @ point
        fits &= bool(((sums >= self._least - _ROUNDING) & (sums <= self._most + _ROUNDING)).all())
        if fits:
            self._take(point, targets, found)

    def _by_lines(self, targets: Sequence[str], found: Widths, need: float) -> list[str]:
        """Follow a line for each target that is narrow still; those that stay so."""
        narrow = [name for name in targets if self._narrow(name, found, need)]
        if not self._points or not narrow:
            return narrow
        middle = np.mean(self._points, axis=0)
        places = [self._index[name] for name in narrow]
        if self._lines is None:
            reach = [(self._low[at], self._high[at]) for at in places]
        else:
            sums = self._matrix @ middle
            room = Room(middle, self._low, self._high, sums - self._least, self._most - sums)
            reach = self._lines.reach(places, room)
        for name, (least, most) in zip(narrow, reach, strict=True):
            before = found.seen[name]
            found.seen[name] = (min(before[0], float(least)), max(before[1], float(most)))
        return [name for name in narrow if self._narrow(name, found, need)]

    def _narrow(self, name: str, found: Widths, need: float) -> bool:
        return name not in found.seen or found.width(name) < need - _ROUNDING

    def _take(self, values: np.ndarray, targets: Sequence[str], found: Widths) -> None:
        self._points.append(values)
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


def _tightened(
    places: list[int], factors: list[float], least: float, most: float, low: list[float], high: list[float]
) -> bool:
    """Tighten the bounds of the counts of one row; whether any moved."""
    ends = [
        (factor * low[at], factor * high[at]) if factor > 0 else (factor * high[at], factor * low[at])
        for at, factor in zip(places, factors, strict=True)
    ]
    below, above = sum(end[0] for end in ends), sum(end[1] for end in ends)
    moved = False
    for at, factor, (own_low, own_high) in zip(places, factors, ends, strict=True):
        up, down = most - (below - own_low), least - (above - own_high)
        up, down = (up / factor, down / factor) if factor > 0 else (down / factor, up / factor)
        if up < high[at] - _ROUNDING:
            high[at], moved = up, True
        if down > low[at] + _ROUNDING:
            low[at], moved = down, True
    return moved


@dataclass(frozen=True)
class Room:
    """A solution, and how far it is from each bound and from the ends of each row."""

    point: np.ndarray
    low: np.ndarray
    high: np.ndarray
    under: np.ndarray
    over: np.ndarray


class Lines:
    """Lines of solutions: in each direction that keeps all sums, as far as the bounds allow.

    The direction for a count is that which changes it most, measured by the room that every count has
    (affine scaling); counts at a bound stay where they are.
    """

    def __init__(self, matrix: object, even: np.ndarray) -> None:
        self._matrix = matrix
        self._even, self._uneven = matrix[even], matrix[~even]  # type: ignore[index]  # scipy has no types
        self._bounded = ~even

    def reach(self, places: list[int], room: Room) -> list[tuple[float, float]]:
        """For each place the least and the most along its line."""
        slack = np.clip(np.minimum(room.point - room.low, room.high - room.point), 0.0, None)
        slack[slack < _ROUNDING] = 0.0
        found: list[tuple[float, float]] = []
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            found.extend(self._reach(part, slack, room))
        return found

    def _reach(self, places: list[int], slack: np.ndarray, room: Room) -> list[tuple[float, float]]:
        aims = np.zeros((len(slack), len(places)))
        aims[places, range(len(places))] = 1.0
        ways = self._directions(aims, slack)
        fits = np.abs(self._even @ ways).max(axis=0, initial=0.0)
        changes = self._uneven @ ways
        up = _steps(ways, room.high - room.point, room.point - room.low)
        down = _steps(-ways, room.high - room.point, room.point - room.low)
        if changes.shape[0]:
            over, under = room.over[self._bounded], room.under[self._bounded]
            up = np.minimum(up, _steps(changes, over, under))
            down = np.minimum(down, _steps(-changes, over, under))
        found = []
        for number, at in enumerate(places):
            here, pace = float(room.point[at]), float(ways[at, number])
            farthest = float(max(up[number], down[number]))
            if not np.isfinite(farthest) or fits[number] * farthest > _ROUNDING:
                found.append((here, here))
            else:
                found.append((here - float(down[number]) * pace, here + float(up[number]) * pace))
        return found

    def _directions(self, aims: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """The aims without what would break a sum, in the measure of the slack."""
        scaled = slack[:, None] * aims
        even = self._even
        if even.shape[0] == 0:
            free: np.ndarray = slack[:, None] * scaled
            return free
        if even.shape[0] * even.shape[1] <= _DENSE:
            wide = even.toarray() * slack
            kept = np.linalg.lstsq(wide.T, scaled, rcond=1e-10)[0]
            small: np.ndarray = slack[:, None] * (scaled - wide.T @ kept)
            return small
        linear = find_extra("factors")
        sparse = find_extra("matrices")
        if linear is None or sparse is None:
            raise NO_PROGRAMMES.error()
        wide = even @ sparse.diags(slack)
        square = (wide @ wide.T).tocsc()
        size = float(square.diagonal().max(initial=1.0))
        factor = linear.splu(
            square + sparse.identity(square.shape[0], format="csc") * size * 1e-11,
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
        left = scaled
        for _ in range(2):  # the second time takes away what the first has left
            left = left - wide.T @ factor.solve(wide @ left)
        directions: np.ndarray = slack[:, None] * left
        return directions


def _steps(ways: np.ndarray, above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """How far each column may be followed until something reaches its end."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(
            ways > 1e-12, above[:, None] / ways, np.where(ways < -1e-12, below[:, None] / -ways, np.inf)
        )
    steps: np.ndarray = np.clip(reach.min(axis=0, initial=np.inf), 0.0, None)
    return steps
