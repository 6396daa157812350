# SPDX-License-Identifier: Apache-2.0
"""Decides which figures of a tree of places are hidden from those who may not open households.

The whole tree of a run is protected at once, so that a page of a county, a page of a township, a table of
causes and an export never betray each other. Sensitive figures are hidden first. Then, place by place, more
is hidden until every sensitive count could be at least ``2 * margin + 1`` apart and all that is shown would
still be true: exchanges of households between hidden places prove it (``disclosure_cells``), so no linear
programme over the shown figures can narrow it further. Same counts, same answer; ties go by key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hearthline.statistics.disclosure_cells import (
    HOUSEHOLDS,
    POOR,
    POORER,
    SMALLEST,
    STATUS,
    UNKNOWN,
    Columns,
    Count,
    Ints,
    Mask,
    PlaceCounts,
    Vocabulary,
    columns_of,
    figure_of,
    figures_of,
    vocabulary,
)
from hearthline.statistics.disclosure_rooms import Rooms, Shape, Way

Progress = Callable[[int, int], None]
"""Is told how many steps are done, and of how many; there are more where another pass is needed."""
TO_POOR = ("poor", "not_poor")
MARGIN = 3
"""A hidden count must not be known to within this number, either side."""


@dataclass(frozen=True)
class Hidden:
    """What is hidden of one place. People, rates and differences are hidden where a count of theirs is.

    ``not_met`` and ``doubtful`` are criteria whose number of households not met or unknown is hidden.
    """

    households: bool = False
    poor: bool = False
    unknown: bool = False
    not_met: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()

    def stored(self) -> dict[str, bool | list[str]]:
        """As JSON holds it."""
        return {
            "households": self.households,
            "poor": self.poor,
            "unknown": self.unknown,
            "not_met": sorted(self.not_met),
            "doubtful": sorted(self.doubtful),
            "causes": sorted(self.causes),
        }


def protect(
    places: Iterable[PlaceCounts],
    *,
    standard: frozenset[str] = frozenset(),
    smallest: int = SMALLEST,
    margin: int = MARGIN,
    progress: Progress | None = None,
) -> dict[int, Hidden]:
    """What to hide of every place, by its key.

    ``standard``: the criteria of the default standard where it is of the kind "all" (poor: fails at least
    one); empty for the other kinds, whose logic the protection then does not reckon with. What ``progress``
    raises ends the work.
    """
    given = list(places)
    names = {name for place in given for name in place.criteria}
    causes = {name for place in given for name in place.causes}
    words = vocabulary(names, causes, standard, smallest)
    tree = _Tree(given, words)
    steps, done = figures_of(words), 0
    changed = True
    while changed:
        changed, most = False, done + steps
        for number in range(steps):
            tell = _teller(progress, done, most)
            changed = _cover(number, tree, 2 * margin + 1, tell) or changed
            done += 1
    return {place.key: tree.shown_as(number) for number, place in enumerate(given)}


def _teller(progress: Progress | None, done: int, most: int) -> Callable[[], None]:
    return lambda: progress(done, most) if progress else None


class _Tree:
    """The places as numbered nodes, their counts, and what is hidden at every node."""

    def __init__(self, given: Sequence[PlaceCounts], words: Vocabulary) -> None:
        self.words = words
        self.shape, self.counts, self.keys = _with_rests(given, words)
        self.households = list(self.counts.households.tolist())
        self._rows = {count: row for row, count in enumerate(sorted(words.everything))}
        self._hidden = np.zeros((len(self._rows), len(self.shape)), np.bool_)
        self._chosen: dict[frozenset[Count], Ints] = {}
        self.hidden = 0
        """How many counts are hidden."""
        self._status = self.ways(STATUS)[1]

    def ways(self, number: int) -> tuple[Mapping[str, Mask], list[Way]]:
        """Where which cell of a figure is sensitive, and the exchanges that blur it."""
        figure = figure_of(number, self.counts, self.words)
        return figure.sensitive, [Way(self.shape, one) for one in figure.exchanges]

    def hide(self, node: int, counts: frozenset[Count]) -> None:
        """Hide counts of a node."""
        rows = self._rows_of(counts)
        self.hidden += len(rows) - int(np.count_nonzero(self._hidden[rows, node]))
        self._hidden[rows, node] = True

    def hide_all(self) -> None:
        """Hide every count of every node."""
        self._hidden[:] = True
        self.hidden = self._hidden.size

    def members(self, within: frozenset[Count]) -> Mask:
        """Where all of some counts are hidden."""
        found: Mask = np.logical_and.reduce(self._hidden[self._rows_of(within)])
        return found

    def rooms(self, ways: Sequence[Way], lifts: Mapping[str, Ints]) -> list[Rooms]:
        """How far each exchange may go as things are."""
        members = {way.within: self.members(way.within) for way in ways}
        return [Rooms(self.shape, way, members[way.within], lifts) for way in ways]

    def shown_as(self, node: int) -> Hidden:
        """What is hidden of a node."""
        counts = [count for count, row in self._rows.items() if self._hidden[row, node]]
        named = {
            kind: frozenset(name for other, name in counts if other == kind)
            for kind in ("not_met", "doubtful", "cause")
        }
        return Hidden(
            HOUSEHOLDS in counts,
            POOR in counts,
            UNKNOWN in counts,
            named["not_met"],
            named["doubtful"],
            named["cause"],
        )

    def lifts(self, ways: Sequence[Way]) -> dict[str, Ints]:
        """By how much every node might have more households of each cell, and more poor ones."""
        between = next(way for way in self._status if way.cells == TO_POOR)
        [rooms] = self.rooms([between], self._imports(self._status))
        return self._imports(ways) | {POORER: rooms.rises()}

    def _imports(self, ways: Sequence[Way]) -> dict[str, Ints]:
        """By how much every node might have more of each cell, come from places where all is hidden."""
        nothing = {"": np.zeros(len(self.shape), np.int64)}
        free = [way for way in ways if way.within == self.words.everything]
        rooms = self.rooms(free, nothing)
        return nothing | {room.way.cells[0]: room.rises() for room in rooms}

    def _rows_of(self, counts: frozenset[Count]) -> Ints:
        if counts not in self._chosen:
            self._chosen[counts] = np.array(sorted(self._rows[count] for count in counts), np.int64)
        return self._chosen[counts]


def _with_rests(given: Sequence[PlaceCounts], words: Vocabulary) -> tuple[Shape, Columns, list[int]]:
    """The places, and as a part more what lives in a place but in none of its parts: subtraction tells it."""
    numbers = {place.key: number for number, place in enumerate(given)}
    parents = [-1 if place.parent is None else numbers[place.parent] for place in given]
    shape, counts = Shape(parents), columns_of(given, words)
    whole = np.array([bool(parts) for parts in shape.children], np.bool_)
    lacking = counts.households - shape.parts_of(counts.households)
    rests = np.flatnonzero(whole & (lacking != 0))

    def with_rest(column: Ints, known: Mask | None = None) -> Ints:
        rest = (column - shape.parts_of(column))[rests]
        return np.concatenate([column, rest if known is None else np.where(known[rests], rest, 0)])

    def known(name: str, of: str) -> Mask:
        return np.array([name in getattr(place, of) for place in given], np.bool_)

    return (
        Shape([*parents, *rests.tolist()]),
        Columns(
            with_rest(counts.households),
            with_rest(counts.poor),
            with_rest(counts.unknown),
            {
                name: (with_rest(one, known(name, "criteria")), with_rest(two, known(name, "criteria")))
                for name, (one, two) in counts.criteria.items()
            },
            {name: with_rest(column, known(name, "causes")) for name, column in counts.causes.items()},
        ),
        [*(place.key for place in given), *(given[node].key for node in rests.tolist())],
    )


def _cover(number: int, tree: _Tree, need: int, tell: Callable[[], None]) -> bool:
    """Hide more until every sensitive cell of a figure has its width; whether anything had to be hidden."""
    sensitive, ways = tree.ways(number)
    start = tree.hidden
    while any(mask.any() for mask in sensitive.values()):
        tell()
        rooms = tree.rooms(ways, tree.lifts(ways))
        mended: set[tuple[int, frozenset[Count]]] = set()
        before = tree.hidden
        for node, cell, best in _narrow(tree, sensitive, rooms, need):
            _mend(tree, best, (node, cell), mended, need)
        if mended and before == tree.hidden:  # no step is left: then nothing is shown at all
            tree.hide_all()
        if before == tree.hidden:
            break
    return tree.hidden > start


def _narrow(
    tree: _Tree, sensitive: Mapping[str, Mask], rooms: Sequence[Rooms], need: int
) -> Iterator[tuple[int, str, Rooms]]:
    """The sensitive cells that lack their width, from the top down, each with the exchange to widen it by."""
    found = []
    for cell in sorted(sensitive):
        telling = [room for room in rooms if cell in room.way.cells]
        lacking = sensitive[cell] & (np.maximum.reduce([room.widths(cell) for room in telling]) < need)
        if lacking.any():
            found.append((cell, telling, lacking.tolist(), _best(telling, cell, need).tolist()))
    for node in tree.shape.downward if found else ():
        for cell, telling, lacks, best in found:
            if lacks[node]:
                yield node, cell, telling[best[node]]


def _best(rooms: Sequence[Rooms], cell: str, need: int) -> Ints:
    """Which exchange is best at every node: it hides least and could be wide enough; of those the roomiest.

    Those that change the cell first come before those that change it with another: they can be lifted.
    """
    order = sorted({_closeness(room, cell) for room in rooms})
    best, rank, reach = (np.zeros(rooms[0].size, np.int64) for _ in range(3))
    for number, room in enumerate(rooms):
        far = room.reach(cell)
        place = order.index(_closeness(room, cell))
        near = np.where(far >= need, place, len(order) + place)  # too narrow ones only where no other is
        better = (near < rank) | ((near == rank) & (far > reach)) if number else np.ones(far.size, np.bool_)
        best, rank, reach = (
            np.where(better, new, old) for new, old in ((number, best), (near, rank), (far, reach))
        )
    return best


def _closeness(room: Rooms, cell: str) -> tuple[int, bool]:
    return len(room.way.within), room.way.cells[0] != cell


def _mend(
    tree: _Tree,
    rooms: Rooms,
    narrow: tuple[int, str],
    mended: set[tuple[int, frozenset[Count]]],
    need: int,
) -> None:
    """One step towards the width of a cell; one step at a time for the parts of one parent."""
    node, cell = narrow
    parent = tree.shape.parents[node]
    if (parent, rooms.way.within) in mended:
        return
    mended.add((parent, rooms.way.within))
    if not rooms.members[node]:
        tree.hide(node, rooms.way.within)
    elif rooms.own[node] + rooms.lift_of(node, cell) < need:
        _hide_part(tree, rooms, tree.shape.children[node], need)
    else:
        _hide_beside(tree, rooms, node, need)


def _hide_beside(tree: _Tree, rooms: Rooms, node: int, need: int) -> None:
    """Hide what lies beside a node; where nothing is left there its parent, or what lies beside that."""
    parent = tree.shape.parents[node]
    if parent < 0:
        return
    if _hide_part(tree, rooms, [other for other in tree.shape.children[parent] if other != node], need):
        return
    if rooms.members[parent]:
        _hide_beside(tree, rooms, parent, need)
    else:
        tree.hide(parent, rooms.way.within)


def _hide_part(tree: _Tree, rooms: Rooms, candidates: list[int], need: int) -> bool:
    """Hide one of the candidates, and parts of it down to a place; whether one was left to hide.

    The smallest that is roomy enough is hidden; if none is, the roomiest.
    """
    left = [node for node in candidates if rooms.way.both[node] > rooms.own[node]]
    if not left:
        return False
    least, both = rooms.way.least, rooms.way.both
    enough = [node for node in left if least[node] >= need] or [
        max(left, key=lambda node: (least[node], both[node]))
    ]
    chosen = min(enough, key=lambda node: (tree.households[node], tree.keys[node]))
    tree.hide(chosen, rooms.way.within)
    _hide_part(tree, rooms, tree.shape.children[chosen], need)
    return True
