# SPDX-License-Identifier: Apache-2.0
"""Decides which figures of small groups are shown, so that a table of places does not point at a family.

A place with fewer people than the limit is merged with others of its parent. Numbers of poor people are
hidden where they, those not poor or those unknown are few, or nobody is not poor; and as many more, by the
exchanges of ``disclosure_tree``, as it takes so that none can be worked out from neighbours and totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hearthline.statistics.disclosure_cells import PlaceCounts
from hearthline.statistics.disclosure_tree import Hidden, protect

SMALLEST_GROUP = 11
"""The fewest people a shown group may have, unless the caller asks for another limit."""

_ROUNDING = 1e-9


@dataclass(frozen=True)
class PlaceCount:
    """One place before protection: people in the file (not weighted) and the weights behind its figures."""

    name: str
    parent: str
    listed: int
    listed_poor: int
    weight: float
    poor: float
    not_poor: float
    listed_unknown: int = 0


@dataclass(frozen=True)
class PlaceRow:
    """One row as it may be shown; ``poor`` and ``headcount`` are None where they are hidden.

    With them the share of the unknown is not shown. ``merged`` is how many places the row stands for.
    """

    name: str
    parent: str
    weight: float
    poor: float | None
    headcount: float | None
    unknown: float
    merged: int = 1
    people_hidden: bool = False
    """Whether the number of people itself must not be shown."""

    @property
    def hidden(self) -> bool:
        """Whether the number of poor people is hidden."""
        return self.poor is None


def protected(counts: Iterable[PlaceCount], *, smallest: int = SMALLEST_GROUP) -> list[PlaceRow]:
    """The rows of one table of places, parent by parent, with small groups merged and counts hidden.

    The numbers of the parents and of the whole are known to readers.
    """
    return protected_levels([list(counts)], smallest=smallest)[0]


def protected_levels(
    levels: Sequence[Sequence[PlaceCount]], *, smallest: int = SMALLEST_GROUP
) -> list[list[PlaceRow]]:
    """The same for tables of which each counts the places within those of the one before it: protected
    together, so that they do not betray each other."""
    tree = _Tree(smallest)
    units = [tree.enter(counts) for counts in levels]
    hidden = tree.hidden()
    return [[_row(count, number, hidden[key]) for count, number, key in level] for level in units]


class _Tree:
    """The shown units of all levels, those put together as one; the whole is at the top."""

    def __init__(self, smallest: int) -> None:
        self._smallest = smallest
        self._counts: dict[int, PlaceCount] = {}
        self._parents: dict[int, int] = {}
        self._above: dict[str, int] = {}

    def enter(self, counts: Sequence[PlaceCount]) -> list[tuple[PlaceCount, int, int]]:
        """Each unit of a level, how many places it stands for, and its key."""
        by_parent: dict[str, list[PlaceCount]] = {}
        for count in counts:
            by_parent.setdefault(count.parent, []).append(count)
        found, named = list[tuple[PlaceCount, int, int]](), dict[str, int]()
        for parent, siblings in by_parent.items():
            above = self._parent(parent, siblings)
            alone, together = merged(siblings, smallest=self._smallest)
            groups = [[count] for count in alone] + ([together] if together else [])
            for group in groups:
                key = self._node(_sum(group) if len(group) > 1 else group[0], above)
                named |= {count.name: key for count in group}
                found.append((self._counts[key], len(group), key))
        self._above = named
        return found

    def hidden(self) -> dict[int, Hidden]:
        """What is hidden of every unit; all of it where else the whole would have to be."""
        whole = _sum([count for key, count in self._counts.items() if self._parents[key] == _WHOLE])
        places = [_counted(_WHOLE, None, whole)]
        places += [_counted(key, self._parents[key], count) for key, count in self._counts.items()]
        found = protect(places, smallest=self._smallest)
        if found[_WHOLE] == Hidden():
            return found
        return {key: replace(one, poor=True) for key, one in found.items()}

    def _parent(self, parent: str, siblings: Sequence[PlaceCount]) -> int:
        if parent in self._above or not parent:
            return self._above.get(parent, _WHOLE)
        return self._node(_sum(siblings), _WHOLE)

    def _node(self, count: PlaceCount, above: int) -> int:
        key = len(self._counts) + 1
        self._counts[key], self._parents[key] = count, above
        return key


_WHOLE = 0


def _counted(key: int, parent: int | None, count: PlaceCount) -> PlaceCounts:
    return PlaceCounts(key, parent, count.listed, count.listed_poor, count.listed_unknown)


def merged(siblings: Sequence[PlaceCount], *, smallest: int) -> tuple[list[PlaceCount], list[PlaceCount]]:
    """The places that stand alone, and those that are put together.

    The smallest follow until the merged ones are two or more and together reach the limit.
    """
    ordered = sorted(siblings, key=lambda count: (count.listed, count.name))
    together = [count for count in ordered if count.listed < smallest]
    rest = ordered[len(together) :]
    while together and rest and (len(together) < 2 or sum(c.listed for c in together) < smallest):
        together.append(rest.pop(0))
    alone = [count for count in siblings if count not in together]
    return alone, together


def _sum(counts: Sequence[PlaceCount]) -> PlaceCount:
    return PlaceCount(
        name="",
        parent=counts[0].parent if counts else "",
        listed=sum(count.listed for count in counts),
        listed_poor=sum(count.listed_poor for count in counts),
        weight=sum(count.weight for count in counts),
        poor=sum(count.poor for count in counts),
        not_poor=sum(count.not_poor for count in counts),
        listed_unknown=sum(count.listed_unknown for count in counts),
    )


def _row(count: PlaceCount, merged_places: int, hidden: Hidden) -> PlaceRow:
    known = count.poor + count.not_poor
    hide = hidden.poor or hidden.unknown or hidden.households
    return PlaceRow(
        name=count.name,
        parent=count.parent,
        weight=count.weight,
        poor=None if hide else count.poor,
        headcount=None if hide or not known else count.poor / known,
        unknown=_share_left(known, count.weight),
        merged=merged_places,
        people_hidden=hidden.households,
    )


def _share_left(known: float, whole: float) -> float:
    """The share that is not known; what rounding leaves of nothing is nothing."""
    share = 1 - known / whole if whole else 0.0
    return share if share > _ROUNDING else 0.0
