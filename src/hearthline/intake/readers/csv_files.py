# SPDX-License-Identifier: Apache-2.0
"""Decides how a delimited text file is cut into rows, and which of its lines are refused.

Plain stretches (no quote, no odd character, as many cells as headings in every line) are cut in bulk;
everything else line by line. Both give the same rows: the bulk step is taken only where it cannot err.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from hearthline.intake import row_problems as row
from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.problems import FILE_DAMAGED, FILE_EMPTY, FILE_NOT_FOUND
from hearthline.intake.readers.chunks import Chunk, RowFault, checked_headings, places_of
from hearthline.intake.readers.encodings import BLOCK, ESCAPE, settled_encoding

LONGEST_LINE = 2**20
LINES_PER_RECORD = 100
_ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass
class _Rows:
    """Rows of one block that were cut line by line."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


class CsvReader:
    """A delimited text file."""

    def __init__(self, path: Path, rule: FileRule, limits: LimitRules) -> None:
        self._path = path
        try:
            self._size = path.stat().st_size
            self._encoding, self._skip = settled_encoding(path, rule.encoding)
        except OSError as error:
            raise FILE_NOT_FOUND.error(file=str(path), why=error.strerror) from error
        self._delimiter = rule.delimiter or ("\t" if path.suffix.lower() in (".tsv", ".tab") else ",")
        self._header_row = rule.header_row
        self._first_row = rule.first_row or rule.header_row + 1
        self._headings = checked_headings(path, self._heading_cells(), limits)

    def headings(self) -> list[str]:
        """The headings, trimmed."""
        return list(self._headings)

    def chunks(self, columns: Sequence[str], doubles: set[str]) -> Iterator[Chunk]:
        """The rows in runs; every cell of a text file is a text already."""
        places = places_of(self._path, self._headings, columns)
        line, rest, skipping, giants = 1, "", False, list[RowFault]()
        for block, share, final in self._blocks():
            if skipping:
                _, end, block = block.partition("\n")
                skipping = not end and not final
                line += not skipping
                if skipping:
                    continue
            text, line = self._without_head(rest + block, line)
            whole, rest = _at_last_line_end(text, final=final)
            skipping = len(rest) > LONGEST_LINE
            chunk = self._in_bulk(whole, line, places, share) if whole else None
            used = len(whole)
            if chunk is None:
                chunk, used = self._line_by_line(whole, line, places, share, final=final or skipping)
            line += whole.count("\n", 0, used)
            giants = [_giant(line, rest)] if skipping else []
            rest = "" if skipping else whole[used:] + rest
            yield replace(chunk, faults=[*chunk.faults, *giants])

    def _heading_cells(self) -> list[str]:
        block = next(self._blocks())[0]
        lines = block.split("\n", self._header_row)
        heading = lines[self._header_row - 1].removesuffix("\r") if len(lines) >= self._header_row else ""
        why = None
        if not heading.strip():
            raise FILE_EMPTY.error(file=self._path.name, what=f"headings in line {self._header_row}")
        if len(heading) > LONGEST_LINE:
            why = f"the line of its headings is longer than {LONGEST_LINE} characters"
        elif "\0" in heading:
            why = "its headings hold NUL characters, as UTF-16 without a mark does"
        elif "\r" in heading:
            why = "its lines end with carriage returns alone"
        elif _ESCAPED.search(heading):
            why = f"its headings are not {self._encoding.upper()}"
        if why is not None:
            raise FILE_DAMAGED.error(file=self._path.name, format="CSV", why=why)
        try:
            return next(csv.reader([heading], delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            why = f"its headings are not well quoted ({error})"
            raise FILE_DAMAGED.error(file=self._path.name, format="CSV", why=why) from error

    def _blocks(self) -> Iterator[tuple[str, float, bool]]:
        """Text in order, the share of the file read so far, and whether this is the end."""
        decoder = codecs.getincrementaldecoder(self._encoding)(ESCAPE)
        with self._path.open("rb") as file:
            done = len(file.read(self._skip))
            while raw := file.read(BLOCK):
                done += len(raw)
                yield decoder.decode(raw), min(done / max(self._size, 1), 0.999), False
            yield decoder.decode(b"", final=True), 1.0, True

    def _without_head(self, text: str, line: int) -> tuple[str, int]:
        while line < self._first_row:
            end = text.find("\n")
            if end < 0:
                return text, line
            text, line = text[end + 1 :], line + 1
        return text, line

    def _in_bulk(self, text: str, line: int, places: dict[str, int], share: float) -> Chunk | None:
        """The rows of a stretch in which nothing can go wrong; None if something could."""
        blank = rf"(?m)^[{re.escape(self._delimiter)}\s]*$"
        odd = '"' in text or "\0" in text or text.count("\r") != text.count("\r\n")
        body = text.removesuffix("\n")
        if odd or line < self._first_row or _ESCAPED.search(text) or re.search(blank, body):
            return None
        if len(body) > LONGEST_LINE and max(map(len, body.split("\n"))) > LONGEST_LINE:
            return None
        names = [str(place) for place in range(len(self._headings))]
        needed = list(dict.fromkeys(str(place) for place in places.values()))
        refused: list[object] = []

        def note(bad: object) -> str:
            refused.append(bad)
            return "skip"

        table = arrow_csv.read_csv(
            pa.py_buffer(text.encode()),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=2 * BLOCK + LONGEST_LINE),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                quote_char=False,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=needed,
                column_types={name: pa.string() for name in needed},
                strings_can_be_null=False,
            ),
        )
        if refused or table.num_rows != body.count("\n") + 1:
            return None
        columns = {name: _single(table.column(str(place))) for name, place in places.items()}
        return Chunk(columns, pa.array(range(line, line + table.num_rows), pa.int32()), share)

    def _line_by_line(
        self, text: str, line: int, places: dict[str, int], share: float, *, final: bool
    ) -> tuple[Chunk, int]:
        """The rows of any stretch, and how much of it was used: an open quote may need what follows."""
        rows, lines, used, index = _Rows(), text.split("\n"), 0, 0
        if not lines[-1]:
            lines.pop()
        while index < len(lines):
            taken = self._record(lines, index, line + index, rows, final=final)
            if taken == 0:
                break
            used += sum(len(part) + 1 for part in lines[index : index + taken])
            index += taken
        columns = {
            name: pa.array([cells[place] for cells in rows.cells], pa.string())
            for name, place in places.items()
        }
        chunk = Chunk(columns, pa.array(rows.lines, pa.int32()), share, rows.faults)
        return chunk, min(used, len(text))

    def _record(self, lines: list[str], index: int, line: int, rows: _Rows, *, final: bool) -> int:
        """Read the record that begins at ``index``; how many lines it took, 0 if it needs more of them."""
        first = lines[index].removesuffix("\r")
        taken, cells = 1, first.split(self._delimiter)
        if '"' in first:
            until = min(index + LINES_PER_RECORD, len(lines))
            reader = csv.reader(
                (f"{lines[place]}\n" for place in range(index, until)), delimiter=self._delimiter, strict=True
            )
            try:
                cells = next(reader)
                taken = reader.line_num
            except csv.Error:
                read_all = reader.line_num == until - index < LINES_PER_RECORD
                if read_all and not final and sum(map(len, lines[index:])) < LONGEST_LINE:
                    return 0
                error = row.OPEN_QUOTE.error(limit=LINES_PER_RECORD)
                rows.faults.append(RowFault(line, "", first[:100], row.told(error)))
                return 1
        if not first.strip() and taken == 1:
            return taken
        self._enter(cells, "\n".join(lines[index : index + taken]).removesuffix("\r"), line, rows)
        return taken

    def _enter(self, cells: list[str], text: str, line: int, rows: _Rows) -> None:
        if not any(cell.strip() for cell in cells):
            return
        error = None
        if "\0" in text:
            error = row.NUL_CHARACTER.error()
        elif _ESCAPED.search(text):
            error = row.BAD_BYTES.error(encoding=self._encoding.upper())
        elif len(text) > LONGEST_LINE:
            error = row.LINE_TOO_LONG.error(limit=LONGEST_LINE)
        elif text.replace("\r\n", "\n").count("\r"):
            error = row.LONE_RETURN.error()
        elif len(cells) != len(self._headings):
            error = row.WRONG_COLUMNS.error(found=len(cells), expected=len(self._headings))
        if error is None:
            rows.cells.append(cells)
            rows.lines.append(line)
        else:
            shown = text[:100].encode("utf-8", "backslashreplace").decode()
            rows.faults.append(RowFault(line, "", shown, row.told(error)))


def _giant(line: int, beginning: str) -> RowFault:
    return RowFault(line, "", beginning[:100], row.told(row.LINE_TOO_LONG.error(limit=LONGEST_LINE)))


def _at_last_line_end(text: str, *, final: bool) -> tuple[str, str]:
    if final:
        return text, ""
    end = text.rfind("\n") + 1
    return text[:end], text[end:]


def _single(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
