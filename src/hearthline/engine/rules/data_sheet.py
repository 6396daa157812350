# SPDX-License-Identifier: Apache-2.0
"""Decides what the data sheet of a score says: who it was learned from, and how wrong it is, for whom.

Shares are of people, between 0 and 1. Every figure was found on clusters that the score had not seen.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from hearthline.engine.rules.written import Number, Part

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Learned(Part):
    """Who a score was learned from, and when."""

    noun: ClassVar[str] = "who a score was learned from"
    snapshot: Hash = Field(description="SHA-256 of the snapshot's manifest.")
    package: Phrase = Field(description="The package whose values it was learned from.")
    version_hash: Hash = Field(description="The version of that package.")
    on: date = Field(description="The screening date of the run.")
    households: int = Field(description="Households of the run.")
    usable: int = Field(description="Of these, households whose covariates, welfare and weight are known.")
    people: Number = Field(description="People they stand for, by weight.")
    clusters: int = Field(description="Clusters of the sample.")
    places: list[Phrase] = Field(description="The highest areas they live in; none without areas.")
    first: date | None = Field(None, description="The first day on which a fact was observed, if stated.")
    last: date | None = Field(None, description="The last such day.")
    folds: int = Field(description="Into how many parts clusters were dealt to judge it.")
    seed: int = Field(description="The seed of folds, trees and bootstrap.")


class QuotaErrors(Part):
    """Errors where a share of people is chosen to find the poorest of the same share."""

    noun: ClassVar[str] = "errors at a quota"
    share: Number = Field(description="The share of people chosen; the poor are the poorest of that share.")
    missed: Number = Field(description="Exclusion error: the share of the poor who are not chosen.")
    low: Number = Field(description="Lower end of its 95 % interval, clusters drawn anew.")
    high: Number = Field(description="Upper end.")
    leaked: Number = Field(description="Inclusion error: the share of those chosen who are not poor.")


class LineErrors(Part):
    """Errors where all whom the score puts below the line are chosen."""

    noun: ClassVar[str] = "errors at the line"
    missed: Number = Field(description="The share of the poor who are not chosen.")
    low: Number = Field(description="Lower end of its 95 % interval.")
    high: Number = Field(description="Upper end.")
    leaked: Number = Field(description="The share of those chosen who are not poor.")
    chosen: Number = Field(description="The share of people chosen.")
    poor: Number = Field(description="The share of people who are poor.")


class GroupErrors(Part):
    """Errors within a group, the choice being made among all people."""

    noun: ClassVar[str] = "errors of a group"
    group: Phrase = Field(description="The fact or value that makes the groups, or `area`.")
    value: Phrase = Field(description="Which of the groups.")
    households: int = Field(description="Households of the group.")
    people: Number = Field(description="Its share of all people.")
    poor: Number | None = Field(None, description="The share of its people who are among the poorest.")
    missed: Number | None = Field(None, description="Of these, the share not chosen. Absent: too few to say.")
    leaked: Number | None = Field(None, description="Of its chosen, the share not poor. Absent: too few.")
    chosen: Number | None = Field(None, description="The share of its people who are chosen.")


class CalibrationBand(Part):
    """What the score told of a tenth of people, and what was found."""

    noun: ClassVar[str] = "a band of the calibration"
    told: Number = Field(description="The mean of the score.")
    found: Number = Field(description="The mean of what it tells: log of welfare, or the share not poor.")
    poor: Number = Field(description="The share of the band's people who are among the poorest.")


class CurvePoint(Part):
    """What a choice of so many people reaches."""

    noun: ClassVar[str] = "a point of the targeting curve"
    chosen: Number = Field(description="The share of people chosen, from the lowest score upward.")
    reached: Number = Field(description="The share of the poor among them.")
    leaked: Number = Field(description="The share of those who are not poor among them.")


class RankingErrors(Part):
    """What the score, a ranking by the community, and both together miss."""

    noun: ClassVar[str] = "what a ranking adds"
    ranking: Phrase = Field(description="The value that holds the ranking; the lower, the poorer.")
    ranked: int = Field(description="Households that were ranked and scored; all three are judged on them.")
    weight: Number = Field(description="The weight of the ranking in both together, the mean over folds.")
    score_missed: Number = Field(description="What the score alone misses.")
    ranking_missed: Number = Field(description="What the ranking alone misses.")
    both_missed: Number = Field(description="What both together miss.")


class DataSheet(Part):
    """Who a score was learned from and how wrong it is."""

    noun: ClassVar[str] = "the data sheet of a score"
    learned: Learned = Field(description="Who it was learned from.")
    share: Number = Field(description="The share of people by which groups, curve and bands are told.")
    unscored: Number = Field(description="The share of people without a score, since a covariate is unknown.")
    quotas: list[QuotaErrors] = Field(description="Errors at several quotas.")
    line: LineErrors | None = Field(None, description="Errors at the package's line, where it has one.")
    groups: list[GroupErrors] = Field(description="Errors by group at the quota of `share`.")
    calibration: list[CalibrationBand] = Field(description="What it told and what was found, by tenths.")
    curve: list[CurvePoint] = Field(description="What is reached as more people are chosen.")
    rankings: list[RankingErrors] = Field(
        default_factory=list, description="What a ranking by the community adds."
    )


class Answer(Part):
    """An answer on a card, or several with the same points."""

    noun: ClassVar[str] = "an answer of a card"
    points: int = Field(description="Its points.")
    words: list[Phrase] = Field(default_factory=list, description="The codes or texts that give it.")
    at_least: Number | None = Field(None, description="For a number: from this value upward.")
    below: Number | None = Field(None, description="For a number: up to below this value.")


class Question(Part):
    """A question of a card."""

    noun: ClassVar[str] = "a question of a card"
    covariate: Phrase = Field(description="The value it asks for.")
    answers: list[Answer] = Field(min_length=1, description="Its answers with their points.")


class Trees(Part):
    """Boosted trees as plain numbers; a node is `[covariate, threshold, below, above, value]`."""

    noun: ClassVar[str] = "the trees of a score"
    names: list[Phrase] = Field(description="The covariates, in the order nodes number them.")
    words: dict[Phrase, list[Phrase]] = Field(description="The words of a covariate, numbered from 0.")
    base: int = Field(description="What every household starts from, in millionths.")
    trees: list[list[tuple[int, float, int, int, int]]] = Field(
        description="Each tree from its root; a leaf has covariate -1 and a value in millionths."
    )
