# SPDX-License-Identifier: Apache-2.0
"""Decides which counts of a place must not be told, and by how much each could differ and still fit.

A count of 1 to 10 households is sensitive, and so is one that follows by subtraction within a place: the
households that are not poor, that meet a criterion, the poor ones without a cause. A zero is shown: it says
something of no household. It is sensitive where it says something of every one: nobody is not poor.

How far a count could be off and all that is shown would still be true is its room. It comes from exchanges
of households between places in which certain counts are hidden (``Exchange.within``): the more, the freer.

All places are worked out at once, as columns: a run of a nation has tens of thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SMALLEST = 11
"""The smallest count that is shown as it is, zero aside."""
FREE = 10**12
"""A room without bound."""
STATUS = 1
"""The number of the figure of statuses, after the one of households."""
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
class Columns:
    """The counts of all places, a column for each."""

    households: Ints
    poor: Ints
    unknown: Ints
    criteria: Mapping[str, tuple[Ints, Ints]]
    causes: Mapping[str, Ints]

    @property
    def not_poor(self) -> Ints:
        """The households that are known not to be poor."""
        return self.households - self.poor - self.unknown


@dataclass(frozen=True)
class Exchange:
    """One way in which cells of places could be otherwise, where the counts ``within`` are hidden.

    ``cells`` change, the first one by at most ``up`` or ``down``. ``lift`` says what else may raise the first
    one: a cell of which households may come from other places where everything is hidden, or ``POORER``.
    """

    within: frozenset[Count]
    cells: tuple[str, ...]
    up: Ints
    down: Ints
    lift: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of all places: where which cell is sensitive, and the exchanges that blur them."""

    sensitive: Mapping[str, Mask]
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


def columns_of(places: Sequence[PlaceCounts], words: Vocabulary) -> Columns:
    """The counts of places as columns; a criterion or cause that a place does not have counts nothing."""
    nothing = (0, 0)
    pairs = {name: [place.criteria.get(name, nothing) for place in places] for name in words.criteria}
    return Columns(
        _column([place.households for place in places]),
        _column([place.poor for place in places]),
        _column([place.unknown for place in places]),
        {
            name: (_column([one for one, _ in of]), _column([two for _, two in of]))
            for name, of in pairs.items()
        },
        {name: _column([place.causes.get(name, 0) for place in places]) for name in words.causes},
    )


def _column(values: list[int]) -> Ints:
    return np.array(values, np.int64)


def figures_of(words: Vocabulary) -> int:
    """How many figures there are."""
    return 1 + STATUS + len(words.criteria) + len(words.causes)


def figure_of(number: int, places: Columns, words: Vocabulary) -> Figure:
    """One of the figures; from the one that hides most to those that hide least."""
    if number <= STATUS:
        return status_figure(places, words) if number == STATUS else households_figure(places, words)
    number -= 1 + STATUS
    if number < len(words.criteria):
        return criterion_figure(places, words.criteria[number], words)
    return cause_figure(places, words.causes[number - len(words.criteria)], words)


def households_figure(places: Columns, words: Vocabulary) -> Figure:
    """The number of households itself."""
    cells = {"households": places.households}
    return Figure(_small(cells, words), _singles(words, cells))


def status_figure(places: Columns, words: Vocabulary) -> Figure:
    """Poor, unknown and not poor. Where unknown alone is hidden, every criterion still has to explain it."""
    cells = {"poor": places.poor, "unknown": places.unknown, "not_poor": places.not_poor}
    spare = places.unknown
    if words.standard:
        spare = np.minimum.reduce([_unexplained(places, name) for name in sorted(words.standard)])
    doubt = _doubt(places, words) if words.standard else places.not_poor
    fewer, more = np.minimum(places.unknown, _some(spare)), np.minimum(places.not_poor, doubt)
    return Figure(
        _either(_small(cells, words), _nobody(places.not_poor, places.poor, "not_poor")),
        (
            Exchange(frozenset({UNKNOWN}), ("unknown", "not_poor"), more, fewer),
            *_both_ways(words.doubts, ("unknown", places.unknown), ("not_poor", places.not_poor)),
            *_pairs(words.status, cells),
            *_singles(words, cells),
        ),
    )


def criterion_figure(places: Columns, name: str, words: Vocabulary) -> Figure:
    """Not met, unknown and met; by the standard also the poor who do not fail it, and those in doubt."""
    failing, unknown = places.criteria[name]
    cells = {"not_met": failing, "unknown": unknown, "met": places.households - failing - unknown}
    sensitive = _either(_small(cells, words), _nobody(cells["met"], failing, "met"))
    freely = (*_pairs(words.status, cells), *_singles(words, cells))
    if name not in words.standard:
        return Figure(sensitive, (*_on_its_own(name, cells), *freely))
    between = {"spared": places.poor - failing, "unexplained": _unexplained(places, name)}
    return Figure(
        _either(sensitive, _small(between, words)),
        (
            *_within_standard(places, name, words),
            *freely,
            *_against_all(places, words, between),
            *_singles(words, between),
        ),
    )


def cause_figure(places: Columns, name: str, words: Vocabulary) -> Figure:
    """The poor households with a cause, and those without it."""
    having = places.causes[name]
    without = places.poor - having
    cells = {"having": having, "without": without}
    return Figure(
        _either(_small(cells, words), _nobody(without, having, "without")),
        (
            *_both_ways(frozenset({cause(name)}), ("having", having), ("without", without), POORER),
            *_against_all(places, words, cells),
            *_singles(words, cells),
        ),
    )


def _against_all(places: Columns, words: Vocabulary, cells: Mapping[str, Ints]) -> tuple[Exchange, ...]:
    """Where the status is hidden, a household of a group may stand for any that is not of it."""
    return tuple(
        Exchange(words.status, (name,), _some(places.households - value), _some(value))
        for name, value in cells.items()
    )


def _unexplained(places: Columns, name: str) -> Ints:
    """Households that are not known not to be poor and yet meet a criterion of the standard."""
    failing, unknown = places.criteria[name]
    return places.poor + places.unknown - failing - unknown


def _doubt(places: Columns, words: Vocabulary) -> Ints:
    """How many unknown answers there are beyond one for each household of unknown status."""
    answers = np.add.reduce([places.criteria[name][1] for name in sorted(words.standard)])
    return _some(answers - places.unknown)


def _on_its_own(name: str, cells: Mapping[str, Ints]) -> tuple[Exchange, ...]:
    """The exchanges of a criterion that no standard ties to the status."""
    both = frozenset({not_met(name), doubtful(name)})
    return (
        *_both_ways(frozenset({not_met(name)}), ("not_met", cells["not_met"]), ("met", cells["met"])),
        *_both_ways(frozenset({doubtful(name)}), ("unknown", cells["unknown"]), ("met", cells["met"])),
        *_both_ways(both, ("not_met", cells["not_met"]), ("unknown", cells["unknown"])),
    )


def _within_standard(places: Columns, name: str, words: Vocabulary) -> tuple[Exchange, ...]:
    """The exchanges that leave every status as it is.

    A household that fails a criterion is poor, a poor one fails at least one, and one of unknown status has
    at least one unknown: so a criterion alone may fall only as far as the others still explain the status.
    """
    failing, unknown = places.criteria[name]
    failures = np.add.reduce([places.criteria[other][0] for other in sorted(words.standard)])
    spare, doubt = _some(failures - places.poor), _doubt(places, words)
    more = _some(_unexplained(places, name))
    worse = _some(np.minimum(places.poor - failing, more))
    turned = _some(np.minimum(np.minimum(unknown, places.poor - failing), doubt))
    fewer = np.minimum(failing, spare)
    both = frozenset({not_met(name), doubtful(name)})
    turning = ("not_met", "met", "spared", "unexplained")
    answered = ("unknown", "met", "unexplained")
    return (
        Exchange(frozenset({not_met(name)}), turning, worse, fewer, lift=POORER),
        Exchange(frozenset({doubtful(name)}), answered, more, np.minimum(unknown, doubt), lift=POORER),
        Exchange(both, ("not_met", "unknown", "spared"), turned, fewer),
        Exchange(words.doubts, ("unknown", "met"), places.not_poor, np.minimum(unknown, places.unknown)),
        Exchange(words.reasons, turning, worse, failing),
    )


def _both_ways(
    within: frozenset[Count], one: tuple[str, Ints], other: tuple[str, Ints], lift: str = ""
) -> tuple[Exchange, Exchange]:
    """An exchange of two cells, as a change of the one and as a change of the other."""
    more, fewer = _some(other[1]), _some(one[1])
    return (
        Exchange(within, (one[0], other[0]), more, fewer, lift or other[0]),
        Exchange(within, (other[0], one[0]), fewer, more, lift or one[0]),
    )


def _pairs(within: frozenset[Count], cells: Mapping[str, Ints]) -> tuple[Exchange, ...]:
    named = list(cells.items())
    return tuple(
        exchange
        for number, one in enumerate(named)
        for other in named[number + 1 :]
        for exchange in _both_ways(within, one, other)
    )


def _singles(words: Vocabulary, cells: Mapping[str, Ints]) -> tuple[Exchange, ...]:
    """Where the number of households is hidden too, a household may come from or go to another place."""
    return tuple(
        Exchange(words.everything, (name,), np.full_like(value, FREE), value) for name, value in cells.items()
    )


def _some(values: Ints) -> Ints:
    """Never less than none."""
    return np.maximum(values, 0)


def _small(cells: Mapping[str, Ints], words: Vocabulary) -> dict[str, Mask]:
    return {name: (value > 0) & (value < words.smallest) for name, value in cells.items()}


def _nobody(good: Ints, bad: Ints, cell: str) -> dict[str, Mask]:
    return {cell: (good == 0) & (bad > 0)}


def _either(one: Mapping[str, Mask], other: Mapping[str, Mask]) -> dict[str, Mask]:
    """Sensitive by the one or by the other."""
    return {**one, **{name: one[name] | mask if name in one else mask for name, mask in other.items()}}
