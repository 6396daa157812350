# SPDX-License-Identifier: Apache-2.0
"""Decides what the data sheet of a score says, from what it said of households it had not seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np

from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.data_sheet import (
    CalibrationBand,
    CurvePoint,
    DataSheet,
    GroupErrors,
    Learned,
    LineErrors,
    QuotaErrors,
    RankingErrors,
)
from hearthline.targeting.additive import usable
from hearthline.targeting.errors import at_line, at_quota, errors_of, figure, interval, lowest_share
from hearthline.targeting.folds import cluster_numbers
from hearthline.targeting.frame import Flags, Frame, Numbers
from hearthline.targeting.judging import Held
from hearthline.targeting.methods import Choices

QUOTAS = (0.1, 0.2, 0.3, 0.4, 0.5)
FEWEST_TOLD = 20
"""Poor, or chosen, households a group must have in the survey before its errors are told."""

BANDS = 10
POINTS = 20
UNKNOWN = "unknown"
ODDS = ("logistic",)


def sheet_of(
    run: Run, frame: Frame, method: str, held: Held, choices: Choices, rankings: list[RankingErrors]
) -> DataSheet:
    """The data sheet of a method."""
    return DataSheet(
        learned=_learned(run, frame, choices),
        share=figure(choices.share),
        unscored=figure(float(frame.weight[np.isnan(held.score)].sum() / frame.weight.sum())),
        quotas=[_quota(frame, held, share, choices) for share in sorted({*QUOTAS, choices.share})],
        line=_line(frame, held, choices),
        groups=list(_groups(frame, held, choices.share)),
        calibration=_calibration(frame, held, choices.share, odds=method in ODDS),
        curve=_curve(frame, held, choices.share),
        rankings=rankings,
    )


def _learned(run: Run, frame: Frame, choices: Choices) -> Learned:
    manifest = run.snapshot(frame.data).manifest
    days = sorted(
        date.fromisoformat(entry.date[:10])
        for facts in manifest.sources.values()
        for entry in facts.values()
        if entry.date
    )
    areas = {str(place) for place in frame.groups.get("area", []) if place is not None}
    return Learned(
        snapshot=run.record.snapshot.hash,
        package=run.record.package.id,
        version_hash=run.record.package.version_hash,
        on=date.fromisoformat(run.record.on),
        households=frame.size,
        usable=int(usable(frame).sum()),
        people=Decimal(f"{frame.weight.sum():.0f}"),
        clusters=int(cluster_numbers(frame.clusters).max()) + 1,
        places=sorted(areas),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        folds=choices.folds,
        seed=choices.seed,
    )


def _quota(frame: Frame, held: Held, share: float, choices: Choices) -> QuotaErrors:
    found = at_quota(held.score, frame.welfare, frame.weight, share)

    def missed(weight: Numbers) -> float:
        return at_quota(held.score, frame.welfare, weight, share).missed

    low, high = interval(missed, frame.weight, frame.clusters, seed=choices.seed)
    return QuotaErrors(
        share=figure(share),
        missed=figure(found.missed),
        low=figure(low),
        high=figure(high),
        leaked=figure(found.leaked),
    )


def _line(frame: Frame, held: Held, choices: Choices) -> LineErrors | None:
    if np.isnan(frame.line).all():
        return None
    likely: Flags = np.nan_to_num(held.below_line, nan=0.0) > 0
    found = at_line(likely, frame.welfare, frame.line, frame.weight)
    if np.isnan(found.missed) or np.isnan(found.leaked):
        return None

    def missed(weight: Numbers) -> float:
        return at_line(likely, frame.welfare, frame.line, weight).missed

    low, high = interval(missed, frame.weight, frame.clusters, seed=choices.seed)
    return LineErrors(
        missed=figure(found.missed),
        low=figure(low),
        high=figure(high),
        leaked=figure(found.leaked),
        chosen=figure(found.chosen),
        poor=figure(found.poor),
    )


def _groups(frame: Frame, held: Held, share: float) -> Iterator[GroupErrors]:
    chosen = lowest_share(held.score, frame.weight, share)
    poor = lowest_share(frame.welfare, frame.weight, share)
    total = float(frame.weight.sum())
    for name, words in frame.groups.items():
        values = np.array([UNKNOWN if word is None else str(word) for word in words], dtype=object)
        for value in sorted(set(values)):
            inside = values == value
            weight = frame.weight[inside]
            found = errors_of(chosen[inside], poor[inside], weight)
            enough_poor = (poor[inside] > 0).sum() >= FEWEST_TOLD
            enough_chosen = (chosen[inside] > 0).sum() >= FEWEST_TOLD
            yield GroupErrors(
                group=name,
                value=value,
                households=int(inside.sum()),
                people=figure(float(weight.sum()) / total),
                poor=figure(found.poor) if enough_poor else None,
                missed=figure(found.missed) if enough_poor else None,
                leaked=figure(found.leaked) if enough_chosen else None,
                chosen=figure(found.chosen) if enough_chosen else None,
            )


def _calibration(frame: Frame, held: Held, share: float, *, odds: bool) -> list[CalibrationBand]:
    """Tenths of people by score: the geometric mean of welfare told and found, or the share not poor."""
    known = ~np.isnan(held.score) & (frame.welfare > 0)
    score, weight = held.score[known], frame.weight[known]
    welfare, line = frame.welfare[known], frame.line[known]
    poor = lowest_share(welfare, weight, share)
    not_poor = 1 - poor if np.isnan(line).any() else (welfare >= line).astype(float)
    order = np.argsort(score, kind="stable")
    reached = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    bands = np.minimum((reached * BANDS).astype(int), BANDS - 1)
    found = []
    for band in range(BANDS):
        rows = order[bands == band]
        if not len(rows):
            continue
        share_of = weight[rows] / weight[rows].sum()
        told = share_of @ (1 / (1 + np.exp(-score[rows]))) if odds else np.exp(share_of @ score[rows])
        seen = share_of @ not_poor[rows] if odds else np.exp(share_of @ np.log(welfare[rows]))
        found.append(
            CalibrationBand(
                told=figure(float(told)), found=figure(float(seen)), poor=figure(float(share_of @ poor[rows]))
            )
        )
    return found


def _curve(frame: Frame, held: Held, share: float) -> list[CurvePoint]:
    poor = lowest_share(frame.welfare, frame.weight, share)
    poor_people, others = float(frame.weight @ poor), float(frame.weight @ (1 - poor))
    points = []
    for step in range(POINTS + 1):
        chosen = lowest_share(held.score, frame.weight, step / POINTS)
        points.append(
            CurvePoint(
                chosen=figure(step / POINTS),
                reached=figure(float(frame.weight @ (chosen * poor)) / poor_people),
                leaked=figure(float(frame.weight @ (chosen * (1 - poor))) / others),
            )
        )
    return points
