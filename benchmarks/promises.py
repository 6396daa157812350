# SPDX-License-Identifier: Apache-2.0
"""Decides what the runs of a contest amount to: medians, ratios, and which promises they keep."""

from __future__ import annotations

from benchmarks.contest import BY_HAND, LIMIT, OUR_INCOME, OURS, Outcome
from benchmarks.findings import Figure, at_least, at_most, reported
from benchmarks.measuring import Figures
from benchmarks.openfisca_feeds import FEEDS, Feed

TITLES = {
    OURS: "Hearthline, package cn/2014-2020",
    BY_HAND: "Hand-written DuckDB query, same answer",
    LIMIT: "Same columns read and written, nothing computed",
    OUR_INCOME: "Hearthline, income criterion alone",
    **{feed.name: f"OpenFisca-core, income criterion, {feed.words}" for feed in FEEDS},
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
    for feed in FEEDS:
        if feed.name in figures:
            found += _beside_openfisca(figures[OUR_INCOME], figures[feed.name], feed)
    return found


def _beside_openfisca(ours: Figures, theirs: Figures, feed: Feed) -> list[Figure]:
    job, whole, memory = theirs.job_wall / ours.job_wall, theirs.wall / ours.wall, ours.peak / theirs.peak
    job_in_words = f"Income criterion, the job on the wall, times faster than OpenFisca, {feed.words}"
    whole_in_words = f"Income criterion, the whole process, times faster than OpenFisca, {feed.words}"
    memory_in_words = f"Income criterion, share of OpenFisca's memory, {feed.words}"
    if not feed.promised:
        told = ((job_in_words, job), (whole_in_words, whole), (memory_in_words, memory))
        return [reported(words, f"{value:.2f}") for words, value in told]
    return [
        at_least(job_in_words, LEAST_SPEED, job),
        at_least(whole_in_words, LEAST_SPEED, whole),
        at_most(memory_in_words, MOST_MEMORY_SHARE, memory),
    ]
