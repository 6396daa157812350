# SPDX-License-Identifier: Apache-2.0
"""Decides what a published figure is: a number, its day, place, base, source, and what contradicts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hearthline.engine.rules.types import Text

PERCENT = "percent"
SERIES_UNITS: Mapping[str, Text] = {
    "person": {"en": "people", "zh": "人"},
    "household": {"en": "households", "zh": "户"},
    "person/year": {"en": "people a year", "zh": "人/年"},
    PERCENT: {"en": "%", "zh": "%"},
    "point/year": {"en": "percentage points a year", "zh": "百分点/年"},
    "percent/year": {"en": "% a year", "zh": "%/年"},
    "yuan": {"en": "yuan", "zh": "元"},
    "county": {"en": "counties", "zh": "个县"},
    "village": {"en": "villages", "zh": "个村"},
    "province": {"en": "provinces", "zh": "个省份"},
    "company": {"en": "companies", "zh": "家企业"},
    "1": {"en": "", "zh": ""},
}
"""The units of series, as people read them."""


@dataclass(frozen=True)
class Rival:
    """A statement that was not taken: its number if it gives one, where it stands, why it is not believed."""

    value: Decimal | None
    source: Text
    why: Text


@dataclass(frozen=True)
class Figure:
    """One figure, from ``start`` to ``end`` inclusive, or of one day; of a place or the country.

    ``bound`` says how the source bounds it: exact, about, more_than or at_least. ``fills_gap`` marks a
    figure from outside the sources of the package; ``computed`` one that follows from others.
    """

    start: date
    end: date
    place: str | None
    value: Decimal
    bound: str
    source: Text
    fills_gap: bool = False
    computed: bool = False
    conflicts: tuple[Rival, ...] = ()
    note: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """A quantity and its published figures, in the order of their days; ``base`` is of whom it is counted."""

    name: str
    label: Text
    unit: str
    base: Text
    places: Mapping[str, Text]
    figures: tuple[Figure, ...]
    origin: str = ""

    def find(self, day: date, place: str | None = None) -> Figure | None:
        """The figure for one day and place; None where nothing was published."""
        return next(
            (each for each in self.figures if each.start == each.end == day and each.place == place), None
        )

    def of_country(self) -> tuple[Figure, ...]:
        """The figures that speak of the whole country."""
        return tuple(each for each in self.figures if each.place is None)
