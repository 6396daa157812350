# SPDX-License-Identifier: Apache-2.0
"""Decides the dwelling of a household: its grade, repair and relocation, and whether it is safe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthline.synthetic.columns import NEVER, UNKNOWN, coded, dates, flags, numbers
from hearthline.synthetic.draws import Draws, Flags, Ints
from hearthline.synthetic.families import ELDER
from hearthline.synthetic.places import MOUNTAIN
from hearthline.synthetic.setting import Setting

GRADES = ("A", "B", "C", "D")
TENURES = ("own", "rented", "with_kin", "provided", "homeless")
WORK = ("not_begun", "under_way", "finished", "accepted")
STRUCTURES = ("earth", "bamboo_straw", "brick_wood", "brick_concrete", "reinforced", "stone", "other")
RELOCATION = ("not_planned", "planned", "building", "allotted", "moved_in")
MODES = ("concentrated", "scattered")
_HOMELESS, _ACCEPTED, _MOVED_IN = 4, 3, 4
_DANGEROUS_SHORT, _DANGEROUS_OTHER = 0.11, 0.014
_MENDED, _NO_DWELLING, _UNGRADED = 0.62, 0.04, 0.008


@dataclass(frozen=True)
class Dwelling:
    """Whether each household lives in safety, and since when repair or relocation made it so."""

    safe: Flags
    mended: Flags
    moved: Flags
    settled_on: Ints
    """The day by which repair and relocation were done; ``NEVER`` where there was none."""
    columns: dict[str, pa.Array]


def dwelling(setting: Setting, kind: Ints, size: Ints, short: Flags) -> Dwelling:
    """Draw the dwelling: dangerous ones stand where income is short; most have been mended."""
    draws, count, last = setting.draws, setting.count, setting.last
    risk = np.where(short, _DANGEROUS_SHORT, _DANGEROUS_OTHER) * setting.hardship
    dangerous = draws.chance("dangerous", np.minimum(risk, 0.6), count)
    mended = dangerous & (setting.secured | draws.chance("mended", _MENDED, count))
    homeless = dangerous & ~mended & draws.chance("homeless", _NO_DWELLING, count)
    moved = setting.inhospitable & draws.chance("relocated", 0.35, count)
    moved_on = np.where(moved, last - draws.whole("moved in", 60, 700, count), NEVER)
    graded_on = last - draws.whole("graded", 200, 1_100, count)
    mended_on = np.minimum(graded_on + draws.whole("accepted", 60, 190, count), last - 5)
    accepted_on = np.where(mended, mended_on, NEVER)
    worse = 2 + draws.pick("grade of danger", (55, 45), count)
    grade = np.where(dangerous, worse, draws.pick("grade", (45, 55), count))
    asked = ~draws.chance("ungraded", _UNGRADED, count) & ~homeless
    work = np.where(mended, _ACCEPTED, draws.pick("work", (60, 30, 10), count))
    elder = np.where(kind == ELDER, draws.pick("elder tenure", (70, 2, 20, 8), count), 0)
    columns = {
        "dwelling_tenure": coded(TENURES, np.where(homeless, _HOMELESS, elder)),
        "dwelling_grade": coded(GRADES, grade, asked),
        "dwelling_graded_on": dates(graded_on, asked),
        "dangerous_house": flags(dangerous, asked | draws.chance("danger marked", 0.4, count)),
        "dwelling_work": coded(WORK, work, dangerous),
        "dwelling_accepted_on": dates(accepted_on),
    }
    columns |= _building(draws, dangerous, size, setting.year)
    columns |= _relocation(setting, size, short, moved, moved_on)
    settled_on = np.maximum(moved_on, accepted_on)
    return Dwelling(moved | mended | ~dangerous, mended, moved, settled_on, columns)


def _building(draws: Draws, dangerous: Flags, size: Ints, year: int) -> dict[str, pa.Array]:
    count = len(size)
    old = draws.pick("old structure", (55, 3, 30, 5, 0, 6, 1), count)
    sound = draws.pick("structure", (3, 0.2, 28, 52, 10, 6, 0.8), count)
    age = np.where(dangerous, 25, 2) + draws.whole("built", 0, 25, count)
    return {
        "house_structure": coded(STRUCTURES, np.where(dangerous, old, sound)),
        "house_built_year": numbers(year - age),
        "house_area": numbers(draws.whole("house area", 250, 700, count) * (6 + 2 * size)),
    }


def _relocation(
    setting: Setting, size: Ints, short: Flags, moved: Flags, moved_on: Ints
) -> dict[str, pa.Array]:
    draws, count = setting.draws, setting.count
    planned = setting.inhospitable & ~moved & (short | draws.chance("to relocate", 0.1, count))
    state = np.where(
        moved, _MOVED_IN, np.where(planned, 1 + draws.pick("relocation", (45, 40, 15), count), 0)
    )
    per_person = setting.law.relocation_area - draws.whole("relocation area", 0, 600, count)
    willing = moved | planned | draws.chance("willing", 0.15, count)
    mode = np.where(state > 0, draws.pick("mode", (75, 25), count), UNKNOWN)
    return {
        "relocation_willing": flags(willing, setting.terrain == MOUNTAIN),
        "relocation_state": coded(RELOCATION, state),
        "relocation_moved_in_on": dates(moved_on),
        "relocation_mode": coded(MODES, mode),
        "relocation_area": numbers(per_person * size, state >= 2),
        "relocation_own_payment": numbers(draws.whole("own payment", 0, 90, count) * 10_000, moved),
        "old_house_cleared": flags(draws.chance("cleared", 0.85, count), moved),
    }
