# SPDX-License-Identifier: Apache-2.0
"""Decides which texts are dates: ISO always, other forms only as the map declares them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from hearthline.intake.row_problems import NO_SUCH_DAY, NOT_A_DATE, SHORT_YEAR, TIME_OF_DAY, quoted

_PART = re.compile(r"yyyy|mm|dd")
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?\Z")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_SHORT_YEAR = re.compile(
    r"[0-9]{1,2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?\Z|[0-9]{1,2}[-/.年][0-9]{1,2}月?\Z"
)

_LIKELY = range(1850, 2101)
"""Years in which a fact of a household can lie; who was born in the year 112 is no second reading."""

_TRIAL_DAYS = [
    date(*parts) for parts in product((1912, 1999, 2010, 2020), (1, 2, 10, 12), (1, 3, 10, 12, 20, 28))
]


@dataclass(frozen=True)
class DateForm:
    """A written form such as ``yyyymm``; a month or day that it lacks is the first."""

    name: str
    pattern: re.Pattern[str]
    parts: tuple[str, ...]


def date_form(name: str) -> DateForm | None:
    """The form called ``name``: ``yyyy``, ``mm`` and ``dd`` with what stands between them; else None."""
    if name == "iso":
        name = "yyyy-mm-dd"
    parts = tuple(_PART.findall(name))
    if "yyyy" not in parts or len(set(parts)) != len(parts) or ("dd" in parts and "mm" not in parts):
        return None
    if re.search(r"[A-Za-z0-9]", _PART.sub("", name)):
        return None
    pattern, position = "", 0
    for match in _PART.finditer(name):
        between = name[position : match.start()]
        following = name[match.end() : match.end() + 1]
        open_ended = (between or match.start() == 0) and following not in ("y", "m", "d")
        digits = "{4}" if match[0] == "yyyy" else ("{1,2}" if open_ended else "{2}")
        pattern += re.escape(between) + f"([0-9]{digits})"
        position = match.end()
    return DateForm(name, re.compile(pattern + re.escape(name[position:]) + r"\Z"), parts)


ISO = DateForm("yyyy-mm-dd", re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z"), ("yyyy", "mm", "dd"))


def _find_day(form: DateForm, text: str) -> date | None:
    match = form.pattern.match(text)
    if match is None:
        return None
    found = dict(zip(form.parts, map(int, match.groups()), strict=True))
    try:
        return date(found["yyyy"], found.get("mm", 1), found.get("dd", 1))
    except ValueError:
        return None


@dataclass(frozen=True)
class TwoReadings:
    """A text that two forms read as two different days, each of them likely."""

    forms: tuple[str, str]
    text: str
    days: tuple[date, date]


def find_two_readings(forms: Sequence[DateForm]) -> TwoReadings | None:
    """Where the forms of a column, with the one that is always read, leave open which day is meant."""
    for one, other in combinations((ISO, *forms), 2):
        for day in _TRIAL_DAYS:
            for written in (one, other):
                text = _written(day, written)
                days = _find_day(one, text), _find_day(other, text)
                if (
                    days[0]
                    and days[1]
                    and days[0] != days[1]
                    and all(each.year in _LIKELY for each in days if each)
                ):
                    return TwoReadings((one.name, other.name), text, (days[0], days[1]))
    return None


def _written(day: date, form: DateForm) -> str:
    parts = {"yyyy": f"{day.year:04}", "mm": f"{day.month:02}", "dd": f"{day.day:02}"}
    return _PART.sub(lambda match: parts[match[0]], form.name)


def read_date(text: str, forms: Sequence[DateForm]) -> date:
    """The date that ``text`` states; refused if it is none, or one the calendar does not have."""
    plain = _MIDNIGHT.sub("", text)
    fits = [form for form in (ISO, *forms) if form.pattern.match(plain)]
    found = next((day for form in fits if (day := _find_day(form, plain)) is not None), None)
    if found is not None:
        return found
    if fits:
        raise NO_SUCH_DAY.error(value=quoted(text))
    if _CLOCK.search(text):
        raise TIME_OF_DAY.error(value=quoted(text))
    if _SHORT_YEAR.match(text):
        raise SHORT_YEAR.error(value=quoted(text))
    names = [form.name for form in forms] or [ISO.name]
    raise NOT_A_DATE.error(value=quoted(text), formats=" or ".join(names))
