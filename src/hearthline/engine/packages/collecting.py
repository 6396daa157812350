# SPDX-License-Identifier: Apache-2.0
"""Decides that every mistake of a package is reported in one pass, and that none lets it load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from hearthline.base.problems import HearthlineError, ManyProblems, Place


class Faults:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self.errors: list[HearthlineError] = []

    def add(self, error: HearthlineError, place: Place | None = None) -> None:
        """Keep a mistake, at ``place`` unless it already names one."""
        found = error.errors if isinstance(error, ManyProblems) else [error]
        self.errors += [each.at(place) if place else each for each in found]

    @contextmanager
    def kept(self, place: Place | None = None) -> Iterator[None]:
        """Keep what is raised inside and go on after it."""
        try:
            yield
        except HearthlineError as error:
            self.add(error, place)

    def raise_any(self) -> None:
        """Raise every mistake found, in the order of the files."""
        if self.errors:
            unique = {(str(error.place), error.sentence): error for error in self.errors}
            raise ManyProblems(sorted(unique.values(), key=_position))


def _position(error: HearthlineError) -> tuple[str, int, int]:
    place = error.place
    if place is None:
        return ("", 0, 0)
    return (place.file, place.line or 0, place.column or 0)


def shown(value: object) -> str:
    """A value as an error names it."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value if len(value) <= 60 else value[:57] + "…"
        return "'" + text.replace("\n", " ") + "'"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, date):
        return f"the date {value.isoformat()}"
    if isinstance(value, int | Decimal):
        text = str(value)
        return text if len(text) <= 60 else "a very large number"
    return str(value)
