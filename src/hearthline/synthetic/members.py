# SPDX-License-Identifier: Apache-2.0
"""Decides the columns of the members, with the few answers that nobody wrote down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hearthline.synthetic.circumstances import Circumstances
from hearthline.synthetic.columns import NEVER, UNKNOWN, coded, dates, flags, numbers
from hearthline.synthetic.draws import Draws, Flags, Ints
from hearthline.synthetic.families import (
    CHILD_IN_LAW,
    DEAD,
    HEAD,
    MARITAL,
    MARRIED_OUT,
    MOVED_OUT,
    RELATIONS,
    People,
    last_day,
)
from hearthline.synthetic.health import (
    GRADES,
    HEALTH,
    INSURANCE,
    KINDS,
    PUBLIC,
    RESIDENT,
    UNINSURED,
    Health,
)
from hearthline.synthetic.ledger import PENSION_AGE
from hearthline.synthetic.register import Register
from hearthline.synthetic.schooling import LEVELS, REASONS, STATES, Schooling
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.work import LABOUR, SKILLED

MEMBER_STATES = (
    "at_home",
    "working_away",
    "studying_away",
    "serving_soldier",
    "imprisoned",
    "missing",
    "dead",
    "married_out",
    "moved_out",
)
WORK_PLACES = ("not_working_away", "in_township", "in_county", "in_province", "other_province")
OWN_CAUSES = ("illness", "disability", "schooling", "no_labour", "no_skill", "no_job", "nothing")
GROUPS = ("汉族", "苗族", "彝族", "土家族", "回族", "藏族", "壮族", "布依族")
_UNKNOWN_BIRTH, _UNKNOWN_HEALTH, _UNKNOWN_LABOUR = 0.002, 0.002, 0.002
_UNKNOWN_SCHOOL, _UNKNOWN_COVER = 0.0015, 0.0015
_TRAINED_FROM = last_day(2009) + 1
"""The dictionary knows no training before 2010."""


def person_columns(setting: Setting, people: People) -> dict[str, pa.Array]:
    """Who the members are."""
    draws, last, count = setting.draws, setting.last, people.count
    known = ~draws.chance("birth unknown", _UNKNOWN_BIRTH, count)
    stated = ~known & draws.chance("age stated", 0.8, count)
    group = draws.pick("ethnicity", (88, 1, 1, 1, 1, 1, 1, 1), people.households)
    joined = np.where(people.slot == CHILD_IN_LAW, last - draws.whole("joined", 200, 2_000, count), NEVER)
    return {
        "relation": coded(RELATIONS, people.relation),
        "sex": coded(("male", "female"), people.female.astype(np.int64)),
        "birth_date": dates(people.birth, known),
        "age_stated": numbers(people.age, stated),
        "age_stated_on": dates(np.where(stated, last - draws.whole("stated on", 31, 85, count), NEVER)),
        "ethnicity": coded(GROUPS, group[people.household]),
        "marital_status": coded(MARITAL, people.marital),
        "died_on": dates(np.where(people.gone == DEAD, people.gone_on, NEVER)),
        "left_on": dates(np.where(people.gone > DEAD, people.gone_on, NEVER)),
        "joined_on": dates(joined),
    }


def health_columns(draws: Draws, people: People, ill: Health) -> dict[str, pa.Array]:
    """Health, disability and insurance."""
    count = people.count
    asked = ~draws.chance("health unknown", _UNKNOWN_HEALTH, count)
    listed = ~draws.chance("cover unknown", _UNKNOWN_COVER, count)
    resident = ill.insurance == RESIDENT
    adult = people.age >= 16
    old = people.age >= PENSION_AGE
    return {
        "health": coded(HEALTH, ill.state, asked),
        "disability_grade": coded(GRADES, np.where(ill.disabled & ~ill.card, UNKNOWN, ill.grade)),
        "disability_kind": coded(KINDS, np.where(ill.disabled, ill.kind, UNKNOWN)),
        "basic_insurance": coded(INSURANCE, ill.insurance, listed | (ill.insurance == UNINSURED)),
        "serious_illness_insurance": flags(resident & ill.covered, listed),
        "medical_assistance": flags(resident & ill.covered, listed),
        "contract_doctor": flags(draws.chance("contract doctor", np.where(ill.ill, 0.85, 0.45), count)),
        "pension_insurance": flags(draws.chance("pension insurance", 0.88, count), adult & ~old),
        "pension_paid": flags(resident | (ill.insurance == PUBLIC), old),
    }


def study_and_work_columns(setting: Setting, truth: Circumstances, kept: Register) -> dict[str, pa.Array]:
    """Schooling, labour, and where and how long each member worked."""
    draws, last = setting.draws, setting.last
    people, school, work, ledger = truth.people, truth.school, truth.work, truth.ledger
    count = people.count
    of = people.household
    earner = work.able & (people.rank(work.able) < ledger.wage_earners[of])
    months = np.where(earner, ledger.wage_months[of], 0)
    far = earner & (months >= 6) & ~ledger.public_job[of] & draws.chance("far", 0.75, count)
    place = np.where(
        far, 3 + draws.pick("far place", (45, 55), count), 1 + draws.pick("near place", (65, 35), count)
    )
    state = _member_states(draws, people, school, earner, far)
    adult = people.age >= 16
    trained = last - draws.whole("trained on", 100, 1_500, count)
    roll = ~draws.chance("school unknown", _UNKNOWN_SCHOOL, count)
    return {
        "member_state": coded(MEMBER_STATES, state),
        "education_level": coded(LEVELS, school.level),
        "school_state": coded(STATES, school.state, roll | school.dropped_out),
        "dropout_reason": coded(REASONS, school.reason),
        "compulsory_completed": flags(school.completed, people.age <= 18),
        "labour_ability": coded(
            LABOUR, work.ability, ~draws.chance("labour unknown", _UNKNOWN_LABOUR, count)
        ),
        "work_place": coded(WORK_PLACES, np.where(earner, place, 0), adult),
        "work_months": numbers(months, adult),
        "public_job": flags(earner & ledger.public_job[of], adult),
        "trained_on": dates(np.where(work.trained, np.maximum(trained, _TRAINED_FROM), NEVER)),
        "wants_training": flags(draws.chance("wants training", 0.2, count), work.able),
        "identified_on": dates(
            np.where(people.counted, np.maximum(kept.registered_on[of], people.birth), NEVER), kept.ever[of]
        ),
    }


def _member_states(draws: Draws, people: People, school: Schooling, earner: Flags, far: Flags) -> Ints:
    """Where each member lives, or how one who no longer belongs to the household has gone."""
    count, age = people.count, people.age
    idle = people.counted & (people.slot != HEAD) & ~earner & ~school.student
    soldier = idle & ~people.female & (age >= 18) & (age <= 23) & draws.chance("soldier", 0.05, count)
    grown = idle & (age >= 20) & (age <= 55)
    state = np.full(count, MEMBER_STATES.index("at_home"))
    for name, who in (
        ("working_away", far),
        ("studying_away", school.costly & (age >= 18)),
        ("imprisoned", grown & draws.chance("imprisoned", 0.003, count)),
        ("missing", grown & draws.chance("missing", 0.0015, count)),
        ("serving_soldier", soldier),
        ("dead", people.gone == DEAD),
        ("married_out", people.gone == MARRIED_OUT),
        ("moved_out", people.gone == MOVED_OUT),
    ):
        state[who] = MEMBER_STATES.index(name)
    return state


def support_columns(truth: Circumstances, asked: Flags) -> dict[str, pa.Array]:
    """Allowances, and what makes life hard for each member; asked only where the household is in need."""
    people, ill, school = truth.people, truth.ill, truth.school
    work, ledger = truth.work, truth.ledger
    of = people.household
    cause = np.full(people.count, OWN_CAUSES.index("nothing"))
    adult = people.age >= 16
    for name, has in (
        ("no_skill", work.able & (work.ability != SKILLED) & work.unskilled[of]),
        ("no_labour", adult & ~work.able & ~school.student),
        ("schooling", school.costly),
        ("disability", ill.disabled),
        ("illness", ill.ill),
    ):
        cause[has] = OWN_CAUSES.index(name)
    return {
        "own_cause": coded(OWN_CAUSES, cause, asked[of] & people.counted),
        "orphan_or_unsupported": flags(np.zeros(people.count, dtype=np.bool_), people.age < 18),
        "dibao_member": flags(ledger.allowance[of] & people.counted),
        "extreme_hardship_member": flags(ledger.extreme_hardship[of] & people.counted),
    }


def child_columns(people: People) -> dict[str, pa.Array]:
    """What the children make of the family: an only child, two daughters."""
    child = (people.relation == RELATIONS.index("child")) & people.counted
    children = people.number(child)
    daughters = people.number(child & people.female)
    return {
        "one_child_family": flags(children == 1),
        "two_daughter_family": flags((children == 2) & (daughters == 2)),
    }
