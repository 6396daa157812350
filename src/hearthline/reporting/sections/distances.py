# SPDX-License-Identifier: Apache-2.0
"""Decides the fourth section: how welfare lies around the line."""

from __future__ import annotations

from hearthline.reporting.charts import Axis, Column, Drawing, histogram
from hearthline.reporting.markup import Markup
from hearthline.reporting.parts import Cell, Edition, count, paragraph, share, table, words
from hearthline.statistics import numerals
from hearthline.statistics.distribution import Distribution, WelfareClass

_DIFFERENT = 0.0005


def distances(edition: Edition) -> Markup | None:
    """The histogram with the line, and where the standard differs from the line alone."""
    distribution = edition.report.distribution
    if distribution is None or not distribution.classes:
        return None
    return edition.section(
        "distribution",
        paragraph(_lead(edition, distribution)),
        _chart(edition, distribution),
    )


def _lead(edition: Edition, distribution: Distribution) -> str:
    below = numerals.percent(edition.value("below_line"))
    median = edition.value("median")
    if median is None or not distribution.line:
        return edition.say("distribution_lead_short", share=below, unit=edition.unit)
    times = median / distribution.line
    said = f"{times:.1f}倍" if edition.language == "zh" else f"{times:.1f} times"
    return edition.say(
        "distribution_lead", share=below, unit=edition.unit, median=edition.welfare_amount(median), times=said
    )


def _chart(edition: Edition, distribution: Distribution) -> Markup:
    say = edition.say
    title = say("distribution_chart", name=edition.welfare_in_units, unit=edition.unit)
    description = say(
        "distribution_lead_short", share=numerals.percent(distribution.below_line), unit=edition.unit
    )
    columns = [_column(part, distribution) for part in distribution.classes]
    line = (
        say("line_label_amount", amount=numerals.amount(distribution.line))
        if distribution.line
        else say("line_label")
    )
    last = int(columns[-1].start)
    marks = [(float(mark), _amount(edition, mark, distribution)) for mark in range(last + 1)]
    drawing = Drawing(edition.drawing_name(), title, description)
    beyond = _amount(edition, columns[-1].start, distribution) + "+"
    chart = histogram(drawing, columns, Axis(marks, 1.0, line, beyond))
    heads = [Cell(say("class")), Cell(say("share"), True), Cell(say("n_column"), True)]
    rows = [
        [words(_class_words(edition, part, distribution)), share(part.share), count(part.n)]
        for part in distribution.classes
    ]
    return edition.figure(title, chart, table(heads, rows), note=_notes(edition))


def _column(part: WelfareClass, distribution: Distribution) -> Column:
    width = next(
        float(other.end - other.start)
        for other in distribution.classes
        if other.start is not None and other.end is not None
    )
    start = float(part.start) if part.start is not None else -width
    end = float(part.end) if part.end is not None else start + width
    return Column(start, end, part.share, poor=end <= 1.0, open=part.start is None or part.end is None)


def _amount(edition: Edition, multiple: float, distribution: Distribution) -> str:
    if distribution.line:
        return numerals.amount(round(multiple * distribution.line, 2))
    return f"{multiple:g}×"


def _class_words(edition: Edition, part: WelfareClass, distribution: Distribution) -> str:
    if part.start is None:
        return edition.say("class_below_zero")
    start = _amount(edition, float(part.start), distribution)
    if part.end is None:
        return edition.say("class_more", start=start)
    return edition.say("class_range", start=start, end=_amount(edition, float(part.end), distribution))


def _notes(edition: Edition) -> str:
    say = edition.say
    notes = [say("last_class")]
    if edition.number("welfare_unknown") > 0:
        unknown = numerals.percent(edition.value("welfare_unknown"))
        notes.append(say("welfare_unknown", share=unknown, unit=edition.unit))
    line, status = edition.value("below_line"), edition.value("headcount")
    if line is not None and status is not None and abs(line - status) > _DIFFERENT:
        notes.append(say("below_differs", line=numerals.percent(line), status=numerals.percent(status)))
    return edition.gap.join(notes)
