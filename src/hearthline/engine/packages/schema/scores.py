# SPDX-License-Identifier: Apache-2.0
"""Decides what files under scores/ may say: scores of who is likely poor, each with its data sheet."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, RootModel

from hearthline.engine.packages.schema.fields import Layered, Line, Name, Part, Source, Told, Words
from hearthline.engine.rules.data_sheet import DataSheet, Hash, Question


class ScoreEntry(Part):
    """A score: a lead, never a decision. No criterion and no evidence of a cause may rest on it."""

    noun: ClassVar[str] = "a score"
    named: ClassVar[bool] = True
    label: Words = Field(description="Its name for people, in each language.")
    method: Literal["ols", "quantile", "logistic", "boosting", "card", "table"] = Field(
        description="How it was learned; `table` is one that others have published."
    )
    value: Name | None = Field(
        None, description="The derived value of the household that holds it. Needed unless it has `trees`."
    )
    likelihood: Name | None = Field(
        None, description="The derived value that holds the chance of being poor, where the score has one."
    )
    trees: Line | None = Field(
        None, description="For `boosting`: the file of its trees, such as `boosting.json`, beside this one."
    )
    tables: list[Name] = Field(default_factory=list, description="The lookup tables that belong to it.")
    parts: list[Name] = Field(
        default_factory=list, description="The derived values it is summed up from, if there are any."
    )
    covariates: list[Name] = Field(min_length=1, description="The values it reads.")
    reads: Hash | None = Field(
        None,
        description="SHA-256 over what the covariates mean. Where a definition has changed since, the "
        "package is refused: the score was learned from something else.",
    )
    questions: list[Question] = Field(
        default_factory=list, description="For a `card`: what stands on it, as its tables say."
    )
    statement: Words = Field(description="What must be said wherever the score is shown.")
    source: Source = Field(description="Who learned it, from what, or who published it.")
    sheet: DataSheet | None = Field(
        None, description="Who it was learned from and how wrong it is. Needed unless `table`."
    )
    note: Told | None = Field(None, description="Anything a reader of the package should know.")


class ScoresFile(RootModel[dict[Name, Layered[ScoreEntry]]]):
    """Files `scores/*.yaml`: scores by name. Trees stand beside them as `scores/*.json`."""

    noun: ClassVar[str] = "a file of scores"
