# SPDX-License-Identifier: Apache-2.0
"""Decides how the variables of a Stata or SPSS file become texts: codes as numbers, missing as empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.problems import FILE_DAMAGED, FILE_EMPTY, FILE_NOT_FOUND
from hearthline.intake.readers.chunks import (
    ROWS_PER_CHUNK,
    Chunk,
    cell_text,
    check_rows,
    checked_headings,
    places_of,
)
from hearthline.intake.readers.optional import optional_reader


class StatisticalReader:
    """A Stata or SPSS file; its lines are its observations, from 1."""

    def __init__(self, path: Path, rule: FileRule, limits: LimitRules, *, format_name: str) -> None:
        self._path = path
        self._format = format_name
        module = optional_reader("stata", path, format_name)
        self._read = module.read_dta if format_name == "Stata" else module.read_sav
        self._refusals: tuple[type[Exception], ...] = (
            module.PyreadstatError, module.ReadstatError, OSError, UnicodeDecodeError,
            ValueError, OverflowError, MemoryError,
        )  # fmt: skip
        self._encoding = rule.encoding
        if not path.is_file():
            raise FILE_NOT_FOUND.error(file=str(path), why="it is not there")
        _, about = self._call(metadataonly=True)
        self._names: list[str] = list(about.column_names)
        self._rows: int | None = about.number_rows
        if not self._names or self._rows == 0:
            raise FILE_EMPTY.error(file=path.name, what="observations")
        check_rows(path, self._rows or 0)
        self._headings = checked_headings(path, self._names, limits)

    def headings(self) -> list[str]:
        """The names of the variables."""
        return list(self._headings)

    def chunks(self, columns: Sequence[str], doubles: set[str]) -> Iterator[Chunk]:
        """The observations in runs."""
        places = places_of(self._path, self._headings, columns)
        names = [self._names[place] for place in dict.fromkeys(places.values())]
        done = 0
        while True:
            data, _ = self._call(usecols=names, row_offset=done, row_limit=ROWS_PER_CHUNK)
            count = len(data[names[0]]) if names and names[0] in data else 0
            if not count:
                return
            texts = {
                name: pa.array(
                    [_text(value, every_bit=name in doubles) for value in data[self._names[place]]],
                    pa.string(),
                )
                for name, place in places.items()
            }
            lines = pa.array(range(done + 1, done + count + 1), pa.int32())
            done += count
            share = min(done / self._rows, 1.0) if self._rows else 0.5
            yield Chunk(texts, lines, share)
            if count < ROWS_PER_CHUNK:
                return

    def _call(self, **options: object) -> tuple[dict[str, Any], Any]:
        try:
            data, about = self._read(
                str(self._path), encoding=self._encoding, output_format="dict", **options
            )
        except self._refusals as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise FILE_DAMAGED.error(
                file=self._path.name, format=self._format, why=why.rstrip(".")
            ) from error
        return data, about


def _text(value: object, *, every_bit: bool) -> str:
    # Missing numbers arrive as NaN, which is unequal to itself; neither format can hold a true NaN.
    if value != value:
        return ""
    return cell_text(value.item() if hasattr(value, "item") else value, every_bit=every_bit)
