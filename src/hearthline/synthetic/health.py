# SPDX-License-Identifier: Apache-2.0
"""Decides who is ill, who is disabled, and how each is insured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.synthetic.draws import Flags, Ints, band
from hearthline.synthetic.families import People
from hearthline.synthetic.setting import Setting

HEALTH = ("healthy", "chronic", "serious_illness", "disabled", "chronic_disabled", "serious_disabled")
WELL, CHRONIC, SERIOUS = range(3)
GRADES = ("grade_1", "grade_2", "grade_3", "grade_4", "not_disabled")
NOT_DISABLED = 4
KINDS = ("sight", "hearing", "speech", "limbs", "intellect", "mental", "multiple")
INSURANCE = ("resident", "employee", "public_or_military", "uninsured")
RESIDENT, EMPLOYEE, PUBLIC, UNINSURED = range(4)
_AGES = (16, 45, 60, 70)
_ILL_SHARE = (0.012, 0.05, 0.13, 0.23, 0.33)
_DISABLED_SHARE = (0.006, 0.011, 0.018, 0.026, 0.035)
_FRAIL_HOUSEHOLDS, _FRAIL_TIMES = 0.31, 2.2
_DISABLED_HOUSEHOLDS, _DISABLED_TIMES = 0.17, 9.0
_NO_CARD = 0.1
_UNINSURED_HOUSEHOLDS = 0.005


@dataclass(frozen=True)
class Health:
    """Per person: illness (well, chronic, serious), disability with its grade, cover when ill."""

    illness: Ints
    disabled: Flags
    card: Flags
    grade: Ints
    kind: Ints
    insurance: Ints
    covered: Flags
    """In serious-illness insurance and medical assistance."""

    @property
    def ill(self) -> Flags:
        """Chronically or seriously ill."""
        ill: Flags = self.illness != WELL
        return ill

    @property
    def state(self) -> Ints:
        """The position in ``HEALTH``."""
        return self.illness + 3 * self.disabled

    @property
    def severe(self) -> Flags:
        """Of the two gravest grades of disability."""
        return self.disabled & (self.grade <= 1)

    @property
    def insured(self) -> Flags:
        """Whether basic medical care is guaranteed to the person."""
        elsewhere: Flags = (self.insurance == EMPLOYEE) | (self.insurance == PUBLIC)
        return elsewhere | self.covered


def health(setting: Setting, people: People) -> Health:
    """Draw the health of everyone; illness and disability come to some households more than to others."""
    draws, count = setting.draws, people.count
    of = people.household
    frail = draws.chance("frail", _FRAIL_HOUSEHOLDS, people.households)[of]
    share = band(people.age, _AGES, _ILL_SHARE) * np.where(frail, _FRAIL_TIMES, 0.8)
    ill = draws.chance("ill", np.minimum(share, 0.9), count)
    serious = draws.chance("serious", np.where(frail, 0.24, 0.12), count)
    struck = draws.chance("disability", _DISABLED_HOUSEHOLDS, people.households)[of]
    share = band(people.age, _AGES, _DISABLED_SHARE) * np.where(struck, _DISABLED_TIMES, 0.7)
    disabled = draws.chance("disabled", np.minimum(share, 0.8), count)
    insurance, covered = _insurance(setting, people)
    return Health(
        illness=np.where(ill, np.where(serious, SERIOUS, CHRONIC), WELL).astype(np.int64),
        disabled=disabled,
        card=disabled & ~draws.chance("no card", _NO_CARD, count),
        grade=np.where(disabled, draws.pick("disability grade", (2, 3, 3, 2), count), NOT_DISABLED),
        kind=draws.pick("disability kind", (12, 15, 4, 42, 12, 10, 5), count),
        insurance=insurance,
        covered=covered,
    )


def _insurance(setting: Setting, people: People) -> tuple[Ints, Flags]:
    draws, hardship, count = setting.draws, setting.hardship, people.count
    secured = setting.secured[people.household]
    gap = draws.chance("uninsured", _UNINSURED_HOUSEHOLDS * hardship, people.households)[people.household]
    left_out = gap & ~secured & draws.chance("left out", 0.5, count)
    adult = (people.age >= 22) & (people.age < 60)
    employee = adult & draws.chance("employee", 0.03, count)
    public = (people.age >= 45) & draws.chance("public", 0.004, count)
    insurance = np.where(
        left_out, UNINSURED, np.where(public, PUBLIC, np.where(employee, EMPLOYEE, RESIDENT))
    )
    not_assisted = ~secured & draws.chance("not assisted", 0.0004, count)
    return insurance.astype(np.int64), (insurance == RESIDENT) & ~not_assisted
