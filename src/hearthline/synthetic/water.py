# SPDX-License-Identifier: Apache-2.0
"""Decides the drinking water of a household: the four parts of the test, and now and then one that fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthline.synthetic.columns import coded, flags, numbers
from hearthline.synthetic.draws import Draws, Flags, Floats, Ints
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.thresholds import Thresholds

SUPPLIES = ("centralised", "dispersed")
QUALITIES = ("lab_passed", "lab_failed", "senses_passed", "senses_failed")
_LAB_PASSED, _LAB_FAILED, _SENSES_PASSED, _SENSES_FAILED = range(4)
_FAILS_SHORT, _FAILS_OTHER = 0.035, 0.012
_LITTLE, _DIRTY, _FAR, _CUT_OFF = range(4)


@dataclass(frozen=True)
class Water:
    """Whether drinking water is safe, and its columns."""

    safe: Flags
    columns: dict[str, pa.Array]


def water(setting: Setting, short: Flags) -> Water:
    """Draw the water of each household; in scarce villages less is needed and less is there."""
    draws, law, count = setting.draws, setting.law, setting.count
    hardship = setting.hardship
    scarce = setting.villages.water_scarce[setting.village_of]
    share = np.where(short, _FAILS_SHORT, _FAILS_OTHER) * hardship
    fails = ~setting.secured & draws.chance("water fails", share, count)
    part = np.where(fails, draws.pick("water fault", (30, 25, 25, 20), count), -1)
    piped = draws.chance("piped", 0.95 / (0.7 + 0.35 * hardship), count) & (part != _FAR)
    central = piped | draws.chance("central", 0.1, count)
    quality, proven = _quality(draws, central, part == _DIRTY)
    solved = draws.chance("marked solved", 0.6, count) & ~fails
    trip, distance, height = _way(draws, part == _FAR, law, count)
    fetched = ~piped
    columns = {
        "water_supply": coded(SUPPLIES, np.where(central, 0, 1)),
        "water_litres": numbers(
            _litres(draws, scarce, part == _LITTLE, law, count), ~draws.chance("litres unknown", 0.003, count)
        ),
        "water_quality": coded(QUALITIES, quality, ~draws.chance("quality unknown", 0.006, count) | fails),
        "water_piped": flags(piped),
        "water_trip_minutes": numbers(trip, fetched),
        "water_distance": numbers(distance, fetched),
        "water_height": numbers(height, fetched),
        "water_cut_days": numbers(
            _cut_days(draws, part == _CUT_OFF, law, count), ~draws.chance("cuts unknown", 0.003, count)
        ),
        "water_solved": flags(solved | ~proven & ~fails, solved | fails | ~proven),
        "water_difficulty": flags(fails | draws.chance("difficulty", 0.02, count)),
    }
    return Water(~fails, columns)


def _quality(draws: Draws, central: Flags, dirty: Flags) -> tuple[Ints, Flags]:
    """The result of the test, and whether it decides by itself."""
    count = len(central)
    by_eye = draws.chance("by eye", np.where(central, 0.03, 0.7), count)
    passed = np.where(by_eye, _SENSES_PASSED, _LAB_PASSED)
    failed = np.where(by_eye, _SENSES_FAILED, _LAB_FAILED)
    return np.where(dirty, failed, passed).astype(np.int64), ~(central & by_eye)


def _litres(draws: Draws, scarce: Flags, little: Flags, law: Thresholds, count: int) -> Ints:
    """Tenths of a litre per person and day."""
    needed = np.where(scarce, law.water_litres_scarce, law.water_litres)
    share = draws.spread("litres", (1.0, 1.2, 1.5, 1.9, 2.5, 3.6), count)
    too_little = 0.35 + 0.6 * draws.uniform("too little", count)
    litres: Floats = needed * np.where(little, too_little, share)
    return np.floor(litres).astype(np.int64)


def _way(draws: Draws, far: Flags, law: Thresholds, count: int) -> tuple[Ints, Ints, Ints]:
    """Minutes, metres along and metres up of one trip."""
    place = draws.uniform("way", count)
    near = np.where(far, 1.05 + 2.0 * place, 0.05 + 0.9 * place)
    trip = np.ceil(law.water_trip * near).astype(np.int64) + far
    distance = np.ceil(law.water_distance * near).astype(np.int64) + far
    height = np.floor(law.water_height * 0.9 * draws.uniform("height", count)).astype(np.int64)
    return trip, distance, height


def _cut_days(draws: Draws, cut_off: Flags, law: Thresholds, count: int) -> Ints:
    place = draws.uniform("cut days", count)
    days = np.where(cut_off, law.water_cut * (1.0 + 3.0 * place) + 1, law.water_cut * place * place)
    return np.floor(days).astype(np.int64)
