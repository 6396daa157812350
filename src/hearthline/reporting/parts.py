# SPDX-License-Identifier: Apache-2.0
"""Decides the parts that every section of a report is made of: figures, tables, notes, numbering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hearthline.engine.rules.wording import unit_words
from hearthline.reporting.charts import swatch
from hearthline.reporting.inputs import ReportInput
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.phrases import Phrases
from hearthline.statistics import numerals
from hearthline.statistics.figures import Figure
from hearthline.statistics.formats import amount_words


@dataclass
class Edition:
    """One language of one report while it is being written: its words, and the numbers given so far."""

    report: ReportInput
    say: Phrases
    figures: int = 0
    tables: int = 0
    swatches: int = 0
    sections: list[tuple[str, str]] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language of this edition."""
        return self.say.language

    @property
    def unit(self) -> str:
        """What is counted: people, households, or households of the file."""
        return self.say(self.report.statistics.specification.weight)

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return "" if self.language == "zh" else " "

    @property
    def standard(self) -> str:
        """The name of the default standard."""
        standard = self.report.statistics.specification.default_standard
        return self.say.said(standard.label, standard.name) if standard else ""

    def label(self, table: str, name: str) -> str:
        """What a row of a table speaks of: a criterion, a cause, an index."""
        return self.report.statistics.specification.item_label(table, name, self.language)

    @property
    def welfare(self) -> str:
        """The name of the welfare value."""
        specification = self.report.statistics.specification
        return specification.label(specification.welfare or "", self.language)

    @property
    def welfare_in_units(self) -> str:
        """The name of the welfare value with its unit, if it has one."""
        unit = unit_words(self.report.statistics.specification.welfare_unit, self.language)
        form = "{}（{}）" if self.language == "zh" else "{}, {}"
        return form.format(self.welfare, unit) if unit else self.welfare

    def welfare_amount(self, number: float) -> str:
        """An amount of the welfare value with its unit."""
        unit = self.report.statistics.specification.welfare_unit
        return amount_words(numerals.amount(number), unit, self.language)

    def value(self, column: str, item: str | None = None) -> Figure:
        """A figure of the whole, None where it was not computed."""
        try:
            return self.report.statistics.value(column, item=item)
        except KeyError:
            return None

    def number(self, column: str, item: str | None = None) -> float:
        """A figure of the whole as a number, zero where there is none."""
        return float(self.value(column, item) or 0.0)

    def name(self, word: str) -> str:
        """A name in the page that no other edition uses."""
        return f"{self.language}-{word}"

    def section(self, key: str, *content: Content) -> Markup:
        """A numbered section with its heading; it enters the table of contents."""
        self.sections.append((key, self.say(key)))
        name = self.name(key)
        heading = tag(
            "h2",
            tag("span", str(len(self.sections)), class_="part-number"),
            tag("span", self.say(key)),
            id=f"{name}-heading",
        )
        return tag("section", heading, *content, class_="part", id=name, aria_labelledby=f"{name}-heading")

    def figure(
        self, title: str, chart: Content, table: Content, *, legend: Content = None, note: str = ""
    ) -> Markup:
        """A chart with its number and title, what limits it, and the table of its figures."""
        self.figures += 1
        label = tag("span", self.say("figure", number=self.figures), class_="label")
        data = tag("details", tag("summary", self.say("as_table")), tag("div", table), class_="data")
        caution = tag("p", note, class_="figure-note") if note else None
        return tag("figure", tag("figcaption", label, title), legend, chart, caution, data)

    def drawing_name(self) -> str:
        """The name of the next chart."""
        return self.name(f"figure-{self.figures + 1}")

    def legend(self, entries: Sequence[tuple[str, str]]) -> Markup:
        """What the colours mean: (style, words)."""
        items = []
        for style, words in entries:
            self.swatches += 1
            items.append(tag("li", swatch(style, self.name(f"swatch-{self.swatches}")), tag("span", words)))
        return tag("ul", items, class_="legend")

    def caption(self, title: str) -> Markup:
        """The number and title of a table that stands on its own."""
        self.tables += 1
        label = tag("span", self.say("table", number=self.tables) + " ", class_="note")
        return tag("caption", label, title)


@dataclass(frozen=True)
class Cell:
    """One cell: its content, whether it is a number, and classes beside."""

    content: Content
    numeric: bool = False
    style: str = ""


def words(content: Content, style: str = "") -> Cell:
    """A cell of words."""
    return Cell(content, style=style)


def share(value: Figure) -> Cell:
    """A cell with a share."""
    return Cell(numerals.percent(value), numeric=True)


def count(value: Figure) -> Cell:
    """A cell with a count."""
    return Cell(numerals.whole(value), numeric=True)


def table(
    heads: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: Markup | None = None,
    stacked: bool = False,
    row_styles: Sequence[str] = (),
) -> Markup:
    """A table whose first column names the row. ``stacked`` ones turn into cards on a narrow screen."""
    head = tag("tr", [_head(cell) for cell in heads])
    body = [
        tag("tr", _cells(row, heads, stacked), class_=(row_styles[place] or None) if row_styles else None)
        for place, row in enumerate(rows)
    ]
    content = [caption, tag("thead", head), tag("tbody", body)]
    return tag("div", tag("table", content, class_="stack" if stacked else None), class_="wide")


def _head(cell: Cell) -> Markup:
    return tag("th", cell.content, scope="col", class_="n" if cell.numeric else None)


def _cells(row: Sequence[Cell], heads: Sequence[Cell], stacked: bool) -> list[Markup]:
    cells = [tag("th", row[0].content, scope="row")]
    for cell, head in zip(row[1:], heads[1:], strict=True):
        style = " ".join(part for part in ("n" if cell.numeric else "", cell.style) if part)
        label = str(head.content) if stacked and isinstance(head.content, str) and head.content else None
        cells.append(tag("td", cell.content, class_=style or None, data_label=label))
    return cells


def paragraph(text: Content, style: str | None = None) -> Markup:
    """A paragraph."""
    return tag("p", text, class_=style)


def described(pairs: Sequence[tuple[str, Content]], style: str) -> Markup:
    """Names with their values."""
    return tag("dl", [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs], class_=style)
