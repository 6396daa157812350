# SPDX-License-Identifier: Apache-2.0
"""Decides what the runs of a contest amount to: medians, ratios, and which promises they keep."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.contest import BY_HAND, LIMIT, OPENFISCA, OPENFISCA_TEXT, OUR_INCOME, OURS, Outcome
from benchmarks.measuring import Figures

TITLES = {
    OURS: "Hearthline, package cn/2014-2020",
    BY_HAND: "Hand-written DuckDB query, same answer",
    LIMIT: "Same columns read and written, nothing computed",
    OUR_INCOME: "Hearthline, income criterion alone",
    OPENFISCA: "OpenFisca-core, income criterion, codes given as indices",
    OPENFISCA_TEXT: "OpenFisca-core, income criterion, codes given as text",
}
MOST_RATIO = 1.5
MOST_PEAK = 1000.0
LEAST_SPEED = 3.0
MOST_MEMORY_SHARE = 1 / 3


@dataclass(frozen=True)
class Promise:
    """A figure that was aimed at, what was measured, and whether that is enough."""

    words: str
    aim: str
    measured: str
    kept: bool

    @property
    def verdict(self) -> str:
        """In a word."""
        return "kept" if self.kept else "missed"


def figures_of(outcome: Outcome) -> dict[str, Figures]:
    """The medians by contender."""
    return {name: Figures.of(runs) for name, runs in outcome.runs.items()}


def promises_of(figures: dict[str, Figures]) -> list[Promise]:
    """The aims of the project and whether this run reached them."""
    ours, by_hand = figures[OURS], figures[BY_HAND]
    found = [
        _at_most("Full package, processor seconds beside the hand-written query", ours.cpu / by_hand.cpu),
        _at_most("Full package, wall seconds beside the hand-written query", ours.wall / by_hand.wall),
        Promise(
            "Full package, greatest memory",
            f"at most {MOST_PEAK:,.0f} MB",
            f"{ours.peak:,.0f} MB",
            ours.peak <= MOST_PEAK,
        ),
    ]
    for name, way in ((OPENFISCA, "codes as indices"), (OPENFISCA_TEXT, "codes as text")):
        if name in figures:
            found += _beside_openfisca(figures[OUR_INCOME], figures[name], way)
    return found


def _beside_openfisca(ours: Figures, theirs: Figures, way: str) -> list[Promise]:
    return [
        _at_least(
            f"Income criterion, the job on the wall beside OpenFisca, {way}", theirs.job_wall / ours.job_wall
        ),
        _at_least(f"Income criterion, the whole process beside OpenFisca, {way}", theirs.wall / ours.wall),
        Promise(
            f"Income criterion, memory beside OpenFisca, {way}",
            "at most a third",
            f"{ours.peak / theirs.peak:.2f}",
            ours.peak <= theirs.peak * MOST_MEMORY_SHARE,
        ),
    ]


def _at_most(words: str, ratio: float) -> Promise:
    return Promise(words, f"at most {MOST_RATIO} times", f"{ratio:.2f} times", ratio <= MOST_RATIO)


def _at_least(words: str, ratio: float) -> Promise:
    return Promise(
        words, f"at least {LEAST_SPEED:.0f} times faster", f"{ratio:.2f} times", ratio >= LEAST_SPEED
    )
