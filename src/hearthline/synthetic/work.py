# SPDX-License-Identifier: Apache-2.0
"""Decides who can work and with which skill, and what land and links the household has to work with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.synthetic.draws import Draws, Flags, Floats, Ints, band
from hearthline.synthetic.families import People
from hearthline.synthetic.health import SERIOUS, Health
from hearthline.synthetic.places import MOUNTAIN
from hearthline.synthetic.schooling import Schooling
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.thresholds import Thresholds

LABOUR = ("ordinary", "skilled", "weak_or_half", "lost", "without")
ORDINARY, SKILLED, WEAK, LOST, WITHOUT = range(5)
_SKILLED_HOUSEHOLDS = 0.6


@dataclass(frozen=True)
class Work:
    """Labour per person; land, in hundredths of a mu, and links per household."""

    ability: Ints
    able: Flags
    trained: Flags
    labourers: Ints
    unskilled: Flags
    """The household has labour and nobody in it has a skill or has been trained."""
    farmland: Ints
    irrigated: Ints
    forest: Ints
    orchard: Ints
    returned: Ints
    """Land returned from crops to forest."""
    scarce_land: Flags
    cooperative: Flags


def work(setting: Setting, people: People, ill: Health, school: Schooling) -> Work:
    """Draw labour and land."""
    draws, law, mountain = setting.draws, setting.law, setting.terrain == MOUNTAIN
    ability = _ability(draws, people, ill, school, law)
    of_age = (people.age >= law.labour_age_from) & (people.age <= law.labour_age_to)
    able = people.counted & of_age & (ability <= WEAK)
    trained = able & draws.chance("trained", 0.06, people.count)
    labourers = people.number(able)
    unskilled = (labourers > 0) & ~people.some(able & ((ability == SKILLED) | trained))
    size = people.number(people.counted)
    farmland = _land(draws, "farmland", (20, 60, 90, 120, 170, 260, 420), size)
    wet = draws.uniform("irrigated", people.households) * np.where(mountain, 0.2, 0.8)
    returned = _land(draws, "grain for green", (0, 0, 0, 0, 50, 150), size)
    return Work(
        ability=ability,
        able=able,
        trained=trained,
        labourers=labourers,
        unskilled=unskilled,
        farmland=farmland,
        irrigated=np.floor(farmland * wet).astype(np.int64),
        forest=_land(draws, "forest", (0, 0, 50, 200, 900), size) * np.where(mountain, 2, 1),
        orchard=_land(draws, "orchard", (0, 0, 0, 0, 60, 150), size),
        returned=np.where(mountain, returned, 0),
        scarce_land=farmland < law.scarce_land * size,
        cooperative=draws.chance("cooperative", 0.18, people.households),
    )


def _ability(draws: Draws, people: People, ill: Health, school: Schooling, law: Thresholds) -> Ints:
    count = people.count
    chosen = draws.uniform("labour ability", count)
    skilled_household = draws.chance("skilled household", _SKILLED_HOUSEHOLDS, people.households)
    skill = np.where(skilled_household[people.household], 0.5, 0.03)
    ability = np.where(draws.chance("skill", skill, count), SKILLED, ORDINARY)
    chronic = ill.ill & (ill.illness != SERIOUS)
    ability = np.where(chronic & (chosen < 0.38), WEAK, ability)
    ability = np.where(chronic & (chosen > 0.86), LOST, ability)
    ability = np.where(ill.illness == SERIOUS, _by(chosen, 0.08, 0.38), ability)
    ability = np.where(ill.disabled, _by(chosen, 0.22, 0.66), ability)
    ability = np.where(ill.severe, _by(chosen, 0.0, 0.1), ability)
    past = people.age > law.labour_age_to
    weak_share = band(people.age, (66, 72, 78), (0.75, 0.45, 0.15, 0.0))
    ability = np.where(past & (ability != LOST), np.where(chosen < weak_share, WEAK, LOST), ability)
    ability = np.where((people.age >= 80) & (chosen > 0.4), WITHOUT, ability)
    return np.where((people.age < law.labour_age_from) | school.student, WITHOUT, ability).astype(np.int64)


def _by(chosen: Floats, ordinary: float, weak: float) -> Ints:
    """Ordinary up to the first share, weak up to the second, lost beyond."""
    return np.where(chosen < ordinary, ORDINARY, np.where(chosen < weak, WEAK, LOST)).astype(np.int64)


def _land(draws: Draws, purpose: str, per_person: tuple[float, ...], size: Ints) -> Ints:
    """Land in hundredths of a mu, measured to the tenth; larger households have more, but less each."""
    each = draws.spread(purpose, per_person, len(size))
    return np.floor(each * (0.6 + 0.7 * size)).astype(np.int64) // 10 * 10
