# SPDX-License-Identifier: Apache-2.0
"""Decides what every reader yields: a run of rows as texts, with their lines, and what could not be read."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.problems import COLUMN_MISSING, COLUMN_TWICE, FILE_EMPTY, FILE_TOO_LARGE
from hearthline.intake.row_problems import Told

ROWS_PER_CHUNK = 50_000
EXCEL_DIGITS = 15
"""A binary number is exact to fifteen digits; more are noise of its last bits, in Excel as in Stata."""

ROWS_BEYOND_DOUBT = 1_000_000
ROWS_PER_BYTE = 20


@dataclass(frozen=True)
class RowFault:
    """A row that could not be read, or one bad cell of a row that could."""

    line: int
    column: str
    value: str
    told: Told


@dataclass(frozen=True)
class Chunk:
    """Rows in the order of the file: the needed columns as texts, and the line of each row.

    ``faults`` are rows that are not among them; ``cell_faults`` are cells of rows that are.
    ``share`` says how much of the file has been read, from 0 to 1.
    """

    columns: Mapping[str, pa.Array]
    lines: pa.Array
    share: float
    faults: Sequence[RowFault] = ()
    cell_faults: Sequence[RowFault] = field(default=())


class Reader(Protocol):
    """One open file."""

    def headings(self) -> list[str]:
        """The columns of the file, trimmed, in order."""

    def chunks(self, columns: Sequence[str], doubles: set[str]) -> Iterator[Chunk]:
        """The rows, as texts of the columns asked for; ``doubles`` keep every bit of a binary number."""


class ReaderKind(Protocol):
    """What opens files of one format."""

    def __call__(self, path: Path, rule: FileRule, limits: LimitRules) -> Reader:
        """The file opened for reading; refused if it cannot be a sound file of the format."""


def checked_headings(path: Path, headings: list[str], limits: LimitRules) -> list[str]:
    """The headings trimmed; refused if there is none or if there are too many."""
    trimmed = [" ".join(heading.replace("\ufeff", "").split()) for heading in headings]
    if not any(trimmed):
        raise FILE_EMPTY.error(file=path.name, what="headings")
    if len(trimmed) > limits.columns:
        raise FILE_TOO_LARGE.error(
            file=path.name,
            why=f"it has {len(trimmed)} columns, more than {limits.columns}",
            advice="Take out columns, or raise limits.columns in the map.",
        )
    return trimmed


def check_rows(path: Path, rows: int) -> None:
    """Refuse a file that states far more rows than its bytes can tell apart."""
    size = path.stat().st_size
    if rows > ROWS_BEYOND_DOUBT and rows > size * ROWS_PER_BYTE:
        raise FILE_TOO_LARGE.error(
            file=path.name,
            why=f"it states {rows} rows in {size} bytes, as files made to do harm do",
            advice="Check where it came from.",
        )


def places_of(path: Path, headings: list[str], columns: Sequence[str]) -> dict[str, int]:
    """Where each column asked for stands; refused if one is missing or stands twice."""
    places = {}
    for column in columns:
        wanted = " ".join(column.split())
        if headings.count(wanted) > 1:
            raise COLUMN_TWICE.error(file=path.name, column=repr(wanted))
        if wanted not in headings:
            shown = ", ".join(headings[:20]) + (", ..." if len(headings) > 20 else "")
            raise COLUMN_MISSING.error(
                file=path.name, column=repr(wanted), columns=shown, hint=_hint(wanted, headings)
            )
        places[column] = headings.index(wanted)
    return places


def _hint(wanted: str, headings: list[str]) -> str:
    if len(headings) == 1 and any(mark in headings[0] for mark in ";\t|"):
        return "All headings stand in one cell: declare the delimiter in the map."
    nearest = difflib.get_close_matches(wanted, headings, 1)
    return f"Did you mean {nearest[0]}?" if nearest else "Check header_row in the map."


def cell_text(value: object, *, every_bit: bool) -> str:
    """A cell of a typed format as a text that says the same; an empty cell is the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value, every_bit=every_bit)
    if isinstance(value, datetime):
        midnight = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 3600:g}:00 h"
    return str(value)


def float_text(value: float, *, every_bit: bool) -> str:
    """A whole number without a point; else fifteen digits, or as many as tell it from its neighbours."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 2**63:
        return str(int(value))
    if every_bit:
        return repr(value)
    return f"{Decimal(f'{value:.{EXCEL_DIGITS}g}'):f}"
