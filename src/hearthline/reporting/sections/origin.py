# SPDX-License-Identifier: Apache-2.0
"""Decides the last section: package, snapshot, engine and seconds, and how the figures are defined."""

from __future__ import annotations

from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Cell, Edition, described, paragraph, table, words
from hearthline.statistics import numerals

_DEFINED = ("headcount", "gap", "gini", "mpi")


def origin(edition: Edition) -> Markup:
    """What was computed from what, by what, and how long each step took."""
    say = edition.say
    return edition.section(
        "provenance",
        paragraph(say("provenance_lead")),
        described(_pairs(edition), "facts"),
        _seconds(edition),
        _definitions(edition),
    )


def _pairs(edition: Edition) -> list[tuple[str, Content]]:
    say, report = edition.say, edition.report
    figures, ran = report.statistics.provenance, report.provenance
    title = say.said(report.statistics.specification.title)
    joint = "、" if edition.language == "zh" else ", "
    rows = joint.join(_rows_read(edition, name, number) for name, number in ran.counts.items())
    pairs: list[tuple[str, Content]] = [
        (say("package"), [f"{title} ", tag("code", figures.package)]),
        (say("package_version"), tag("code", figures.version_hash)),
        (say("snapshot"), tag("code", figures.snapshot_hash)),
        (say("screened"), figures.on),
        (say("computed"), ran.created.replace("T", " ").replace("+00:00", " UTC")),
        (say("engine"), f"{ran.engine} {ran.engine_version}".strip()),
        (say("software"), f"hearthline {ran.software_version}" if ran.software_version else ""),
        (say("memory"), ran.memory),
        (say("rows"), rows),
    ]
    return [(name, value) for name, value in pairs if value]


def _rows_read(edition: Edition, name: str, number: int) -> str:
    key = f"rows_{name}"
    return edition.say(key, number=f"{number:,}") if key in edition.say else f"{name} {number:,}"


def _seconds(edition: Edition) -> Content:
    seconds = edition.report.provenance.seconds
    if not seconds:
        return None
    say = edition.say
    heads = [Cell(say("step")), Cell(say("seconds_column"), True)]
    rows = [[words(name), Cell(f"{value:.2f}", True)] for name, value in seconds.items()]
    rows.append([words(say("total")), Cell(f"{sum(seconds.values()):.2f}", True)])
    body = table(heads, rows, row_styles=[*[""] * len(seconds), "whole"])
    return tag("details", tag("summary", say("seconds")), tag("div", body), class_="data")


def _definitions(edition: Edition) -> Content:
    say = edition.say
    present = {
        "headcount": edition.value("headcount"),
        "gap": edition.value("gap"),
        "gini": edition.value("gini"),
        "mpi": edition.report.statistics.find_table("mpi"),
    }
    items = [tag("li", say(f"definition_{name}")) for name in _DEFINED if present[name] is not None]
    items.append(tag("li", say("definition_weight", unit=edition.unit)))
    listed = edition.report.provenance.counts.get("persons")
    if listed and edition.value("people") is not None:
        items.append(tag("li", say("definition_people", listed=numerals.whole(listed))))
    return [tag("h3", say("definitions")), tag("ul", items, class_="note")]
