# SPDX-License-Identifier: Apache-2.0
"""Decides what a YAML file of a package says: a small, safe part of YAML, with the place of everything.

Only ``true`` and ``false`` are booleans, so that a code ``no`` and a key ``on`` stay what they look
like; numbers are plain digits, kept exact; a day that does not exist is refused. Aliases are refused,
so no text can unfold into more than was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import yaml

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.document import Document, Path, Scalar, decoded
from hearthline.engine.packages.problems import (
    ALIAS,
    BAD_YAML,
    DUPLICATE_KEY,
    KEY_NOT_TEXT,
    NO_SUCH_DATE,
    SEVERAL_DOCUMENTS,
    TAG,
    TOO_DEEP,
    TOO_LARGE,
)

MAX_DEPTH = 20
MAX_EVENTS = 60_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same events, ten times as fast
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,59})\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,59})\.[0-9]{1,60}\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def read_yaml(content: bytes, file: str) -> Document:
    """Read one file; raises every mistake of its writing at once. An empty file holds nothing."""
    text = decoded(content, file)
    reader = _Reader(text, file)
    data = reader.document()
    reader.faults.raise_any()
    return Document(file, data, reader.keys, reader.values, reader.scalars, tuple(text.split("\n")))


def plain_value(text: str) -> bool | int | Decimal | date | str | None:
    """What an unquoted word means; raises ValueError for a day that does not exist."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Decimal(text)
    return date.fromisoformat(text) if _DATE.match(text) else text


def _position(event: yaml.Event) -> tuple[int, int]:
    """Line and column of an event, from 1."""
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1


class _Reader:
    """Turns the parser's events into values, in one pass and with nothing expanded."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._lines = [*text.split("\n"), ""]
        self.faults = Faults()
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self.scalars: dict[Path, Scalar] = {}
        self._count = 0
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> object:
        """The one document of the file."""
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        data = self._value(self._next(), (), 0)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self.faults.add(SEVERAL_DOCUMENTS.error(self._place(after)))
        return data

    def _next(self) -> yaml.Event:
        try:
            event = next(self._events)
        except yaml.YAMLError as error:
            raise self._syntax(error) from error
        self._count += 1
        if self._count > MAX_EVENTS:
            raise TOO_LARGE.error(
                self._place(event),
                what="file",
                size=f"over {MAX_EVENTS} values",
                limit=f"{MAX_EVENTS} values",
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ALIAS.error(self._place(event))
        tag = getattr(event, "tag", None)
        if tag:
            self.faults.add(TAG.error(self._place(event), tag=str(tag)[:60]))
        return event

    def _place(self, event: yaml.Event) -> Place:
        return Place(self.file, *_position(event))

    def _value(self, event: yaml.Event, path: Path, depth: int) -> object:
        if depth > MAX_DEPTH:
            raise TOO_DEEP.error(self._place(event), limit=MAX_DEPTH)
        self.values[path] = _position(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, path)

    def _mapping(self, path: Path, depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.faults.add(KEY_NOT_TEXT.error(self._place(event)))
                self._value(event, (*path, "?"), depth + 1)
                self._value(self._next(), (*path, "?"), depth + 1)
                continue
            key = event.value
            below = (*path, key)
            if key in data:
                first = self.keys[below][0]
                self.faults.add(DUPLICATE_KEY.error(self._place(event), key=key, first=first))
            self.keys[below] = _position(event)
            data[key] = self._value(self._next(), below, depth + 1)
        return data

    def _list(self, path: Path, depth: int) -> list[object]:
        data: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            data.append(self._value(event, (*path, len(data)), depth + 1))
        return data

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> object:
        style = event.style or None
        end = event.end_mark
        assert end is not None
        self.scalars[path] = Scalar(event.value, style, *_position(event), end.line + 1, end.column + 1)
        if style is not None:
            return event.value
        try:
            return plain_value(event.value)
        except ValueError:
            self.faults.add(NO_SUCH_DATE.error(self._place(event), value=event.value))
            return event.value

    def _syntax(self, error: yaml.YAMLError) -> HearthlineError:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
        reason = str(getattr(error, "problem", None) or "it is not YAML").strip()
        hint = "Check the indentation, the colons (one space after each) and the quotation marks."
        if mark is not None and self._lines[mark.line].lstrip(" ").startswith("\t"):
            hint = "Indent with spaces, not with tabs."
        return BAD_YAML.error(place, reason=reason, hint=hint)
