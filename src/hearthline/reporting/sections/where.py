# SPDX-License-Identifier: Apache-2.0
"""Decides the third section: the headcount by place or group, with small groups protected."""

from __future__ import annotations

from collections.abc import Sequence

from hearthline.reporting.charts import inline_bar
from hearthline.reporting.inputs import PlaceLevel
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Cell, Edition, count, paragraph, share, table, words
from hearthline.statistics import numerals
from hearthline.statistics.disclosure import PlaceRow


def where(edition: Edition) -> Markup | None:
    """A table for every level of places; the lower ones open place by place."""
    levels = [level for level in edition.report.places if level.rows]
    if not levels:
        return None
    lead = edition.say("where_lead")
    counted = "person" if edition.report.statistics.specification.counts_people else "household"
    note = edition.say("protection", smallest=edition.report.smallest_group, unit=edition.say(counted))
    return edition.section(
        "where", paragraph(lead), [_level(edition, level) for level in levels], paragraph(note, "note")
    )


def _level(edition: Edition, level: PlaceLevel) -> Content:
    say = edition.say
    title = say("by_level", title=say.said(level.title).lower())
    top = max((row.headcount or 0.0 for row in level.rows), default=0.0)
    parents = list(dict.fromkeys(row.parent for row in level.rows))
    if level.parent_title is None or len(parents) < 2:
        return _table(edition, level, level.rows, top, caption=edition.caption(title))
    groups = [
        _parent(edition, level, parent, [row for row in level.rows if row.parent == parent], top)
        for parent in sorted(parents, key=lambda parent: -_headcount(level.rows, parent))
    ]
    edition.tables += 1
    number = tag("span", say("table", number=edition.tables) + " ", class_="note")
    return [tag("h3", number, title), groups]


def _headcount(rows: Sequence[PlaceRow], parent: str) -> float:
    """An order for the parents from what is shown; those of which nothing is shown come last."""
    shown = [row for row in rows if row.parent == parent and row.headcount is not None]
    weight = sum(row.weight for row in shown)
    return sum((row.headcount or 0.0) * row.weight for row in shown) / weight if weight else -1.0


def _parent(edition: Edition, level: PlaceLevel, parent: str, rows: Sequence[PlaceRow], top: float) -> Markup:
    say = edition.say
    number = sum(row.merged for row in rows)
    people = f"{numerals.whole(sum(row.weight for row in rows))} {edition.unit}"
    if edition.language == "zh":
        people = people.replace(" ", "")
    summary = tag(
        "summary",
        tag("span", _name(edition, level, parent)),
        tag("span", f"{say('places', number=number, title=say.said(level.title))} · {people}", class_="n"),
    )
    return tag("details", summary, _table(edition, level, rows, top), class_="group")


def _table(
    edition: Edition,
    level: PlaceLevel,
    rows: Sequence[PlaceRow],
    top: float,
    *,
    caption: Markup | None = None,
) -> Markup:
    say = edition.say
    ordered = sorted(rows, key=lambda row: (row.merged > 1, row.hidden, -(row.headcount or 0.0), row.name))
    doubtful = any(row.unknown > 0 and not row.hidden for row in rows)
    heads = [
        Cell(say.said(level.title)),
        Cell(say("people_column", unit=edition.unit.capitalize()), True),
        Cell(say("poor_column"), True),
        Cell(say("headcount_column"), True),
        Cell(""),
        *([Cell(say("unknown_column"), True)] if doubtful else []),
    ]
    body = [
        [
            words(_row_name(edition, level, row)),
            _hidden(edition) if row.people_hidden else count(row.weight),
            _poor(edition, row),
            Cell(numerals.percent(row.headcount), numeric=True, style="main"),
            Cell(inline_bar(row.headcount, top) if row.headcount is not None else "", style="bar"),
            *([Cell("", numeric=True) if row.hidden else share(row.unknown)] if doubtful else []),
        ]
        for row in ordered
    ]
    styles = ["apart" if row.merged > 1 else "" for row in ordered]
    return table(heads, body, caption=caption, stacked=True, row_styles=styles)


def _poor(edition: Edition, row: PlaceRow) -> Cell:
    return _hidden(edition) if row.poor is None else count(row.poor)


def _hidden(edition: Edition) -> Cell:
    hidden = tag("span", edition.say("hidden"), class_="hidden-figure", title=edition.say("hidden_why"))
    return Cell(hidden, numeric=True)


def _row_name(edition: Edition, level: PlaceLevel, row: PlaceRow) -> str:
    if row.merged > 1:
        return edition.say("merged", number=row.merged)
    return _name(edition, level, row.name)


def _name(edition: Edition, level: PlaceLevel, name: str) -> str:
    if not name:
        return edition.say("unknown")
    return edition.say.said(level.labels.get(name, {}), name)
