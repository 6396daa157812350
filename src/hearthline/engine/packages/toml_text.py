# SPDX-License-Identifier: Apache-2.0
"""Decides what package.toml says, and where each of its keys and values stands.

The standard reader gives values without places; a second pass over the same text finds the places.
It runs only on text the first pass accepted, so it need not judge it again.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any

from hearthline.base.problems import Place
from hearthline.engine.packages.document import Document, Path, decoded
from hearthline.engine.packages.problems import BAD_TOML, TOO_DEEP, TOO_LARGE

MAX_CHARACTERS = 200_000
MOST_DIGITS = 1_000

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''(?:.|\n)*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_WORD = re.compile(r"[^,\]}\n#]+")
_ENDLESS = re.compile(rf"(?<![\w\"'.])[+-]?(?:0[xob])?[0-9a-fA-F_]{{{MOST_DIGITS + 1},}}(?![\w\"'])")
_TOO_LONG = f"a number has more than {MOST_DIGITS} digits"
_AT = re.compile(r"(.*?)\s*\(at line (\d+), column (\d+)\)\Z", re.DOTALL)


def read_toml(content: bytes, file: str) -> Document:
    """Read package.toml; raises at the first place where it is not TOML."""
    text = decoded(content, file)
    if len(text) > MAX_CHARACTERS:
        raise TOO_LARGE.error(
            Place(file), what="file", size=f"{len(text)} characters", limit=f"{MAX_CHARACTERS} characters"
        )
    finder = _Finder(text)
    try:
        data = toml_values(text)
        finder.document()
    except tomllib.TOMLDecodeError as error:
        raise BAD_TOML.error(_place_in(str(error), text, file), reason=_reason(str(error))) from error
    except RecursionError as error:
        raise TOO_DEEP.error(Place(file), limit=20) from error
    return Document(file, data, finder.keys, finder.values, {}, tuple(text.split("\n")))


def toml_values(text: str) -> dict[str, Any]:
    """The values of a TOML text; raises TOMLDecodeError, and RecursionError for what lies too deep."""
    endless = _ENDLESS.search(text)
    if endless is not None:
        line, start = text.count("\n", 0, endless.start()) + 1, text.rfind("\n", 0, endless.start())
        raise tomllib.TOMLDecodeError(f"{_TOO_LONG} (at line {line}, column {endless.start() - start})")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # a number in another dress, which Python will not read either
        raise tomllib.TOMLDecodeError(_TOO_LONG) from error


def _reason(message: str) -> str:
    match = _AT.match(message)
    return (match[1] if match else message).replace("\n", " ").rstrip(".")[:200]


def _place_in(message: str, text: str, file: str) -> Place:
    match = _AT.match(message)
    if match is None:  # it says only that the end came too soon
        return Place(file, text.rstrip().count("\n") + 1)
    return Place(file, int(match[2]), int(match[3]))


class _Finder:
    """Walks the text of a valid TOML document and notes where keys and values begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self._tables: dict[Path, int] = {}

    def document(self) -> None:
        """Every line: a table, a list of tables, or a key with its value."""
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                self.at += 2
                name = self._key(())
                index = self._tables.get(name, -1) + 1
                self._tables[name] = index
                table = (*name, index)
                self.at += 2
            elif self.text[self.at] == "[":
                self.at += 1
                table = self._key(())
                self.values.setdefault(table, self.keys[table])
                self.at += 1
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _mark(self) -> tuple[int, int]:
        start = self.text.rfind("\n", 0, self.at)
        return (self.text.count("\n", 0, self.at) + 1, self.at - start)

    def _key(self, above: Path) -> Path:
        """A dotted key; each of its parts is a key of its own."""
        path = above
        while True:
            self._skip(_SPACE)
            mark = self._mark()
            match = _TEXT.match(self.text, self.at) or _BARE_KEY.match(self.text, self.at)
            if match is None:
                return path
            self.at = match.end()
            word = match[0]
            path = (*path, word[1:-1] if word[0] in "\"'" else word)
            self.keys.setdefault(path, mark)
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return path
            self.at += 1

    def _pair(self, above: Path) -> None:
        path = self._key(above)
        self._skip(_SPACE)
        self.at += 1
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        self.values[path] = self._mark()
        sign = self.text[self.at]
        if sign in "\"'":
            self._skip(_TEXT)
        elif sign == "[":
            self._items(path, "]")
        elif sign == "{":
            self._items(path, "}")
        else:
            self._skip(_WORD)

    def _items(self, path: Path, end: str) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self.text[self.at] == end:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif end == "]":
                self._value((*path, index))
                index += 1
            else:
                self._pair(path)
