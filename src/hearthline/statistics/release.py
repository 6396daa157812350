# SPDX-License-Identifier: Apache-2.0
"""Decides what a release is: counts by name, which of them add up, and what of each was published.

A **count** has a name that says what is counted where (its *series*) and the day it speaks of, as in
``poor households in 5101@2017-12-31``. What adds up is a **sum**: a whole and its parts. A published count
is shown, rounded, or hidden. A release holds only what the public may read, so it can be published itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MARK = "@"
"""Stands between the series of a count and its day."""
MARGIN = 3
NEED = 2 * MARGIN + 1
"""How far apart the least and the most that a protected count can be must lie: not known to within 3."""
SMALLEST = 11
"""The smallest count that may be shown, zero aside."""
BASE = 10
"""What counts are rounded to: each stands for ten values, five below it and four above."""


@dataclass(frozen=True)
class Sum:
    """A whole is its parts together. ``classes``: the parts are classes that each household is in one of."""

    whole: str
    parts: tuple[str, ...]
    classes: bool = False


@dataclass(frozen=True)
class Counts:
    """True counts that are to be published: what is counted, what adds up, what cannot exceed what.

    ``silent`` ones are told in no table and go with it because readers know how they hang together with those
    that are. ``aids`` are silent ones that count answers, not households, so a small one points at nobody.
    ``background`` are true counts of the same households beyond the table; ``harmless`` those, in the table
    or not, that need no protection by themselves.
    """

    counts: Mapping[str, int]
    sums: tuple[Sum, ...] = ()
    at_most: tuple[tuple[str, str], ...] = ()
    silent: frozenset[str] = frozenset()
    aids: frozenset[str] = frozenset()
    harmless: frozenset[str] = frozenset()
    background: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.sums:
            whole, parts = self.counts[one.whole], sum(self.counts[part] for part in one.parts)
            if whole != parts:
                raise ValueError(f"{one.whole} is {whole}, and its parts are {parts}")


@dataclass(frozen=True)
class Told:
    """What is published of one count: its least and its most possible value; the same where it is shown."""

    least: int
    most: int | None

    @property
    def hidden(self) -> bool:
        """Whether nothing is told of it."""
        return self.most is None

    @property
    def value(self) -> int | None:
        """The figure that a table prints: the count, the multiple it was rounded to, or nothing."""
        if self.most is None:
            return None
        return self.most if self.least == self.most else self.most - BASE // 2 + 1

    @property
    def rounded(self) -> bool:
        """Whether it is a multiple that stands for several values."""
        return self.most is not None and self.least != self.most


HIDDEN = Told(0, None)


def shown(count: int) -> Told:
    """A count told as it is."""
    return Told(count, count)


def rounded(count: int, base: int = BASE) -> Told:
    """A count told as the nearest multiple, a half upwards; never less than nothing."""
    middle = (count + base // 2) // base * base
    return Told(max(0, middle - base // 2), middle + base - base // 2 - 1)


@dataclass(frozen=True)
class Release:
    """One publication: what was told of every count, and what adds up."""

    told: Mapping[str, Told]
    sums: tuple[Sum, ...] = ()
    at_most: tuple[tuple[str, str], ...] = ()
    about: Mapping[str, object] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    """Counts that were in no table, hidden only because nobody asked for them."""

    def document(self) -> dict[str, object]:
        """As JSON holds it."""
        return {
            "about": dict(self.about),
            "told": {name: [told.least, told.most] for name, told in sorted(self.told.items())},
            "sums": [[one.whole, list(one.parts), one.classes] for one in self.sums],
            "at_most": [list(pair) for pair in self.at_most],
            "silent": sorted(self.silent),
        }


def release_of(document: Mapping[str, object]) -> Release:
    """A release as its document says. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for another."""
    told, sums, at_most = document["told"], document["sums"], document["at_most"]
    about, silent = document["about"], document.get("silent", [])
    if not (isinstance(told, dict) and isinstance(sums, list) and isinstance(at_most, list)):
        raise TypeError("no release")
    if not (isinstance(about, dict) and isinstance(silent, list)):
        raise TypeError("no release")
    return Release(
        {
            str(name): Told(int(least), None if most is None else int(most))
            for name, (least, most) in told.items()
        },
        tuple(Sum(str(whole), tuple(map(str, parts)), bool(classes)) for whole, parts, classes in sums),
        tuple((str(small), str(large)) for small, large in at_most),
        about,
        frozenset(map(str, silent)),
    )


def series_of(name: str) -> str:
    """What a count is of, without its day."""
    return name.rpartition(MARK)[0] or name


def sensitive_of(counts: Mapping[str, int], sums: Iterable[Sum], smallest: int = SMALLEST) -> set[str]:
    """Counts from 1 to below ``smallest``, and classes that every household of a place is in."""
    found = {name for name, count in counts.items() if 0 < count < smallest}
    for one in sums:
        if one.classes and counts[one.whole]:
            found |= {part for part in one.parts if counts[part] == counts[one.whole]}
    return found
