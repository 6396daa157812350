# SPDX-License-Identifier: Apache-2.0
"""Decides how a list becomes a file: CSV row by row, XLSX through a temporary file; no cell is a formula.

A text that a spreadsheet would take for a formula is kept as text: quoted in CSV, typed as text in XLSX.
A number stays a number, a negative one too.
"""

from __future__ import annotations

import csv
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

Cell = str | int | float | Decimal | date | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = re.compile("^\\s*[=+\\-@\t\r\n＝＋－＠]|^[\t\r\n]")
"""The beginnings after which a spreadsheet computes a text; full-width forms and leading space included."""
LONGEST_TEXT = 32_767
LARGEST_EXACT = 2**53
"""Beyond it a spreadsheet would round a whole number, so it is written as text."""
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


class _Line:
    """What the CSV writer writes to: it hands every line back."""

    def write(self, line: str) -> str:
        return line


def guarded(text: str) -> str:
    """A text for a cell of CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def plain(value: object) -> Cell:
    """A value as a file holds it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return str(value).replace("\x00", "")


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """The rows as CSV in UTF-8 with a mark, so that Excel reads Chinese; streamed."""
    response = StreamingHttpResponse(_csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    return response


def _csv_lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow([guarded(head) for head in heads]))
    for row in rows:
        yield str(writer.writerow([_csv_cell(plain(value)) for value in row]))


def _csv_cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return guarded(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


def xlsx_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """The rows as one sheet, written row by row to a temporary file, then sent."""
    file = written_xlsx(name, heads, rows)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def written_xlsx(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """A temporary file with the rows as one sheet, its head kept in view."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"title": name})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, head in enumerate(heads):
        sheet.set_column(column, column, max(11, min(40, 2 + 2 * len(head))))
    for column, head in enumerate(heads):
        sheet.write_string(0, column, _text(head), bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, plain(value), moment)
    book.close()
    file.seek(0)
    return file


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Cell,
    moment: xlsxwriter.format.Format,
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, _text(value))
    elif _exact(value):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, str(value))


def _exact(value: float | Decimal) -> bool:
    """Whether a spreadsheet can hold the number; NaN and infinity it cannot."""
    return math.isfinite(value) and -LARGEST_EXACT <= value <= LARGEST_EXACT


def _text(text: str) -> str:
    text = _NOT_IN_XML.sub("\ufffd", text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
