# SPDX-License-Identifier: Apache-2.0
"""Decides what a table of places holds: which counts it prints, which go with them unprinted, what adds up.

There are three: households by status, by criterion not met, poor households by cause. Each carries the status
of every place and every level between those printed, unprinted: readers know that places add up and what the
standard says of status and criteria, so the attack must know it too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hearthline.statistics.release import MARK, Counts, Sum, Told, sensitive_of

ALL = "households"
STATUSES = ("poor", "not poor", "unknown")
POOR, NOT_POOR, UNKNOWN = STATUSES
NOT_MET, IN_DOUBT, MET = "not met", "not known", "met"


class Subject(StrEnum):
    """What a table counts beside the places."""

    STATUS = "status"
    CRITERIA = "criteria"
    CAUSES = "causes"


@dataclass(frozen=True)
class Tally:
    """Households counted in one place and all within it.

    ``key`` names the place in every release alike; ``parent`` is the key of the place above it. ``criteria``:
    name to (not met, unknown); ``causes``: name to the poor households that have it.
    """

    key: str
    parent: str | None
    level: int
    code: str
    name: str
    households: int
    poor: int
    unknown: int
    criteria: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    causes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """Which counting it is: the standard and the day.

    ``deciding``: the criteria of which a poor household fails one or more; none for standards of other kinds.
    """

    standard: str
    on: str
    deciding: tuple[str, ...] = ()
    told_apart: Callable[[str, int], str] = lambda series, count: ""
    """Tells countings of one day apart that differ, by what is counted and how many."""


@dataclass(frozen=True)
class PlaceTable:
    """True counts for the gate, and which of them a table prints: a row for each place, in order."""

    counts: Counts
    subject: Subject
    heads: tuple[str, ...]
    """What each column counts: ``households``, a status, or a criterion or cause with what is said of it."""
    rows: tuple[Tally, ...]
    names: Mapping[str, tuple[str, ...]]
    """By the key of a place, the name of the count in each column."""
    edition: Edition


def table_of(
    tallies: Sequence[Tally],
    levels: Collection[int],
    subject: Subject,
    edition: Edition,
    *,
    within: Collection[str] | None = None,
) -> PlaceTable:
    """The table of the whole and of the places of some levels.

    ``tallies`` hold every level and all places of the counting; the table is of those whose keys are
    ``within``, where not of all. The others tell the gate what need not be protected.
    """
    chosen = [tally for tally in tallies if within is None or tally.key in within]
    wanted = {min(tally.level for tally in chosen), *levels}
    kept = [tally for tally in chosen if tally.level <= max(wanted)]
    making = _made(kept, edition, subject)
    everything = _made(tallies, edition, *Subject)
    rows = tuple(tally for tally in kept if tally.level in wanted)
    heads = heads_of(kept, subject)
    names = {tally.key: tuple(making.name(head, tally) for head in heads) for tally in rows}
    printed = {name for columns in names.values() for name in columns}
    counts = Counts(
        making.counts,
        tuple(making.sums),
        silent=frozenset(making.counts.keys() - printed),
        aids=frozenset(everything.aids),
        harmless=frozenset(everything.counts.keys() - sensitive_of(everything.counts, everything.sums)),
        background=everything.counts,
    )
    return PlaceTable(counts, subject, heads, rows, names, edition)


def heads_of(tallies: Sequence[Tally], subject: Subject) -> tuple[str, ...]:
    """What the columns of a table count."""
    if subject is Subject.STATUS:
        return (ALL, *STATUSES)
    first = tallies[0]
    if subject is Subject.CRITERIA:
        return (ALL, *(f"{what}: {name}" for name in first.criteria for what in (NOT_MET, IN_DOUBT)))
    return (POOR, *(f"with {name}" for name in first.causes))


def _made(tallies: Sequence[Tally], edition: Edition, *subjects: Subject) -> _Making:
    making = _Making(edition, frozenset(subjects))
    for tally in tallies:
        making.place(tally)
    for tally, parts in _with_parts(tallies):
        making.add_up(tally, parts)
    return making


def figures_of(table: PlaceTable, told: Mapping[str, Told]) -> Iterator[tuple[Tally, tuple[Told, ...]]]:
    """Each place with what is told of every column."""
    for row in table.rows:
        yield row, tuple(told[name] for name in table.names[row.key])


def _with_parts(tallies: Sequence[Tally]) -> Iterator[tuple[Tally, list[Tally]]]:
    """Every place that has parts, with them; who lives in none of them is a part too."""
    parts: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        if tally.parent is not None:
            parts[tally.parent].append(tally)
    for tally in tallies:
        if parts[tally.key]:
            yield tally, parts[tally.key]


def _rest(tally: Tally, parts: Sequence[Tally]) -> Tally:
    """Who lives in a place and in none of its parts: subtraction would tell it."""
    return replace(
        tally,
        key=f"{tally.key}/-",
        parent=tally.key,
        households=tally.households - sum(part.households for part in parts),
        poor=tally.poor - sum(part.poor for part in parts),
        unknown=tally.unknown - sum(part.unknown for part in parts),
        criteria={
            name: (
                failing - sum(part.criteria.get(name, (0, 0))[0] for part in parts),
                doubtful - sum(part.criteria.get(name, (0, 0))[1] for part in parts),
            )
            for name, (failing, doubtful) in tally.criteria.items()
        },
        causes={
            name: count - sum(part.causes.get(name, 0) for part in parts)
            for name, count in tally.causes.items()
        },
    )


class _Making:
    """Counts and sums, place by place."""

    def __init__(self, edition: Edition, subjects: frozenset[Subject]) -> None:
        self.edition, self.subjects = edition, subjects
        self.counts: dict[str, int] = {}
        self.sums: list[Sum] = []
        self.aids: set[str] = set()
        self.named: dict[tuple[str, str], str] = {}

    def place(self, tally: Tally) -> None:
        """Every count of a place, and what adds up within it."""
        found = dict(self._status(tally))
        if Subject.CRITERIA in self.subjects:
            for name in tally.criteria:
                found |= self._criterion(tally, name)
        if Subject.CAUSES in self.subjects:
            for name, having in tally.causes.items():
                found |= {f"with {name}": having, f"without {name}": tally.poor - having}
        for what, count in found.items():
            self._enter(tally, what, count)
        self.sums.append(self._sum(tally, ALL, STATUSES, classes=True))
        if Subject.CRITERIA in self.subjects:
            self._bind_criteria(tally)
        if Subject.CAUSES in self.subjects:
            for name in tally.causes:
                self.sums.append(self._sum(tally, POOR, (f"with {name}", f"without {name}"), classes=True))

    def add_up(self, tally: Tally, parts: Sequence[Tally]) -> None:
        """The sums over the parts of a place."""
        rest = _rest(tally, parts)
        if rest.households:
            self.place(rest)
            parts = [*parts, rest]
        kinds = [ALL, *STATUSES]
        if Subject.CRITERIA in self.subjects:
            kinds += [f"{what}: {name}" for name in tally.criteria for what in (NOT_MET, IN_DOUBT, MET)]
        if Subject.CAUSES in self.subjects:
            kinds += [f"{what} {name}" for name in tally.causes for what in ("with", "without")]
        for kind in kinds:
            below = tuple(self.name(kind, part) for part in parts)
            self.sums.append(Sum(self.name(kind, tally), below))

    def name(self, kind: str, tally: Tally) -> str:
        """The name of a count that was entered."""
        return self.named[kind, tally.key]

    def _status(self, tally: Tally) -> dict[str, int]:
        not_poor = tally.households - tally.poor - tally.unknown
        return {ALL: tally.households, POOR: tally.poor, NOT_POOR: not_poor, UNKNOWN: tally.unknown}

    def _criterion(self, tally: Tally, name: str) -> dict[str, int]:
        failing, doubtful = tally.criteria[name]
        return {
            f"{NOT_MET}: {name}": failing,
            f"{IN_DOUBT}: {name}": doubtful,
            f"{MET}: {name}": tally.households - failing - doubtful,
        }

    def _bind_criteria(self, tally: Tally) -> None:
        """Who fails a deciding criterion is poor, a poor one fails one, a not poor one meets all.

        Written as sums of what is left over, none of which is negative.
        """
        for name in tally.criteria:
            parts = tuple(f"{what}: {name}" for what in (NOT_MET, IN_DOUBT, MET))
            self.sums.append(self._sum(tally, ALL, parts, classes=True))
        deciding = [name for name in self.edition.deciding if name in tally.criteria]
        for name in deciding:
            failing, doubtful = tally.criteria[name]
            spared = self._enter(tally, f"poor without {name} not met", tally.poor - failing)
            self.sums.append(self._named(tally, POOR, self.name(f"{NOT_MET}: {name}", tally), spared))
            met, not_poor = (
                tally.households - failing - doubtful,
                tally.households - tally.poor - tally.unknown,
            )
            other = self._enter(tally, f"{name} met, and not known to be not poor", met - not_poor)
            self.sums.append(self._named(tally, f"{MET}: {name}", self.name(NOT_POOR, tally), other))
        if len(deciding) == len(self.edition.deciding) > 0:
            self._explain(tally, deciding, POOR, NOT_MET, 0, tally.poor)
            self._explain(tally, deciding, UNKNOWN, IN_DOUBT, 1, tally.unknown)

    def _explain(
        self, tally: Tally, deciding: Sequence[str], status: str, what: str, place: int, count: int
    ) -> None:
        """The answers that explain a status are at least as many as the households of that status."""
        answers = sum(tally.criteria[name][place] for name in deciding)
        total = self._enter(tally, f"answers {what}", answers)
        more = self._enter(tally, f"answers {what} beyond the first", answers - count)
        self.aids |= {total, more}
        self.sums.append(Sum(total, tuple(self.name(f"{what}: {name}", tally) for name in deciding)))
        self.sums.append(Sum(total, (self.name(status, tally), more)))

    def _enter(self, tally: Tally, kind: str, count: int) -> str:
        """Give a count its name; all households are the same by every standard."""
        edition = self.edition
        what = kind if kind == ALL else f"{edition.standard}: {kind}"
        told_apart = edition.told_apart(f"{what} in {tally.key}", count)
        name = f"{what} in {tally.key}{MARK}{edition.on}{'/' if told_apart else ''}{told_apart}"
        self.named[kind, tally.key] = name
        self.counts[name] = count
        return name

    def _named(self, tally: Tally, whole: str, *parts: str) -> Sum:
        return Sum(self.name(whole, tally), parts)

    def _sum(self, tally: Tally, whole: str, parts: Sequence[str], *, classes: bool) -> Sum:
        return Sum(self.name(whole, tally), tuple(self.name(part, tally) for part in parts), classes)
