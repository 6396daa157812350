# SPDX-License-Identifier: Apache-2.0
"""Decides how numbers are written for people: as many digits as carry meaning, the same everywhere."""

from __future__ import annotations

from decimal import Decimal

NONE = "–"
"""What stands for a figure that does not exist."""


def percent(share: float | None, digits: int = 1) -> str:
    """A share in percent; a share that would round to nothing says so."""
    if share is None:
        return NONE
    least = 10.0 ** -(digits + 2)
    if 0 < share < least / 2:
        return f"<{100 * least:.{digits}f}%"
    return f"{100 * share:.{digits}f}%"


_SMALL = 1000
"""Below it a weighted count is shown with the tenths it may have."""


def whole(number: float | None) -> str:
    """A count with separators; a small one that weights have made uneven, to a tenth."""
    if number is None:
        return NONE
    tenths = round(number, 1)
    if abs(tenths) < _SMALL and not float(tenths).is_integer():
        return f"{tenths:.1f}"
    return f"{number:,.0f}"


def amount(number: float | Decimal | None) -> str:
    """An amount of money: no decimals where they are zero."""
    if number is None:
        return NONE
    text = f"{number:,.2f}"
    return text.removesuffix(".00")


def index(number: float | None) -> str:
    """An index between zero and one, to three decimals."""
    return NONE if number is None else f"{number:.3f}"
