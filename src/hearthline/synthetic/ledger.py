# SPDX-License-Identifier: Apache-2.0
"""Decides the income lines of every household: what adds up to its income, and what never counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.synthetic.draws import Draws, Flags, Floats, Ints
from hearthline.synthetic.families import ELDER, SINGLE, People
from hearthline.synthetic.hardship import Hardship
from hearthline.synthetic.health import RESIDENT, Health
from hearthline.synthetic.lines import (
    ACCRUED,
    BUSINESS,
    COST,
    FORECAST,
    OWN,
    PROPERTY,
    RECEIVED,
    STOCK,
    TRANSFER,
    WAGE,
    Lines,
    Sale,
    item,
)
from hearthline.synthetic.schooling import Schooling
from hearthline.synthetic.setting import Setting
from hearthline.synthetic.work import Work

YUAN = 100
PENSION_AGE = 60
_SALES = ("crops", "livestock", "fruit", "trees", "fishery", "crafts")
_SALE_ITEMS = np.array([item(name) for name in _SALES])
_PRICE_FROM = np.array([180, 1_400, 200, 800, 1_000, 3_000])
_PRICE_TO = np.array([320, 2_200, 700, 3_000, 2_200, 9_000])


@dataclass(frozen=True)
class Ledger:
    """The lines, and what they say of the household: who earns wages for how long, which support it has."""

    lines: Lines
    wage_earners: Ints
    wage_months: Ints
    public_job: Flags
    allowance: Flags
    extreme_hardship: Flags


@dataclass
class _Purse:
    """What is still to come of each household's income."""

    draws: Draws
    last: int
    lines: Lines
    rest: Ints

    @property
    def count(self) -> int:
        return len(self.rest)

    def day(self, purpose: str, latest: int, earliest: int, rows: Ints) -> Ints:
        """A day of the year for each row, in days before its end."""
        return (self.last - self.draws.whole(purpose, latest, earliest, self.count))[rows]

    def grant(self, name: str, wanted: Ints, who: Flags, kind: int, days: tuple[int, int]) -> Flags:
        """Give a household what it is to get, as far as its income reaches, unless it is a few yuan."""
        amount = np.minimum(wanted, self.rest) // YUAN * YUAN
        got = who & (amount >= 20 * YUAN)
        rows = np.flatnonzero(got)
        received = self.day(f"{name} on", *days, rows)
        self.lines.add(
            rows,
            amount[rows],
            what=(kind, RECEIVED),
            items=item(name),
            received=received,
            booked=np.minimum(received + 15, self.last),
        )
        self.rest = self.rest - np.where(got, amount, 0)
        return got


def ledger(
    setting: Setting,
    kind: Ints,
    people: People,
    ill: Health,
    school: Schooling,
    work: Work,
    hardship: Hardship,
) -> Ledger:
    """Break the income of each household down into lines."""
    size = people.number(people.counted)
    income = np.floor(hardship.times_line * setting.law.line * size).astype(np.int64)
    purse = _Purse(setting.draws, setting.last, Lines(), income)
    support = _transfers(purse, kind, people, ill, school, work, hardship)
    _own_produce_and_property(purse, size, work)
    earners, months, public_job = _wages(purse, work, hardship)
    _business(purse, work)
    _failures(purse, income, hardship.failed_business)
    _what_does_not_count(purse, work)
    return Ledger(purse.lines, earners, months, public_job, *support)


def _transfers(
    purse: _Purse, kind: Ints, people: People, ill: Health, school: Schooling, work: Work, hardship: Hardship
) -> tuple[Flags, Flags]:
    draws, count = purse.draws, purse.count
    everyone = np.ones(count, dtype=np.bool_)
    size = people.number(people.counted)
    pension = int(draws.whole("pension rate", 75, 115, 1)[0]) * 12 * YUAN
    pensioners = people.counted & (people.age >= PENSION_AGE) & (ill.insurance == RESIDENT)
    purse.grant("pension", people.number(pensioners) * pension, everyone, TRANSFER, (5, 20))
    severe = people.number(people.counted & ill.severe & ill.card)
    purse.grant("disability_allowance", severe * 70 * 12 * YUAN, everyone, TRANSFER, (5, 20))
    subsidy = int(draws.whole("subsidy rate", 60, 95, 1)[0])
    purse.grant("land_fertility", work.farmland * subsidy, everyone, TRANSFER, (170, 230))
    purse.grant("grain_for_green", work.returned * 125, everyone, TRANSFER, (60, 120))
    purse.grant("ecological_forest", work.forest * 15, everyone, TRANSFER, (60, 120))
    alone = np.isin(kind, (ELDER, SINGLE)) & (work.labourers == 0)
    extreme = alone & draws.chance("extreme hardship", 0.15, count) & (purse.rest >= 3_600 * YUAN)
    wanted = np.minimum(purse.rest * 8 // 10, 7_800 * YUAN) // (12 * YUAN) * (12 * YUAN)
    extreme = purse.grant("extreme_hardship", wanted, extreme, TRANSFER, (5, 20))
    share = np.where(hardship.short, np.where(work.labourers == 0, 0.55, 0.22), 0.025)
    allowed = draws.chance("allowance", share, count) & ~extreme
    most = size * int(draws.whole("allowance rate", 150, 260, 1)[0]) * 12 * YUAN
    wanted = np.minimum(purse.rest // 2, most) // (12 * YUAN) * (12 * YUAN)
    allowance = purse.grant("dibao", wanted, allowed & (wanted >= 360 * YUAN), TRANSFER, (5, 20))
    students = people.number(people.counted & school.costly)
    aided = draws.chance("education aid", np.where(hardship.short, 0.6, 0.1), count)
    purse.grant("education_aid", students * 1_500 * YUAN, aided, TRANSFER, (30, 80))
    return allowance, extreme


def _own_produce_and_property(purse: _Purse, size: Ints, work: Work) -> None:
    draws, count = purse.draws, purse.count
    eats = (work.farmland > 0) & draws.chance("own produce", 0.8, count)
    each = draws.whole("own produce each", 200, 650, count) * YUAN
    wanted = np.minimum(size * each, purse.rest * 3 // 10)
    rows = np.flatnonzero(eats & (wanted >= 50 * YUAN))
    amount = wanted[rows] // YUAN * YUAN
    day = purse.day("own_consumption on", 20, 90, rows)
    crops = item("crops")
    purse.lines.add(rows, amount, what=(OWN, RECEIVED), items=crops, received=day, booked=day)
    purse.rest[rows] -= amount
    for name, share, most in (
        ("land_rent", 0.12, 2_500),
        ("dividend", 0.12, 1_200),
        ("photovoltaic", 0.03, 3_000),
    ):
        has = draws.chance(name, share, count)
        wanted = np.minimum(draws.whole(f"{name} amount", 100, most, count) * YUAN, purse.rest * 3 // 10)
        purse.grant(name, wanted, has, PROPERTY, (10, 120))


def _wages(purse: _Purse, work: Work, hardship: Hardship) -> tuple[Ints, Ints, Flags]:
    """Wages of up to three members; gives their number, their months, and who has a public-welfare job."""
    draws, count = purse.draws, purse.count
    share = draws.spread("wage share", (0.0, 0.0, 0.35, 0.65, 0.85, 1.0, 1.0), count)
    total = np.floor(purse.rest * share).astype(np.int64) // YUAN * YUAN
    total = np.where((work.labourers > 0) & (total >= 200 * YUAN), total, 0)
    earners = np.minimum(work.labourers, 1 + (total > 32_000 * YUAN) + (total > 85_000 * YUAN)) * (total > 0)
    rate = (
        np.floor(draws.spread("monthly wage", (1_500, 2_200, 2_700, 3_200, 5_200), count)).astype(np.int64)
        * YUAN
    )
    months = np.clip(-(-total // np.maximum(rate * earners, 1)), 1, 12) * (total > 0)
    public = (earners == 1) & draws.chance("public job", np.where(hardship.short, 0.1, 0.03), count)
    public &= total < 9_000 * YUAN
    months = np.where(public, 12, months)
    left = total
    for place in range(3):
        rows = np.flatnonzero(earners > place)
        last_one = earners[rows] == place + 1
        part = np.where(last_one, left[rows], left[rows] * 58 // 100 // YUAN * YUAN)
        job = np.where(
            public[rows],
            item("public_job"),
            np.where(months[rows] >= 6, item("regular_job"), item("odd_jobs")),
        )
        day = purse.day(f"wage {place} on", 8, 200, rows)
        purse.lines.add(
            rows,
            part,
            what=(WAGE, RECEIVED),
            items=job,
            received=day,
            booked=np.minimum(day + 10, purse.last),
        )
        left = left.copy()
        left[rows] -= part
    purse.rest = purse.rest - total
    return earners.astype(np.int64), months.astype(np.int64), public


def _business(purse: _Purse, work: Work) -> None:
    """What is left comes from kin where nobody can work, and else from sales less their cost."""
    draws, count = purse.draws, purse.count
    none_able = work.labourers == 0
    kin = none_able & draws.chance("kin", 0.75, count)
    purse.grant("family_support", purse.rest, kin, TRANSFER, (10, 300))
    seller = purse.rest >= 60 * YUAN
    ratio = draws.spread("cost ratio", (0.12, 0.25, 0.33, 0.4, 0.5), count)
    gross = np.floor(purse.rest / (1.0 - ratio)).astype(np.int64)
    several = draws.chance("second sale", 0.45, count) & (gross > 1_500 * YUAN)
    sold = np.zeros(count, dtype=np.int64)
    for place, who in enumerate((seller, seller & several)):
        part = np.where(several, np.where(place == 0, gross * 6 // 10, gross - sold), gross)
        rows = np.flatnonzero(who)
        sale, what = _sale(draws, f"sale {place}", part, rows)
        day = purse.day(f"sale {place} on", 10, 130, rows)
        booked = np.minimum(day + 12, purse.last)
        purse.lines.add(
            rows, sale.amount, what=(BUSINESS, RECEIVED), items=what, received=day, booked=booked, sale=sale
        )
        sold[rows] += sale.amount
    cost = np.maximum(sold - purse.rest, 0)
    owed = draws.chance("cost owed", 0.06, count)
    for status, who in ((RECEIVED, ~owed), (ACCRUED, owed)):
        rows = np.flatnonzero(who & seller & (cost > 0))
        day = purse.day("cost on", 150, 310, rows)
        paid = day if status == RECEIVED else None
        supplies = item("seed_fertiliser_feed")
        purse.lines.add(rows, cost[rows], what=(COST, status), items=supplies, received=paid, booked=day)


def _sale(draws: Draws, purpose: str, gross: Ints, rows: Ints) -> tuple[Sale, Ints]:
    """A sale of about this amount; quantity times price is what it brought."""
    count = len(gross)
    what = draws.pick(f"{purpose} of", (45, 27, 14, 5, 4, 5), count)[rows]
    low, high = _PRICE_FROM[what], _PRICE_TO[what]
    place: Floats = draws.uniform(f"{purpose} price", count)[rows]
    price = low + np.floor(place * (high - low)).astype(np.int64)
    quantity = np.maximum(gross[rows] * 100 // price // 10 * 10, 10)
    buyer = draws.pick(f"{purpose} buyer", (12, 8, 45, 25, 3, 3, 4), count)[rows]
    return Sale(quantity, price, buyer), _SALE_ITEMS[what]


def _failures(purse: _Purse, income: Ints, failed: Flags) -> None:
    rows = np.flatnonzero(failed)
    loss = np.floor(income * (1.0 + 0.6 * purse.draws.uniform("loss", purse.count))).astype(np.int64)[rows]
    day = purse.day("loss on", 20, 200, rows)
    supplies = item("seed_fertiliser_feed")
    purse.lines.add(rows, loss, what=(COST, RECEIVED), items=supplies, received=day, booked=day)


def _what_does_not_count(purse: _Purse, work: Work) -> None:
    """Honest lines that are no income of the year: expected, owed, in the barn, or of the year before."""
    draws, count = purse.draws, purse.count
    able = work.labourers > 0
    for name, what, share, most in (
        ("expected sale", (BUSINESS, FORECAST), 0.06, 5_000),
        ("owed wage", (WAGE, ACCRUED), 0.05, 4_000),
        ("in stock", (STOCK, FORECAST), 0.1, 4_000),
        ("wage of last year", (WAGE, RECEIVED), 0.03, 6_000),
        ("expected cost", (COST, FORECAST), 0.02, 2_000),
    ):
        rows = np.flatnonzero(able & draws.chance(name, share, count))
        wanted = draws.whole(f"{name} amount", 200, most, count) * YUAN
        sale, items = _sale(draws, name, wanted, rows)
        day = purse.day(f"{name} on", 380, 430, rows)
        goods = what[0] in (BUSINESS, STOCK)
        purse.lines.add(
            rows,
            sale.amount if goods else wanted[rows],
            what=what,
            items=items if goods else item("odd_jobs" if what[0] == WAGE else "seed_fertiliser_feed"),
            received=day if what[1] == RECEIVED else None,
            booked=purse.day(f"{name} booked", 3, 60, rows),
            sale=Sale(sale.quantity, sale.price, np.full(len(rows), -1)) if goods else None,
        )
