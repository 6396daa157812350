# SPDX-License-Identifier: Apache-2.0
"""Decides how a value is written on a page: numbers, money, dates, yes and no, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from hearthline.statistics.numerals import NONE, percent

MINOR = 100
"""Minor units in one unit of money on pages: fen in a yuan."""
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - twelve words read better than a list of twelve quoted ones
)


def in_chinese() -> bool:
    """Whether the page is read in Chinese."""
    return (get_language() or "").startswith("zh")


def language_of_engine() -> str:
    """The language as packages and reasons name it."""
    return "zh" if in_chinese() else "en"


def number(value: Decimal | float | None, digits: int | None = None) -> str:
    """A number with separators; as many decimals as it has, or as asked."""
    if value is None:
        return NONE
    if digits is not None:
        return f"{value:,.{digits}f}"
    return f"{value:,}" if not isinstance(value, float) else f"{value:,.10g}"


def share(value: float | None, digits: int = 1) -> str:
    """A share in percent."""
    return percent(value, digits)


def points(value: float | None) -> str:
    """A difference of two shares in percentage points, always with its sign."""
    if value is None:
        return NONE
    written = f"{value:+.1f}"
    return "0.0" if written in ("+0.0", "-0.0") else written.replace("-", "\N{MINUS SIGN}")


def amount(value: Decimal | float | None, unit: str | None = None) -> str:
    """An amount of money in major units, with its unit; no decimals where they are zero."""
    if value is None:
        return NONE
    written = f"{value:,.2f}".removesuffix(".00")
    words = unit if unit is not None else pgettext("money", "yuan")
    if not words:
        return written
    return f"{written}{words}" if in_chinese() else f"{written} {words}"


def money(value: int | None, unit: str | None = None) -> str:
    """An amount of money in minor units (fen), with its unit."""
    return amount(None if value is None else Decimal(value) / MINOR, unit)


def day(value: date | None) -> str:
    """A day in words: 31 December 2017, 2017年12月31日."""
    if value is None:
        return NONE
    when = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    if in_chinese():
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(value: date | None) -> str:
    """A day in figures, for tables: 2017-12-31."""
    if value is None:
        return NONE
    when = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{when:%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """A day and a minute, in the time of the office."""
    if value is None:
        return NONE
    return f"{(timezone.localtime(value) if timezone.is_aware(value) else value):%Y-%m-%d %H:%M}"


def yes_no(value: bool | None) -> str:
    """Yes, no, or unknown."""
    return gettext("Yes") if value else gettext("Unknown") if value is None else gettext("No")


def anything(value: object) -> str:
    """A value by its type: what a cell shows where its column says no more."""
    if value is None or value == "":
        return NONE
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    return str(value)
