# SPDX-License-Identifier: Apache-2.0
"""Decides what everything in a county is drawn from: its numbers, its villages, the law and the year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hearthline.synthetic.draws import Draws, Flags, Floats, Ints
from hearthline.synthetic.families import last_day
from hearthline.synthetic.places import Villages
from hearthline.synthetic.thresholds import Thresholds

_COMMON_POOR = 0.14
"""The share of people who are poor in a county that is held to nothing."""


@dataclass(frozen=True)
class Aim:
    """What a county of the nation is to show: this share of its people poor, in smaller families."""

    poor: float


@dataclass(frozen=True)
class Setting:
    """One county before there is anybody; ``village_of`` is the village of each household, from 0."""

    draws: Draws
    villages: Villages
    village_of: Ints
    law: Thresholds
    year: int
    aim: Aim | None = None

    @property
    def count(self) -> int:
        """How many households there are."""
        return len(self.village_of)

    @property
    def last(self) -> int:
        """The screening date, 31 December, in days since 1970."""
        return last_day(self.year)

    @cached_property
    def secured(self) -> Flags:
        """The households for which every guarantee has been met already: more where fewer are to be poor."""
        if self.aim is None:
            return np.zeros(self.count, dtype=np.bool_)
        return self.draws.chance("secured", 1.0 - self.aim.poor / _COMMON_POOR, self.count)

    @cached_property
    def hardship(self) -> Floats:
        """How hard life is in the village of each household; 1 is common."""
        return self.villages.hardship[self.village_of]

    @cached_property
    def terrain(self) -> Ints:
        """The terrain around each household."""
        return self.villages.terrain[self.village_of]

    @cached_property
    def inhospitable(self) -> Flags:
        """Whether the place cannot feed its people."""
        return self.villages.inhospitable[self.village_of]
