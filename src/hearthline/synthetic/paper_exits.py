# SPDX-License-Identifier: Apache-2.0
"""Decides how the register reads after a township has struck households off that were not ready to leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hearthline.synthetic.draws import Draws, Flags, Ints
from hearthline.synthetic.families import first_days, last_day
from hearthline.synthetic.register import FIRST_YEAR, Register
from hearthline.synthetic.scandal import EXIT_BEFORE_CHECK, EXIT_IN_FIRST_YEAR, Scandal

_EARLY_SHARE, _SUDDEN_SHARE = 0.04, 0.04


def false_exits(
    draws: Draws, scandal: Scandal, kept: Register, padded: Flags, sound: Flags, books_each: Ints, year: int
) -> tuple[Register, dict[str, Flags]]:
    """Strike the padded households off, and some sound ones too early; gives who was early, too."""
    chosen = draws.uniform("which false exit", scandal.count)
    may = scandal.inside & sound & ~padded & (year > FIRST_YEAR)
    early = may & (chosen < _EARLY_SHARE)
    sudden = may & (chosen > 1.0 - _SUDDEN_SHARE)
    spring = draws.whole("false spring", 90, 150, scandal.count)
    entered = np.where(sudden, year, FIRST_YEAR)
    kept = _exits_of(draws, kept, padded | early | sudden, first_days(entered) + spring, books_each, year)
    late = np.minimum(kept.exited_on + draws.whole("late check", 1, 5, scandal.count), last_day(year))
    checked = {
        name: np.where(early, late, days) if name in ("housing_checked_on", "water_checked_on") else days
        for name, days in kept.checked_on.items()
    }
    return replace(kept, checked_on=checked), {EXIT_BEFORE_CHECK: early, EXIT_IN_FIRST_YEAR: sudden}


def _exits_of(
    draws: Draws, register: Register, who: Flags, registered_on: Ints, typed_income: Ints, year: int
) -> Register:
    """The register in which these households left at the end of the year, after every check."""
    count = len(who)
    exited_on = np.where(who, last_day(year) - draws.whole("late exit", 6, 25, count), register.exited_on)
    checked = {
        name: np.where(who, exited_on - draws.whole(f"{name} before late exit", 1, 20, count), days)
        for name, days in register.checked_on.items()
    }
    return replace(
        register,
        on_it=register.on_it & ~who,
        exited=register.exited | who,
        exited_now=register.exited_now | who,
        returned=register.returned & ~who,
        registered_on=np.where(who, registered_on, register.registered_on),
        exited_on=exited_on,
        checked_on=checked,
        typed_income=np.where(who, typed_income, register.typed_income),
    )
