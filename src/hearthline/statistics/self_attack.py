# SPDX-License-Identifier: Apache-2.0
"""Decides how near an attacker comes to a count by all that was ever published: by linear programming.

He knows every release: shown counts, the values a rounded one stands for, that counts are not negative, what
adds up, and what cannot exceed what. For each count that is to be protected the least and the most it can
be are sought. Shown counts are constants, so what is left falls into small ``systems`` of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import numpy as np

from hearthline.statistics.release import NEED, Release, Told
from hearthline.statistics.systems import CONTRADICTION, Measured, Row, System, Widths


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


def widths_of(
    releases: Collection[Release],
    targets: Collection[str],
    *,
    need: float = NEED,
    truth: Mapping[str, int] | None = None,
    measured: Measured | None = None,
    settled: Callable[[int], None] = lambda number: None,
) -> Widths:
    """How far each target is open by all releases; one that is open by ``need`` is not looked at further.

    ``truth`` is what counts are, where it is known: it fits all that was published, so the search may start
    there. ``measured`` remembers systems between two calls with the same ``need``. ``settled`` is told how
    many targets are. Raises ``release.contradiction`` where nothing fits what was published.
    """
    known = known_of(releases)
    found = Widths()
    for name in targets:
        told = known[name]
        if told.most is not None and told.least == told.most:
            found.seen[name] = (told.least, told.most)
    wanted = set(targets) - found.seen.keys()
    for names, rows in _systems(releases, known, wanted):
        system = System(names, rows, known)
        asked = sorted(wanted & set(names))
        before = measured.get(system.told) if measured is not None else None
        if before is None or not before.keys() >= set(asked):
            own = Widths()
            system.measure(asked, own, need, truth or {}, _after(len(found.seen), settled))
            found.programmes += own.programmes
            before = {**(before or {}), **own.seen}
            if measured is not None:
                measured[system.told] = before
        found.seen |= {name: before[name] for name in asked}
        settled(len(found.seen))
    return found


def _after(first: int, settled: Callable[[int], None]) -> Callable[[int], None]:
    """Tells of one system, after those that were settled before it."""
    return lambda number: settled(first + number)


def _systems(
    releases: Iterable[Release], known: Mapping[str, Told], wanted: Collection[str]
) -> Iterator[tuple[list[str], list[Row]]]:
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


def _rows(releases: Iterable[Release], known: Mapping[str, Told]) -> Iterator[Row]:
    sums = {one for release in releases for one in release.sums}
    for one in sorted(sums, key=lambda one: (one.whole, one.parts)):
        yield _open({one.whole: -1.0} | dict.fromkeys(one.parts, 1.0), known, 0.0)
    pairs = {pair for release in releases for pair in release.at_most}
    for small, large in sorted(pairs):
        yield _open({small: 1.0, large: -1.0}, known, -np.inf)


def _open(terms: Mapping[str, float], known: Mapping[str, Told], low: float) -> Row:
    """A row of what is open; what is shown goes to the other side."""
    constant, left = 0.0, {}
    for name, factor in terms.items():
        told = known.get(name, Told(0, None))
        if told.most is not None and told.least == told.most:
            constant += factor * told.least
        else:
            left[name] = factor
    return Row(left, low - constant, -constant)
