# SPDX-License-Identifier: Apache-2.0
"""Decides how the difference between two runs is held: who entered, who left, and by which criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from hearthline.engine.rules.dependence import Origin
from hearthline.engine.rules.types import Text
from hearthline.statistics.figures import Group, Provenance
from hearthline.statistics.specification import Specification


class Change(Enum):
    """What happened to a household's status between two runs."""

    ENTERED = "entered"
    """Was not poor, is poor."""
    LEFT = "left"
    """Was poor, is not poor."""
    FOUND_POOR = "found poor"
    """Was unknown, is poor."""
    FOUND_NOT_POOR = "found not poor"
    """Was unknown, is not poor."""
    BECAME_UNKNOWN = "became unknown"
    """Was poor or not poor, is unknown."""
    NONE = "unchanged"
    ONLY_EARLIER = "only in the earlier run"
    ONLY_LATER = "only in the later run"


CHANGES = (
    Change.ENTERED,
    Change.LEFT,
    Change.FOUND_POOR,
    Change.FOUND_NOT_POOR,
    Change.BECAME_UNKNOWN,
)
"""The changes of status proper, in the order in which they are shown."""


@dataclass(frozen=True)
class Count:
    """Households and the people they stand for."""

    households: int = 0
    people: float = 0.0


@dataclass(frozen=True)
class Answered:
    """One criterion whose answer differs between the runs; ``absent`` if the standard lacks it."""

    criterion: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedHousehold:
    """One household whose status changed, or that only one run knows, with the criteria behind it."""

    change: Change
    earlier_id: int | None
    later_id: int | None
    area: str | None
    before: str | None
    after: str | None
    criteria: tuple[Answered, ...]


@dataclass(frozen=True)
class Difference:
    """How often a criterion changed among households with a change: at all, and as the only one."""

    households: int
    people: float
    alone: int


@dataclass(frozen=True)
class Traced:
    """For every change of status, the households that each changed rule made differ.

    ``rules``: a household counts under every changed rule whose value differs for it and on which a criterion
    rests whose answer differs. ``standard``: there is no such rule, the standard itself decides otherwise.
    """

    rules: Mapping[tuple[Change, str], Count]
    standard: Mapping[Change, Count]


@dataclass(frozen=True)
class Behind:
    """The changed rules behind a difference: counts, and the rules of each household listed.

    ``of`` gives the rules of a household by its number in the later run; none where the standard itself is.
    ``origins`` says what differs in the definition of each rule, ``labels`` what it is called.
    """

    traced: Traced
    of: Mapping[int, tuple[str, ...]]
    origins: Mapping[str, tuple[Origin, ...]]
    labels: Mapping[str, Text]

    def label(self, name: str, language: str) -> str:
        """A changed rule in words."""
        words = self.labels.get(name, {})
        return words.get(language) or words.get("en") or name


@dataclass(frozen=True)
class RunDifference:
    """Two runs held against each other by the default standard of each.

    ``counts`` holds all changes of every group. ``criteria`` holds, for a change, each criterion of the
    standards whose answer changed; a household with none changed counts under ``unexplained``: there
    the standard itself decides otherwise. ``only`` counts by status the households that one run alone
    knows. ``households`` lists at most as many as were asked for; ``listed_of`` is how many there are.
    """

    specification: Specification
    earlier: Provenance
    later: Provenance
    matched_by: str
    groups: tuple[Group, ...]
    counts: Mapping[tuple[Group, Change], Count]
    criteria: Mapping[tuple[Change, str], Difference]
    unexplained: Mapping[Change, int]
    only: Mapping[tuple[Change, str], Count]
    households: tuple[ChangedHousehold, ...] = ()
    listed_of: int = 0
    area_names: Mapping[str, str] = field(default_factory=dict)
    behind: Behind | None = None
    """The changed rules, where both runs asked the same facts; else a difference may come from the facts."""

    @property
    def counts_people(self) -> bool:
        """Whether the packages know of people, or of households alone."""
        return self.specification.counts_people

    def count(self, change: Change, group: Group | None = None) -> Count:
        """The households of a change in a group; without a group in all."""
        return self.counts.get((group or self.groups[0], change), Count())
