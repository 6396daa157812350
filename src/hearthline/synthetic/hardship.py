# SPDX-License-Identifier: Apache-2.0
"""Decides which households have too little income, and how far each is from the poverty line.

The odds of a household are those of a common one times a factor for each difficulty it has. The
factors, together with the shares of families and illnesses, are set so that among the households a
screening finds poor the causes occur as the speech of 12 February 2018 states them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.synthetic.columns import NEVER
from hearthline.synthetic.draws import Flags, Floats, Ints
from hearthline.synthetic.families import People
from hearthline.synthetic.health import SERIOUS, Health
from hearthline.synthetic.schooling import Schooling
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.work import Work

_COMMON_ODDS = 0.0155
_NO_LABOUR, _ILL, _SERIOUS, _DISABLED, _UNSKILLED = 50.0, 2.7, 1.8, 3.4, 2.9
_DEPENDENTS, _SCARCE_LAND, _COSTLY_SCHOOL, _DROPOUT, _FUNDS, _DISASTER = 1.7, 1.15, 1.35, 3.0, 1.5, 1.8
_OLD_ONLY = 0.15
_POOR_TIMES = (0.18, 0.42, 0.58, 0.7, 0.79, 0.86, 0.92, 0.96, 0.995)
_OTHER_TIMES = (1.01, 1.2, 1.42, 1.66, 1.95, 2.3, 2.75, 3.3, 4.1, 5.6, 13.0)
_FAILED_BUSINESS = 0.012
_STEPS_EACH_WAY, _HALVINGS = 16.0, 40


@dataclass(frozen=True)
class Hardship:
    """Per household: short of income or not, income in poverty lines, and the difficulties behind it."""

    short: Flags
    times_line: Floats
    failed_business: Flags
    funds_lacking: Flags
    disaster: Flags
    disaster_on: Ints
    disaster_loss: Ints


def hardship(
    setting: Setting,
    people: People,
    ill: Health,
    school: Schooling,
    work: Work,
    failing: Flags | None = None,
) -> Hardship:
    """Draw who is short of income from everything that makes it likely.

    Where the county has an aim, the odds of all are multiplied by what leads to it; ``failing`` are the
    households that are poor whatever their income.
    """
    draws, village, count = setting.draws, setting.hardship, setting.count
    counted = people.counted
    funds = (work.labourers > 0) & draws.chance("funds lacking", 0.1, count)
    disaster = draws.chance("disaster", 0.02 * village, count)
    size = people.number(counted)
    odds = _COMMON_ODDS * village
    for present, factor in (
        (work.labourers == 0, _NO_LABOUR),
        (people.some(counted & ill.ill), _ILL),
        (people.some(counted & (ill.illness == SERIOUS)), _SERIOUS),
        (people.some(counted & ill.disabled), _DISABLED),
        (work.unskilled, _UNSKILLED),
        (work.labourers * 3 <= size, _DEPENDENTS),
        (work.scarce_land, _SCARCE_LAND),
        (people.some(counted & school.costly), _COSTLY_SCHOOL),
        (people.some(counted & school.dropped_out), _DROPOUT),
        (~people.some(counted & (people.age <= setting.law.labour_age_to)), _OLD_ONLY),
        (funds, _FUNDS),
        (disaster, _DISASTER),
    ):
        odds = odds * np.where(present, factor, 1.0)
    if setting.aim is not None and failing is not None:
        odds = odds * _times(odds, size, failing, setting.aim.poor)
    alike = np.lexsort(
        (
            people.some(counted & ill.disabled),
            people.some(counted & ill.ill),
            people.number(counted & (people.age >= setting.law.old_age_from)),
            work.unskilled,
            work.labourers == 0,
        )
    )
    short = draws.even_chance("short of income", odds / (1.0 + odds), alike.astype(np.int64))
    below = draws.spread("poor times the line", _POOR_TIMES, count)
    above = 1.0 + (draws.spread("times the line", _OTHER_TIMES, count) - 1.0) / (0.6 + 0.4 * village)
    return Hardship(
        short=short,
        times_line=np.where(short, below, above),
        failed_business=short & (work.labourers > 0) & draws.chance("failed", _FAILED_BUSINESS, count),
        funds_lacking=funds,
        disaster=disaster,
        disaster_on=np.where(disaster, setting.last - draws.whole("disaster on", 60, 330, count), NEVER),
        disaster_loss=draws.whole("disaster loss", 10, 300, count) * 10_000,
    )


def _times(odds: Floats, size: Ints, failing: Flags, poor: float) -> float:
    """The factor on the odds at which this share of people is poor, failing ones included; by halving."""
    needed = poor * size.sum() - size[failing].sum()
    weights, open_odds = size[~failing], odds[~failing]
    low, high = -_STEPS_EACH_WAY, _STEPS_EACH_WAY
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        times = open_odds * 2.0**middle
        reached = (weights * (times / (1.0 + times))).sum()
        low, high = (middle, high) if reached < needed else (low, middle)
    return 2.0**high if needed > 0 else 0.0
