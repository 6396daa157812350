# SPDX-License-Identifier: Apache-2.0
"""Decides how a package file is held once read: its plain values, and where each key and value stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hearthline.base.problems import Place
from hearthline.engine.packages.problems import BAD_CHARACTER, FORMULA_LAYOUT, NOT_UTF8, TOO_LARGE
from hearthline.engine.rules.source import FormulaText

Path = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

MAX_FILE_BYTES = 4_000_000
# Control characters, and what is a line break to YAML but not to editors: line numbers would drift.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Scalar:
    """A single value as written: its text, YAML style, and first and last place (lines from 1)."""

    text: str
    style: str | None
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Document:
    """One file: ``data`` holds dicts, lists and single values; places are (line, column) from 1."""

    file: str
    data: object
    keys: Mapping[Path, tuple[int, int]]
    values: Mapping[Path, tuple[int, int]]
    scalars: Mapping[Path, Scalar] = field(default_factory=dict)
    lines: tuple[str, ...] = ()

    def place(self, *path: str | int) -> Place:
        """Where a value stands; the nearest enclosing place if it is not written at all."""
        return self._nearest(path)

    def key_place(self, *path: str | int) -> Place:
        """Where the key of a value stands; for a list item, where the item begins."""
        return Place(self.file, *self.keys[path]) if path in self.keys else self.place(*path)

    def _nearest(self, path: Path) -> Place:
        for length in range(len(path), -1, -1):
            for places in (self.values, self.keys):
                if path[:length] in places:
                    return Place(self.file, *places[path[:length]])
        return Place(self.file, 1, 1)

    def formula(self, *path: str | int) -> FormulaText:
        """The text of a formula, whose every character can be found again in the file."""
        scalar = self.scalars[path]
        if scalar.style == "|":
            return self._block(scalar)
        if scalar.style == ">":
            raise FORMULA_LAYOUT.error(self.place(*path), layout="folded (>)")
        if scalar.end_line != scalar.line:
            raise FORMULA_LAYOUT.error(self.place(*path), layout="over several lines without a |")
        quotes = 1 if scalar.style in ("'", '"') else 0
        written = self.lines[scalar.line - 1][scalar.column - 1 + quotes : scalar.end_column - 1 - quotes]
        if written != scalar.text:
            raise FORMULA_LAYOUT.error(self.place(*path), layout="with doubled or escaped quotation marks")
        column = scalar.column + quotes
        return FormulaText(scalar.text, self.file, scalar.line, column, column)

    def _block(self, scalar: Scalar) -> FormulaText:
        """A | block begins on the line below its sign, each line after the same indentation."""
        indent = 0
        for offset, line in enumerate(scalar.text.split("\n")):
            if line.strip():
                written = self.lines[scalar.line + offset]
                indent = len(written) - len(line)
                break
        return FormulaText(scalar.text, self.file, scalar.line + 1, indent + 1, indent + 1)


def decoded(content: bytes, file: str) -> str:
    """The text of a package file; refuses what is not UTF-8, too long, or would shift line numbers."""
    if len(content) > MAX_FILE_BYTES:
        raise TOO_LARGE.error(
            Place(file), what="file", size=f"{len(content)} bytes", limit=f"{MAX_FILE_BYTES} bytes"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        raise NOT_UTF8.error(Place(file, before.count(b"\n") + 1)) from error
    text = text.replace("\r\n", "\n")
    found = _REFUSED.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise BAD_CHARACTER.error(Place(file, line, column), code=f"{ord(found[0]):04X}")
    return text
