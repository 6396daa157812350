# SPDX-License-Identifier: Apache-2.0
"""Decides the seventh section: what is not known, how much of it, and what would settle it."""

from __future__ import annotations

from hearthline.reporting.markup import Content, Markup
from hearthline.reporting.parts import Cell, Edition, paragraph, share, table, words
from hearthline.statistics import numerals


def doubts(edition: Edition) -> Markup:
    """Every requirement and amount that is unknown for somebody, the most often first."""
    rows = [*_criteria(edition), *_amounts(edition)]
    say = edition.say
    if not rows:
        return edition.section("unknowns", paragraph(say("unknowns_none")), _weights(edition))
    rows.sort(key=lambda row: -row[1])
    heads = [Cell(say("criterion")), Cell(say("share"), True), Cell(say("settles"))]
    body = [[words(name), share(part), words(remedy, "long")] for name, part, remedy in rows]
    caption = edition.caption(say("unknowns_chart", unit=edition.unit))
    return edition.section(
        "unknowns",
        paragraph(say("unknowns_lead")),
        table(heads, body, caption=caption, stacked=True),
        _weights(edition),
    )


def _criteria(edition: Edition) -> list[tuple[str, float, str]]:
    specification = edition.report.statistics.specification
    standard = specification.default_standard
    found = edition.report.statistics.find_table("criteria")
    if standard is None or found is None:
        return []
    return [
        (edition.label("criteria", name), unknown, edition.say.said(specification.criteria[name].remedy))
        for name in standard.criteria
        if name in specification.criteria and (unknown := edition.number("unknown", name)) > 0
    ]


def _amounts(edition: Edition) -> list[tuple[str, float, str]]:
    say = edition.say
    welfare = edition.report.statistics.specification.welfare
    rows: list[tuple[str, float, str]] = []
    if welfare and edition.number("welfare_unknown") > 0:
        name = say("unknown_welfare", name=edition.welfare)
        rows.append((name, edition.number("welfare_unknown"), say("settles_welfare")))
    for index in edition.report.statistics.specification.indices:
        unknown = edition.number("unknown", index.name)
        if unknown > 0 and edition.value("h", index.name) is not None:
            name = say("index_undecided", name=say.said(index.label, index.name))
            rows.append((name, unknown, say("settles_index")))
    return rows


def _weights(edition: Edition) -> Content:
    unknown = edition.number("weight_unknown")
    return paragraph(edition.say("unknown_weight", n=numerals.whole(unknown)), "note") if unknown else None
