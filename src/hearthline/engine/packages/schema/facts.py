# SPDX-License-Identifier: Apache-2.0
"""Decides what a file under facts/ may say: the dictionary of what can be known about each row."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, RootModel, StringConstraints

from hearthline.engine.packages.schema.fields import Bound, Layered, Name, Part, Told, TypeWord, Words

CodeText = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]


class FactEntry(Part):
    """One fact of a level."""

    noun: ClassVar[str] = "a fact"
    named: ClassVar[bool] = True
    type: TypeWord = Field(
        description="What it holds. `money` and `decimal` are exact, `double` is floating point, `code` is a "
        "text out of a list."
    )
    label: Words = Field(description="Its name for people, in each language.")
    codes: dict[CodeText, Words] | None = Field(
        None, description="For `code`: each value with its label. Values are short texts."
    )
    unit: str | None = Field(
        None,
        description="What a number counts, such as `yuan/person/year`. Absent: `1` (no unit); for money the "
        "currency.",
    )
    scale: int | None = Field(None, ge=0, le=18, description="For `decimal`: decimals kept. Absent: 4.")
    digits: int | None = Field(
        None,
        ge=1,
        le=38,
        description="For `decimal`: all digits, decimals included. Absent: 18, or by the bounds.",
    )
    min: Bound | None = Field(
        None, description="Smallest value allowed, in the unit people read (yuan, not fen)."
    )
    max: Bound | None = Field(
        None,
        description="Largest value allowed. With both bounds, arithmetic is kept as narrow as they allow.",
    )
    question: Words | None = Field(None, description="The question a visitor asks, in each language.")
    sources: list[Name] | None = Field(
        None,
        min_length=1,
        description="Sources it may come from, the most trusted first; names of `[sources]`.",
    )
    topic: Name | None = Field(
        None,
        description="What pages and forms show it under; a name of `[topics]`. Absent: under no heading.",
    )
    sensitivity: Literal["public", "internal", "sensitive"] = Field(
        "internal", description="Who may see it: health, disability and diagnosis are `sensitive`."
    )
    verified: Literal["seen", "shown", "known", "told"] | None = Field(
        None,
        description="How an officer can check it: `seen` on the spot, `shown` by a paper or register, "
        "`known` to the neighbours, only `told`. Absent: it is no covariate of a score; see Scores.",
    )
    required: bool = Field(
        False, description="`true`: a row without it is refused at import, so it is never unknown."
    )
    period: Literal["year", "month", "day", "point"] | None = Field(
        None, description="The span the value speaks of."
    )
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class FactsFile(RootModel[dict[Name, dict[Name, Layered[FactEntry]]]]):
    """Files `facts/*.yaml`: for each level, its facts by name."""

    noun: ClassVar[str] = "a file of facts"
