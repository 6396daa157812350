# SPDX-License-Identifier: Apache-2.0
"""Decides how figures are written: aligned text for people, CSV and JSON for other programs.

Files hold 12 significant digits, the precision to which a figure repeats on any machine, so that the
same run gives the same file. Counts are written in full.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict

from hearthline.engine.rules.wording import unit_words
from hearthline.statistics import numerals
from hearthline.statistics.columns import Quantity
from hearthline.statistics.design import Precision
from hearthline.statistics.error_formats import (
    error_words,
    precise_cells,
    precision_document,
    sampling_document,
    sampling_lines,
)
from hearthline.statistics.figures import Figure, Figures, Group, MeasureTable
from hearthline.statistics.grouping import is_area
from hearthline.statistics.words import WORDS, column_title, table_title

DIGITS = 12


def filed(figure: Figure) -> Figure:
    """A figure as files hold it."""
    return float(f"{figure:.{DIGITS}g}") if isinstance(figure, float) else figure


def shown(figure: Figure, quantity: Quantity) -> str:
    """A figure as people read it: shares in percent, amounts to two decimals, counts whole."""
    if figure is None:
        return numerals.NONE
    if quantity is Quantity.SHARE:
        return numerals.percent(figure)
    if quantity in (Quantity.AMOUNT, Quantity.RATIO):
        return f"{figure:,.2f}"
    if quantity is Quantity.INDEX:
        return f"{figure:.4f}"
    return numerals.whole(figure)


def csv_of(figures: Figures) -> str:
    """One figure a line. A key that the breakdown does not use is empty, an unknown one is ``unknown``."""
    names = list(dict.fromkeys(name for group in figures.groups for name in group.names))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    errors = ["error", "low", "high", "design_effect"] if figures.sampling is not None else []
    writer.writerow(["by", *names, "measure", "item", "figure", "value", "n", *errors])
    for table in figures.tables:
        for row in table.rows:
            keys = [_cell(row.group, name) for name in names]
            for place, (heading, figure) in enumerate(zip(table.headings, row.figures, strict=True)):
                start = [row.group.by or "total", *keys, heading.measure]
                written = [*start, row.item or "", heading.name, _filed_or_empty(figure), row.n]
                if errors:
                    written += _error_cells(row.precisions[place])
                writer.writerow(written)
    return out.getvalue()


def _filed_or_empty(figure: Figure) -> Figure | str:
    return "" if figure is None else filed(figure)


def _error_cells(precision: Precision | None) -> list[Figure | str]:
    if precision is None:
        return [""] * 4
    parts = (precision.error, precision.low, precision.high, precision.effect)
    return [_filed_or_empty(part) for part in parts]


def _cell(group: Group, name: str) -> str:
    if name not in group.keys:
        return ""
    value = group.keys[name]
    return "unknown" if value is None else _harmless(value)


def csv_cell(text: str, *, key: bool = False) -> str:
    """A text as a cell of CSV: quoted where it must be; a ``key`` is no formula of a spreadsheet."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([_harmless(text) if key else text, ""])
    return out.getvalue()[:-1]


def _harmless(value: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) and not _number(value) else value


def _number(value: str) -> bool:
    return value.lstrip("+-").replace(".", "", 1).isdigit()


def json_of(figures: Figures) -> str:
    """All figures with their provenance; an unknown key is null."""
    specification = figures.specification
    line = specification.line
    document: dict[str, object] = {
        **asdict(figures.provenance),
        "weight": specification.weight,
        "welfare": specification.welfare,
        "line": None
        if line is None
        else {"name": line.name, "value": None if line.value is None else str(line.value)},
        "tables": [_table_document(table) for table in figures.tables],
    }
    if figures.sampling is not None:
        document["sampling"] = sampling_document(figures.sampling)
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _table_document(table: MeasureTable) -> dict[str, object]:
    rows: list[dict[str, object]] = []
    for row in table.rows:
        entry: dict[str, object] = {"by": row.group.by or "total", "group": row.group.keys, "n": row.n}
        if row.item is not None:
            entry["item"] = row.item
        figures = zip(table.headings, row.figures, strict=True)
        entry |= {heading.name: filed(figure) for heading, figure in figures}
        if row.precisions:
            entry["errors"] = {
                heading.name: {name: filed(value) for name, value in found.items()}
                for heading, precision in zip(table.headings, row.precisions, strict=True)
                if (found := precision_document(precision)) is not None
            }
        rows.append(entry)
    return {"table": table.name, "rows": rows}


def text_of(figures: Figures, language: str = "en") -> str:
    """Aligned tables, one after the other, under a line that names the versions."""
    parts = ["\n".join(_introduction(figures, language))]
    for table in figures.tables:
        if figures.sampling is not None:
            body = aligned(_error_rows(figures, table, language), left=_left_columns(table) + 1)
        else:
            body = aligned(_text_rows(figures, table, language), left=_left_columns(table))
        parts.append(f"{table_title(table.name, language)}\n{body}")
    parts += _left_out_lines(figures, language)
    return "\n\n".join(parts) + "\n"


def _left_out_lines(figures: Figures, language: str) -> list[str]:
    """Which breakdowns have more groups than are shown, and where all are to be had."""
    words = WORDS[language]["left_out"]
    return [words.format(number=f"{number:,}", by=by) for by, number in figures.left_out.items()]


def _introduction(figures: Figures, language: str) -> list[str]:
    words, specification, provenance = WORDS[language], figures.specification, figures.provenance
    lines = []
    if provenance.package:
        version = provenance.version_hash[:12]
        lines.append(words["versions"].format(package=provenance.package, version=version, on=provenance.on))
    standard = specification.default_standard
    if standard is not None:
        lines.append(words["standard"].format(name=standard.label.get(language) or standard.name))
    lines.append(words["weight"].format(weight=words[f"weight_{specification.weight}"]))
    if specification.welfare:
        label = specification.label(specification.welfare, language)
        lines.append(words["welfare"].format(name=_with_code(label, specification.welfare)))
    if specification.line is not None:
        lines.append(words["line"].format(name=line_words(figures, language)))
    if figures.sampling is not None:
        lines += sampling_lines(figures.sampling, language)
    return lines


def line_words(figures: Figures, language: str) -> str:
    """The line in words: its label and, where it is one amount, the amount."""
    line = figures.specification.line
    if line is None:
        return "–"
    label = line.label.get(language) or line.label.get("en") or line.name
    if line.value is None:
        return _with_code(label, line.name)
    amount = amount_words(f"{line.value:,}", line.unit, language)
    equals = "＝" if language == "zh" else " = "
    return amount if label == str(line.value) else f"{label}{equals}{amount}"


def amount_words(number: str, unit: str, language: str) -> str:
    """A number with its unit, if it has one: ``2,952 yuan per person per year`` or ``2,952元/人/年``."""
    words = unit_words(unit, language)
    return f"{number}{words}" if language == "zh" or not words else f"{number} {words}"


def _with_code(label: str, name: str) -> str:
    return name if label == name else f"{label} ({name})"


def _left_columns(table: MeasureTable) -> int:
    return 1 + any(row.item is not None for row in table.rows)


_QUIET = ("weight_unknown", "watts_left_out", "nonpositive")
"""Columns that text shows only where they say something: they are zero in sound data."""


def shown_columns(table: MeasureTable) -> list[int]:
    """The positions of the columns that text shows."""
    return [
        place
        for place, heading in enumerate(table.headings)
        if heading.name != "n"
        and not (heading.name in _QUIET and all(not row.figures[place] for row in table.rows))
    ]


def _text_rows(figures: Figures, table: MeasureTable, language: str) -> list[list[str]]:
    with_items = _left_columns(table) == 2
    places = shown_columns(table)
    head = [WORDS[language]["group"], *([WORDS[language]["item"]] if with_items else [])]
    rows = [[*head, *(column_title(table.headings[place].name, language) for place in places), "n"]]
    previous: Group | None = None
    for row in table.rows:
        label = "" if row.group is previous else _group_words(figures, row.group, language)
        previous = row.group
        item = row.item or ""
        items = [figures.specification.item_label(table.name, item, language)] if with_items else []
        cells = [shown(row.figures[place], table.headings[place].quantity) for place in places]
        rows.append([label, *items, *cells, f"{row.n:,}"])
    return rows


def _error_rows(figures: Figures, table: MeasureTable, language: str) -> list[list[str]]:
    """One line a figure, with its error, interval and design effect."""
    with_items = _left_columns(table) == 2
    said = error_words(language)
    head = [WORDS[language]["group"], *([WORDS[language]["item"]] if with_items else []), said["figure"]]
    rows = [[*head, said["value"], said["error"], said["interval"], said["effect"], "n"]]
    group: Group | None = None
    for row in table.rows:
        label = "" if row.group is group else _group_words(figures, row.group, language)
        item = figures.specification.item_label(table.name, row.item or "", language)
        group = row.group
        for place in shown_columns(table):
            heading = table.headings[place]
            cells = precise_cells(row.figures[place], heading, row.precisions[place])
            names = [label, *([item] if with_items else []), column_title(heading.name, language)]
            rows.append([*names, *cells, f"{row.n:,}"])
            label = item = ""
    return rows


def _group_words(figures: Figures, group: Group, language: str) -> str:
    if not group.names:
        return WORDS[language]["total"]
    keys = [name for name in group.names if not is_area(name)]
    names = " · ".join(figures.specification.label(name, language) for name in keys)
    label = figures.group_label(group, language)
    colon = "：" if language == "zh" else ": "
    return f"{names}{colon}{label}" if names else label


def aligned(rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Rows as columns of equal width; the first ``left`` columns stand left, numbers stand right.

    A Chinese character is two columns wide on a terminal.
    """
    widths = [max(width_of(row[position]) for row in rows) for position in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell + " " * (width - width_of(cell))
            if position < left
            else " " * (width - width_of(cell)) + cell
            for position, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
        if number == 0:
            lines.append("  ".join("─" * width for width in widths))
    return "\n".join(lines)


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
