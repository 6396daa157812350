# SPDX-License-Identifier: Apache-2.0
"""Decides what the runs of a contest amount to: medians, ratios, and which promises they keep."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.contest import BY_HAND, LIMIT, OPENFISCA, OUR_INCOME, OURS, Outcome
from benchmarks.measuring import Figures

TITLES = {
    OURS: "Hearthline, package cn/2014-2020",
    BY_HAND: "Hand-written DuckDB query, same answer",
    LIMIT: "Same columns read and written, nothing computed",
    OUR_INCOME: "Hearthline, income criterion alone",
    OPENFISCA: "OpenFisca-core, income criterion alone",
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
    if OPENFISCA in figures:
        mine, theirs = figures[OUR_INCOME], figures[OPENFISCA]
        found += [
            _at_least(
                "Income criterion, the job on the wall beside OpenFisca", theirs.job_wall / mine.job_wall
            ),
            _at_least(
                "Income criterion, the whole process on the wall beside OpenFisca", theirs.wall / mine.wall
            ),
            Promise(
                "Income criterion, memory beside OpenFisca",
                "at most a third",
                f"{mine.peak / theirs.peak:.2f}",
                mine.peak <= theirs.peak * MOST_MEMORY_SHARE,
            ),
        ]
    return found


def _at_most(words: str, ratio: float) -> Promise:
    return Promise(words, f"at most {MOST_RATIO} times", f"{ratio:.2f} times", ratio <= MOST_RATIO)


def _at_least(words: str, ratio: float) -> Promise:
    return Promise(
        words, f"at least {LEAST_SPEED:.0f} times faster", f"{ratio:.2f} times", ratio >= LEAST_SPEED
    )
