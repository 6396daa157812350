# SPDX-License-Identifier: Apache-2.0
"""Decides what of a table may be published, given all that was published before: the one gate.

Sensitive are counts of 1 to 10, a class that every household of a place is in, and a change of 1 to 10 since
another day. They are hidden (``suppress``) or every count is rounded (``round``); then the gate attacks
itself (``self_attack``) over this release and all earlier ones, and hides more until no sensitive count can
be stated to within 3. What was open before must stay open. The same counts always pass in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hearthline.base.problems import Kind, declare
from hearthline.statistics.release import (
    HIDDEN,
    NEED,
    SMALLEST,
    Counts,
    Release,
    Sum,
    Told,
    rounded,
    sensitive_of,
    series_of,
    shown,
)
from hearthline.statistics.self_attack import known_of, widths_of
from hearthline.statistics.systems import Measured, Widths

PINNED = declare(
    "release.pinned",
    Kind.REFUSED,
    "{count} could be worked out to within 3 from what would then be published ({number} such counts).",
    "Let the gate hide or round (suppress or round), publish a coarser table, or wait for another period.",
)


_ROUNDING = 1e-6
PROTECTING, ATTACKING = "protecting", "attacking"
Progress = Callable[[str, int, int], None]
"""Is told the stage, ``PROTECTING`` or ``ATTACKING``, and how many counts of how many are settled in it."""


def untold(stage: str, done: int, total: int) -> None:
    """Nobody asks how far it is."""


class Method(StrEnum):
    """How a table is protected."""

    SUPPRESS = "suppress"
    ROUND = "round"
    AS_IS = "as-is"


@dataclass(frozen=True)
class Passed:
    """What passed the gate: the release, why counts are hidden, and what the attack on it found."""

    release: Release
    method: Method
    sensitive: frozenset[str]
    beside: frozenset[str]
    """Counts that are hidden only so that a sensitive one cannot be worked out."""
    attacked: int
    """Counts that the attack tried to work out."""
    programmes: int

    @property
    def hidden(self) -> frozenset[str]:
        """Every count of the table that is not told."""
        release = self.release
        return frozenset(name for name in release.told.keys() - release.silent if release.told[name].hidden)


def pass_gate(
    table: Counts,
    memory: Sequence[Release] = (),
    *,
    method: Method = Method.SUPPRESS,
    smallest: int = SMALLEST,
    about: Mapping[str, object] | None = None,
    progress: Progress = untold,
) -> Passed:
    """What may be published of a table after all of ``memory``.

    ``as-is`` publishes every count or refuses. What ``progress`` raises ends the work.
    Raises ``release.pinned``, ``release.contradiction``.
    """
    gate = _Gate(table, memory, method, smallest, dict(about or {}), progress)
    return gate.passed()


class _Gate:
    """One table at the gate."""

    def __init__(
        self,
        table: Counts,
        memory: Sequence[Release],
        method: Method,
        smallest: int,
        about: dict[str, object],
        progress: Progress,
    ) -> None:
        self.table, self.memory, self.method = table, memory, method
        self.smallest, self.about, self.progress = smallest, about, progress
        self.hidden: set[str] = set(table.silent)
        self.truth = {**table.background, **table.counts}
        self.measured: Measured = {}
        before = known_of(memory)
        widths = self._widths(memory, list(before), PROTECTING)
        self.programmes = widths.programmes
        self.open_before = {name for name in before if widths.width(name) > NEED - _ROUNDING}
        self.open_before -= (table.harmless | table.aids) & _only_silent(memory)
        self.out = {name: widths.seen[name] for name in before if name not in self.open_before}
        """What is known within 3 already: the least and the most it can be."""
        self.sensitive = sensitive_of(table.counts, table.sums, smallest) - table.aids
        self.needs = self._needs_of_changes()
        self.beside_of: dict[str, list[Sum]] = defaultdict(list)
        for one in (*table.sums, *(old for release in memory for old in release.sums)):
            for name in (one.whole, *one.parts):
                self.beside_of[name].append(one)

    def passed(self) -> Passed:
        """Hide until nothing is pinned, or refuse. Hiding only ever widens: what is open stays so."""
        own = (self.sensitive | self.needs.keys()) - self.out.keys()
        self.needs |= dict.fromkeys(self.sensitive | self.open_before, float(NEED))
        if self.method is Method.SUPPRESS:
            self.hidden |= own
        targets = sorted(own | self.open_before)
        narrow = self._narrow(targets)
        while narrow:
            if self.method is Method.AS_IS or not self._hide_beside(narrow):
                raise PINNED.error(count=narrow[0], number=len(narrow))
            narrow = self._narrow(narrow)
        return Passed(
            self._release(),
            self.method,
            frozenset(self.sensitive),
            frozenset(self.hidden - self.sensitive - self.table.silent),
            len(targets),
            self.programmes,
        )

    def _needs_of_changes(self) -> dict[str, float]:
        """How far counts must be open that may be 1 to 10 more or less than on another day.

        How far a change is open is what both counts are open together.
        """
        by_series: dict[str, list[str]] = defaultdict(list)
        for name in self.out:
            by_series[series_of(name)].append(name)
        needs: dict[str, float] = {}
        for name, count in self.table.counts.items():
            for other in by_series[series_of(name)]:
                least, most = self.out[other]
                nearest = max(least - count, count - most, 1.0)
                if other != name and nearest < self.smallest and (least, most) != (count, count):
                    needs[name] = max(needs.get(name, 0.0), NEED - (most - least))
        return needs

    def _told(self, name: str, count: int) -> Told:
        if name in self.hidden:
            return HIDDEN
        return rounded(count) if self.method is Method.ROUND else shown(count)

    def _release(self) -> Release:
        told = {name: self._told(name, count) for name, count in self.table.counts.items()}
        table = self.table
        return Release(told, table.sums, table.at_most, self.about, table.silent)

    def _narrow(self, targets: Sequence[str]) -> list[str]:
        """Those that could be worked out to within the margin."""
        widths = self._widths([*self.memory, self._release()], targets, ATTACKING)
        self.programmes += widths.programmes
        return [name for name in targets if widths.width(name) < self.needs[name] - _ROUNDING]

    def _widths(self, releases: Sequence[Release], targets: Sequence[str], stage: str) -> Widths:
        def settled(number: int) -> None:
            self.progress(stage, number, len(targets))

        settled(0)
        return widths_of(releases, targets, truth=self.truth, measured=self.measured, settled=settled)

    def _hide_beside(self, narrow: Iterable[str]) -> bool:
        """For each narrow count hide one more of what it could be worked out from; whether any was left."""
        grown = False
        for name in narrow:
            if self._is_told(name):
                self.hidden.add(name)
                grown = True
                continue
            helper = self._find_helper(name)
            if helper is not None:
                self.hidden.add(helper)
                grown = True
        return grown

    def _find_helper(self, name: str) -> str | None:
        """The smallest count of this table still told beside ``name``; else beside what is hidden there.

        A sum in which nothing else is hidden comes first: it is the one that tells the count.
        """
        seen, edge = {name}, [name]
        while edge:
            rows = [(one, row) for one in edge for row in self.beside_of.get(one, ())]
            alone, more, ring = list[str](), list[str](), list[str]()
            for one, row in rows:
                members = [each for each in (row.whole, *row.parts) if each != one]
                told = [each for each in members if self._is_told(each)]
                (alone if len(told) == len(members) else more).extend(told)
                ring.extend(each for each in members if each not in seen and each not in told)
            if alone or more:
                return min(alone or more, key=self._order)
            seen |= set(ring)
            edge = list(dict.fromkeys(ring))
        return min(filter(self._is_told, self.table.counts), key=self._order, default=None)

    def _is_told(self, name: str) -> bool:
        """Whether hiding a count would keep something: it is told, and was not known exactly before."""
        least, most = self.out.get(name, (0.0, 1.0))
        return name in self.table.counts and name not in self.hidden and most - least > _ROUNDING

    def _order(self, name: str) -> tuple[bool, int, str]:
        """The smallest first, and zeros last: they hide little."""
        count = self.table.counts[name]
        return count == 0, count, name


def _only_silent(memory: Sequence[Release]) -> set[str]:
    """Counts that went with earlier releases and were in no table of them."""
    silent = {name for release in memory for name in release.silent}
    return silent - {name for release in memory for name in release.told.keys() - release.silent}
