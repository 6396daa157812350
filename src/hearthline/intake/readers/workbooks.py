# SPDX-License-Identifier: Apache-2.0
"""Decides which workbooks are opened at all, and what in them a reader of cells would not see.

The unpacked size, the extent of the sheet, formulas that failed and formulas without a stored result
are found by a pass over the packed XML before the reader allocates anything.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from hearthline.intake.maps import LimitRules
from hearthline.intake.problems import FILE_DAMAGED, FILE_TOO_LARGE, SHEET_MISSING

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_ENTRIES = 10_000
_MOST_RATIO = 200
_HARMLESS = 10 * 2**20
_LARGEST_PART = 48 * 2**20
"""Of any part but a sheet: the reader holds the shared texts of the workbook in memory."""

_STORED, _DEFLATED, _LOCAL_HEADER = 0, 8, 30
_BLOCK = 2**20
_LONGEST_CELL = 300_000
_LARGEST_INDEX = 2**22
_CELL = re.compile(rb"""<(?:[a-z]+:)?c\s[^<>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]*>""")
_CELLS = re.compile(rb"<(?:[a-z]+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:[a-z]+:)?row\b")
_ROW_NUMBER = re.compile(rb"""<(?:[a-z]+:)?row\s[^<>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_FAILED = re.compile(rb"""\bt\s*=\s*["']e["']""")
_FORMULA_CELL = rb"\s*<(?:[a-z]+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:[a-z]+:)?f>)\s*"
_CELL_END = rb"</(?:[a-z]+:)?c>"
_UNSAVED = re.compile(_FORMULA_CELL + _CELL_END)
_EMPTY = re.compile(_FORMULA_CELL + rb"<(?:[a-z]+:)?v(?:\s[^<>]*)?(?:/>|>\s*</(?:[a-z]+:)?v>)\s*" + _CELL_END)
_TEXT_RESULT = re.compile(rb"""\bt\s*=\s*["']str["']""")
"""An empty text is a result; an empty number is none."""
_VALUE = re.compile(rb"<(?:[a-z]+:)?v>([^<]*)<")


@dataclass(frozen=True)
class BadCell:
    """A cell whose formula has no usable result: its column (from 0), row (from 1), and the error."""

    column: int
    row: int
    name: str
    value: str | None


@dataclass(frozen=True)
class SheetSurvey:
    """What one pass over a sheet found."""

    sheet: str
    bad_cells: tuple[BadCell, ...]


def surveyed(path: Path, sheet: str | int | None, limits: LimitRules) -> SheetSurvey:
    """Check a workbook before it is opened; refuse one that would exhaust the machine."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE:
        why = "it is encrypted, or a workbook of before 2007 (.xls)"
        raise FILE_DAMAGED.error(file=path.name, format="XLSX", why=why)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(path, archive, limits)
            name, member = _sheet(path, archive, sheet)
            return SheetSurvey(name, _survey(path, archive, member, limits))
    # zipfile says RuntimeError for an encrypted entry and ValueError for a name it cannot take
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FILE_DAMAGED.error(
            file=path.name, format="XLSX", why=f"it cannot be unpacked ({error})"
        ) from error
    except (KeyError, ElementTree.ParseError) as error:
        raise FILE_DAMAGED.error(
            file=path.name, format="XLSX", why="its parts do not fit together"
        ) from error


def _check_archive(path: Path, archive: zipfile.ZipFile, limits: LimitRules) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    why = None
    if len(entries) > _MOST_ENTRIES:
        why = f"it holds {len(entries)} parts, more than {_MOST_ENTRIES}"
    elif total > limits.megabytes * 2**20:
        why = f"it unpacks to {total // 2**20} megabytes, more than {limits.megabytes}"
    elif total > _HARMLESS and total // packed > _MOST_RATIO:
        why = f"it unpacks to {total // packed} times its size, as files made to do harm do"
    elif any(e.file_size > _LARGEST_PART for e in entries if not e.filename.startswith("xl/worksheets/")):
        why = f"one of its parts unpacks to more than {_LARGEST_PART // 2**20} megabytes"
    elif len({entry.filename for entry in entries}) < len(entries):
        why = "two of its parts have the same name"
    if why is not None:
        advice = "If you trust the file, save it as CSV, or raise limits.megabytes in the map."
        raise FILE_TOO_LARGE.error(file=path.name, why=why, advice=advice)
    with path.open("rb") as file:
        for entry in entries:
            _check_true_size(file, entry)


def _check_true_size(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Refuse a part that unpacks to another size than it states; other readers do not look."""
    if entry.compress_type not in (_STORED, _DEFLATED) or entry.flag_bits & 1:
        raise zipfile.BadZipFile(f"{entry.filename} is packed in an unknown way")
    if entry.compress_type == _STORED:
        return
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER:
        raise zipfile.BadZipFile(f"{entry.filename} is cut off")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    unpacker, left, size = zlib.decompressobj(-zlib.MAX_WBITS), entry.compress_size, 0
    while left > 0 and (packed := file.read(min(left, _BLOCK // 8))):
        left -= len(packed)
        while packed and size <= entry.file_size:
            size += len(unpacker.decompress(packed, _BLOCK))
            packed = unpacker.unconsumed_tail
    if size != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename} does not unpack to the size it states")


def _sheet(path: Path, archive: zipfile.ZipFile, wanted: str | int | None) -> tuple[str, str]:
    """The name of the sheet and the part that holds it."""
    book = ElementTree.fromstring(_index(archive, "xl/workbook.xml"))
    targets = {}
    for relation in ElementTree.fromstring(_index(archive, "xl/_rels/workbook.xml.rels")):
        targets[relation.get("Id")] = relation.get("Target", "")
    sheets: list[tuple[str, str]] = []
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            sheets.append((element.get("name", ""), targets.get(link, "")))
    names = [name for name, _ in sheets]
    if isinstance(wanted, str) and wanted in names:
        name, target = sheets[names.index(wanted)]
    elif not isinstance(wanted, str) and 1 <= (wanted or 1) <= len(sheets):
        name, target = sheets[(wanted or 1) - 1]
    else:
        raise SHEET_MISSING.error(file=path.name, sheet=repr(wanted or 1), sheets=", ".join(names))
    return name, target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _index(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(_LARGEST_INDEX + 1)
    if len(data) > _LARGEST_INDEX or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise zipfile.BadZipFile(f"{name} is not what a workbook holds")
    return data


def _survey(path: Path, archive: zipfile.ZipFile, member: str, limits: LimitRules) -> tuple[BadCell, ...]:
    rows, columns, bad = 0, 0, list[BadCell]()
    widths: dict[bytes, int] = {}
    for text in _stretches(archive, member):
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text:
            raise zipfile.BadZipFile("the sheet is not plain XML")
        placed = 0
        for match in _CELL.finditer(text):
            placed += 1
            letters, number = match.groups()
            width = widths.get(letters)
            if width is None:
                width = widths[letters] = _column_number(letters)
                columns = max(columns, width)
            if text[match.end() : match.end() + 3] in _FORMULA or _FAILED.search(match[0]):
                bad += _bad_cell(text, match, width)
            rows = int(number) if int(number) > rows else rows
        if placed != sum(1 for _ in _CELLS.finditer(text)):
            raise zipfile.BadZipFile("a cell does not say where it stands")
        rows = max([rows, *(int(number) for number in _ROW_NUMBER.findall(text))])
        if rows * max(columns, 1) > limits.cells:
            why = f"its sheet reaches to row {rows}, column {columns}: more than {limits.cells} cells"
            advice = "Delete what stands far out, save it as CSV, or raise limits.cells in the map."
            raise FILE_TOO_LARGE.error(file=path.name, why=why, advice=advice)
    return tuple(bad)


_FORMULA = (b"<f>", b"<f ", b"<f/")


def _bad_cell(text: bytes, match: re.Match[bytes], width: int) -> Iterator[BadCell]:
    letters, number = match.groups()
    name = (letters + number).decode()
    if _FAILED.search(match[0]):
        value = _VALUE.search(text, match.end(), match.end() + _LONGEST_CELL)
        yield BadCell(width - 1, int(number), name, value[1].decode() if value else "#ERROR")
    elif _UNSAVED.match(text, match.end()) or (
        _EMPTY.match(text, match.end()) and not _TEXT_RESULT.search(match[0])
    ):
        yield BadCell(width - 1, int(number), name, None)


def _stretches(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """The sheet in stretches that end between two rows, so that no cell is cut."""
    rest = b""
    with archive.open(member) as part:
        while block := part.read(_BLOCK):
            rest += block
            cut = max((match.start() for match in _ROW.finditer(rest)), default=0)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > 64 * _BLOCK:
                raise zipfile.BadZipFile("a row of the sheet has no end")
    yield rest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
