# SPDX-License-Identifier: Apache-2.0
"""Decides how dates are moved and how full years are counted, in the words of an engine."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.terms import BIG, DATE, binary, cast_to, text, when, whole

_MAX_SHIFT = {"day": 3_660_000, "month": 120_000}
"""No date between the years 1 and 9999 can be moved further and stay there."""

_LAST_OF_YEAR = (12, 31)


def date_constant(value: date) -> exp.Expr:
    """A date constant."""
    return cast_to(text(value.isoformat()), DATE)


def shifted(dialect: Dialect, day: exp.Expr, amount: exp.Expr, step: str, *, known_small: bool) -> exp.Expr:
    """A date moved by days or months; unknown outside the years 1 to 9999."""
    if known_small:
        return _moved(dialect, day, amount, step)
    limit = _MAX_SHIFT[step]
    # engines fold constants before they look at a case, so the cast within must never fail
    lower = dialect.say(Operation.LEAST, amount, whole(limit))
    held = dialect.say(Operation.GREATEST, lower, whole(-limit))
    small = exp.Between(this=amount, low=whole(-limit), high=whole(limit))
    return when([(small, _moved(dialect, day, held, step))])


def _moved(dialect: Dialect, day: exp.Expr, amount: exp.Expr, step: str) -> exp.Expr:
    operation = Operation.ADD_DAYS if step == "day" else Operation.ADD_MONTHS
    moved = dialect.say(operation, day, cast_to(amount, "INT"))
    in_range = exp.Between(this=moved, low=date_constant(date.min), high=date_constant(date.max))
    return when([(in_range, moved)])


def years_between(dialect: Dialect, start: exp.Expr, end: exp.Expr, known: date | None) -> exp.Expr:
    """Full years from a date to an end, ``known`` where constant; unknown where the end is earlier."""
    year = whole(known.year) if known else _part(dialect, "year", end)
    years = binary(exp.Sub, year, _part(dialect, "year", start))
    # on the last day of a year, for which most screenings are asked, everybody has had that year's birthday
    if known is None or (known.month, known.day) != _LAST_OF_YEAR:
        month_and_day = whole(known.month * 100 + known.day) if known else _month_and_day(dialect, end)
        early = binary(exp.LT, month_and_day, _month_and_day(dialect, start))
        years = binary(exp.Sub, years, when([(early, whole(1))], whole(0)))
    return when([(binary(exp.LTE, start, end), cast_to(years, BIG))])


def _part(dialect: Dialect, name: str, day: exp.Expr) -> exp.Expr:
    return dialect.say(Operation.DATE_PART, name, day)


def _month_and_day(dialect: Dialect, day: exp.Expr) -> exp.Expr:
    month = binary(exp.Mul, _part(dialect, "month", day), whole(100))
    return binary(exp.Add, month, _part(dialect, "day", day))
