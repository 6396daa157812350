# SPDX-License-Identifier: Apache-2.0
"""Decides how fast poverty fell, computed from published figures: by year, and beside earlier programmes.

With P(t) the poor of the country at the end of year t, I(t) the incidence in per cent, and 0 the first year:
fall P(0) - P(t), its share of P(0), the yearly average (P(0) - P(t)) / t, points I(0) - I(t), and how many
times the average of an earlier programme the yearly average is. All are exact fractions of the published
numbers; whoever prints them rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hearthline.engine.rules.published import Figure, Series

POOR, INCIDENCE, EARLIER = "rural_poor", "poverty_incidence", "earlier_pace"
"""The series of a package that the pace is computed from; without the first there is none."""


@dataclass(frozen=True)
class Earlier:
    """An earlier programme: its yearly average, and how many times it the later one is."""

    figure: Figure
    times: Fraction


@dataclass(frozen=True)
class Pace:
    """The end of one year: people, ``incidence`` and ``points`` in per cent; None where nothing is published.

    ``year_fall`` is None where the year before has no figure.
    """

    year: int
    since: int
    poor: Fraction
    incidence: Fraction | None
    year_fall: Fraction | None
    fall: Fraction
    share: Fraction
    yearly: Fraction
    points: Fraction | None
    earlier: tuple[Earlier, ...]


def paces(series: Mapping[str, Series]) -> list[Pace]:
    """The pace up to each year after the first that has a figure of the country; none without the series."""
    if POOR not in series:
        return []
    poor = _by_year(series[POOR])
    incidence = _by_year(series[INCIDENCE]) if INCIDENCE in series else {}
    programmes = series[EARLIER].of_country() if EARLIER in series else ()
    first, *later = sorted(poor)
    return [_pace(first, year, poor, incidence, programmes) for year in later]


def _by_year(series: Series) -> dict[int, Fraction]:
    return {
        each.end.year: Fraction(each.value)
        for each in series.of_country()
        if each.start == each.end and (each.end.month, each.end.day) == (12, 31)
    }


def _pace(
    first: int,
    year: int,
    poor: Mapping[int, Fraction],
    incidence: Mapping[int, Fraction],
    programmes: tuple[Figure, ...],
) -> Pace:
    fall = poor[first] - poor[year]
    yearly = fall / (year - first)
    both = first in incidence and year in incidence
    return Pace(
        year=year,
        since=first,
        poor=poor[year],
        incidence=incidence.get(year),
        year_fall=poor[year - 1] - poor[year] if year - 1 in poor else None,
        fall=fall,
        share=fall / poor[first] if poor[first] else Fraction(0),
        yearly=yearly,
        points=incidence[first] - incidence[year] if both else None,
        earlier=tuple(Earlier(each, yearly / Fraction(each.value)) for each in programmes if each.value),
    )
