# SPDX-License-Identifier: Apache-2.0
"""Decides in which encoding a text file is read: the one declared, or the only one it proves."""

from __future__ import annotations

import codecs
from pathlib import Path

from hearthline.intake.problems import (
    ENCODING_NAME,
    ENCODING_UNKNOWN,
    ENCODING_UNPROVEN,
    FILE_EMPTY,
)

BLOCK = 2 * 2**20
ESCAPE = "hearthline-escape"
"""An error handler for decoders that marks bad bytes and never fails, so that only their line is refused."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_ALIASES = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8-sig": "utf-8", "utf_8_sig": "utf-8"}
"""GB18030 reads all of GBK and GB 2312; programs that say those often write it."""

_TEXT_ENCODINGS = frozenset(
    {"ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
    | {"gb18030", "big5", "big5hkscs", "cp950", "shift_jis", "euc_jp", "cp932", "euc_kr", "cp949", "johab"}
    | {"koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154", "tis-620", "cp874", "mac-roman", "mac-cyrillic"}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {f"cp{number}" for number in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865)}
    | {f"cp{number}" for number in (866, 869, *range(1250, 1259))}
)
"""What a file of people may be written in; Python's other codecs unpack archives or run escapes."""


def settled_encoding(path: Path, declared: str | None) -> tuple[str, int]:
    """The encoding and the number of bytes of the mark at the start, which are no text."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise FILE_EMPTY.error(file=path.name, what="content")
    marked = next(((name, len(mark)) for mark, name in _MARKS if start.startswith(mark)), None)
    if declared is not None:
        name = _known(declared)
        if marked and name in (marked[0], marked[0][:6]):
            return marked
        return name, 0
    return marked or (_proven(path), 0)


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(_ALIASES.get(declared.lower(), declared)).name
    except (LookupError, ValueError) as error:
        raise ENCODING_NAME.error(encoding=repr(declared)) from error
    name = _ALIASES.get(name, name)
    if name not in _TEXT_ENCODINGS:
        raise ENCODING_NAME.error(encoding=repr(declared))
    return name


def _proven(path: Path) -> str:
    utf8_line, plain = _first_bad_line(path, "utf-8")
    if plain:
        return "utf-8"
    gb_line, _ = _first_bad_line(path, "gb18030")
    if utf8_line is not None and gb_line is not None:
        raise ENCODING_UNKNOWN.error(file=path.name, utf8_line=utf8_line, gb_line=gb_line)
    if utf8_line is None and gb_line is None:
        line, raw = _first_foreign_line(path)
        one, other = (_excerpt(raw.decode(name, "replace")) for name in ("utf-8", "gb18030"))
        raise ENCODING_UNPROVEN.error(file=path.name, line=line, one=one, other=other)
    return "utf-8" if utf8_line is None else "gb18030"


def _first_bad_line(path: Path, encoding: str) -> tuple[int | None, bool]:
    """The first line that is not of the encoding, and whether all before it was plain ASCII."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, plain = 1, True
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            pending = decoder.getstate()[0]
            if not (block.isascii() and not pending):
                plain = False
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    at = max(0, error.start - len(pending))
                    return line + block.count(b"\n", 0, at), False
            if not block:
                return None, plain
            line += block.count(b"\n")


def _first_foreign_line(path: Path) -> tuple[int, bytes]:
    """The first line that is not plain ASCII, or the part of it about the first foreign byte."""
    line = 1
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if not block.isascii():
                at = next(index for index, byte in enumerate(block) if byte > 127)
                start = max(block.rfind(b"\n", 0, at) + 1, at - 12)
                return line + block.count(b"\n", 0, at), block[start : at + 24].split(b"\n")[0]
            line += block.count(b"\n")
    return line, b""


def _excerpt(text: str) -> str:
    return f"'{text.strip()[:20]}'"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # Lone low surrogates stand for the bad bytes; no sound text holds one.
    marks = (
        chr(0xDC00 + byte) if byte > 127 else chr(byte) for byte in error.object[error.start : error.end]
    )
    text = "".join(marks)
    return (text if not text.isascii() else "\udcff"), error.end


codecs.register_error(ESCAPE, _escaped)
