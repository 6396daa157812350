# SPDX-License-Identifier: Apache-2.0
"""Decides which figures of small groups are shown, so that a table of places does not point at a family.

A place with fewer people than the limit is merged with others of its parent; a number of poor people
below the limit is hidden, and where only one is hidden beside its parent's total a second one is too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class PlaceRow:
    """One row as it may be shown; ``poor`` and ``headcount`` are None where they are hidden.

    ``merged`` is how many places the row stands for.
    """

    name: str
    parent: str
    weight: float
    poor: float | None
    headcount: float | None
    unknown: float
    merged: int = 1

    @property
    def hidden(self) -> bool:
        """Whether the number of poor people is hidden."""
        return self.poor is None


def protected(counts: Iterable[PlaceCount], *, smallest: int = SMALLEST_GROUP) -> list[PlaceRow]:
    """The rows of a table of places, parent by parent, with small groups merged and small counts hidden."""
    by_parent: dict[str, list[PlaceCount]] = {}
    for count in counts:
        by_parent.setdefault(count.parent, []).append(count)
    return [
        row
        for siblings in by_parent.values()
        for row in _rows(*merged(siblings, smallest=smallest), smallest=smallest)
    ]


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


def _rows(alone: Sequence[PlaceCount], together: Sequence[PlaceCount], *, smallest: int) -> list[PlaceRow]:
    units = [(count, 1) for count in alone]
    if together:
        units.append((_sum(together), len(together)))
    hidden = {id(count) for count, _ in units if 0 < count.listed_poor < smallest or count.listed < smallest}
    if len(hidden) == 1:
        others = [count for count, _ in units if id(count) not in hidden and count.listed_poor > 0]
        if others:
            hidden.add(id(min(others, key=lambda count: count.listed_poor)))
    return [_row(count, number, id(count) in hidden) for count, number in units]


def _sum(counts: Sequence[PlaceCount]) -> PlaceCount:
    return PlaceCount(
        name="",
        parent=counts[0].parent,
        listed=sum(count.listed for count in counts),
        listed_poor=sum(count.listed_poor for count in counts),
        weight=sum(count.weight for count in counts),
        poor=sum(count.poor for count in counts),
        not_poor=sum(count.not_poor for count in counts),
    )


def _row(count: PlaceCount, merged_places: int, hide: bool) -> PlaceRow:
    known = count.poor + count.not_poor
    return PlaceRow(
        name=count.name,
        parent=count.parent,
        weight=count.weight,
        poor=None if hide else count.poor,
        headcount=None if hide or not known else count.poor / known,
        unknown=_share_left(known, count.weight),
        merged=merged_places,
    )


def _share_left(known: float, whole: float) -> float:
    """The share that is not known; what rounding leaves of nothing is nothing."""
    share = 1 - known / whole if whole else 0.0
    return share if share > _ROUNDING else 0.0
