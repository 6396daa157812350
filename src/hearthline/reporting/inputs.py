# SPDX-License-Identifier: Apache-2.0
"""Decides what a report is made from: figures already computed, places already protected, words given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hearthline.engine.rules.types import Text
from hearthline.statistics.disclosure import SMALLEST_GROUP, PlaceRow
from hearthline.statistics.distribution import Distribution
from hearthline.statistics.table import StatisticsTable

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class ReasonLine:
    """One line of the reasons of a household: what is said, its value, where that comes from.

    ``answer`` is True, False or None for a condition; ``is_condition`` says whether it is one at all.
    """

    text: str
    value: str = ""
    source: str = ""
    answer: bool | None = None
    is_condition: bool = False
    children: tuple[ReasonLine, ...] = ()


@dataclass(frozen=True)
class WorkedHousehold:
    """One household with its reasons, in every language of the report."""

    title: Text
    status: str
    about: Text
    reasons: Mapping[str, tuple[ReasonLine, ...]]
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceLevel:
    """A table of places or groups of one kind; rows of one parent stand together where there are parents."""

    title: Text
    rows: tuple[PlaceRow, ...]
    parent_title: Text | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Provenance:
    """What was computed from what, by what, and how long it took."""

    created: str = ""
    engine: str = ""
    engine_version: str = ""
    software_version: str = ""
    memory: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportInput:
    """Everything a report shows. ``statistics`` counts by the weight of the package, ``households``
    counts the same in households."""

    statistics: StatisticsTable
    households: StatisticsTable
    title: Text
    description: Text = field(default_factory=dict)
    distribution: Distribution | None = None
    places: tuple[PlaceLevel, ...] = ()
    worked: tuple[WorkedHousehold, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    smallest_group: int = SMALLEST_GROUP
    language: str = "en"
    """The language shown first."""
    warnings: tuple[str, ...] = ()
    """What the screening warned of, in English."""
    invented_by: str = ""
    """What invented every fact, such as ``hearthline generate, seed 1``; empty for facts of people."""
