# SPDX-License-Identifier: Apache-2.0
"""Decides what files under parameters/ and lookups/ may say: dated values and tables of the law."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, RootModel, Tag

from hearthline.engine.packages.schema.fields import (
    ENTRY_TAG,
    REMOVAL_TAG,
    Layered,
    Line,
    Name,
    Part,
    SingleValue,
    Source,
    Told,
    TypeWord,
    Words,
    entry_or_removal,
)


class DatedPeriod(Part):
    """When, where and for what a value holds: either `year`, or `from` with or without `to`."""

    noun: ClassVar[str] = "a dated value"
    year: int | None = Field(None, ge=1000, le=9998, description="The calendar year it holds for.")
    start: date | None = Field(None, alias="from", description="First day it holds.")
    end: date | None = Field(
        None, alias="to", description="Last day it holds; without it, until further notice."
    )
    jurisdiction: Line | None = Field(
        None, description="The place it holds for. Absent: that of the package."
    )
    purpose: Name = Field("standard", description="What it is for, where one quantity has several uses.")


class DatedValue(DatedPeriod):
    """One value of a parameter: `year`, or `from` with or without `to`; the value; its source."""

    value: SingleValue = Field(description="The value, in the parameter's type and unit.")
    source: Source = Field(description="The law, notice or publication that sets it.")
    mark: Line | None = Field(None, description="A mark of certainty, such as `GK` (general knowledge).")


class DatedRemoval(DatedPeriod):
    """Takes a value of the package below out: the same period, place and purpose, and `remove: true`."""

    noun: ClassVar[str] = "the removal of a dated value"
    remove: Literal[True] = Field(description="`true`: the value below for this period is left out.")


LayeredValue = Annotated[
    Annotated[DatedValue, Tag(ENTRY_TAG)] | Annotated[DatedRemoval, Tag(REMOVAL_TAG)],
    Discriminator(entry_or_removal),
]


class ParameterEntry(Part):
    """A dated series of one quantity. A layer may leave out all but `values`."""

    noun: ClassVar[str] = "a parameter"
    named: ClassVar[bool] = True
    label: Words | None = Field(
        None, description="Its name for people, in each language. Needed where no package below gives it."
    )
    type: TypeWord | None = Field(
        None, description="The type of its values. Needed where no package below gives it."
    )
    unit: str | None = Field(None, description="The unit of its values. Absent: `1`; for money the currency.")
    scale: int | None = Field(None, ge=0, le=18, description="For `decimal`: decimals kept. Absent: 4.")
    values: list[LayeredValue] = Field(min_length=1, description="The values; their periods may not overlap.")
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class ParametersFile(RootModel[dict[Name, Layered[ParameterEntry]]]):
    """Files `parameters/*.yaml`: parameters by name."""

    noun: ClassVar[str] = "a file of parameters"


class LookupKey(Part):
    """A key column of a lookup table."""

    noun: ClassVar[str] = "a key of a lookup table"
    name: Name = Field(description="The column's name.")
    type: Literal["integer", "text", "code", "boolean"] = Field(description="What the keys are.")
    unit: str | None = Field(None, description="For `integer`: the unit of the key. Absent: `1`.")


class LookupValue(Part):
    """The value column of a lookup table."""

    noun: ClassVar[str] = "the value of a lookup table"
    type: TypeWord = Field(description="The type of the values.")
    unit: str | None = Field(None, description="Their unit. Absent: `1`; for money the currency.")
    scale: int | None = Field(None, ge=0, le=18, description="For `decimal`: decimals kept. Absent: 4.")


class LookupEntry(Part):
    """A table read by exact keys."""

    noun: ClassVar[str] = "a lookup table"
    named: ClassVar[bool] = True
    label: Words = Field(description="Its name for people, in each language.")
    keys: list[LookupKey] = Field(
        min_length=1, max_length=8, description="The key columns, in the order of the rows."
    )
    value: LookupValue = Field(description="The value column.")
    missing: Literal["unknown", "error"] = Field(
        description="What a key without a row gives: `unknown`, or `error`, which stops the screening."
    )
    source: Source = Field(description="The law, notice or publication that sets it.")
    rows: list[list[SingleValue]] = Field(
        min_length=1, description="One list for each row: its keys, then the value."
    )
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class LookupsFile(RootModel[dict[Name, Layered[LookupEntry]]]):
    """Files `lookups/*.yaml`: lookup tables by name."""

    noun: ClassVar[str] = "a file of lookup tables"
