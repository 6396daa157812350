# SPDX-License-Identifier: Apache-2.0
"""Decides the hostile files: for each the harm it means to do, and what an import must say to it.

``code`` is the problem that refuses the whole file, or the reason of the row it refuses; a file whose
``code`` is None is odd and sound: it must be read in full.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.intake.stata_files import dta_file, sav_file

PLAIN = """
[[file]]
files = "households.*"
level = "household"
key = "hid"
[file.columns]
size = "size"
income = "income"
"""
DECLARED = PLAIN.replace('key = "hid"', 'key = "hid"\nencoding = "utf-8"')
SOUND = "hid,size,income\na,1,10\nb,2,20\n"
MEGABYTE = 2**20


@dataclass(frozen=True)
class Hostile:
    """One hostile file. ``households`` is how many survive, where the file is not refused whole."""

    cause: str
    name: str
    data: bytes
    code: str | None
    households: int = 0
    map_text: str = PLAIN

    @property
    def title(self) -> str:
        """The name of the case."""
        return f"{self.cause}: {self.name}"


def hostile_files() -> Iterator[Hostile]:
    """Every hostile file, cheapest first."""
    yield from _cells()
    yield from _lines()
    yield from _tables()
    yield from _encodings()
    yield from _workbooks()
    yield from _other_formats()
    yield from _heavy()


def _row(cause: str, cell: str, code: str, *, column: str = "income") -> Hostile:
    row = f"c,{cell},30\n" if column == "size" else f"c,1,{cell}\n"
    return Hostile(cause, "households.csv", (SOUND + row).encode(), code, 2, DECLARED)


def _cells() -> Iterator[Hostile]:
    for cell in ("１２", "１２．５", "٣", "－5"):
        yield _row("full-width digits", cell, "row.full-width")
    yield _row("underscore in a number", "1_000", "row.underscore")
    for cell in ("NaN", "nan", "-NaN", "1.#QNAN"):
        yield _row("not a number", cell, "row.not-finite")
    for cell in ("Infinity", "-inf", "∞"):
        yield _row("infinity", cell, "row.not-finite")
    yield _row("exponent", "1e400", "row.exponent")
    yield _row("number without end", "9" * 5000, "row.number-too-large")
    yield _row("number beyond 18 digits", "99999999999999999", "row.number-too-large")
    yield _row("separator of thousands", '"1,000"', "row.thousands")
    yield _row("decimal comma", '"1,5"', "row.thousands")
    yield _row("too many decimals", "12.345", "row.too-precise")
    yield _row("formula in a cell", "=cmd|' /C calc'!A0", "row.not-a-number")
    yield _row("hexadecimal", "0x1F", "row.not-a-number")
    yield _row("words for a number", "many", "row.not-a-number")
    yield _row("right-to-left mark", "\u202e12", "row.not-a-number")
    yield _row("negative size", "-1", "row.below", column="size")
    yield _row("size beyond reason", "61", "row.above", column="size")
    yield _row("fraction of a person", "1.5", "row.not-whole", column="size")
    dated = PLAIN + 'registered_on = { column = "since", format = ["yyyymmdd", "yyyymm"] }\n'
    for cause, day, code in (
        ("30 February", "2023-02-30", "row.no-such-day"),
        ("29 February 1900", "1900-02-29", "row.no-such-day"),
        ("30 February without hyphens", "20230230", "row.no-such-day"),
        ("month 13", "201413", "row.no-such-day"),
        ("year of two digits", "14-06-01", "row.short-year"),
        ("date with a time", "2014-06-01 08:30", "row.time-of-day"),
        ("date before the dictionary's first", "1901-01-01", "row.below"),
    ):
        text = f"hid,size,income,since\na,1,10,201406\nb,1,20,\nc,1,30,{day}\n"
        yield Hostile(cause, "households.csv", text.encode(), code, 2, dated)


def _lines() -> Iterator[Hostile]:
    def lines(cause: str, more: bytes, code: str | None, households: int = 2) -> Hostile:
        return Hostile(cause, "households.csv", SOUND.encode() + more, code, households)

    yield lines("too few cells", b"c,1\n", "row.wrong-columns")
    yield lines("too many cells", b"c,1,2,3\n", "row.wrong-columns")
    yield lines("NUL in a line", b"c,1,3\0\n", "row.nul-character")
    yield lines("quote never closed", b'"c,1,30\nd,1,40\n', "row.open-quote", 3)
    yield lines("text after a closed quote", b'"c"x,1,30\n', "row.open-quote")
    yield lines("carriage return inside a line", b"c,1\r,30\n", "row.lone-return")
    yield lines("line of two megabytes", b"c,1," + b"7" * 2 * MEGABYTE + b"\nd,1,5\n", "row.line-too-long", 3)
    yield lines("line without end", b"c,1," + b"7" * 9 * MEGABYTE, "row.line-too-long")
    yield lines("ten thousand commas", b"," * 10_000 + b"c\n", "row.wrong-columns")
    yield lines("empty key", b" ,1,5\n", "row.key-empty")
    yield lines("key without end", b"k" * 5000 + b",1,5\n", "row.key-too-long")
    yield lines("key that forges a composite one", b"a\x1fb,1,5\n", "row.control-character")
    yield lines("copy of a key", b"b,1,5\n", "row.duplicate", 1)
    yield lines("lines of commas and blanks", b"\n,,\n  ,\t, \n\n", None)
    yield lines("key with quotes and a line end", b'"c ""x""\nd",1,5\n', "row.control-character")
    yield Hostile("line ends of Windows", "households.csv", SOUND.replace("\n", "\r\n").encode(), None, 2)
    yield Hostile(
        "line ends of old Macs", "households.csv", SOUND.replace("\n", "\r").encode(), "import.file-damaged"
    )


def _tables() -> Iterator[Hostile]:
    yield Hostile("empty file", "households.csv", b"", "import.file-empty")
    yield Hostile("blank lines alone", "households.csv", b"\n\n\n", "import.file-empty")
    yield Hostile("headings alone", "households.csv", b"hid,size,income\n", "import.nothing-accepted")
    yield Hostile("column missing", "households.csv", b"hid,size\na,1\n", "import.column-missing")
    yield Hostile(
        "column twice", "households.csv", b"hid,size,income,size\na,1,10,2\n", "import.column-twice"
    )
    yield Hostile(
        "other separator", "households.csv", SOUND.replace(",", ";").encode(), "import.column-missing"
    )
    wide = ",".join(["hid", "size", "income", *(f"c{number}" for number in range(20_000))])
    yield Hostile("twenty thousand columns", "households.csv", wide.encode() + b"\n", "import.file-too-large")
    yield Hostile("no row is sound", "households.csv", b"hid,size,income\na,x,1\n", "import.nothing-accepted")
    yield Hostile("unknown ending", "households.exe", SOUND.encode(), "import.unknown-format")
    yield Hostile("padded headings", "households.csv", b" income ,\thid,  size\n5,a,1\n", None, 1)


def _encodings() -> Iterator[Hostile]:
    chinese = "hid,size,income,名\na,1,10,张三\n"
    yield Hostile("mark of UTF-8", "households.csv", b"\xef\xbb\xbf" + SOUND.encode(), None, 2)
    yield Hostile("UTF-16 with a mark", "households.csv", SOUND.encode("utf-16"), None, 2)
    yield Hostile("UTF-16 without a mark", "households.csv", SOUND.encode("utf-16-le"), "import.file-damaged")
    yield Hostile("GB18030", "households.csv", chinese.encode("gb18030"), None, 1)
    yield Hostile(
        "both UTF-8 and GB18030",
        "households.csv",
        (SOUND + "中文,1,5\n").encode(),
        "import.encoding-unproven",
    )
    yield Hostile(
        "neither UTF-8 nor GB18030",
        "households.csv",
        SOUND.encode() + b"\xff,1,5\n",
        "import.encoding-unknown",
    )
    for bad in (b"\x81", b"\xff", b"\xc3", b"\xed\xa0\x80"):
        yield Hostile(
            "bad bytes in a line",
            "households.csv",
            SOUND.encode() + b"c" + bad + b",1,5\n",
            "row.bad-bytes",
            2,
            DECLARED,
        )
    gb = DECLARED.replace("utf-8", "gb18030")
    yield Hostile(
        "half a Chinese character", "households.csv", SOUND.encode() + b"c\x81,1,5\n", "row.bad-bytes", 2, gb
    )
    nowhere = DECLARED.replace("utf-8", "klingon")
    yield Hostile(
        "encoding that does not exist", "households.csv", SOUND.encode(), "import.encoding-name", 0, nowhere
    )


def book(rows: list[list[object]], *, corner: tuple[int, int] | None = None) -> bytes:
    """A workbook with the rows, and perhaps one cell far out."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_formula(number, place, cell[0], None, cell[1])
                else:
                    sheet.write(number, place, cell)
        if corner:
            sheet.write(*corner, 1)
    return data.getvalue()


def repacked(data: bytes, part: str, text: bytes | None, old: bytes = b"", new: bytes = b"") -> bytes:
    """The workbook with one part replaced, or with a change in it."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                content = text if text is not None else content.replace(old, new)
            target.writestr(name, content)
    return result.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
TABLE: list[list[object]] = [["hid", "size", "income"], ["a", 1, 10], ["b", 2, 20]]


def _workbooks() -> Iterator[Hostile]:
    def workbook(cause: str, data: bytes, code: str | None, households: int = 0) -> Hostile:
        return Hostile(cause, "households.xlsx", data, code, households)

    sound = book(TABLE)
    yield workbook("no archive", b"hello", "import.file-damaged")
    yield workbook("empty workbook file", b"", "import.file-damaged")
    yield workbook("archive cut off", sound[: len(sound) // 2], "import.file-damaged")
    yield workbook(
        "encrypted workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "import.file-damaged"
    )
    yield workbook(
        "archive without a sheet", repacked(sound, "xl/workbook.xml", b"<workbook/>"), "import.sheet-missing"
    )
    yield workbook(
        "cell in the last corner", book(TABLE, corner=(1_048_575, 16_383)), "import.file-too-large"
    )
    yield workbook("rows far down", book(TABLE, corner=(1_048_000, 3)), "import.file-too-large")
    yield workbook("failed formula", book([*TABLE, ["c", 1, ("=1/0", "#DIV/0!")]]), "row.formula-error", 2)
    unsaved = repacked(book([*TABLE, ["c", 1, ("=A1", 777)]]), SHEET, None, b"<v>777</v>", b"")
    yield workbook("formula without its result", unsaved, "row.formula-without-value", 2)
    yield workbook("formula as text", book([*TABLE, ["c", 1, "=1+1"]]), None, 3)
    yield workbook("number stored as text", book([*TABLE, ["c", "1", "１０"]]), "row.full-width", 2)
    doctype = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    )
    yield workbook("entities in a sheet", repacked(sound, SHEET, doctype), "import.file-damaged")
    yield workbook(
        "entities in the index", repacked(sound, "xl/workbook.xml", doctype), "import.file-damaged"
    )
    single = repacked(sound, SHEET, None, b'r="C3"', b"r='XFD1048576'")
    yield workbook("corner in other quotes", single, "import.file-too-large")
    placeless = repacked(sound, SHEET, None, b' r="C3"', b"")
    yield workbook("cell without a place", placeless, "import.file-damaged")
    lying = bytearray(sound)
    at = lying.find(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, 50)
    yield workbook("part that states a false size", bytes(lying), "import.file-damaged")
    yield workbook(
        "macro beside the sheets", repacked_with(sound, "xl/vbaProject.bin", b"\0" * 1000), None, 2
    )


def repacked_with(data: bytes, part: str, content: bytes) -> bytes:
    """The workbook with one more part."""
    result = io.BytesIO(data)
    with zipfile.ZipFile(result, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return result.getvalue()


def parquet(columns: dict[str, object]) -> bytes:
    """A Parquet file of these columns."""
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def _other_formats() -> Iterator[Hostile]:
    sound = parquet({"hid": ["a", "b"], "size": [1, 2], "income": [10.0, 20.0]})
    yield Hostile("no Parquet", "households.parquet", b"PAR1 not really PAR1", "import.file-damaged")
    yield Hostile("Parquet cut off", "households.parquet", sound[:-20], "import.file-damaged")
    nested = parquet({"hid": ["a"], "size": [1], "income": [[1.0]]})
    yield Hostile("nested column", "households.parquet", nested, "import.column-kind")
    nan = parquet({"hid": ["a", "b"], "size": [1, 2], "income": [1.0, float("nan")]})
    yield Hostile("NaN in a binary column", "households.parquet", nan, "row.not-finite", 1)
    infinite = parquet({"hid": ["a", "b"], "size": [1, 2], "income": [1.0, float("-inf")]})
    yield Hostile("infinity in a binary column", "households.parquet", infinite, "row.not-finite", 1)
    rows: list[list[float | str | None]] = [["a", 1, 10], ["b", 2, 20]]
    stata, spss = dta_file(["hid", "size", "income"], rows), sav_file(["hid", "size", "income"], rows)
    yield Hostile("Stata cut off", "households.dta", stata[:-30], "import.file-damaged")
    yield Hostile("no Stata", "households.dta", b"\xff" * 3000, "import.file-damaged")
    yield Hostile("SPSS cut off", "households.sav", spss[:200], "import.file-damaged")
    yield Hostile("no SPSS", "households.sav", b"$FL2" + b"\xff" * 3000, "import.file-damaged")


def _heavy() -> Iterator[Hostile]:
    """Files that mean to exhaust memory or time."""
    sound = book(TABLE)
    blanks = b"<worksheet><sheetData>" + b" " * 200 * MEGABYTE + b"</sheetData></worksheet>"
    yield Hostile("zip bomb", "households.xlsx", repacked(sound, SHEET, blanks), "import.file-too-large")
    strings = b"<sst>" + b"<si><t>x</t></si>" * (60 * MEGABYTE // 17) + b"</sst>"
    yield Hostile(
        "bomb of shared texts",
        "households.xlsx",
        repacked(sound, "xl/sharedStrings.xml", strings),
        "import.file-too-large",
    )
    parts = io.BytesIO(sound)
    with zipfile.ZipFile(parts, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"xl/media/{number}", b"")
    yield Hostile("ten thousand parts", "households.xlsx", parts.getvalue(), "import.file-too-large")
    zeros = parquet(
        {
            "hid": pa.repeat("a", 30_000_000),
            "size": pa.repeat(1, 30_000_000),
            "income": pa.repeat(1.0, 30_000_000),
        }
    )
    yield Hostile("Parquet bomb", "households.parquet", zeros, "import.file-too-large")
    bad = "".join(f"h{number},x{number},1\n" for number in range(30_000))
    yield Hostile(
        "thirty thousand different faults", "households.csv", (SOUND + bad).encode(), "row.not-a-number", 2
    )
    same = "same,1,1\n" * 100_000
    yield Hostile(
        "one key a hundred thousand times", "households.csv", (SOUND + same).encode(), "row.duplicate", 2
    )
    quotes = b'"' * 3 * MEGABYTE
    yield Hostile(
        "three megabytes of quotes", "households.csv", SOUND.encode() + quotes + b"\n", "row.line-too-long", 2
    )
    open_quotes = b'"x,1,1\n' * 40_000
    yield Hostile(
        "forty thousand open quotes", "households.csv", SOUND.encode() + open_quotes, "row.open-quote", 2
    )
