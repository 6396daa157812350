# SPDX-License-Identifier: Apache-2.0
"""Decides how a failure is named: one catalogue, stable codes, a sentence and a remedy for each.

A module declares its problems once, at import, and raises them by name::

    MISSING_KEY = declare(
        "import.missing-key", Kind.BAD_INPUT,
        "{file} line {line}: the key column {column} is empty.",
        remedy="Fill the key, or leave the row out of the file.",
    )
    raise MISSING_KEY.error(file="households.csv", line=12, column="hid")
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What sort of failure it is; the edge (command line, HTTP) turns it into its own status."""

    BAD_INPUT = "bad input"
    BAD_PACKAGE = "bad package"
    NOT_FOUND = "not found"
    REFUSED = "refused"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    INTERNAL = "internal"


EXIT_STATUS: dict[Kind, int] = {
    Kind.BAD_INPUT: 2,
    Kind.BAD_PACKAGE: 3,
    Kind.NOT_FOUND: 4,
    Kind.REFUSED: 5,
    Kind.DAMAGED: 6,
    Kind.UNSUPPORTED: 7,
    Kind.INTERNAL: 70,
}
"""The exit status of the command line for each kind."""


@dataclass(frozen=True)
class Place:
    """Where in a text a problem stands: file as the user named it, line and column from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        if self.line is None:
            return self.file
        if self.column is None:
            return f"{self.file}, line {self.line}"
        return f"{self.file}, line {self.line}, column {self.column}"


class HearthlineError(Exception):
    """A failure from the catalogue, with the values that fill its sentence."""

    def __init__(self, problem: Problem, params: dict[str, object], place: Place | None) -> None:
        self.problem = problem
        self.params = params
        self.place = place
        super().__init__(self.sentence)

    @property
    def code(self) -> str:
        """The stable code, such as ``package.unknown-name``."""
        return self.problem.code

    @property
    def sentence(self) -> str:
        """What happened and what to do next, in one or two sentences."""
        return f"{self.message} {self.remedy}".strip()

    @property
    def message(self) -> str:
        """What happened, beginning with the place where there is one."""
        text = self.problem.message.format(**self.params)
        if self.place:
            return f"{self.place}: {text}"
        # a sentence that stands alone begins with a capital, unless it begins with what the user typed
        return text[:1].upper() + text[1:] if self.problem.message[:1].isalpha() else text

    @property
    def remedy(self) -> str:
        """What to do next."""
        return self.problem.remedy.format(**self.params)

    def at(self, place: Place) -> HearthlineError:
        """The same failure at ``place``, unless it already names one."""
        return self if self.place else HearthlineError(self.problem, self.params, place)


@dataclass(frozen=True)
class Problem:
    """One entry of the catalogue; ``message`` and ``remedy`` hold named placeholders."""

    code: str
    kind: Kind
    message: str
    remedy: str = ""
    params: frozenset[str] = field(default=frozenset(), compare=False)

    def error(self, place: Place | None = None, /, **params: object) -> HearthlineError:
        """The failure to raise; a missing placeholder is a programming error and says so."""
        missing = self.params - params.keys()
        if missing:
            raise TypeError(f"problem {self.code} needs {', '.join(sorted(missing))}")
        return HearthlineError(self, params, place)


class ManyProblems(HearthlineError):
    """Several failures found in one pass, so that a user mends a file once and not ten times."""

    def __init__(self, errors: list[HearthlineError]) -> None:
        if not errors:
            raise TypeError("ManyProblems needs at least one problem")
        self.errors = errors
        super().__init__(errors[0].problem, errors[0].params, errors[0].place)

    @property
    def sentence(self) -> str:
        """Every sentence, one on a line."""
        return "\n".join(error.sentence for error in self.errors)


_CATALOGUE: dict[str, Problem] = {}


def declare(code: str, kind: Kind, message: str, remedy: str = "") -> Problem:
    """Enter a problem into the catalogue; a code is declared once, in one module."""
    if code in _CATALOGUE:
        raise ValueError(f"problem {code} is declared twice")
    names = {name for text in (message, remedy) for _, name, _, _ in string.Formatter().parse(text) if name}
    problem = Problem(code, kind, message, remedy, frozenset(names))
    _CATALOGUE[code] = problem
    return problem


def catalogue() -> list[Problem]:
    """Every problem declared by the modules imported so far, by code."""
    return [_CATALOGUE[code] for code in sorted(_CATALOGUE)]
