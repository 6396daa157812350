# SPDX-License-Identifier: Apache-2.0
"""Decides what a column of a list is: its head, the value of a row, how it is shown, sorted and linked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from hearthline.statistics.numerals import NONE
from hearthline.ui import wording

Words = str | Promise
Row = object
"""A model object, a dict or a data class."""

FORMATS: Mapping[str, Callable[..., str]] = {
    "": wording.anything,
    "number": wording.number,
    "share": wording.share,
    "points": wording.points,
    "amount": wording.amount,
    "money": wording.money,
    "day": wording.short_day,
    "moment": wording.moment,
    "yes_no": wording.yes_no,
}
NUMBERS = frozenset({"number", "share", "points", "amount", "money"})


def value_at(row: Row, path: str) -> object:
    """The value of a row along a path such as ``officer.name``; None where a step is missing."""
    value: object = row
    if "." not in path:
        return value.get(path) if isinstance(value, Mapping) else getattr(value, path, None)
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
        if value is None:
            return None
    return value


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    ``value`` is a path into the row, or a function of it; without it, ``key`` is the path. ``sort`` names
    the field or annotation to sort by; without it the column does not sort. ``show`` is a name of
    ``FORMATS`` or a function of the value that gives text or safe HTML. ``link`` gives the address a cell
    opens, or None. ``first_down`` sorts from the largest at the first click.
    """

    key: str
    label: Words
    value: str | Callable[[Row], object] | None = None
    sort: str | None = None
    show: str | Callable[[object], str] = ""
    link: Callable[[Row], str | None] | None = None
    hint: Words = ""
    first_down: bool = False
    on_page: bool = True
    in_files: bool = True

    @property
    def numeric(self) -> bool:
        """Whether cells stand at the right, so that figures can be compared."""
        return isinstance(self.show, str) and self.show in NUMBERS

    def value_of(self, row: Row) -> object:
        """The value of a row, as files hold it."""
        if callable(self.value):
            return self.value(row)
        return value_at(row, self.value or self.key)

    def shown(self, row: Row) -> str | SafeString:
        """The value of a row as the page shows it."""
        value = self.value_of(row)
        if callable(self.show):
            return self.show(value)
        if self.show and (value is None or value == ""):
            return NONE
        return FORMATS[self.show](value)


def column(key: str, label: Words, **more: object) -> Column:
    """A column, with key and label written without their names."""
    return Column(key=key, label=label, **more)  # type: ignore[arg-type]  # the data class checks its own fields
