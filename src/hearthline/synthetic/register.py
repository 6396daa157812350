# SPDX-License-Identifier: Apache-2.0
"""Decides what the register says of each household: on it since when, left when, checked when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthline.synthetic.circumstances import Circumstances
from hearthline.synthetic.columns import NEVER, UNKNOWN, coded, dates, flags, numbers
from hearthline.synthetic.draws import Flags, Ints
from hearthline.synthetic.families import first_days, last_day
from hearthline.synthetic.setting import Setting

TYPES = ("exited", "general_rural", "registered_poor")
_EXITED, _GENERAL, _REGISTERED = range(3)
MARKS = ("not_exited", "exited", "exited_with_policy", "returned")
_STAYS, _LEFT, _LEFT_WITH_HELP, _HAS_RETURNED = range(4)
STANDARDS = ("national", "provincial")
ATTRIBUTES = ("general", "dibao", "dibao_with_labour", "five_guarantee")
_COMMON, _ALLOWANCE, _ALLOWANCE_WITH_LABOUR, _FIVE_GUARANTEE = range(4)
MONITORED = ("unstable_exited", "marginal", "not_monitored")
FIRST_YEAR = 2014
"""Households have been registered since then."""
MONITORED_FROM = 2020
_CHECKED_FROM = last_day(2012) + 1
"""Nobody checked the five conditions before there was to be a register."""
CHECKS = (
    "income_checked_on",
    "education_checked_on",
    "medical_checked_on",
    "housing_checked_on",
    "water_checked_on",
)
_OMITTED, _MISTAKEN, _RETURNED = 0.03, 0.004, 0.04
_NEAR_LINE, _WATCHED_BELOW = 2.0, 1.5


@dataclass(frozen=True)
class Register:
    """Per household: on the register or past it, with all dates in days since 1970."""

    on_it: Flags
    exited: Flags
    exited_now: Flags
    returned: Flags
    registered_on: Ints
    exited_on: Ints
    checked_on: dict[str, Ints]
    typed_income: Ints

    @property
    def ever(self) -> Flags:
        """On the register now or before."""
        return self.on_it | self.exited


def register(setting: Setting, truth: Circumstances, income_each: Ints) -> Register:
    """Register the poor, but for a few left out and a few put on by mistake; let others have left before."""
    draws, year, count = setting.draws, setting.year, setting.count
    poor, visited = truth.poor, truth.visited
    found = ~draws.chance("omitted", _OMITTED, count)
    mistaken = draws.chance("mistaken", _MISTAKEN, count)
    on_it = visited & np.where(poor, found, mistaken)
    near = np.where(truth.hardship.times_line < _NEAR_LINE, 0.3, 0.12)
    share = np.minimum(near * setting.hardship, 0.7) * (year > FIRST_YEAR)
    exited = ~poor & ~on_it & visited & draws.chance("exited", share, count)
    exit_year = draws.whole("exit year", FIRST_YEAR + 1, max(year, FIRST_YEAR + 1), count)
    exit_day = first_days(exit_year + 1) - draws.whole("exit day", 5, 40, count)
    exited &= truth.dwelling.settled_on <= exit_day
    if year < FIRST_YEAR:
        on_it, exited = np.zeros_like(on_it), np.zeros_like(exited)
    exited_on = np.where(exited, exit_day, NEVER)
    until = np.where(exited, exit_year - 1, year)
    first_round = draws.chance("first round", 0.85, count)
    entered = np.where(first_round, FIRST_YEAR, draws.whole("entry year", FIRST_YEAR, until, count))
    spring, autumn = draws.whole("spring", 90, 150, count), draws.whole("autumn", 275, 330, count)
    entry_day = first_days(entered) + np.where(entered == FIRST_YEAR, spring, autumn)
    registered_on = np.where(on_it | exited, entry_day, NEVER)
    checked_on = {}
    for name in CHECKS:
        before_exit = exited_on - draws.whole(f"{name} before exit", 1, 30, count)
        this_autumn = setting.last - draws.whole(name, 31, 85, count)
        looked_at = visited & (this_autumn >= _CHECKED_FROM)
        checked_on[name] = np.where(exited, before_exit, np.where(looked_at, this_autumn, NEVER))
    return Register(
        on_it=on_it,
        exited=exited,
        exited_now=exited & (exit_year == year),
        returned=on_it & (entered <= year - 2) & draws.chance("returned", _RETURNED, count),
        registered_on=registered_on,
        exited_on=exited_on,
        checked_on=checked_on,
        typed_income=np.where(on_it | exited, income_each, NEVER),
    )


def register_columns(setting: Setting, truth: Circumstances, kept: Register) -> dict[str, pa.Array]:
    """The columns that come from the register and from civil affairs."""
    draws, count, last = setting.draws, setting.count, setting.last
    ever = kept.ever
    kind = np.where(kept.exited, _EXITED, np.where(kept.on_it, _REGISTERED, _GENERAL))
    still_helped = draws.chance("still helped", 0.7, count)
    staying = np.where(kept.on_it, np.where(kept.returned, _HAS_RETURNED, _STAYS), UNKNOWN)
    mark = np.where(kept.exited, np.where(still_helped, _LEFT_WITH_HELP, _LEFT), staying)
    with_allowance = np.where(truth.work.labourers == 0, _ALLOWANCE, _ALLOWANCE_WITH_LABOUR)
    attribute = np.where(truth.ledger.allowance, with_allowance, np.where(ever, _COMMON, UNKNOWN))
    attribute = np.where(truth.ledger.extreme_hardship, _FIVE_GUARANTEE, attribute)
    helped_since = np.minimum(kept.registered_on + draws.whole("helper", 30, 200, count), last)
    helped = ever & draws.chance("helper assigned", 0.98, count)
    split_on = last - draws.whole("split on", 200, 4_000, count)
    columns = {
        "household_type": coded(TYPES, kind),
        "poverty_mark": coded(MARKS, mark),
        "household_attribute": coded(ATTRIBUTES, attribute),
        "standard_used": coded(STANDARDS, np.where(ever, draws.pick("standard", (92, 8), count), UNKNOWN)),
        "registered_on": dates(kept.registered_on),
        "returned_on": dates(
            np.where(kept.returned, last - draws.whole("returned on", 31, 85, count), NEVER)
        ),
        "exited_on": dates(kept.exited_on),
        "reported_income_per_person": numbers(kept.typed_income, kept.typed_income != NEVER),
        "helper_assigned": flags(helped, ever),
        "helper_since": dates(np.where(helped, helped_since, NEVER)),
        "split_or_merged_on": dates(np.where(draws.chance("split", 0.03, count), split_on, NEVER)),
        "martyr_or_military_family": flags(draws.chance("military", 0.006, count)),
    }
    columns |= {name: dates(days) for name, days in kept.checked_on.items()}
    return columns | (_monitoring(setting, truth, kept) if setting.year >= MONITORED_FROM else {})


def _monitoring(setting: Setting, truth: Circumstances, kept: Register) -> dict[str, pa.Array]:
    """Who is watched because income is little above the line."""
    draws, count = setting.draws, setting.count
    share = np.where(kept.exited, 0.2, 0.05) * (truth.hardship.times_line < _WATCHED_BELOW) * ~kept.on_it
    watched = draws.chance("watched", share, count)
    kind = np.where(watched, np.where(kept.exited, 0, 1), 2)
    return {
        "monitored_kind": coded(MONITORED, kind),
        "risk_identified_on": dates(
            np.where(watched, setting.last - draws.whole("risk", 30, 250, count), NEVER)
        ),
        "risk_removed": flags(np.zeros(count, dtype=np.bool_), watched),
    }
