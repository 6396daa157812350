# SPDX-License-Identifier: Apache-2.0
"""Decides what is planted: one township of each province where households left poverty on paper alone.

In the first county of a province, one township reached its target by the books. Households near the
line were struck off in December because a harvest yet to come was written down as income
(``forecast_counted``) or because what lay unsold in the barn was (``stock_counted``). Others, with
income enough, were struck off before dwelling and water had been looked at (``exit_before_check``),
or in the year they were registered (``exit_in_first_year``). Each can be told from the facts by the
rules of the package; nothing else marks these households.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from hearthline.synthetic.draws import Draws, Flags, Ints
from hearthline.synthetic.families import last_day
from hearthline.synthetic.hardship import Hardship
from hearthline.synthetic.layout import TOWNSHIPS, VILLAGES_PER_TOWNSHIP, Seat
from hearthline.synthetic.lines import BUSINESS, FORECAST, RECEIVED, STOCK, Lines, Sale, item

FORECAST_COUNTED, STOCK_COUNTED = "forecast_counted", "stock_counted"
EXIT_BEFORE_CHECK, EXIT_IN_FIRST_YEAR = "exit_before_check", "exit_in_first_year"
FOUND_BY: Mapping[str, Mapping[str, str]] = {
    FORECAST_COUNTED: {"standard": "national", "status": "poor", "criterion": "income"},
    STOCK_COUNTED: {"standard": "national", "status": "poor", "criterion": "income"},
    EXIT_BEFORE_CHECK: {"standard": "exit", "status": "poor", "criterion": "exit_after_evidence"},
    EXIT_IN_FIRST_YEAR: {"standard": "exit", "status": "poor", "criterion": "minimum_spell"},
}
"""By which standard the household is still poor (or not ready to leave), and which criterion is not met."""
_NEAR_SHARE = 0.03
_NEAR_FROM, _NEAR_TO = 0.8, 0.97
_PIG = 160_000


@dataclass(frozen=True)
class Scandal:
    """The township, and the households of the county that lie in it."""

    area: int
    inside: Flags

    @property
    def count(self) -> int:
        """How many households the county has."""
        return len(self.inside)


def find_scandal(seed: int, seat: Seat, village_of: Ints) -> Scandal | None:
    """The scandal of this county, if it is the one of its province."""
    if seat.county != seat.first_of_province:
        return None
    township = int(Draws(seed, 1, seat.county).whole("scandal", 0, TOWNSHIPS - 1, 1)[0])
    inside = village_of // VILLAGES_PER_TOWNSHIP == township
    return Scandal(int(seat.township_areas[township]), inside)


def near_the_line(draws: Draws, scandal: Scandal, hardship: Hardship, able: Flags) -> tuple[Flags, Hardship]:
    """Let those of the township that can work and are short of income be only just so, and a few more."""
    more = draws.chance("near the line", _NEAR_SHARE, scandal.count)
    near = scandal.inside & able & (hardship.short | more)
    times = _NEAR_FROM + (_NEAR_TO - _NEAR_FROM) * draws.uniform("how near", scandal.count)
    return near, replace(
        hardship,
        short=hardship.short | near,
        times_line=np.where(near, times, hardship.times_line),
        failed_business=hardship.failed_business & ~near,
    )


def pad_the_books(
    draws: Draws, scandal: Scandal, near: Flags, missing: Ints, lines: Lines, year: int
) -> tuple[dict[str, Flags], Ints]:
    """Write income that is none, enough to pass by the books; gives who got which, and how much it was."""
    last = last_day(year)
    by_stock = draws.chance("by stock", 0.5, scandal.count)
    kinds = {FORECAST_COUNTED: near & ~by_stock, STOCK_COUNTED: near & by_stock}
    extra = draws.whole("padding", 30_000, 120_000, scandal.count)
    day = last - draws.whole("padded on", 30, 60, scandal.count)
    quantity = -(-(missing + extra) * 100 // _PIG // 10) * 10
    padding = np.where(near, (quantity * _PIG + 50) // 100, 0)
    for kind, who in kinds.items():
        rows = np.flatnonzero(who)
        count = len(rows)
        sale = Sale(quantity[rows], np.full(count, _PIG), np.full(count, -1))
        what = (BUSINESS, FORECAST) if kind == FORECAST_COUNTED else (STOCK, RECEIVED)
        received = None if kind == FORECAST_COUNTED else day[rows]
        lines.add(
            rows,
            sale.amount,
            what=what,
            items=item("livestock"),
            received=received,
            booked=day[rows],
            sale=sale,
        )
    return kinds, padding
