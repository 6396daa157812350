# SPDX-License-Identifier: Apache-2.0
"""Decides how a score adds up: a constant and one table for each covariate, in whole ten-thousandths.

Each table gives the effect of a level, alone or with a level of one other covariate. Effects are whole
numbers, so that the sum is the same in every order and in every engine, and the tables are lookup tables of a
package as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hearthline.targeting.frame import Flags, Frame, Numbers, Whole
from hearthline.targeting.levels import FEWEST, NO_LEVEL, SPANS, Levels, levels_of
from hearthline.targeting.problems import NOTHING_KNOWN

DECIMALS = 4
UNIT: int = 10**DECIMALS


@dataclass(frozen=True)
class Term:
    """The effects of levels in ten-thousandths: a column for each level of ``beside``, or one."""

    levels: Levels
    beside: Levels | None
    effects: Whole

    def of(self, first: Whole, second: Whole | None) -> Whole:
        """The effect for each household whose levels are known."""
        columns = second if second is not None else np.zeros_like(first)
        return self.effects[first, columns]


@dataclass(frozen=True)
class Additive:
    """A score: ``constant`` and terms, in ten-thousandths."""

    constant: int
    terms: tuple[Term, ...]

    @property
    def names(self) -> list[str]:
        """The covariates it reads."""
        return [term.levels.covariate.name for term in self.terms]

    def score(self, frame: Frame) -> Numbers:
        """The sum for every household; NaN where a covariate is unknown or has no level."""
        levels = {term.levels.covariate.name: term.levels for term in self.terms}
        levels |= {term.beside.covariate.name: term.beside for term in self.terms if term.beside}
        places = {name: each.of(frame.values[name]) for name, each in levels.items()}
        known = np.ones(frame.size, dtype=bool)
        for place in places.values():
            known &= place != NO_LEVEL
        total = np.full(frame.size, self.constant, dtype=np.int64)
        for term in self.terms:
            second = places[term.beside.covariate.name] if term.beside else None
            total += term.of(places[term.levels.covariate.name], second)
        return np.where(known, total / UNIT, np.nan)


@dataclass(frozen=True)
class Design:
    """Indicator columns of the levels of some households: ``matrix``, and the term and cell of each."""

    levels: tuple[Levels, ...]
    beside: Levels | None
    matrix: Numbers
    cells: tuple[tuple[int, int, int], ...]
    """Term, level of the covariate, level of ``beside`` (-1: in all of them)."""

    def columns_of(self, terms: Sequence[int]) -> list[int]:
        """The places of the columns that belong to some terms."""
        wanted = set(terms)
        return [place for place, cell in enumerate(self.cells) if cell[0] in wanted]

    def additive(self, constant: float, effects: Numbers) -> Additive:
        """The score whose columns have these effects; the reference level of each covariate has none."""
        tables = [
            np.zeros((each.count, self.beside.count if self.beside and each is not self.beside else 1))
            for each in self.levels
        ]
        for (term, level, other), effect in zip(self.cells, effects, strict=True):
            tables[term][level, slice(None) if other < 0 else other] += effect
        terms = tuple(
            Term(each, self.beside if table.shape[1] > 1 else None, np.rint(table * UNIT).astype(np.int64))
            for each, table in zip(self.levels, tables, strict=True)
        )
        return Additive(round(constant * UNIT), terms)


def training_levels(frame: Frame, rows: Whole, spans: int = SPANS) -> list[Levels]:
    """The levels of every covariate that tells some households of the training apart; all are known there."""
    target, weight = np.log(frame.welfare[rows]), frame.weight[rows]
    found = [
        levels_of(each, frame.values[name][rows], target, weight, spans)
        for name, each in frame.covariates.items()
    ]
    return [each for each in found if each is not None]


def usable(frame: Frame) -> Flags:
    """Whether a household can teach: its covariates, welfare and weight are all known."""
    return ~frame.unknown(list(frame.covariates)) & (frame.welfare > 0) & (frame.weight > 0)


def known_rows(frame: Frame, rows: Whole) -> Whole:
    """The rows whose covariates, welfare and weight are all known; the others teach nothing."""
    kept = rows[usable(frame)[rows]]
    if not len(kept):
        worst: Mapping[str, int] = {name: int(frame.unknown([name])[rows].sum()) for name in frame.covariates}
        raise NOTHING_KNOWN.error(worst=max(worst, key=lambda name: worst[name], default=""))
    return kept


def design_of(frame: Frame, rows: Whole, levels: Sequence[Levels], beside: Levels | None) -> Design:
    """Indicators against the most frequent level; a cell beside another needs enough of its own."""
    columns: list[Numbers] = []
    cells: list[tuple[int, int, int]] = []
    other = beside.of(frame.values[beside.covariate.name][rows]) if beside else None
    common_other = _most_frequent(other) if other is not None else -1
    for term, each in enumerate(levels):
        places = each.of(frame.values[each.covariate.name][rows])
        common = _most_frequent(places)
        for level in range(each.count):
            if level == common:
                continue
            column = (places == level).astype(float)
            columns.append(column)
            cells.append((term, level, -1))
            if other is None or beside is None or each is beside:
                continue
            for second in range(beside.count):
                joint = column * (other == second)
                if second != common_other and min(joint.sum(), (column - joint).sum()) >= FEWEST:
                    columns.append(joint)
                    cells.append((term, level, second))
    matrix = np.array(columns).T if columns else np.zeros((len(rows), 0))
    return Design(tuple(levels), beside, matrix, tuple(cells))


def _most_frequent(places: Whole) -> int:
    return int(np.bincount(places[places >= 0]).argmax())
