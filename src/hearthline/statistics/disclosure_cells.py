# SPDX-License-Identifier: Apache-2.0
"""Decides which counts of a place must not be told, and by how much each could differ and still fit.

A count of 1 to 10 households is sensitive, and so is one that follows by subtraction within a place: the
households that are not poor, that meet a criterion, the poor ones without a cause. A zero is shown: it says
something of no household. It is sensitive where it says something of every one: nobody is not poor.

How far a count could be off and all that is shown would still be true is its room. It comes from exchanges
of households between places in which certain counts are hidden (``Exchange.within``): the more, the freer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SMALLEST = 11
"""The smallest count that is shown as it is, zero aside."""
FREE = 10**12
"""A room without bound."""
POORER = "more poor"
"""The lift of a cell within the poor households: there may be more of them."""

Count = tuple[str, str]
"""A count that is shown or hidden by itself: its kind and, for criteria and causes, the name."""
HOUSEHOLDS: Count = ("households", "")
POOR: Count = ("poor", "")
UNKNOWN: Count = ("unknown", "")


def not_met(name: str) -> Count:
    """The households that do not meet a criterion."""
    return ("not_met", name)


def doubtful(name: str) -> Count:
    """The households of which a criterion is unknown."""
    return ("doubtful", name)


def cause(name: str) -> Count:
    """The poor households with a cause."""
    return ("cause", name)


@dataclass(frozen=True)
class PlaceCounts:
    """Households counted in a place and all within it.

    ``criteria``: name to (not met, unknown); ``causes``: name to the poor households that have it.
    """

    key: int
    parent: int | None
    households: int
    poor: int
    unknown: int
    criteria: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    causes: Mapping[str, int] = field(default_factory=dict)

    @property
    def not_poor(self) -> int:
        """The households that are known not to be poor."""
        return self.households - self.poor - self.unknown


@dataclass(frozen=True)
class Exchange:
    """One way in which cells of a place could be otherwise, where the counts ``within`` are hidden.

    ``cells`` change, the first one by at most ``up`` or ``down``. ``lift`` says what else may raise the first
    one: a cell of which households may come from other places where everything is hidden, or ``POORER``.
    """

    within: frozenset[Count]
    cells: tuple[str, ...]
    up: int
    down: int
    lift: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of a place: its sensitive cells, the exchanges that blur them, and the counts it shows."""

    sensitive: frozenset[str]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The names of a run, and the sets of counts within which households may be exchanged.

    ``standard``: the criteria of which a poor household fails one or more and a household of unknown status
    has one or more unknown. ``doubts``: what differs between households of unknown status and not poor ones.
    """

    criteria: tuple[str, ...]
    causes: tuple[str, ...]
    standard: frozenset[str]
    smallest: int
    doubts: frozenset[Count]
    reasons: frozenset[Count]
    status: frozenset[Count]
    everything: frozenset[Count]


def vocabulary(
    criteria: Iterable[str], causes: Iterable[str], standard: frozenset[str], smallest: int
) -> Vocabulary:
    """The names in order, and the sets made of them."""
    names, why = tuple(sorted(set(criteria))), tuple(sorted(set(causes)))
    known = standard & set(names)
    reasons = frozenset({not_met(name) for name in names} | {doubtful(name) for name in names})
    doubts = frozenset(
        {doubtful(name) for name in names} | {not_met(name) for name in names if name not in known}
    )
    status = reasons | {POOR, UNKNOWN} | {cause(name) for name in why}
    return Vocabulary(names, why, known, smallest, doubts | {UNKNOWN}, reasons, status, status | {HOUSEHOLDS})


def households_figure(place: PlaceCounts, words: Vocabulary) -> Figure:
    """The number of households itself."""
    cells = {"households": place.households}
    return Figure(_small(cells, words), _singles(words, cells))


def status_figure(place: PlaceCounts, words: Vocabulary) -> Figure:
    """Poor, unknown and not poor. Where unknown alone is hidden, every criterion still has to explain it."""
    cells = {"poor": place.poor, "unknown": place.unknown, "not_poor": place.not_poor}
    spare = min((_unexplained(place, name) for name in words.standard), default=place.unknown)
    doubt = _doubt(place, words) if words.standard else place.not_poor
    fewer, more = min(place.unknown, max(0, spare)), min(place.not_poor, doubt)
    return Figure(
        _small(cells, words) | _nobody(place.not_poor, place.poor, "not_poor"),
        (
            Exchange(frozenset({UNKNOWN}), ("unknown", "not_poor"), more, fewer),
            *_both_ways(words.doubts, ("unknown", place.unknown), ("not_poor", place.not_poor)),
            *_pairs(words.status, cells),
            *_singles(words, cells),
        ),
    )


def criterion_figure(place: PlaceCounts, name: str, words: Vocabulary) -> Figure:
    """Not met, unknown and met; by the standard also the poor who do not fail it, and those in doubt."""
    failing, unknown = place.criteria.get(name, (0, 0))
    cells = {"not_met": failing, "unknown": unknown, "met": place.households - failing - unknown}
    sensitive = _small(cells, words) | _nobody(cells["met"], failing, "met")
    freely = (*_pairs(words.status, cells), *_singles(words, cells))
    if name not in words.standard:
        return Figure(sensitive, (*_on_its_own(name, cells), *freely))
    between = {"spared": place.poor - failing, "unexplained": _unexplained(place, name)}
    return Figure(
        sensitive | _small(between, words),
        (
            *_within_standard(place, name, words),
            *freely,
            *_against_all(place, words, between),
            *_singles(words, between),
        ),
    )


def cause_figure(place: PlaceCounts, name: str, words: Vocabulary) -> Figure:
    """The poor households with a cause, and those without it."""
    having = place.causes.get(name, 0)
    without = place.poor - having
    cells = {"having": having, "without": without}
    return Figure(
        _small(cells, words) | _nobody(without, having, "without"),
        (
            *_both_ways(frozenset({cause(name)}), ("having", having), ("without", without), POORER),
            *_against_all(place, words, cells),
            *_singles(words, cells),
        ),
    )


def _against_all(place: PlaceCounts, words: Vocabulary, cells: Mapping[str, int]) -> tuple[Exchange, ...]:
    """Where the status is hidden, a household of a group may stand for any that is not of it."""
    return tuple(
        Exchange(words.status, (name,), max(0, place.households - value), max(0, value))
        for name, value in cells.items()
    )


def _unexplained(place: PlaceCounts, name: str) -> int:
    """Households that are not known not to be poor and yet meet a criterion of the standard."""
    return place.poor + place.unknown - sum(place.criteria.get(name, (0, 0)))


def _doubt(place: PlaceCounts, words: Vocabulary) -> int:
    """How many unknown answers there are beyond one for each household of unknown status."""
    return max(0, sum(place.criteria.get(name, (0, 0))[1] for name in words.standard) - place.unknown)


def _on_its_own(name: str, cells: Mapping[str, int]) -> tuple[Exchange, ...]:
    """The exchanges of a criterion that no standard ties to the status."""
    both = frozenset({not_met(name), doubtful(name)})
    return (
        *_both_ways(frozenset({not_met(name)}), ("not_met", cells["not_met"]), ("met", cells["met"])),
        *_both_ways(frozenset({doubtful(name)}), ("unknown", cells["unknown"]), ("met", cells["met"])),
        *_both_ways(both, ("not_met", cells["not_met"]), ("unknown", cells["unknown"])),
    )


def _within_standard(place: PlaceCounts, name: str, words: Vocabulary) -> tuple[Exchange, ...]:
    """The exchanges that leave every status as it is.

    A household that fails a criterion is poor, a poor one fails at least one, and one of unknown status has
    at least one unknown: so a criterion alone may fall only as far as the others still explain the status.
    """
    failing, unknown = place.criteria.get(name, (0, 0))
    spare = max(0, sum(place.criteria.get(other, (0, 0))[0] for other in words.standard) - place.poor)
    doubt = _doubt(place, words)
    more = max(0, _unexplained(place, name))
    worse = max(0, min(place.poor - failing, more))
    turned = max(0, min(unknown, place.poor - failing, doubt))
    both = frozenset({not_met(name), doubtful(name)})
    turning = ("not_met", "met", "spared", "unexplained")
    return (
        Exchange(frozenset({not_met(name)}), turning, worse, min(failing, spare), lift=POORER),
        Exchange(
            frozenset({doubtful(name)}),
            ("unknown", "met", "unexplained"),
            more,
            min(unknown, doubt),
            lift=POORER,
        ),
        Exchange(both, ("not_met", "unknown", "spared"), turned, min(failing, spare)),
        Exchange(words.doubts, ("unknown", "met"), place.not_poor, min(unknown, place.unknown)),
        Exchange(words.reasons, turning, worse, failing),
    )


def _both_ways(
    within: frozenset[Count], one: tuple[str, int], other: tuple[str, int], lift: str = ""
) -> tuple[Exchange, Exchange]:
    """An exchange of two cells, as a change of the one and as a change of the other."""
    return (
        Exchange(within, (one[0], other[0]), max(0, other[1]), max(0, one[1]), lift or other[0]),
        Exchange(within, (other[0], one[0]), max(0, one[1]), max(0, other[1]), lift or one[0]),
    )


def _pairs(within: frozenset[Count], cells: Mapping[str, int]) -> tuple[Exchange, ...]:
    named = list(cells.items())
    return tuple(
        exchange
        for number, one in enumerate(named)
        for other in named[number + 1 :]
        for exchange in _both_ways(within, one, other)
    )


def _singles(words: Vocabulary, cells: Mapping[str, int]) -> tuple[Exchange, ...]:
    """Where the number of households is hidden too, a household may come from or go to another place."""
    return tuple(Exchange(words.everything, (name,), FREE, value) for name, value in cells.items())


def _small(cells: Mapping[str, int], words: Vocabulary) -> frozenset[str]:
    return frozenset(name for name, value in cells.items() if 0 < value < words.smallest)


def _nobody(good: int, bad: int, cell: str) -> frozenset[str]:
    return frozenset({cell}) if good == 0 < bad else frozenset()
