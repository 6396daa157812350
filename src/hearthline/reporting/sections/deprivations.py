# SPDX-License-Identifier: Apache-2.0
"""Decides the fifth section: the multidimensional indices, their parts, and what each contributes."""

from __future__ import annotations

from hearthline.engine.rules.policy import Index
from hearthline.reporting.charts import Bar, Drawing, Segment, bars, divided
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Cell, Edition, described, paragraph, share, table, words
from hearthline.statistics import numerals

_STYLES = ("poor", "second", "third", "rest")
"""The colours of dimensions, in the order of the index."""


def deprivations(edition: Edition) -> Markup | None:
    """Every index of the package: H, A and M0, its indicators and its dimensions."""
    found = edition.report.statistics.find_table("mpi")
    if found is None:
        return None
    measured = {row.item for row in found.rows}
    indices = [index for index in edition.report.statistics.specification.indices if index.name in measured]
    if not indices:
        return None
    return edition.section("index", [_index(edition, index, len(indices) > 1) for index in indices])


def _index(edition: Edition, index: Index, several: bool) -> Content:
    say = edition.say
    label = say.said(index.label, index.name)
    figures = [
        (say("incidence"), numerals.percent(edition.value("h", index.name))),
        (say("intensity"), numerals.percent(edition.value("a", index.name))),
        (say("adjusted"), numerals.index(edition.value("m0", index.name))),
    ]
    tiles = described([(name, tag("span", value, class_="number")) for name, value in figures], "tiles")
    return [
        tag("h3", label) if several else paragraph(label, "lead"),
        paragraph(say("index_lead", cutoff=str(index.cutoff))),
        tiles,
        _indicators(edition, index, label),
        _contributions(edition, index, label),
    ]


def _indicators(edition: Edition, index: Index, label: str) -> Markup:
    say = edition.say
    title = say("indicators_chart", name=label, unit=edition.unit)
    items = [
        Bar(edition.label("criteria", name), edition.number("censored_headcount", f"{index.name}.{name}"))
        for name in index.weights
    ]
    most = max(items, key=lambda item: item.share or 0.0)
    drawing = Drawing(edition.drawing_name(), title, f"{most.label}: {most.share or 0:.1%}")
    return edition.figure(title, bars(drawing, items), _table(edition, index), note=_notes(edition, index))


def _contributions(edition: Edition, index: Index, label: str) -> Content:
    """What each dimension adds to M0, where there are few enough to tell apart."""
    say = edition.say
    if not 1 < len(index.dimensions) <= len(_STYLES) or not edition.value("m0", index.name):
        return None
    parts = [
        (style, say.said(dimension.label, dimension.name), f"{index.name}.{dimension.name}")
        for style, dimension in zip(_STYLES, index.dimensions, strict=False)
    ]
    shares = [edition.number("contribution", item) for _, _, item in parts]
    title = say("dimensions_chart", name=label)
    legend = [
        (style, f"{name} {numerals.percent(part)}")
        for (style, name, _), part in zip(parts, shares, strict=True)
    ]
    drawing = Drawing(edition.drawing_name(), title, ", ".join(words for _, words in legend))
    segments = [Segment(name, part, style) for (style, name, _), part in zip(parts, shares, strict=True)]
    heads = [Cell(say("dimension")), Cell(say("weight"), True), Cell(say("contribution"), True)]
    rows = [
        [words(name), share(edition.value("weight", item)), share(edition.value("contribution", item))]
        for _, name, item in parts
    ]
    chart = divided(drawing, segments)
    return edition.figure(title, chart, table(heads, rows), legend=edition.legend(legend))


def _table(edition: Edition, index: Index) -> Markup:
    say = edition.say
    columns = {
        "weight": "weight",
        "uncensored": "uncensored_headcount",
        "censored": "censored_headcount",
        "contribution": "contribution",
    }
    heads = [Cell(say("indicator")), *(Cell(say(head), True) for head in columns)]
    rows: list[list[Cell]] = []
    styles: list[str] = []
    for dimension in index.dimensions:
        item = f"{index.name}.{dimension.name}"
        total = [share(edition.value("weight", item)), words(""), words("")]
        rows.append(
            [
                words(say.said(dimension.label, dimension.name)),
                *total,
                share(edition.value("contribution", item)),
            ]
        )
        styles.append("whole")
        for name in dimension.indicators:
            figures = [share(edition.value(column, f"{index.name}.{name}")) for column in columns.values()]
            rows.append([words(edition.label("criteria", name)), *figures])
            styles.append("")
    return table(heads, rows, row_styles=styles)


def _notes(edition: Edition, index: Index) -> str:
    say = edition.say
    notes = []
    if edition.number("unknown", index.name) > 0:
        unknown = numerals.percent(edition.value("unknown", index.name))
        notes.append(say("index_unknown", share=unknown, unit=edition.unit))
    if edition.number("score_unknown", index.name) > 0:
        notes.append(say("index_bounds", share=numerals.percent(edition.value("score_unknown", index.name))))
    return edition.gap.join(notes)
