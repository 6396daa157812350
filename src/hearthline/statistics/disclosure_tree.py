# SPDX-License-Identifier: Apache-2.0
"""Decides which figures of a tree of places are hidden from those who may not open households.

The whole tree of a run is protected at once, so that a page of a county, a page of a township, a table of
causes and an export never betray each other. Sensitive figures are hidden first. Then, place by place, more
is hidden until every sensitive count could be at least ``2 * margin + 1`` apart and all that is shown would
still be true: exchanges of households between hidden places prove it (``disclosure_cells``), so no linear
programme over the shown figures can narrow it further. Same counts, same answer; ties go by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hearthline.statistics.disclosure_cells import (
    FREE,
    HOUSEHOLDS,
    POOR,
    POORER,
    SMALLEST,
    UNKNOWN,
    Count,
    Exchange,
    Figure,
    PlaceCounts,
    Vocabulary,
    cause_figure,
    criterion_figure,
    households_figure,
    status_figure,
    vocabulary,
)

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
) -> dict[int, Hidden]:
    """What to hide of every place, by its key.

    ``standard``: the criteria of the default standard where it is of the kind "all" (poor: fails at least
    one); empty for the other kinds, whose logic the protection then does not reckon with.
    """
    given = list(places)
    names = {name for place in given for name in place.criteria}
    causes = {name for place in given for name in place.causes}
    tree = _Tree(given, vocabulary(names, causes, standard, smallest))
    need = 2 * margin + 1
    changed = True
    while changed:
        changed = sum(_cover(figures, tree, need) for figures in tree.figures) > 0
    return {place.key: tree.shown_as(number) for number, place in enumerate(given)}


class _Tree:
    """The places as numbered nodes, their figures, and the counts that are hidden at every node."""

    def __init__(self, given: list[PlaceCounts], words: Vocabulary) -> None:
        numbers = {place.key: number for number, place in enumerate(given)}
        self.places = list(given)
        self.parents = [-1 if place.parent is None else numbers[place.parent] for place in given]
        self.children: list[list[int]] = [[] for _ in given]
        for number, parent in enumerate(self.parents):
            if parent >= 0:
                self.children[parent].append(number)
        self._add_rests()
        self.downward = self._from_the_top()
        self.hidden: list[set[Count]] = [set() for _ in self.places]
        self.everything = words.everything
        self.figures = self._figures(words)
        self._possible: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def hide(self, node: int, counts: frozenset[Count]) -> None:
        """Hide counts of a node."""
        self.hidden[node] |= counts

    def count(self) -> int:
        """How many counts are hidden."""
        return sum(map(len, self.hidden))

    def hide_all(self) -> None:
        """Hide every count of every node."""
        for counts in self.hidden:
            counts |= self.everything

    def shown_as(self, node: int) -> Hidden:
        """What is hidden of a node."""
        counts = self.hidden[node]
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

    def possible(self, figures: list[Figure], kind: int) -> list[tuple[int, int]]:
        """How far an exchange could go at every node if all were hidden."""
        key = (id(figures), kind)
        if key not in self._possible:
            found = [(figure.exchanges[kind].up, figure.exchanges[kind].down) for figure in figures]
            for node in reversed(self.downward):
                if self.children[node]:
                    found[node] = _sum([found[part] for part in self.children[node]])
            self._possible[key] = found
        return self._possible[key]

    def lifts(self, figures: list[Figure]) -> dict[str, list[int]]:
        """By how much every node might have more households of each cell, and more poor ones."""
        nothing = [0] * len(self.places)
        found = self._imports(figures, nothing)
        status = self.figures[1]
        kinds = [kind for kind, one in enumerate(status[0].exchanges) if one.cells == TO_POOR]
        lifts = self._imports(status, nothing)
        return found | {POORER: _Rooms(self, status, kinds[0], lifts).rises()}

    def _imports(self, figures: list[Figure], nothing: list[int]) -> dict[str, list[int]]:
        """By how much every node might have more of each cell, come from places where all is hidden."""
        found = {"": nothing}
        for kind, one in enumerate(figures[0].exchanges):
            if one.within == self.everything:
                found[one.cells[0]] = _Rooms(self, figures, kind, {"": nothing}).rises()
        return found

    def _figures(self, words: Vocabulary) -> list[list[Figure]]:
        """Each figure at every node; from the one that hides most to those that hide least."""
        return [
            [households_figure(place, words) for place in self.places],
            [status_figure(place, words) for place in self.places],
            *([criterion_figure(place, name, words) for place in self.places] for name in words.criteria),
            *([cause_figure(place, name, words) for place in self.places] for name in words.causes),
        ]

    def _add_rests(self) -> None:
        """What lives in a place but in none of its parts is a part too: subtraction would tell it."""
        for node in range(len(self.places)):
            parts = [self.places[child] for child in self.children[node]]
            rest = _rest(self.places[node], parts) if parts else None
            if rest is not None:
                self.children[node].append(len(self.places))
                self.places.append(rest)
                self.parents.append(node)
                self.children.append([])

    def _from_the_top(self) -> list[int]:
        order = [node for node, parent in enumerate(self.parents) if parent < 0]
        for node in order:
            order.extend(self.children[node])
        return order


def _rest(place: PlaceCounts, parts: list[PlaceCounts]) -> PlaceCounts | None:
    criteria = {
        name: (
            pair[0] - sum(part.criteria.get(name, (0, 0))[0] for part in parts),
            pair[1] - sum(part.criteria.get(name, (0, 0))[1] for part in parts),
        )
        for name, pair in place.criteria.items()
    }
    rest = replace(
        place,
        parent=place.key,
        households=place.households - sum(part.households for part in parts),
        poor=place.poor - sum(part.poor for part in parts),
        unknown=place.unknown - sum(part.unknown for part in parts),
        criteria=criteria,
        causes={
            name: count - sum(part.causes.get(name, 0) for part in parts)
            for name, count in place.causes.items()
        },
    )
    return rest if rest.households else None


class _Rooms:
    """How far one exchange may go at every node, given where the counts are hidden that it needs."""

    def __init__(self, tree: _Tree, figures: list[Figure], kind: int, lifts: Mapping[str, list[int]]) -> None:
        self.tree = tree
        first: Exchange = figures[0].exchanges[kind]
        self.within, self.cells = first.within, first.cells
        self.lift = lifts[first.lift] if first.lift in lifts else lifts[""]
        self.possible = tree.possible(figures, kind)
        self.own = [(0, 0)] * len(figures)
        self.others = [(FREE, FREE)] * len(figures)
        self.members = {node for node, counts in enumerate(tree.hidden) if self.within <= counts}
        if self.members:
            self._measure()

    def _measure(self) -> None:
        """What every node can take up, and what all others can when it changes."""
        tree, own = self.tree, self.own
        within = list(own)
        for node in reversed(tree.downward):
            parts = tree.children[node]
            within[node] = _sum([own[part] for part in parts]) if parts else self.possible[node]
            if node in self.members:
                own[node] = within[node]
        for node in tree.downward:
            parent = tree.parents[node]
            if parent >= 0:
                up, down = within[parent][0] - own[node][0], within[parent][1] - own[node][1]
                if parent in self.members:
                    up, down = up + self.others[parent][0], down + self.others[parent][1]
                self.others[node] = (up, down)

    def reach(self, node: int, cell: str) -> int:
        """How far the cell of a node could go if all its parts were hidden as this exchange needs."""
        return sum(self.possible[node]) + self.lift_of(node, cell)

    def lift_of(self, node: int, cell: str) -> int:
        """The lift of a cell: it is for the first one alone."""
        return self.lift[node] if cell == self.cells[0] else 0

    def rises(self) -> list[int]:
        """How far the first cell may rise at every node."""
        return [
            min(self.own[node][0] + self.lift[node], self.others[node][1]) if node in self.members else 0
            for node in range(len(self.own))
        ]

    def width(self, node: int, cell: str) -> int:
        """How far apart two values of a cell may be at a node."""
        if node not in self.members:
            return 0
        (up, down), (others_up, others_down) = self.own[node], self.others[node]
        return min(up + self.lift_of(node, cell), others_down) + min(down, others_up)


def _sum(pairs: list[tuple[int, int]]) -> tuple[int, int]:
    up = down = 0
    for one, other in pairs:
        up, down = up + one, down + other
    return up, down


def _cover(figures: list[Figure], tree: _Tree, need: int) -> bool:
    """Hide more until every sensitive cell of a figure has its width; whether anything had to be hidden."""
    sensitive = [node for node in tree.downward if figures[node].sensitive]
    start = tree.count()
    while sensitive:
        lifts = tree.lifts(figures)
        rooms = [_Rooms(tree, figures, kind, lifts) for kind in range(len(figures[0].exchanges))]
        mended: set[tuple[int, frozenset[Count]]] = set()
        before = tree.count()
        for node in sensitive:
            for cell in sorted(figures[node].sensitive):
                telling = [room for room in rooms if cell in room.cells]
                if max(room.width(node, cell) for room in telling) < need:
                    _mend(tree, _best(telling, node, cell, need), (node, cell), mended, need)
        if mended and before == tree.count():  # no step is left: then nothing is shown at all
            tree.hide_all()
        if before == tree.count():
            break
    return tree.count() > start


def _best(rooms: list[_Rooms], node: int, cell: str, need: int) -> _Rooms:
    """The exchange that hides least and could be wide enough; among those that hide alike the roomiest.

    Those that change the cell first come before those that change it with another: they can be lifted.
    """
    able = [room for room in rooms if room.reach(node, cell) >= need] or rooms
    return min(able, key=lambda room: (len(room.within), room.cells[0] != cell, -room.reach(node, cell)))


def _mend(
    tree: _Tree,
    rooms: _Rooms,
    narrow: tuple[int, str],
    mended: set[tuple[int, frozenset[Count]]],
    need: int,
) -> None:
    """One step towards the width of a cell; one step at a time for the parts of one parent."""
    node, cell = narrow
    parent = tree.parents[node]
    if (parent, rooms.within) in mended:
        return
    mended.add((parent, rooms.within))
    if node not in rooms.members:
        tree.hide(node, rooms.within)
    elif sum(rooms.own[node]) + rooms.lift_of(node, cell) < need:
        _hide_part(tree, rooms, tree.children[node], need)
    else:
        _hide_beside(tree, rooms, node, need)


def _hide_beside(tree: _Tree, rooms: _Rooms, node: int, need: int) -> None:
    """Hide what lies beside a node; where nothing is left there its parent, or what lies beside that."""
    parent = tree.parents[node]
    if parent < 0:
        return
    if _hide_part(tree, rooms, [other for other in tree.children[parent] if other != node], need):
        return
    if parent in rooms.members:
        _hide_beside(tree, rooms, parent, need)
    else:
        tree.hide(parent, rooms.within)


def _hide_part(tree: _Tree, rooms: _Rooms, candidates: list[int], need: int) -> bool:
    """Hide one of the candidates, and parts of it down to a place; whether one was left to hide.

    The smallest that is roomy enough is hidden; if none is, the roomiest.
    """
    left = [node for node in candidates if sum(rooms.possible[node]) > sum(rooms.own[node])]
    if not left:
        return False
    enough = [node for node in left if min(rooms.possible[node]) >= need] or [
        max(left, key=lambda node: (min(rooms.possible[node]), sum(rooms.possible[node])))
    ]
    chosen = min(enough, key=lambda node: (tree.places[node].households, tree.places[node].key))
    tree.hide(chosen, rooms.within)
    _hide_part(tree, rooms, tree.children[chosen], need)
    return True
