# SPDX-License-Identifier: Apache-2.0
"""Decides what the runs of a contest amount to: medians, ratios, and which promises they keep."""

from __future__ import annotations

from benchmarks.contest import BY_HAND, LIMIT, OPENFISCA, OPENFISCA_TEXT, OUR_INCOME, OURS, Outcome
from benchmarks.findings import Figure, at_least, at_most
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
MOST_MEMORY_SHARE = 0.333


def figures_of(outcome: Outcome) -> dict[str, Figures]:
    """The medians by contender."""
    return {name: Figures.of(runs) for name, runs in outcome.runs.items()}


def promises_of(figures: dict[str, Figures]) -> list[Figure]:
    """The aims of the project and whether this run reached them."""
    ours, by_hand = figures[OURS], figures[BY_HAND]
    hand = "beside the hand-written query"
    found = [
        at_most(f"Full package, processor seconds {hand}", MOST_RATIO, ours.cpu / by_hand.cpu, "times"),
        at_most(f"Full package, wall seconds {hand}", MOST_RATIO, ours.wall / by_hand.wall, "times"),
        at_most("Full package, greatest memory", MOST_PEAK, ours.peak, "MB", digits=0),
    ]
    for name, way in ((OPENFISCA, "codes as indices"), (OPENFISCA_TEXT, "codes as text")):
        if name in figures:
            found += _beside_openfisca(figures[OUR_INCOME], figures[name], way)
    return found


def _beside_openfisca(ours: Figures, theirs: Figures, way: str) -> list[Figure]:
    return [
        at_least(
            f"Income criterion, the job on the wall, times faster than OpenFisca, {way}",
            LEAST_SPEED,
            theirs.job_wall / ours.job_wall,
        ),
        at_least(
            f"Income criterion, the whole process, times faster than OpenFisca, {way}",
            LEAST_SPEED,
            theirs.wall / ours.wall,
        ),
        at_most(
            f"Income criterion, share of OpenFisca's memory, {way}",
            MOST_MEMORY_SHARE,
            ours.peak / theirs.peak,
        ),
    ]
