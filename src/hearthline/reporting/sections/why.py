# SPDX-License-Identifier: Apache-2.0
"""Decides the second section: which requirements are not met, and for which causes there is evidence."""

from __future__ import annotations

from hearthline.reporting.charts import Bar, Drawing, bars
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Cell, Edition, paragraph, share, table, words


def why(edition: Edition) -> Markup | None:
    """Requirements not met and causes, each with the note that shares overlap."""
    names = _criteria(edition)
    if not names:
        return None
    return edition.section(
        "why", paragraph(edition.say("why_lead")), _criteria_chart(edition, names), _causes(edition)
    )


def _criteria(edition: Edition) -> list[str]:
    """The criteria of the default standard, the most often not met first."""
    standard = edition.report.statistics.specification.default_standard
    found = edition.report.statistics.find_table("criteria")
    if standard is None or found is None:
        return []
    known = {row.item for row in found.rows}
    names = [name for name in standard.criteria if name in known]
    return sorted(names, key=lambda name: -edition.number("not_met", name))


def _criteria_chart(edition: Edition, names: list[str]) -> Content:
    say = edition.say
    title = say("criteria_chart", unit=edition.unit)
    items = [
        Bar(edition.label("criteria", name), edition.number("not_met", name), edition.number("unknown", name))
        for name in names
    ]
    worst = items[0]
    drawing = Drawing(edition.drawing_name(), title, f"{worst.label}: {worst.share or 0:.1%}")
    columns = ("not_met", "unknown", "met")
    heads = [Cell(say("criterion")), *(Cell(say(column), True) for column in columns)]
    rows = [
        [words(edition.label("criteria", name)), *(share(edition.value(column, name)) for column in columns)]
        for name in names
    ]
    legend = edition.legend([("poor", say("not_met")), ("doubt", say("unknown"))])
    note = say("overlap") if len(names) > 1 else ""
    return edition.figure(title, bars(drawing, items), table(heads, rows), legend=legend, note=note)


def _causes(edition: Edition) -> Content:
    found = edition.report.statistics.find_table("causes")
    if found is None or not found.rows:
        return None
    say = edition.say
    names = sorted({row.item or "" for row in found.rows}, key=lambda name: -edition.number("evident", name))
    items = [
        Bar(edition.label("causes", name), edition.number("evident", name), edition.number("unknown", name))
        for name in names
    ]
    title = say("causes_chart")
    drawing = Drawing(edition.drawing_name(), title, f"{items[0].label}: {items[0].share or 0:.1%}")
    columns = ("evident", "unknown", "not_evident")
    heads = [Cell(say("cause")), *(Cell(say(column), True) for column in columns)]
    rows = [
        [words(edition.label("causes", name)), *(share(edition.value(column, name)) for column in columns)]
        for name in names
    ]
    note = say("causes_overlap") + _without_evidence(edition, set(names))
    legend = edition.legend([("second", say("evident")), ("doubt", say("unknown"))])
    chart = bars(drawing, items, style="second")
    return [
        tag("h3", say("causes_title")),
        paragraph(say("causes_lead")),
        edition.figure(title, chart, table(heads, rows), legend=legend, note=note),
    ]


def _without_evidence(edition: Edition, shown: set[str]) -> str:
    causes = edition.report.statistics.specification.causes
    names = [edition.say.said(cause.label, cause.name) for cause in causes if cause.name not in shown]
    if not names:
        return ""
    joint = "、" if edition.language == "zh" else ", "
    return edition.gap + edition.say("causes_without", names=joint.join(names))
