# SPDX-License-Identifier: Apache-2.0
"""Decides how the cells of a list are written: in Python, for a template would take most of a page's time."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
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


def markup_of(columns: Sequence[Column], rows: Iterable[Row]) -> SafeString:
    """The rows as markup; the first cell of each is its head. What is not markup already is escaped."""
    writers = [_writer(column, is_head=not place) for place, column in enumerate(columns)]
    parts: list[str] = []
    for row in rows:
        parts.append('<tr role="row">')
        parts += [write(row) for write in writers]
        parts.append("</tr>\n")
    return mark_safe("".join(parts))


def _writer(column: Column, *, is_head: bool) -> Callable[[Row], str]:
    """What writes the cells of a column; all of a cell but text and address is the same in every row."""
    name, role, scope = ("th", "rowheader", ' scope="row"') if is_head else ("td", "cell", "")
    style = ' class="num"' if column.numeric else ""
    start = f'<{name}{scope} role="{role}" data-label="{_escaped(str(column.label))}"{style}>'
    end = f"</{name}>"
    shown, link = column.shown, column.link

    def plain(row: Row) -> str:
        return f"{start}{_escaped(shown(row))}{end}"

    def linked(row: Row) -> str:
        href = link(row) if link else None
        text = _escaped(shown(row))
        return f'{start}<a href="{_escaped(href)}">{text}</a>{end}' if href else f"{start}{text}{end}"

    return linked if link else plain


def _escaped(text: str) -> str:
    return text if isinstance(text, SafeString) else html.escape(str(text))
