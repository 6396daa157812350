# SPDX-License-Identifier: Apache-2.0
"""Decides how far the counts of a tree of places could be off, given what is hidden where.

Every room is worked out for all places at once, level by level of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from hearthline.statistics.disclosure_cells import FREE, Exchange, Ints, Mask


class Shape:
    """Which places lie in which, as numbers of nodes."""

    def __init__(self, parents: Sequence[int]) -> None:
        self.parents = list(parents)
        self.children: list[list[int]] = [[] for _ in parents]
        for node, parent in enumerate(parents):
            if parent >= 0:
                self.children[parent].append(node)
        levels = [[node for node, parent in enumerate(parents) if parent < 0]]
        while levels[-1]:
            levels.append([part for node in levels[-1] for part in self.children[node]])
        self.downward = [node for level in levels for node in level]
        self._levels = [np.array(level, np.int64) for level in levels[:-1]]
        self._above = np.array(self.parents, np.int64)
        self._leaves = np.array([not parts for parts in self.children], np.bool_)

    def __len__(self) -> int:
        return len(self.parents)

    def parts_of(self, values: Ints) -> Ints:
        """The sums of the parts of each node; nothing where it has none."""
        found = np.zeros(len(self), np.int64)
        known = self._above >= 0
        np.add.at(found, self._above[known], values[known])
        return found

    def gathered(self, values: Ints) -> Ints:
        """What the places without parts have, added up at all above them."""
        found = np.where(self._leaves, values, 0)
        for level in self._levels[:0:-1]:
            np.add.at(found, self._above[level], found[level])
        return found

    def measured(self, most: Ints, members: Mask) -> tuple[Ints, Ints]:
        """What every node can take up by itself, and what all others can when it changes."""
        own, within = np.zeros(len(self), np.int64), np.where(self._leaves, most, 0)
        for level in self._levels[::-1]:
            own[level] = np.where(members[level], within[level], 0)
            above = self._above[level]
            if above.size and above[0] >= 0:
                np.add.at(within, above, own[level])
        others = np.full(len(self), FREE, np.int64)
        for level in self._levels[1:]:
            above = self._above[level]
            others[level] = within[above] - own[level] + np.where(members[above], others[above], 0)
        return own, others


class Way:
    """An exchange, and how far it could go at every node if all were hidden."""

    def __init__(self, shape: Shape, exchange: Exchange) -> None:
        self.within, self.cells, self.lift = exchange.within, exchange.cells, exchange.lift
        self.up, self.down = shape.gathered(exchange.up), shape.gathered(exchange.down)

    @cached_property
    def both(self) -> list[int]:
        """Up and down together, at every node."""
        return _listed(self.up + self.down)

    @cached_property
    def least(self) -> list[int]:
        """The lesser of up and down, at every node."""
        return _listed(np.minimum(self.up, self.down))


class Rooms:
    """How far one exchange may go at every node, given where the counts are hidden that it needs."""

    def __init__(self, shape: Shape, way: Way, members: Mask, lifts: Mapping[str, Ints]) -> None:
        self.way, self._members = way, members
        self._lift = lifts[way.lift] if way.lift in lifts else lifts[""]
        if members.any():
            self._up, self._others_up = shape.measured(way.up, members)
            self._down, self._others_down = shape.measured(way.down, members)
        else:
            self._up = self._down = self._others_up = self._others_down = np.zeros(len(shape), np.int64)

    def rises(self) -> Ints:
        """How far the first cell may rise at every node."""
        return np.where(self._members, np.minimum(self._up + self._lift, self._others_down), 0)

    def widths(self, cell: str) -> Ints:
        """How far apart two values of a cell may be at every node."""
        up = self._up + self._lift if cell == self.way.cells[0] else self._up
        width = np.minimum(up, self._others_down) + np.minimum(self._down, self._others_up)
        return np.where(self._members, width, 0)

    @cached_property
    def own(self) -> list[int]:
        """What every node can take up by itself, up and down together."""
        return _listed(self._up + self._down)

    @cached_property
    def members(self) -> list[bool]:
        """Where all is hidden that the exchange needs."""
        return list(self._members.tolist())

    @cached_property
    def lifts(self) -> list[int]:
        """What may come to the first cell besides, at every node."""
        return _listed(self._lift)

    def lift_of(self, node: int, cell: str) -> int:
        """The lift of a cell: it is for the first one alone."""
        return self.lifts[node] if cell == self.way.cells[0] else 0

    def reach(self, cell: str) -> Ints:
        """How far the cell of every node could go if all its parts were hidden as this exchange needs."""
        possible = self.way.up + self.way.down
        return possible + self._lift if cell == self.way.cells[0] else possible

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self._lift)


def _listed(values: Ints) -> list[int]:
    return list(values.tolist())
