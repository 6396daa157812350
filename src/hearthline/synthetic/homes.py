# SPDX-License-Identifier: Apache-2.0
"""Decides food, clothing, care and daily life of a household, and whether they meet the standard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthline.synthetic.columns import coded, flags, numbers
from hearthline.synthetic.draws import Draws, Flags, Floats, Ints
from hearthline.synthetic.setting import Setting

FUELS = ("firewood", "dung", "coal", "clean", "other")
ROADS = ("earth", "gravel", "concrete", "asphalt")
EARTH, GRAVEL, CONCRETE, ASPHALT = range(4)
_HUNGER_SHORT, _HUNGER_OTHER = 0.03, 0.0012
_THIN_CLOTHES_SHORT, _THIN_CLOTHES_OTHER = 0.025, 0.001
_FAR_FROM_CARE = 0.06


@dataclass(frozen=True)
class Home:
    """The conditions of life of each household."""

    fed: Flags
    clothed: Flags
    care: Flags
    road: Ints
    columns: dict[str, pa.Array]


def home(setting: Setting, short: Flags) -> Home:
    """Draw the conditions of life: worse in the mountains and where income is short."""
    draws, count, hardship = setting.draws, setting.count, setting.hardship
    hunger = np.where(short, _HUNGER_SHORT, _HUNGER_OTHER) * hardship
    fed = setting.secured | ~draws.chance("hunger", hunger, count)
    thin = np.where(short, _THIN_CLOTHES_SHORT, _THIN_CLOTHES_OTHER) * hardship
    clothed = setting.secured | ~draws.chance("thin clothes", thin, count)
    far = ~setting.villages.clinic_ready[setting.village_of]
    care = setting.secured | ~(far & draws.chance("no care", _FAR_FROM_CARE, count))
    asked = ~draws.chance("care unasked", 0.01, count)
    if setting.aim is not None:
        asked |= far  # or the package would take the care to be out of reach, as it is for the village
    road = _road(draws, hardship, setting.villages.hard_road[setting.village_of])
    columns = {
        "staple_food_enough": flags(fed, ~draws.chance("food unasked", 0.003, count)),
        "varied_food": flags(fed | draws.chance("grain only", 0.5, count)),
        "clothes_for_season": flags(clothed, ~draws.chance("clothes unasked", 0.002, count)),
        "bedding_for_season": flags(clothed | draws.chance("clothes only", 0.4, count)),
        "care_within_reach": flags(care, asked),
        "entry_road": coded(ROADS, road),
    }
    return Home(fed, clothed, care, road, columns | _daily_life(draws, hardship))


def _road(draws: Draws, hardship: Floats, hard_road: Flags) -> Ints:
    chosen = draws.uniform("road", len(hardship)) * (0.6 + 0.4 * hardship)
    road = np.searchsorted([0.1, 0.72, 0.88], chosen)
    kinds = np.array([ASPHALT, CONCRETE, GRAVEL, EARTH])[road]
    return np.where(~hard_road & (kinds == ASPHALT), GRAVEL, kinds).astype(np.int64)


def _daily_life(draws: Draws, hardship: Floats) -> dict[str, pa.Array]:
    count = len(hardship)
    to_market = draws.spread("to market", (5, 30, 60, 100, 200), count) * hardship
    return {
        "electricity_at_home": flags(~draws.chance("no electricity", 0.002 * hardship, count)),
        "electricity_for_production": flags(~draws.chance("no power", 0.08 * hardship, count)),
        "fuel": coded(FUELS, draws.pick("fuel", (50, 1, 15, 32, 2), count)),
        "sanitary_toilet": flags(draws.chance("toilet", 0.7 / (0.7 + 0.5 * hardship), count)),
        "broadcast_access": flags(draws.chance("broadcast", 0.97, count)),
        "distance_to_main_road": numbers(draws.whole("to road", 0, 25, count)),
        "distance_to_market": numbers(5 + np.floor(to_market).astype(np.int64)),
    }
