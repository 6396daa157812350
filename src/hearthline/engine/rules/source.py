# SPDX-License-Identifier: Apache-2.0
"""Decides where a character of a formula stands in the package file that a person edits."""

from __future__ import annotations

from dataclasses import dataclass

from hearthline.base.problems import Place


@dataclass(frozen=True)
class FormulaText:
    """A formula with the place of its first character; ``indent`` is the column (from 1) of later lines."""

    text: str
    file: str = "formula"
    line: int = 1
    column: int = 1
    indent: int = 1

    def place(self, line: int = 1, column: int = 1) -> Place:
        """The place in the file of a line and column (both from 1) of the formula."""
        start = self.column if line == 1 else self.indent
        return Place(self.file, self.line + line - 1, start + column - 1)


@dataclass(frozen=True)
class RawRule:
    """A derived value or criterion before its formula has been read.

    ``declared`` is the type a derived value promises, None for a criterion (always boolean).
    """

    name: str
    level: str
    formula: FormulaText
    declared: str | None
    unit: str
    scale: int | None
    division_scale: int
