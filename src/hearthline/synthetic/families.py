# SPDX-License-Identifier: Apache-2.0
"""Decides who lives together: the kind of family, its members, their relation, sex, age and marriage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.synthetic.columns import NEVER
from hearthline.synthetic.draws import Draws, Flags, Ints

(ELDER, ELDER_COUPLE, SINGLE, COUPLE, ONE_CHILD, TWO_CHILDREN, THREE_CHILDREN, THREE_GENERATIONS) = range(8)
(GROWN_CHILD, ONE_PARENT, SKIPPED, WITH_PARENT) = range(8, 12)
_SHARES = (4.1, 5.6, 5.5, 6.4, 16.1, 19.9, 4.5, 18.2, 9.2, 4.8, 2.6, 4.9)
_SMALLER = (7.0, 9.0, 7.5, 10.0, 18.0, 18.0, 3.6, 11.5, 6.0, 4.0, 2.6, 2.8)
"""The shares of the nation: three people a household, as on the register of 2014."""
_HEAD_FROM = np.array([60, 60, 32, 26, 25, 28, 31, 28, 46, 28, 56, 32])
_HEAD_TO = np.array([82, 75, 59, 59, 54, 52, 50, 50, 66, 52, 74, 58])

(HEAD, SPOUSE, FATHER, MOTHER, CHILD, CHILD2, CHILD3, CHILD_IN_LAW, GRANDCHILD, GRANDCHILD2) = range(10)
(SIBLING, GONE) = range(10, 12)
SLOTS = 12
RELATIONS = (
    "head",
    "spouse",
    "parent",
    "child",
    "child_in_law",
    "grandchild",
    "sibling",
    "other",
)
_RELATION_OF_SLOT = np.array([0, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7])
MARITAL = ("unmarried", "married", "divorced", "widowed")
_UNMARRIED, _MARRIED, _DIVORCED, _WIDOWED = range(4)
DEAD, MARRIED_OUT, MOVED_OUT = range(3)
_STAYS = -1
_OLDEST = 97


@dataclass(frozen=True)
class People:
    """The members of all households of a county, household by household."""

    households: int
    household: Ints
    slot: Ints
    relation: Ints
    female: Flags
    age: Ints
    birth: Ints
    marital: Ints
    gone: Ints
    gone_on: Ints
    first: Ints

    @property
    def count(self) -> int:
        """How many members there are, those included who died or left."""
        return len(self.household)

    @property
    def counted(self) -> Flags:
        """Who is a member on the screening date."""
        counted: Flags = self.gone == _STAYS
        return counted

    def number(self, flag: Flags) -> Ints:
        """How many members of each household are so."""
        return np.bincount(self.household[flag], minlength=self.households).astype(np.int64)

    def some(self, flag: Flags) -> Flags:
        """Whether some member of each household is so."""
        return self.number(flag) > 0

    def rank(self, flag: Flags) -> Ints:
        """The place of each such member among those of the household, from 0; meaningless for others."""
        before: Ints = np.cumsum(flag, dtype=np.int64) - flag
        return before - before[self.first][self.household]


@dataclass(frozen=True)
class _Plan:
    """Which slots of each household are filled, and the age there."""

    filled: Flags
    age: Ints
    gone: Ints


def families(draws: Draws, households: int, year: int, *, smaller: bool = False) -> tuple[Ints, People]:
    """The kind of each family, and its people."""
    kind = draws.pick("family kind", _SMALLER if smaller else _SHARES, households)
    plan = _plan(draws, kind)
    household, slot = np.nonzero(plan.filled)
    count = len(household)
    age = plan.age[household, slot]
    birth = _birth_days(year - age, draws.whole("birthday", 0, 364, count))
    leaves = slot == GONE
    gone = np.where(leaves, plan.gone[household], _STAYS)
    days_ago = draws.whole("gone on", 10, 600, count)
    return kind, People(
        households=households,
        household=household.astype(np.int64),
        slot=slot.astype(np.int64),
        relation=_relations(household, slot, age, gone),
        female=_sexes(draws, kind[household], household, slot),
        age=age,
        birth=birth,
        marital=_marriages(draws, kind[household], plan.filled[household, SPOUSE], slot, age),
        gone=gone,
        gone_on=np.where(leaves, last_day(year) - days_ago, NEVER),
        first=np.searchsorted(household, np.arange(households)).astype(np.int64),
    )


def _plan(draws: Draws, kind: Ints) -> _Plan:
    count = len(kind)
    filled = np.zeros((count, SLOTS), dtype=np.bool_)
    age = np.zeros((count, SLOTS), dtype=np.int64)
    filled[:, HEAD] = True
    age[:, HEAD] = draws.whole("head age", _HEAD_FROM[kind], _HEAD_TO[kind], count)
    skipped_alone = (kind == SKIPPED) & draws.chance("skipped alone", 0.3, count)
    filled[:, SPOUSE] = ~np.isin(kind, (ELDER, SINGLE, ONE_PARENT, WITH_PARENT)) & ~skipped_alone
    age[:, SPOUSE] = np.maximum(age[:, HEAD] - draws.whole("spouse age", -2, 5, count), 21)
    _add_parents(draws, kind, filled, age)
    _add_children(draws, kind, filled, age)
    _add_grandchildren(draws, kind, filled, age)
    filled[:, SIBLING] = (kind == WITH_PARENT) & draws.chance("sibling", 0.3, count)
    age[:, SIBLING] = np.maximum(age[:, HEAD] - draws.whole("sibling age", -6, 8, count), 18)
    filled[:, GONE] = draws.chance("gone", 0.02, count)
    gone = draws.pick("how gone", (55, 30, 15), count)
    age[:, GONE] = np.where(
        gone == DEAD, draws.whole("age at death", 55, 92, count), draws.whole("gone age", 22, 28, count)
    )
    return _Plan(filled, age, gone)


def _add_parents(draws: Draws, kind: Ints, filled: Flags, age: Ints) -> None:
    count = len(kind)
    which = draws.pick("parents", (30, 25, 45), count)
    several = np.isin(kind, (THREE_GENERATIONS, WITH_PARENT))
    filled[:, FATHER] = several & (which != 2)
    filled[:, MOTHER] = several & (which != 1)
    age[:, FATHER] = np.minimum(age[:, HEAD] + draws.whole("father age", 22, 30, count), _OLDEST)
    age[:, MOTHER] = np.minimum(age[:, HEAD] + draws.whole("mother age", 20, 27, count), _OLDEST)


def _add_children(draws: Draws, kind: Ints, filled: Flags, age: Ints) -> None:
    count = len(kind)
    wished = np.zeros(count, dtype=np.int64)
    wished[kind == ONE_CHILD] = 1
    wished[kind == TWO_CHILDREN] = 2
    wished[kind == THREE_CHILDREN] = 3
    some = np.isin(kind, (THREE_GENERATIONS, ONE_PARENT))
    wished = np.where(some, 1 + draws.pick("children", (55, 38, 7), count), wished)
    age[:, CHILD] = age[:, HEAD] - draws.whole("first birth", 21, 29, count)
    age[:, CHILD2] = age[:, CHILD] - draws.whole("second birth", 1, 6, count)
    age[:, CHILD3] = age[:, CHILD2] - draws.whole("third birth", 1, 5, count)
    for number, slot in enumerate((CHILD, CHILD2, CHILD3)):
        moved_away = (age[:, slot] > 24) & draws.chance(f"child {number} away", 0.5, count)
        filled[:, slot] = (wished > number) & (age[:, slot] >= 0) & ~moved_away
    grown = kind == GROWN_CHILD
    filled[:, CHILD] |= grown
    filled[:, CHILD_IN_LAW] = grown
    age[:, CHILD_IN_LAW] = np.maximum(age[:, CHILD] - draws.whole("in-law age", -2, 4, count), 20)


def _add_grandchildren(draws: Draws, kind: Ints, filled: Flags, age: Ints) -> None:
    count = len(kind)
    of_child = age[:, CHILD] - draws.whole("grandchild birth", 20, 25, count)
    at_school = draws.whole("grandchild age", 3, 15, count)
    skipped = kind == SKIPPED
    age[:, GRANDCHILD] = np.where(skipped, at_school, of_child)
    age[:, GRANDCHILD2] = age[:, GRANDCHILD] - draws.whole("second grandchild", 2, 6, count)
    has = skipped | (kind == GROWN_CHILD)
    filled[:, GRANDCHILD] = has & (age[:, GRANDCHILD] >= 0)
    second = draws.chance("two grandchildren", 0.35, count)
    filled[:, GRANDCHILD2] = has & second & (age[:, GRANDCHILD2] >= 0)


def _sexes(draws: Draws, kind: Ints, household: Ints, slot: Ints) -> Flags:
    count = len(household)
    households = int(household[-1]) + 1
    head_share = np.array([0.5, 0.08, 0.12, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.45, 0.35, 0.1])
    of_kind = np.zeros(households)
    of_kind[household] = head_share[kind]
    head_female = draws.chance("head sex", of_kind, households)
    child_female = draws.chance("child sex", 0.4, households)
    female = draws.chance("sex", np.where(slot == SIBLING, 0.35, 0.47), count)
    female[slot == HEAD] = head_female[household[slot == HEAD]]
    female[slot == SPOUSE] = ~head_female[household[slot == SPOUSE]]
    female[slot == FATHER] = False
    female[slot == MOTHER] = True
    female[slot == CHILD] = child_female[household[slot == CHILD]]
    female[slot == CHILD_IN_LAW] = ~child_female[household[slot == CHILD_IN_LAW]]
    return female


def _relations(household: Ints, slot: Ints, age: Ints, gone: Ints) -> Ints:
    """By slot; one who is gone was a parent, a child or a sibling of the head, as the ages allow."""
    relation = _RELATION_OF_SLOT[slot]
    older = age - age[slot == HEAD][household]
    leaves = slot == GONE
    relation[leaves & (older > 18)] = RELATIONS.index("parent")
    relation[leaves & (older < -19)] = RELATIONS.index("child")
    relation[leaves & (np.abs(older) <= 18) & (gone != DEAD)] = RELATIONS.index("sibling")
    return relation.astype(np.int64)


def _marriages(draws: Draws, kind: Ints, paired: Flags, slot: Ints, age: Ints) -> Ints:
    count = len(kind)
    chosen = draws.uniform("marriage", count)
    marital = np.where((age >= 24) & (chosen < 0.2), _MARRIED, _UNMARRIED)
    marital[np.isin(slot, (SPOUSE, CHILD_IN_LAW, GONE))] = _MARRIED
    marital[(slot == CHILD) & (kind == GROWN_CHILD)] = _MARRIED
    parent = np.isin(slot, (FATHER, MOTHER))
    marital[parent] = np.where(chosen[parent] < 0.4, _MARRIED, _WIDOWED)
    head = slot == HEAD
    marital[head] = np.where(paired[head], _MARRIED, _WIDOWED)
    for kinds, steps in (
        ((ELDER,), (0.2, 0.25)),
        ((SINGLE, WITH_PARENT), (0.62, 0.9)),
        ((ONE_PARENT,), (0.0, 0.6)),
    ):
        alone = head & np.isin(kind, kinds)
        places = np.searchsorted(np.array(steps), chosen[alone], side="right")
        marital[alone] = np.array([_UNMARRIED, _DIVORCED, _WIDOWED])[places]
    return marital.astype(np.int64)


def last_day(year: int) -> int:
    """31 December, in days since 1970."""
    return int(np.datetime64(f"{year}-12-31", "D").astype(np.int64))


def first_days(years: Ints) -> Ints:
    """1 January of each year, in days since 1970."""
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def _birth_days(years: Ints, day_of_year: Ints) -> Ints:
    return first_days(years) + day_of_year
