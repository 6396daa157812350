# SPDX-License-Identifier: Apache-2.0
"""Decides how a file of places is read: Parquet or CSV with the columns code, name, level and parent_code."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.areas import problems
from hearthline.base.problems import Place

COLUMNS = ("code", "name", "level", "parent_code")
NEEDED = COLUMNS[:3]
"""A file without parent_code holds places of the top alone."""


@dataclass(frozen=True)
class AreaRow:
    """One place as a file names it; the top has an empty ``parent_code``."""

    code: str
    name: str
    level: str
    parent_code: str = ""


@dataclass
class AreaFile:
    """The places of a file, column by column, and the line on which each stands."""

    title: str
    sha256: str = ""
    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    lines: list[int] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def place(self, index: int) -> Place:
        """Where a row stands; Parquet has no lines, so its rows count from 1."""
        return Place(self.title, self.lines[index] if self.lines else index + 1)

    def line_of(self, index: int) -> str:
        """A row as one line, for the hash of its batch."""
        return "\t".join((self.codes[index], self.names[index], self.levels[index], self.parents[index]))


def read_areas(source: Path | Iterable[AreaRow]) -> AreaFile:
    """The places of a file, or of rows at hand. Raises ``areas.file-*``."""
    if not isinstance(source, Path):
        return _of_rows(source)
    if not source.is_file():
        raise problems.FILE_UNREADABLE.error(file=source.name, reason="there is no such file")
    found = _of_parquet(source) if source.suffix.lower() == ".parquet" else _of_csv(source)
    if not len(found):
        raise problems.FILE_EMPTY.error(file=source.name)
    with source.open("rb") as stream:
        found.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _of_rows(rows: Iterable[AreaRow]) -> AreaFile:
    found = AreaFile("rows")
    for row in rows:
        _append(found, (row.code, row.name, row.level, row.parent_code))
    return found


def _append(found: AreaFile, cells: tuple[str, str, str, str]) -> None:
    code, name, level, parent = (cell.strip() for cell in cells)
    found.codes.append(code)
    found.names.append(name)
    found.levels.append(level)
    found.parents.append(parent)


def _of_parquet(file: Path) -> AreaFile:
    try:
        known = pq.read_schema(file).names
        _demand_columns(file, known)
        table = pq.read_table(file, columns=[name for name in COLUMNS if name in known])
        codes, names, levels, parents = (
            pc.fill_null(pc.utf8_trim_whitespace(table[name].cast(pa.string())), "").to_pylist()
            if name in known
            else [""] * len(table)
            for name in COLUMNS
        )
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise problems.FILE_UNREADABLE.error(file=file.name, reason=reason) from error
    return AreaFile(file.name, "", codes, names, levels, parents)


def _of_csv(file: Path) -> AreaFile:
    found = AreaFile(file.name, lines=[])
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(rows, [])]
            _demand_columns(file, header)
            at = [header.index(name) if name in header else -1 for name in COLUMNS]
            for row in rows:
                if not any(row):
                    continue
                if len(row) != len(header):
                    reason = f"line {rows.line_num} has {len(row)} cells, the first line {len(header)}"
                    raise problems.FILE_UNREADABLE.error(file=file.name, reason=reason)
                code, name, level, parent = (row[index] if index >= 0 else "" for index in at)
                _append(found, (code, name, level, parent))
                found.lines.append(rows.line_num)  # type: ignore[union-attr]  # made above
    except UnicodeDecodeError as error:
        raise problems.FILE_UNREADABLE.error(file=file.name, reason="it is not UTF-8") from error
    except csv.Error as error:
        raise problems.FILE_UNREADABLE.error(file=file.name, reason=str(error)) from error
    return found


def _demand_columns(file: Path, known: list[str]) -> None:
    for column in NEEDED:
        if column not in known:
            raise problems.FILE_COLUMNS.error(
                file=file.name, column=column, found=", ".join(known) or "no columns"
            )
