# SPDX-License-Identifier: Apache-2.0
"""Decides how the cells of a workbook become texts: stored values only, never what a formula might give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from hearthline.intake import row_problems as row
from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.problems import FILE_DAMAGED, FILE_EMPTY, FILE_NOT_FOUND
from hearthline.intake.readers.chunks import (
    EXCEL_DIGITS,
    ROWS_PER_CHUNK,
    Chunk,
    RowFault,
    cell_text,
    checked_headings,
    places_of,
)
from hearthline.intake.readers.workbooks import BadCell, surveyed

FIRST_SOUND_DATE = date(1900, 3, 1)


class XlsxReader:
    """One sheet of a workbook."""

    def __init__(self, path: Path, rule: FileRule, limits: LimitRules) -> None:
        self._path = path
        self._header_row = rule.header_row
        self._first_row = rule.first_row or rule.header_row + 1
        try:
            survey = surveyed(path, rule.sheet, limits)
        except OSError as error:
            raise FILE_NOT_FOUND.error(file=str(path), why=error.strerror or str(error)) from error
        self._bad = {(bad.row, bad.column): bad for bad in survey.bad_cells}
        try:
            self._sheet: CalamineSheet = CalamineWorkbook.from_path(path).get_sheet_by_name(survey.sheet)
        except CalamineError as error:
            raise FILE_DAMAGED.error(file=path.name, format="XLSX", why=str(error).rstrip(".")) from error
        self._left = self._sheet.start[1] if self._sheet.start else 0
        head = next(islice(self._sheet.iter_rows(), rule.header_row - 1, None), None)
        if head is None:
            raise FILE_EMPTY.error(file=path.name, what=f"headings in row {rule.header_row}")
        self._headings = checked_headings(path, [cell_text(cell, every_bit=False) for cell in head], limits)

    def headings(self) -> list[str]:
        """The headings, trimmed."""
        return list(self._headings)

    def chunks(self, columns: Sequence[str], doubles: set[str]) -> Iterator[Chunk]:
        """The rows in runs; an empty row is no row."""
        places = places_of(self._path, self._headings, columns)
        total = max(self._sheet.total_height, 1)
        rows = islice(enumerate(self._sheet.iter_rows(), 1), self._first_row - 1, None)
        while batch := list(islice(rows, ROWS_PER_CHUNK)):
            kept = [(line, cells) for line, cells in batch if any(_filled(cell) for cell in cells)]
            faults: list[RowFault] = []
            texts = {}
            for name, place in places.items():
                every_bit = name in doubles
                texts[name] = pa.array(
                    [
                        self._text(cells[place], line, place, name, faults, every_bit=every_bit)
                        for line, cells in kept
                    ],
                    pa.string(),
                )
            lines = pa.array([line for line, _ in kept], pa.int32())
            yield Chunk(texts, lines, min(batch[-1][0] / total, 1.0), cell_faults=faults)

    def _text(
        self, cell: object, line: int, place: int, name: str, faults: list[RowFault], *, every_bit: bool
    ) -> str:
        bad = self._bad.get((line, place + self._left)) if self._bad else None
        if bad is not None:
            faults.append(_formula_fault(bad, name))
            return ""
        if isinstance(cell, date) and _day(cell) < FIRST_SOUND_DATE:
            value = cell_text(cell, every_bit=False)
            faults.append(RowFault(line, name, value, row.told(row.EARLY_EXCEL_DATE.error(value=value))))
            return ""
        if not every_bit and isinstance(cell, int | float) and 10**EXCEL_DIGITS <= abs(cell) < math.inf:
            value = cell_text(cell, every_bit=False)
            faults.append(RowFault(line, name, value, row.told(row.DIGITS_LOST.error(limit=EXCEL_DIGITS))))
            return ""
        return cell_text(cell, every_bit=every_bit)


def _day(cell: date) -> date:
    return date(cell.year, cell.month, cell.day)


def _filled(cell: object) -> bool:
    return cell != "" and not (isinstance(cell, str) and not cell.strip())


def _formula_fault(bad: BadCell, name: str) -> RowFault:
    if bad.value is None:
        return RowFault(bad.row, name, "", row.told(row.FORMULA_WITHOUT_VALUE.error(cell=bad.name)))
    return RowFault(
        bad.row, name, bad.value, row.told(row.FORMULA_ERROR.error(cell=bad.name, value=bad.value))
    )
