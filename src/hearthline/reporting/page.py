# SPDX-License-Identifier: Apache-2.0
"""Decides the report as a whole: which sections it has, in which order, once in each language."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from hearthline.reporting.inputs import LANGUAGES, ReportInput
from hearthline.reporting.lone_page import HTML_LANGUAGE, lone_page
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Edition
from hearthline.reporting.phrases import phrases
from hearthline.reporting.sections.cases import cases
from hearthline.reporting.sections.deprivations import deprivations
from hearthline.reporting.sections.distances import distances
from hearthline.reporting.sections.doubts import doubts
from hearthline.reporting.sections.headline import headline
from hearthline.reporting.sections.origin import origin
from hearthline.reporting.sections.where import where
from hearthline.reporting.sections.why import why

SECTIONS: tuple[Callable[[Edition], Markup | None], ...] = (
    headline,
    why,
    where,
    distances,
    deprivations,
    cases,
    doubts,
    origin,
)


def write_report(path: str | Path, report: ReportInput) -> Path:
    """Write a report as one HTML file, readable by its owner alone, whole or not at all."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(report_page(report))
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


def report_page(report: ReportInput) -> str:
    """The page as text."""
    languages = [language for language in LANGUAGES if language in report.title] or ["en"]
    switch = [_switch(report, language) for language in languages] if len(languages) > 1 else None
    editions = [_edition(report, language) for language in languages]
    return lone_page(_page_title(report), [switch, editions], report.language)


def _switch(report: ReportInput, language: str) -> Content:
    name = f"language-{language}"
    choice = tag(
        "input",
        type="radio",
        name="language",
        id=name,
        checked=language == report.language,
        autocomplete="off",
    )
    label = tag("label", phrases(language)("language"), for_=name, lang=HTML_LANGUAGE[language])
    return [choice, label]


def _edition(report: ReportInput, language: str) -> Markup:
    edition = Edition(report, phrases(language))
    parts = [section(edition) for section in SECTIONS]
    say = edition.say
    first = edition.name(edition.sections[0][0])
    return tag(
        "div",
        tag("a", say("skip"), href=f"#{first}", class_="skip"),
        _cover(edition),
        tag("div", _contents(edition), tag("main", parts), class_="columns"),
        class_="edition",
        lang=HTML_LANGUAGE[language],
    )


def _page_title(report: ReportInput) -> str:
    title = report.title.get(report.language) or report.title.get("en") or ""
    return phrases(report.language)("invented_title", title=title) if report.invented_by else title


def _cover(edition: Edition) -> Markup:
    say, report = edition.say, edition.report
    about = say.said(report.description)
    on = say("on", on=report.statistics.provenance.on)
    return tag(
        "header",
        tag("p", f"{say('kicker')} · {on}", class_="kicker"),
        tag("p", say("invented", by=report.invented_by), class_="invented") if report.invented_by else None,
        tag("h1", say.said(report.title)),
        tag("p", about, class_="sub") if about else None,
        [tag("p", warning, class_="warning", lang="en") for warning in report.warnings],
        class_="cover",
    )


def _contents(edition: Edition) -> Markup:
    entries = [tag("li", tag("a", title, href=f"#{edition.name(key)}")) for key, title in edition.sections]
    heading = tag("h2", edition.say("contents"), id=edition.name("contents"))
    return tag("nav", heading, tag("ol", entries), aria_labelledby=edition.name("contents"))
