# SPDX-License-Identifier: Apache-2.0
"""Decides what files under scenarios/ may say: readable cases with the answers expected of them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field

from hearthline.engine.packages.schema.fields import Layered, Name, Part, SingleValue, Told

StatusWord = Literal["poor", "not poor", "unknown"]
CriterionWord = Literal["met", "not met", "unknown"]


class Expectation(Part):
    """What must come out; only what is written is compared."""

    noun: ClassVar[str] = "an expectation"
    model_config = ConfigDict(extra="allow", strict=True, frozen=True, hide_input_in_errors=True)
    __pydantic_extra__: dict[str, StatusWord]
    status: StatusWord | None = Field(
        None, description="By the default standard; `status_<name>` beside it for another standard."
    )
    criteria: dict[Name, CriterionWord] = Field(default_factory=dict, description="Household criteria.")
    values: dict[Name, SingleValue] = Field(
        default_factory=dict,
        description="Derived values of the household, compared exactly; `null` is unknown.",
    )
    persons: list[dict[Name, SingleValue]] | None = Field(
        None, description="For every person, in order: person criteria and derived values."
    )


class ScenarioEntry(Part):
    """One household on one day."""

    noun: ClassVar[str] = "a scenario"
    name: Told = Field(description="A sentence that says what holds.")
    on: date = Field(description="The screening date.")
    like: Name | None = Field(None, description="The template it starts from.")
    given: dict[Name, object] = Field(
        default_factory=dict,
        description="`household:` and `area:` with their facts; `person:` and record tables as lists of "
        "rows. Rows of a table that belongs to a person stand inside the person. Over a template, household "
        "and area merge fact by fact, and a table replaces the template's whole table.",
    )
    expect: Expectation = Field(description="The answers that must come out.")
    about: Told | None = Field(None, description="The requirement or article it shows.")


class ScenariosFile(Part):
    """Files `scenarios/*.yaml`: templates and scenarios."""

    noun: ClassVar[str] = "a file of scenarios"
    templates: dict[Name, Layered[dict[Name, object]]] = Field(
        default_factory=dict, description="Households to start from, written as under `given`."
    )
    scenarios: list[ScenarioEntry] = Field(default_factory=list, description="The cases.")
