# SPDX-License-Identifier: Apache-2.0
"""Decides which filters a list has: each reads its part of the address and narrows the rows.

What is no value of a filter is left out, never an error: an address may be old or typed by hand.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from hearthline.ui.tables.columns import Words, value_at

Rows = QuerySet[Any, Any]
"""Rows of any model: a list does not know whose rows it shows."""
Option = tuple[str, str | Promise]
LONGEST = 200


@dataclass(frozen=True)
class Input:
    """A field of the filter form, filled with what is in force."""

    name: str
    label: Words
    kind: str
    value: str
    options: Sequence[Option] = ()

    @property
    def offered(self) -> SafeString:
        """The values to choose from, as markup: in Python, for a list may offer a hundred."""
        return mark_safe("".join(self._option(value, str(words)) for value, words in self.options))

    def _option(self, value: str, words: str) -> str:
        chosen = " selected" if value == self.value else ""
        return f'<option value="{html.escape(value)}"{chosen}>{html.escape(words)}</option>'


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What all filters share: the name in the address, the words, and the field they look at."""

    name: str
    label: Words
    field: str = ""
    by: Callable[[Rows, str], Rows] | None = None
    """Narrows a queryset in a way of its own, instead of by ``field``."""

    def inputs(self, asked: Mapping[str, str]) -> list[Input]:
        """The fields of the form."""
        return [Input(self.name, self.label, "text", self.value(asked))]

    def value(self, asked: Mapping[str, str]) -> str:
        """The valid value in the address, or nothing."""
        return asked.get(self.name, "").replace("\x00", "").strip()[:LONGEST]

    def condition(self, value: str) -> Q:
        """The condition on ``field``."""
        return Q(**{f"{self.field or self.name}__exact": value})

    def keeps(self, row: object, value: str) -> bool:
        """Whether a row of a plain list stays."""
        return str(value_at(row, self.field or self.name)) == value

    def narrow(self, rows: Rows, asked: Mapping[str, str]) -> Rows:
        """The rows of a queryset that the filter keeps."""
        value = self.value(asked)
        if not value:
            return rows
        return self.by(rows, value) if self.by else rows.filter(self.condition(value))

    def narrow_list(self, rows: Sequence[object], asked: Mapping[str, str]) -> Sequence[object]:
        """The rows of a plain list that the filter keeps."""
        value = self.value(asked)
        return [row for row in rows if self.keeps(row, value)] if value else rows


@dataclass(frozen=True, kw_only=True)
class Text(Filter):
    """Text that the field contains, or begins with."""

    lookup: str = "icontains"

    def inputs(self, asked: Mapping[str, str]) -> list[Input]:
        return [Input(self.name, self.label, "search", self.value(asked))]

    def condition(self, value: str) -> Q:
        return Q(**{f"{self.field or self.name}__{self.lookup}": value})

    def keeps(self, row: object, value: str) -> bool:
        found = str(value_at(row, self.field or self.name) or "").casefold()
        return value.casefold() in found


@dataclass(frozen=True, kw_only=True)
class Choices(Filter):
    """One of a few values."""

    options: Sequence[Option] | Callable[[], Sequence[Option]]

    def known(self) -> Sequence[Option]:
        """The values to choose from."""
        return self.options() if callable(self.options) else self.options

    def inputs(self, asked: Mapping[str, str]) -> list[Input]:
        return [Input(self.name, self.label, "choice", self.value(asked), [("", _("All")), *self.known()])]

    def value(self, asked: Mapping[str, str]) -> str:
        value = Filter.value(self, asked)
        return value if value in {option for option, _words in self.known()} else ""


@dataclass(frozen=True, kw_only=True)
class Days(Filter):
    """From one day to another, both included."""

    of_moment: bool = False
    """Whether the field is a moment and not a day."""

    def inputs(self, asked: Mapping[str, str]) -> list[Input]:
        first, last = self._days(asked)
        return [
            Input(f"{self.name}_from", _from(self.label), "date", first.isoformat() if first else ""),
            Input(f"{self.name}_to", _to(self.label), "date", last.isoformat() if last else ""),
        ]

    def value(self, asked: Mapping[str, str]) -> str:
        first, last = self._days(asked)
        return f"{first or ''}/{last or ''}" if first or last else ""

    def condition(self, value: str) -> Q:
        first, last = value.split("/")
        field = f"{self.field or self.name}__date" if self.of_moment else self.field or self.name
        condition = Q()
        if first:
            condition &= Q(**{f"{field}__gte": date.fromisoformat(first)})
        if last:
            condition &= Q(**{f"{field}__lte": date.fromisoformat(last)})
        return condition

    def keeps(self, row: object, value: str) -> bool:
        first, last = value.split("/")
        found = str(value_at(row, self.field or self.name) or "")[:10]
        return bool(found) and (not first or found >= first) and (not last or found <= last)

    def _days(self, asked: Mapping[str, str]) -> tuple[date | None, date | None]:
        return _day(asked.get(f"{self.name}_from", "")), _day(asked.get(f"{self.name}_to", ""))


def _from(label: Words) -> Words:
    return _("%(what)s: from") % {"what": label}


def _to(label: Words) -> Words:
    return _("%(what)s: to") % {"what": label}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
