# SPDX-License-Identifier: Apache-2.0
"""Decides who is at school, in which stage, who has dropped out, and what everyone has learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from hearthline.synthetic.columns import UNKNOWN
from hearthline.synthetic.draws import Draws, Flags, Ints, pick_by
from hearthline.synthetic.families import People
from hearthline.synthetic.health import Health
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.thresholds import Thresholds

STATES = (
    "not_student",
    "preschool",
    "primary",
    "junior_secondary",
    "special_school",
    "home_teaching",
    "senior_secondary",
    "secondary_vocational",
    "higher_vocational",
    "undergraduate",
    "graduate",
)
(
    NOT_STUDENT,
    PRESCHOOL,
    PRIMARY,
    JUNIOR,
    SPECIAL,
    AT_HOME,
    SENIOR,
    VOCATIONAL,
    HIGHER,
    UNDERGRADUATE,
    GRADUATE,
) = range(11)
LEVELS = (
    "preschool_age",
    "illiterate",
    "primary",
    "junior_secondary",
    "senior_secondary",
    "college",
    "university",
)
REASONS = ("health", "cost", "work", "unwilling", "distance", "early_marriage", "other")
_LEVEL_OF_STATE = np.array([UNKNOWN, 0, 2, 3, 2, 2, 4, 4, 5, 6, 6])
_STAGES = (
    # after compulsory school, by years of age at the begin of the school year: 15 to 17, 18 to 21, 22 to 24
    (0.24, 0, 0, 0, 0, 0, 0.46, 0.3, 0, 0, 0),
    (0.58, 0, 0, 0, 0, 0, 0.08, 0.04, 0.16, 0.14, 0),
    (0.94, 0, 0, 0, 0, 0, 0, 0, 0.01, 0.04, 0.01),
)
_LEARNED = (
    # by age: 15 to 24, 25 to 44, 45 to 59, 60 and older
    (0, 0.005, 0.06, 0.6, 0.25, 0.06, 0.025),
    (0, 0.03, 0.25, 0.55, 0.12, 0.035, 0.015),
    (0, 0.11, 0.45, 0.36, 0.07, 0.008, 0.002),
    (0, 0.36, 0.5, 0.12, 0.018, 0.002, 0),
)
_DROPOUT_SHARE = 0.0022
_DROPOUT_FROM = 9


@dataclass(frozen=True)
class Schooling:
    """Per person: stage of schooling, reason for not being there, level learned."""

    of_age: Flags
    state: Ints
    reason: Ints
    completed: Flags
    level: Ints
    dropped_out: Flags
    """Of compulsory school age, not at school, and not for reasons of health."""

    @property
    def student(self) -> Flags:
        """At a school of any stage above kindergarten."""
        return self.state >= PRIMARY

    @property
    def costly(self) -> Flags:
        """At a stage that is not compulsory and costs money."""
        return self.state >= SENIOR


def schooling(setting: Setting, people: People, ill: Health) -> Schooling:
    """Draw schooling from age at the begin of the school year and from health."""
    draws, law, count = setting.draws, setting.law, people.count
    age = _age_on(people, law.school_year_start, setting.year)
    of_age = (age >= law.school_age_from) & (people.age <= law.school_age_to)
    completed = age > law.school_age_to - 1
    state = _states(draws, age, law)
    disabled_pupil = of_age & ~completed & ill.severe
    apart = draws.uniform("special school", count)
    state[disabled_pupil & (apart < 0.45)] = SPECIAL
    state[disabled_pupil & (apart > 0.65)] = AT_HOME
    may_drop = of_age & ~completed & (age >= _DROPOUT_FROM)
    unwell = ill.disabled | ill.ill
    kept_home = may_drop & unwell & draws.chance("kept at home", 0.03, count)
    share = _DROPOUT_SHARE * setting.hardship[people.household] * np.where(age >= 12, 1.8, 0.5)
    may_drop &= ~kept_home & ~setting.secured[people.household]
    dropped = may_drop & draws.chance("drop out", share, count)
    state[kept_home | dropped] = NOT_STUDENT
    why = 1 + draws.pick("why dropped out", (15, 25, 35, 10, 5, 10), count)
    adult_level = pick_by(
        np.searchsorted([25, 45, 60], people.age, side="right"), _LEARNED, draws.uniform("learned", count)
    )
    level = np.where(
        age < law.school_age_from, 0, np.where(state > PRESCHOOL, _LEVEL_OF_STATE[state], adult_level)
    )
    return Schooling(
        of_age=of_age,
        state=state,
        reason=np.where(kept_home, 0, np.where(dropped, why, UNKNOWN)),
        completed=completed,
        level=np.where((age >= law.school_age_from) & (level == 0), 2, level),
        dropped_out=dropped,
    )


def _age_on(people: People, day: date, year: int) -> Ints:
    """Completed years on a day of the screening year: one less if the birthday comes after it."""
    born = people.birth.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    birthday: Ints = month.astype(np.int64) % 12 * 32 + (born - month).astype(np.int64)
    later: Flags = birthday > (day.month - 1) * 32 + day.day - 1
    return people.age - (year - day.year) - later


def _states(draws: Draws, age: Ints, law: Thresholds) -> Ints:
    count = len(age)
    chosen = draws.uniform("stage", count)
    state = np.zeros(count, dtype=np.int64)
    start = law.school_age_from
    small = (age >= start - 3) & (age < start)
    state[small & (chosen < 0.85)] = PRESCHOOL
    state[(age >= start) & (age < start + 6)] = PRIMARY
    waits = (age >= start) & (age < law.latest_school_start_age) & (chosen < 0.02)
    state[waits] = PRESCHOOL
    junior = (age >= start + 6) & (age < law.school_age_to)
    state[junior] = JUNIOR
    state[(age == start + 6) & (chosen < 0.25)] = PRIMARY
    later = np.clip(np.searchsorted([18, 22, 25], age, side="right"), 0, 2)
    beyond = pick_by(later, _STAGES, draws.uniform("later stage", count))
    older = (age >= law.school_age_to) & (age < 25)
    state[older] = beyond[older]
    return state
