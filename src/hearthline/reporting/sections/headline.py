# SPDX-License-Identifier: Apache-2.0
"""Decides the first section: who is poor, how many, under which standard, line and date."""

from __future__ import annotations

from hearthline.reporting.charts import Drawing, Segment, divided
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Cell, Edition, count, described, paragraph, share, table, words
from hearthline.statistics import numerals
from hearthline.statistics.formats import amount_words


def headline(edition: Edition) -> Markup:
    """The headcount as a sentence, what is unknown beside it, and the figures of the first page."""
    return edition.section(
        "headline", _sentence(edition), _status_chart(edition), _tiles(edition), _facts(edition)
    )


def _weights(edition: Edition) -> tuple[float, float, float]:
    """The weights of the poor, of those whose status is known, and of all."""
    everybody = _everybody(edition)
    poor = edition.number("poor", _standard_item(edition)) * everybody
    not_poor = edition.number("not_poor", _standard_item(edition)) * everybody
    return poor, poor + not_poor, everybody


def _everybody(edition: Edition) -> float:
    weight = edition.report.statistics.specification.weight
    return edition.number({"person": "people", "household": "households", "none": "n"}[weight])


def _standard_item(edition: Edition) -> str:
    standard = edition.report.statistics.specification.default_standard
    return standard.name if standard else ""


def _sentence(edition: Edition) -> Content:
    say = edition.say
    poor, known, everybody = _weights(edition)
    headcount = edition.value("headcount")
    lead = say(
        "headline_lead",
        share=numerals.percent(headcount),
        unit=edition.unit,
        poor=numerals.whole(poor),
        known=numerals.whole(known),
    )
    number = tag("span", numerals.percent(headcount), class_="number", aria_hidden="true")
    unknown = everybody - known
    doubt = say("headline_all_known")
    if edition.number("status_unknown") > 0:
        doubt = say(
            "headline_unknown",
            unknown=numerals.whole(unknown),
            all=numerals.whole(everybody),
            unit=edition.unit,
            share=numerals.percent(edition.value("status_unknown")),
            highest=numerals.percent((poor + unknown) / everybody if everybody else None),
        )
    rest = [doubt]
    if edition.report.statistics.specification.weight == "person":
        rest.append(_in_households(edition))
    return [
        tag("div", number, paragraph(lead, "lead"), class_="headline"),
        paragraph(edition.gap.join(rest)),
    ]


def _in_households(edition: Edition) -> str:
    households = edition.report.households
    poor = float(households.value("poor", item=_standard_item(edition)) or 0.0)
    not_poor = float(households.value("not_poor", item=_standard_item(edition)) or 0.0)
    everybody = float(households.value("households") or 0.0)
    return edition.say(
        "headline_households",
        poor=numerals.whole(poor * everybody),
        known=numerals.whole((poor + not_poor) * everybody),
        share=numerals.percent(households.value("headcount")),
    )


def _status_chart(edition: Edition) -> Markup:
    say = edition.say
    names = (("poor", "poor"), ("not_poor", "rest"), ("unknown", "doubt"))
    shares = {name: edition.number(name, _standard_item(edition)) for name, _ in names}
    legend = [(style, f"{say(name)} {numerals.percent(shares[name])}") for name, style in names]
    description = ", ".join(words for _, words in legend)
    title = say("status_chart", standard=edition.standard)
    drawing = Drawing(edition.drawing_name(), title, description)
    chart = divided(drawing, [Segment(say(name), shares[name], style) for name, style in names])
    everybody = _everybody(edition)
    heads = [Cell(say("standard")), Cell(edition.unit, True), Cell(say("share"), True)]
    rows = [[words(say(name)), count(shares[name] * everybody), share(shares[name])] for name, _ in names]
    return edition.figure(title, chart, table(heads, rows), legend=edition.legend(legend))


def _tiles(edition: Edition) -> Content:
    say = edition.say
    below = edition.number("below_line")
    depth = edition.number("gap") / below if below else None
    tiles: list[tuple[str, str | None, str]] = [
        ("gap", _if_known(edition, "gap", numerals.percent), say("tile_gap_about")),
        ("depth", None if depth is None else numerals.percent(depth), say("tile_depth_about")),
        ("severity", _if_known(edition, "severity", numerals.index), say("tile_severity_about")),
        ("gini", _if_known(edition, "gini", numerals.index), say("tile_gini_about")),
        (
            "median",
            _if_known(edition, "median", numerals.amount),
            say("tile_median_about", name=edition.welfare_in_units),
        ),
    ]
    shown = [
        (
            say(f"tile_{name}"),
            [tag("span", figure, class_="number"), tag("span", about, class_="about")],
        )
        for name, figure, about in tiles
        if figure is not None
    ]
    return described(shown, "tiles") if shown else None


def _if_known(edition: Edition, column: str, form: object) -> str | None:
    value = edition.value(column)
    return None if value is None or not callable(form) else str(form(value))


def _facts(edition: Edition) -> Markup:
    say, report = edition.say, edition.report
    pairs: list[tuple[str, Content]] = []
    if edition.standard:
        pairs.append((say("standard"), edition.standard))
    if report.statistics.specification.line is not None:
        pairs.append((say("line"), line_words(edition)))
    pairs.append((say("date"), report.statistics.provenance.on))
    pairs.append((say("population"), _population(edition)))
    versions = say(
        "versions_value",
        package=report.statistics.provenance.version_hash[:12],
        snapshot=report.statistics.provenance.snapshot_hash[:12],
    )
    pairs.append((say("versions"), tag("code", versions)))
    return described(pairs, "facts")


def line_words(edition: Edition) -> str:
    """The line with its amount, unit and source."""
    specification = edition.report.statistics.specification
    line = specification.line
    if line is None:
        return numerals.NONE
    name = edition.say.said(line.label, line.name)
    if line.value is None:
        return name
    unit = specification.currency if line.unit in ("", "1") else line.unit
    amount = amount_words(numerals.amount(line.value), unit or "1", edition.language)
    chinese = edition.language == "zh"
    start = amount if name == str(line.value) else f"{name}{'：' if chinese else ': '}{amount}"
    source = edition.say.said(line.source)
    if not source:
        return start
    return f"{start}（{source}）" if chinese else f"{start} ({source})"


def _population(edition: Edition) -> str:
    figures = {name: numerals.whole(edition.value(name)) for name in ("people", "households", "n")}
    key = "population_n"
    if edition.value("households") is not None:
        key = "population_households" if edition.value("people") is None else "population_value"
    return edition.say(key, **figures)
