# SPDX-License-Identifier: Apache-2.0
"""Decides what files under series/ may say: published figures, their source, and what contradicts them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field, RootModel

from hearthline.engine.packages.schema.fields import Layered, Name, Number, Part, Source, Words

Bound = Literal["exact", "about", "more_than", "at_least"]


class RivalEntry(Part):
    """Another statement of the same figure that is not believed, kept so that readers see it."""

    noun: ClassVar[str] = "a contradicting statement"
    value: Number | None = Field(None, description="The number it gives. Absent: it gives none.")
    source: Source = Field(description="Where it stands.")
    why: Words = Field(description="Why it is not taken, in each language.")


class FigureEntry(Part):
    """One published figure: `at` a day, or `from` a day `to` another; the number; its source."""

    noun: ClassVar[str] = "a published figure"
    at: date | None = Field(None, description="The day it speaks of. Instead of `from` and `to`.")
    start: date | None = Field(None, alias="from", description="First day of the time it speaks of.")
    end: date | None = Field(None, alias="to", description="Last day of that time.")
    place: Name | None = Field(None, description="A name under `places`. Absent: the whole country.")
    value: Number = Field(description="The number, in the unit of the series.")
    bound: Bound = Field("exact", description="What the source says before the number.")
    source: Source = Field(description="The publication it stands in.")
    fills_gap: bool = Field(
        False, description="`true`: taken from elsewhere to fill a gap in the sources of the package."
    )
    computed: bool = Field(
        False, description="`true`: follows from other figures, as the source says; stands in none itself."
    )
    conflicts: list[RivalEntry] = Field(
        default_factory=list, description="Other statements that it was chosen over."
    )
    note: Words | None = Field(None, description="What a reader of the number should know.")


class SeriesEntry(Part):
    """One quantity that was published again and again, or once."""

    noun: ClassVar[str] = "a series"
    named: ClassVar[bool] = True
    label: Words = Field(description="Its name for people, in each language.")
    unit: str = Field(description="The unit of its numbers, such as `person`, `household`, `percent`, `1`.")
    base: Words = Field(description="Of whom or what it is counted, or its denominator, in each language.")
    places: dict[Name, Words] = Field(
        default_factory=dict, description="Parts of the country that figures speak of, with their names."
    )
    figures: list[FigureEntry] = Field(min_length=1, description="The figures; each day and place once.")


class SeriesFile(RootModel[dict[Name, Layered[SeriesEntry]]]):
    """Files `series/*.yaml`: published figures by name of their series."""

    noun: ClassVar[str] = "a file of series"
