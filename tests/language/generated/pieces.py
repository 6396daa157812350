# SPDX-License-Identifier: Apache-2.0
"""Decides what a piece of a generated formula is: its text with its type, made of smaller pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BOOLEAN, NUMBER, DOUBLE, DATE, CODE, TEXT = "boolean", "number", "double", "date", "code", "text"
BARE = ""
"""The unit of bare literals: they take any unit beside ``+ - =`` and none beside ``* /``."""


@dataclass(frozen=True)
class Piece:
    """A well-typed formula. ``whole`` says that it is a number without decimals.

    ``parts`` are the pieces in it that mean something where it stands (not those inside an aggregate).
    """

    text: str
    kind: str
    unit: str = "1"
    scale: int = 0
    parts: tuple[Piece, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether it is a number made of literals alone."""
        return self.kind in (NUMBER, DOUBLE) and self.unit == BARE

    @property
    def gives(self) -> str:
        """The type as a rule would declare it."""
        unit = "" if self.unit in (BARE, "1") else f" {self.unit}"
        return {NUMBER: f"decimal{unit}", DOUBLE: f"double{unit}", CODE: "text"}.get(self.kind, self.kind)

    def walk(self) -> Iterator[Piece]:
        """This piece and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def common_unit(*parts: Piece) -> str:
    """The unit of pieces that are added, compared or chosen between."""
    return next((part.unit for part in parts if part.unit != BARE), BARE)


def same_kind(template: str, *parts: Piece) -> Piece:
    """A piece of the kind, unit and largest scale of its parts; ``{0}`` in the template is the first."""
    text = template.format(*(part.text for part in parts))
    scale = max(part.scale for part in parts)
    return Piece(text, parts[0].kind, common_unit(*parts), scale, parts)


def made(template: str, kind: str, *parts: Piece, unit: str = "1", scale: int = 0) -> Piece:
    """A piece of a kind of its own."""
    return Piece(template.format(*(part.text for part in parts)), kind, unit, scale, parts)
