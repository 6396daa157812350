# SPDX-License-Identifier: Apache-2.0
"""Decides how the cells of a list are written: in Python, for a template would take most of a page's time."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from hearthline.ui.tables.columns import Column, Row


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of a page; its label stands before it where a row is shown as a card."""

    text: str | SafeString
    href: str | None
    numeric: bool
    label: str


def rows_of(columns: Sequence[Column], rows: Iterable[Row]) -> list[list[ShownCell]]:
    """The cells of a page."""
    known = [(column, str(column.label), column.numeric, column.link) for column in columns]
    return [
        [
            ShownCell(column.shown(row), link(row) if link else None, numeric, label)
            for column, label, numeric, link in known
        ]
        for row in rows
    ]


def markup_of(rows: Iterable[Sequence[ShownCell]]) -> SafeString:
    """The rows as markup; the first cell of each is its head. What is not markup already is escaped."""
    parts: list[str] = []
    for row in rows:
        parts.append('<tr role="row">')
        for place, cell in enumerate(row):
            name, role = ("td", "cell") if place else ("th", "rowheader")
            text = _escaped(cell.text)
            if cell.href:
                text = f'<a href="{_escaped(cell.href)}">{text}</a>'
            scope = "" if place else ' scope="row"'
            style = ' class="num"' if cell.numeric else ""
            parts.append(
                f'<{name}{scope} role="{role}" data-label="{_escaped(cell.label)}"{style}>{text}</{name}>'
            )
        parts.append("</tr>\n")
    return mark_safe("".join(parts))


def _escaped(text: str) -> str:
    return text if isinstance(text, SafeString) else html.escape(str(text))
