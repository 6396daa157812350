# SPDX-License-Identifier: Apache-2.0
"""Decides which figures of an area are shown to whom: all to those who may open households there, the
others as the run's protection allows. A hidden figure is None, and so is all that is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hearthline.runs.queries import Figures


@dataclass(frozen=True)
class ShownCriterion:
    """The counts of one criterion; None is hidden."""

    name: str
    not_met_households: int | None
    not_met_people: int | None
    unknown_households: int | None
    unknown_people: int | None


@dataclass(frozen=True)
class ShownCause:
    """The counts of one cause; None is hidden."""

    name: str
    households: int | None
    people: int | None


@dataclass(frozen=True)
class Shown:
    """The figures of an area as one officer may see them; ``protected`` where some were hidden."""

    households: int | None
    people: int | None
    poor_households: int | None
    poor_people: int | None
    unknown_households: int | None
    unknown_people: int | None
    criteria: tuple[ShownCriterion, ...]
    causes: tuple[ShownCause, ...]
    protected: bool

    @property
    def incidence(self) -> float | None:
        """The share of poor people among those whose answer is known."""
        if self.people is None or self.unknown_people is None or self.poor_people is None:
            return None
        known = self.people - self.unknown_people
        return self.poor_people / known if known else None

    @property
    def least_incidence(self) -> float | None:
        """The share of poor people among all, where how many are unknown is hidden: a lower bound."""
        if self.unknown_people is not None or not self.people or self.poor_people is None:
            return None
        return self.poor_people / self.people

    @property
    def not_poor_people(self) -> int | None:
        """The people known not to be poor."""
        if self.people is None or self.poor_people is None or self.unknown_people is None:
            return None
        return self.people - self.poor_people - self.unknown_people


def shown(figures: Figures, *, open_to_reader: bool) -> Shown:
    """The figures of one area. ``open_to_reader``: the reader may open the households there."""
    hidden = {} if open_to_reader else _hidden(figures)
    without_households = bool(hidden.get("households"))

    def unless(word: str, count: int) -> int | None:
        return None if hidden.get(word) else count

    def unless_named(word: str, name: str, count: int) -> int | None:
        return None if name in hidden.get(word, ()) else count

    return Shown(
        households=None if without_households else figures.households,
        people=None if without_households else figures.people,
        poor_households=unless("poor", figures.poor_households),
        poor_people=unless("poor", figures.poor_people),
        unknown_households=unless("unknown", figures.unknown_households),
        unknown_people=unless("unknown", figures.unknown_people),
        criteria=tuple(
            ShownCriterion(
                name,
                unless_named("not_met", name, one.not_met_households),
                unless_named("not_met", name, one.not_met_people),
                unless_named("doubtful", name, one.unknown_households),
                unless_named("doubtful", name, one.unknown_people),
            )
            for name, one in figures.criteria.items()
        ),
        causes=tuple(
            ShownCause(
                name,
                unless_named("causes", name, one.households),
                unless_named("causes", name, one.people),
            )
            for name, one in figures.causes.items()
        ),
        protected=any(bool(value) for value in hidden.values()),
    )


def _hidden(figures: Figures) -> Mapping[str, Any]:  # Any: true, false or a list of names, as JSON holds them
    """What the run hides; all of it where its protection was never worked out."""
    if figures.protected or not figures.households:
        return figures.protected
    return {
        "households": True,
        "poor": True,
        "unknown": True,
        "not_met": list(figures.criteria),
        "doubtful": list(figures.criteria),
        "causes": list(figures.causes),
    }
