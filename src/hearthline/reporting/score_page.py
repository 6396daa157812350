# SPDX-License-Identifier: Apache-2.0
"""Decides the page of the scores of a package: one HTML file that needs no network and no script."""

from __future__ import annotations

from pathlib import Path

from hearthline.engine.rules.policy import Policy, Score
from hearthline.engine.rules.wording import said
from hearthline.reporting.data_sheets import WORDS, SheetTable, sheet_tables, statement_of
from hearthline.reporting.lone_page import lone_page
from hearthline.reporting.markup import Markup, tag
from hearthline.reporting.score_charts import chart_markup


def score_page(policy: Policy, language: str) -> str:
    """The page as text."""
    title = said(policy.title, language)
    scores = [_score(policy, score, language) for score in policy.scores.values()]
    main = tag("main", tag("header", tag("h1", title), class_="cover"), scores)
    return lone_page(title, main, language)


def _score(policy: Policy, score: Score, language: str) -> Markup:
    tables = [_table(each) for each in sheet_tables(policy, score, language)]
    return tag(
        "section",
        tag("h2", said(score.label, language), id=score.name),
        tag("p", statement_of(score, language), class_="warning"),
        tables or tag("p", said(WORDS["none"], language)),
        [tag("figure", chart) for chart in chart_markup(score, language)],
    )


def _table(table: SheetTable) -> Markup:
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in table.columns]))
    rows = [
        tag("tr", tag("th", row[0], scope="row"), [tag("td", cell) for cell in row[1:]]) for row in table.rows
    ]
    whole = tag("table", head if table.columns else None, tag("tbody", rows))
    return Markup(tag("h3", table.heading) + tag("div", whole, class_="scroll"))


def write_score_page(policy: Policy, target: Path, language: str) -> None:
    """Write the page; a file that is there is written anew."""
    target.write_text(score_page(policy, language), encoding="utf-8")
