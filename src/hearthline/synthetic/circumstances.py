# SPDX-License-Identifier: Apache-2.0
"""Decides what is true of every household of a county before anyone wrote it down, with gaps and tricks.

The generator knows the truth, because it made it. It needs it for what depends on being poor: who is
on the register, which causes a household names, whom a department warns about. What a screening
finds may differ, since it sees only what was written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from hearthline.synthetic.draws import Flags, Ints
from hearthline.synthetic.dwellings import Dwelling, dwelling
from hearthline.synthetic.families import People, families, last_day
from hearthline.synthetic.hardship import Hardship, hardship
from hearthline.synthetic.health import Health, health
from hearthline.synthetic.homes import EARTH, Home, home
from hearthline.synthetic.ledger import Ledger, ledger
from hearthline.synthetic.lines import net_income
from hearthline.synthetic.scandal import Scandal, near_the_line, pad_the_books
from hearthline.synthetic.schooling import Schooling, schooling
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.water import Water, water
from hearthline.synthetic.work import Work, work

_UNVISITED = 0.005


@dataclass(frozen=True)
class Circumstances:
    """The truth of a county: its people, their lives, their income, and who is poor."""

    people: People
    ill: Health
    school: Schooling
    work: Work
    hardship: Hardship
    dwelling: Dwelling
    home: Home
    water: Water
    ledger: Ledger
    lines: dict[str, Ints]
    net: Ints
    visited: Flags
    poor: Flags
    padding: Ints
    """What was written into the books of a household and is no income."""
    padded: Mapping[str, Flags] = field(default_factory=dict)

    @property
    def size(self) -> Ints:
        """The counted members of each household."""
        return self.people.number(self.people.counted)

    @property
    def evidence(self) -> dict[str, Flags]:
        """The causes of poverty that facts can show, and where they do."""
        people, counted = self.people, self.people.counted
        return {
            "illness": people.some(counted & self.ill.ill),
            "disability": people.some(counted & self.ill.disabled),
            "schooling": people.some(counted & self.school.costly),
            "disaster": self.hardship.disaster,
            "land": self.work.scarce_land,
            "water_lack": ~self.water.safe,
            "skills": self.work.unskilled,
            "labour": self.work.labourers == 0,
            "funds": self.hardship.funds_lacking,
            "traffic": self.home.road == EARTH,
        }


def circumstances(setting: Setting, scandal: Scandal | None) -> Circumstances:
    """Draw a county from the ages of its people to the last line of its ledgers."""
    smaller = setting.aim is not None
    kind, people = families(setting.draws, setting.count, setting.year, smaller=smaller)
    size = people.number(people.counted)
    ill = health(setting, people)
    school = schooling(setting, people, ill)
    labour = work(setting, people, ill, school)
    uncovered = people.some(people.counted & (~ill.insured | school.dropped_out))
    failing = None
    if setting.aim is not None:
        failing = uncovered | ~_guaranteed(setting, kind, size, np.zeros(setting.count, dtype=np.bool_))
    trouble = hardship(setting, people, ill, school, labour, failing)
    near = np.zeros(setting.count, dtype=np.bool_)
    if scandal is not None:
        near, trouble = near_the_line(setting.draws, scandal, trouble, labour.labourers > 0)
    roof = dwelling(setting, kind, size, trouble.short)
    life = home(setting, trouble.short)
    drinking = water(setting, trouble.short)
    books = ledger(setting, kind, people, ill, school, labour, trouble)
    visited = trouble.short | ~setting.draws.chance("unvisited", _UNVISITED, setting.count)
    lines = books.lines.sorted_lines(~visited)
    net = net_income(lines, setting.count, last_day(setting.year - 1) + 1, setting.last)
    missing = np.where(visited, setting.law.line * size - net, 0)
    guaranteed = roof.safe & life.fed & life.clothed & life.care & drinking.safe
    guaranteed &= ~uncovered
    truth = Circumstances(
        people=people,
        ill=ill,
        school=school,
        work=labour,
        hardship=trouble,
        dwelling=roof,
        home=life,
        water=drinking,
        ledger=books,
        lines=lines,
        net=net,
        visited=visited,
        poor=(missing > 0) | ~guaranteed,
        padding=np.zeros(setting.count, dtype=np.int64),
    )
    if scandal is None:
        return truth
    pressed = near & (missing > 0) & guaranteed
    padded, padding = pad_the_books(setting.draws, scandal, pressed, missing, books.lines, setting.year)
    return replace(truth, lines=books.lines.sorted_lines(~visited), padded=padded, padding=padding)


def _guaranteed(setting: Setting, kind: Ints, size: Ints, short: Flags) -> Flags:
    """Whether dwelling, food, clothing, care and water are secured, were exactly these short of income."""
    life = home(setting, short)
    return (
        dwelling(setting, kind, size, short).safe
        & life.fed
        & life.clothed
        & life.care
        & water(setting, short).safe
    )
