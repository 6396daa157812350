# SPDX-License-Identifier: Apache-2.0
"""Decides how income lines are gathered, put in the order of their households, and laid down."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from hearthline.synthetic.columns import NEVER, UNKNOWN, coded, dates, numbers
from hearthline.synthetic.draws import Draws, Flags, Ints

CLASSES = ("wage", "business", "own_consumption", "property", "transfer", "production_cost", "unsold_stock")
WAGE, BUSINESS, OWN, PROPERTY, TRANSFER, COST, STOCK = range(7)
STATUSES = ("forecast", "accrued", "received")
FORECAST, ACCRUED, RECEIVED = range(3)
ITEMS = (
    "regular_job",
    "odd_jobs",
    "public_job",
    "crops",
    "livestock",
    "fruit",
    "trees",
    "fishery",
    "crafts",
    "trade_services",
    "land_rent",
    "dividend",
    "photovoltaic",
    "dibao",
    "extreme_hardship",
    "pension",
    "disability_allowance",
    "grain_for_green",
    "ecological_forest",
    "land_fertility",
    "education_aid",
    "family_support",
    "seed_fertiliser_feed",
)
BUYERS = ("cooperative", "company", "dealer", "market", "online", "institution", "neighbour")
_NO_RECEIPT_DATE, _NO_BUYER, _NO_QUANTITY = 0.003, 0.005, 0.003
_NONE = -1


def item(name: str) -> int:
    """The position of an item."""
    return ITEMS.index(name)


@dataclass(frozen=True)
class Sale:
    """What was sold: in hundredths of a measure, at a price in minor units, to whom."""

    quantity: Ints
    price: Ints
    buyer: Ints

    @property
    def amount(self) -> Ints:
        """Quantity times price, rounded to the minor unit."""
        return (self.quantity * self.price + 50) // 100


@dataclass
class Lines:
    """Income lines of a county, in any order until ``sorted_lines``."""

    parts: list[dict[str, Ints]] = field(default_factory=list)

    def add(
        self,
        households: Ints,
        amount: Ints,
        *,
        what: tuple[int, int],
        items: int | Ints,
        received: Ints | None = None,
        booked: Ints | None = None,
        sale: Sale | None = None,
    ) -> None:
        """Add one line for each household given; ``what`` is class and status."""
        count = len(households)
        self.parts.append(
            {
                "household": households,
                "class": np.full(count, what[0]),
                "status": np.full(count, what[1]),
                "amount": amount,
                "item": np.full(count, items) if isinstance(items, int) else items,
                "received": np.full(count, NEVER) if received is None else received,
                "booked": np.full(count, NEVER) if booked is None else booked,
                "quantity": np.full(count, _NONE) if sale is None else sale.quantity,
                "price": np.full(count, _NONE) if sale is None else sale.price,
                "buyer": np.full(count, UNKNOWN) if sale is None else sale.buyer,
            }
        )

    def sorted_lines(self, without: Flags) -> dict[str, Ints]:
        """All lines by household, except those of the households marked in ``without``."""
        together = {
            name: np.concatenate([part[name] for part in self.parts]).astype(np.int64)
            for name in self.parts[0]
        }
        order = np.argsort(together["household"], kind="stable")
        order = order[~without[together["household"][order]]]
        return {name: values[order] for name, values in together.items()}


def net_income(lines: dict[str, Ints], households: int, first: int, last: int) -> Ints:
    """What each household received between two days less what production cost it."""
    status, kind = lines["status"], lines["class"]
    in_year = (lines["received"] >= first) & (lines["received"] <= last)
    counts = (status == RECEIVED) & in_year & (kind <= TRANSFER)
    costs = (kind == COST) & (status != FORECAST)
    signed = np.where(counts, lines["amount"], 0) - np.where(costs, lines["amount"], 0)
    return np.bincount(lines["household"], weights=signed, minlength=households).astype(np.int64)


def line_columns(draws: Draws, lines: dict[str, Ints], complete: Flags) -> dict[str, pa.Array]:
    """The columns of the table, with the few dates, buyers and quantities that nobody wrote down.

    The ledgers of the households marked in ``complete`` have no gaps.
    """
    count = len(lines["household"])
    whole = complete[lines["household"]]
    sold = lines["buyer"] != UNKNOWN
    dated = whole | ~draws.chance("receipt date unknown", _NO_RECEIPT_DATE, count)
    named = whole | ~draws.chance("buyer unknown", _NO_BUYER, count)
    weighed = whole | ~draws.chance("quantity unknown", _NO_QUANTITY, count)
    priced = lines["price"] != _NONE
    return {
        "class": coded(CLASSES, lines["class"]),
        "status": coded(STATUSES, lines["status"]),
        "amount": numbers(lines["amount"]),
        "received_on": dates(lines["received"], dated),
        "booked_on": dates(lines["booked"]),
        "item": coded(ITEMS, lines["item"]),
        "quantity": numbers(lines["quantity"], priced & weighed),
        "unit_price": numbers(lines["price"], priced),
        "buyer_kind": coded(BUYERS, lines["buyer"], sold & named),
    }
