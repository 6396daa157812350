# SPDX-License-Identifier: Apache-2.0
"""Decides what package.toml may say: who the package is for, its languages, money, dates and levels."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from hearthline.engine.packages.schema.fields import Language, Line, Name, Part, Words

PackageId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_.-]*)*$", max_length=100)
]


class Validity(Part):
    """The screening dates a package may be asked for."""

    noun: ClassVar[str] = "the validity of a package"
    start: date = Field(alias="from", description="First screening date.")
    end: date | None = Field(
        None, alias="to", description="Last screening date; without it, until further notice."
    )


class WeightNames(Part):
    """Which values weigh a household in statistics."""

    noun: ClassVar[str] = "the weights"
    household: Name | None = Field(
        None,
        description="Household fact or derived value: how many households this one stands for. Absent: 1.",
    )
    person: Name | None = Field(
        None,
        description="Household fact or derived value: how many people it stands for. Absent: the household "
        "weight times the listed members; without persons, statistics count households.",
    )


class StatisticsNames(Part):
    """What the poverty measures are taken of."""

    noun: ClassVar[str] = "the statistics"
    welfare: Name | None = Field(
        None, description="Household fact or derived value, a number: what is compared with the line."
    )
    line: Name | None = Field(
        None,
        description="Parameter (of the purpose `standard`, on the screening date) or household derived "
        "value, of the same unit.",
    )
    weight: Literal["person", "household", "none"] | None = Field(
        None, description="Whether measures count people, households, or rows as they are. Absent: `person`."
    )


class TargetingNames(Part):
    """From what a score may be learned, and for whom its errors are told apart."""

    noun: ClassVar[str] = "the targeting settings"
    allows: list[Literal["seen", "shown", "known", "told"]] | None = Field(
        None,
        min_length=1,
        description="The kinds of `verified` facts that may be covariates. Without it nothing may.",
    )
    sensitive: bool | None = Field(
        None,
        description="`true`: facts whose sensitivity is `sensitive` may be covariates too. Absent: `false`.",
    )
    groups: list[Name] | None = Field(
        None,
        description="Household facts or derived values, boolean, code or text, by which a data sheet tells "
        "errors apart, such as the sex of the head.",
    )
    interacts: Name | None = Field(
        None,
        description="A covariate, boolean or code, with which all others may act together in regressions, "
        "such as town and country.",
    )


class LevelEntry(Part):
    """A kind of row."""

    noun: ClassVar[str] = "a level"
    named: ClassVar[bool] = True
    title: Words = Field(description="What people call it, in each language.")
    belongs_to: Name | None = Field(
        None,
        description="The level that owns the rows: `household` for persons; `household` or `person` for a "
        "record table; not written for `household` and `area`.",
    )


class Manifest(Part):
    """The file `package.toml`. A layer writes `id`, `title`, `extends`, and otherwise only what differs."""

    noun: ClassVar[str] = "package.toml"
    id: PackageId = Field(
        description="Place and version, such as `cn/2014-2020`; the folder under `policies/`."
    )
    title: Words = Field(description="The title, in each language.")
    description: Words = Field(default_factory=dict, description="What the package covers, in each language.")
    languages: list[Language] | None = Field(
        None, min_length=1, description='The languages every label must have, such as `["en", "zh"]`.'
    )
    jurisdiction: Line | None = Field(
        None, description="The place whose parameters are meant where a value or formula names none."
    )
    currency: Name | None = Field(None, description="The unit symbol of money, such as `yuan`.")
    minor_digits: int | None = Field(
        None, ge=0, le=6, description="Decimals of money: 2 where 1 yuan is 100 fen."
    )
    division_scale: int | None = Field(
        None, ge=0, le=12, description="Decimals a division keeps, unless a rule says otherwise. Absent: 6."
    )
    valid: Validity | None = Field(None, description="The screening dates the package may be asked for.")
    extends: PackageId | None = Field(None, description="The id of the package below; see Layers.")
    sources: dict[Name, Words] = Field(
        default_factory=dict, description="The kinds of source that facts may come from, with their names."
    )
    topics: dict[Name, Words] = Field(
        default_factory=dict,
        description="What facts are grouped by on pages and forms, in this order, with their names.",
    )
    terms: dict[Line, Words] = Field(
        default_factory=dict,
        description="How pages call the purposes, jurisdictions and marks of parameter values; without a "
        "term they show the word of the package.",
    )
    weights: WeightNames | None = Field(None, description="Which values weigh a household in statistics.")
    statistics: StatisticsNames | None = Field(None, description="What the poverty measures are taken of.")
    targeting: TargetingNames | None = Field(
        None, description="From what a score may be learned, and for whom its errors are told apart."
    )
    levels: dict[Name, LevelEntry] = Field(
        default_factory=dict,
        description="The kinds of rows: `household` always, `person` and `area` if used, and record tables.",
    )
