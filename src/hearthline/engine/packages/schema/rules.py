# SPDX-License-Identifier: Apache-2.0
"""Decides what files under rules/ and causes.yaml may say: values, criteria, standards, indices, causes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from hearthline.engine.packages.schema.fields import (
    Formula,
    Layered,
    Name,
    Part,
    Share,
    Source,
    Told,
    TypeWord,
    Words,
)


class DerivedEntry(Part):
    """A value computed from facts."""

    noun: ClassVar[str] = "a derived value"
    named: ClassVar[bool] = True
    level: Name = Field(description="`household` or `person`: what has this value.")
    type: TypeWord = Field(description="The type it promises; checked against the formula.")
    unit: str | None = Field(
        None, description="Its unit, checked against the formula. Absent: `1`; for money the currency."
    )
    label: Words = Field(description="Its name for people, in each language.")
    formula: Formula = Field(
        description="An SQL expression over names of the dictionary; see the formula language."
    )
    scale: int | None = Field(
        None, ge=0, le=18, description="For `decimal`: decimals kept. Absent: as the formula gives."
    )
    division_scale: int | None = Field(
        None, ge=0, le=12, description="Decimals a division in this formula keeps. Absent: the package's."
    )
    covariate: bool = Field(
        False,
        description="`true`: a score may be learned from it. All facts it reads must be of kinds that "
        "`[targeting]` allows.",
    )
    released: Words | None = Field(
        None,
        description="For a value that rests on sensitive facts: why every official who may see the household "
        "may see it all the same. Absent: it is sensitive as they are.",
    )
    source: Source | None = Field(None, description="The law or definition it follows.")
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class CriterionWords(Part):
    """What officials read for each answer of a criterion."""

    noun: ClassVar[str] = "the words of a criterion"
    met: Words = Field(description="When the good condition holds.")
    not_met: Words = Field(description="When it does not.")
    unknown: Words = Field(description="When the facts do not tell.")


class CriterionEntry(Part):
    """A condition that is good when it is true: met, not met or unknown."""

    noun: ClassVar[str] = "a criterion"
    named: ClassVar[bool] = True
    level: Name = Field(description="`household` or `person`: whom it judges.")
    label: Words = Field(description="Its name for people, in each language.")
    good: Formula = Field(description="The good condition: an SQL expression that is true, false or unknown.")
    words: CriterionWords = Field(description="What officials read for each answer.")
    remedy: Words = Field(
        description="What would change a `not met` or settle an `unknown`, in each language."
    )
    division_scale: int | None = Field(
        None, ge=0, le=12, description="Decimals a division in this formula keeps. Absent: the package's."
    )
    source: Source = Field(description="The article of the law, or the definition.")
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class StandardAnswers(Part):
    """What the answers of a standard are called where it does not ask who is poor."""

    noun: ClassVar[str] = "the answers of a standard"
    poor: Words = Field(description="In place of “poor”, such as not ready to leave.")
    not_poor: Words = Field(description="In place of “not poor”, such as ready to leave.")
    unknown: Words = Field(description="In place of “unknown”.")


class StandardEntry(Part):
    """Which criteria decide, how they combine, and from when to when."""

    noun: ClassVar[str] = "a standard"
    named: ClassVar[bool] = True
    default: bool = Field(False, description="`true` for exactly one standard: its answer is the `status`.")
    label: Words = Field(description="Its name for people, in each language.")
    combine: Literal["all", "any", "count", "index"] = Field(
        description="`all`: poor if any criterion is not met. `any`: poor only if none is met. `count`: poor "
        "if at least `at_least` are not met. `index`: poor by the index."
    )
    criteria: list[Name] | None = Field(
        None, min_length=1, description="Household criteria; not written with `index`."
    )
    at_least: int | None = Field(
        None, ge=1, description="For `count`: how many not met make a household poor."
    )
    index: Name | None = Field(None, description="For `index`: the name of the index.")
    start: date | None = Field(
        None, alias="from", description="First screening date. Absent: that of the package."
    )
    end: date | None = Field(
        None, alias="to", description="Last screening date. Absent: that of the package."
    )
    answers: StandardAnswers | None = Field(
        None, description="Its own words for its answers, where it does not ask who is poor."
    )
    source: Source = Field(description="The law or definition it follows.")
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class DimensionEntry(Part):
    """A dimension of an index."""

    noun: ClassVar[str] = "a dimension of an index"
    named: ClassVar[bool] = True
    label: Words = Field(description="Its name for people, in each language.")
    weight: Share = Field(description="Its exact weight, such as `1/3`; the sum of its indicators.")
    indicators: dict[Name, Share] = Field(
        min_length=1, description="Household criteria with their exact weights; deprived means not met."
    )


class IndexEntry(Part):
    """A multidimensional index after Alkire and Foster."""

    noun: ClassVar[str] = "an index"
    named: ClassVar[bool] = True
    label: Words = Field(description="Its name for people, in each language.")
    cutoff: Share = Field(description="Poor from this weighted share of deprivations upward, such as `1/3`.")
    missing: Literal["bounds", "not_deprived", "complete_case"] = Field(
        description="Unknown indicators: `bounds`: the answer is unknown only if they could change it; "
        "`not_deprived`: they count as met; `complete_case`: any unknown makes the answer unknown."
    )
    dimensions: dict[Name, DimensionEntry] = Field(
        min_length=1, description="The dimensions; weights sum to 1."
    )
    source: Source = Field(description="The publication that defines it.")
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class RulesFile(Part):
    """Files `rules/*.yaml`: derived values, criteria, standards and indices by name."""

    noun: ClassVar[str] = "a file of rules"
    derived: dict[Name, Layered[DerivedEntry]] = Field(
        default_factory=dict, description="Values computed from facts."
    )
    criteria: dict[Name, Layered[CriterionEntry]] = Field(
        default_factory=dict, description="Good conditions."
    )
    standards: dict[Name, Layered[StandardEntry]] = Field(
        default_factory=dict, description="How criteria decide."
    )
    indices: dict[Name, Layered[IndexEntry]] = Field(
        default_factory=dict, description="Multidimensional indices."
    )


class CauseEntry(Part):
    """A cause of poverty from the package's list."""

    noun: ClassVar[str] = "a cause"
    named: ClassVar[bool] = True
    number: int = Field(ge=1, le=999, description="Its number in the official list.")
    label: Words = Field(description="Its name for people, in each language.")
    evidence: Formula | None = Field(
        None,
        description="A household formula, true where the facts show this cause; the value `cause_<name>`.",
    )
    source: Source | None = Field(None, description="The list it comes from.")


class CausesFile(Part):
    """The file `causes.yaml`: the causes of poverty an official chooses from."""

    noun: ClassVar[str] = "the file of causes"
    causes: dict[Name, Layered[CauseEntry]] = Field(default_factory=dict, description="Causes by name.")
