# SPDX-License-Identifier: Apache-2.0
"""Decides what a measure yields: named columns of a table, each with its formula as an SQL tree.

A measure is a function from the frame (which values there are, under which aliases) to columns. The
same frame serves all measures, so that one query answers them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from sqlglot import exp

from hearthline.statistics.expressions import Tree, column, either, equals, missing, total
from hearthline.statistics.linear import Linear, Values
from hearthline.statistics.ranked import Ranked
from hearthline.statistics.segments import Segments
from hearthline.statistics.specification import Specification

WEIGHT = "weight"
PEOPLE = "people"
HOUSEHOLDS = "households"
WELFARE = "welfare"
LINE = "line"
STATUS = "status"
"""Aliases of the base that every frame may hold."""

POOR = "poor"
NOT_POOR = "not poor"
UNKNOWN = "unknown"
MET = "met"
NOT_MET = "not met"


BASE_N = "base_n"
"""The column of a measure that counts the households its shares are taken of; ``n`` of the table."""


class Quantity(Enum):
    """What sort of number a column holds, for its format: nothing is rounded but for show."""

    COUNT = "count"
    WEIGHTED = "weighted count"
    SHARE = "share"
    AMOUNT = "amount"
    INDEX = "index"
    RATIO = "ratio"


@dataclass(frozen=True)
class Parts:
    """What a figure of several groups is made of: totals of a group, of everybody, and of all groups."""

    own: Mapping[str, Linear]
    whole: Mapping[str, Linear]
    groups: Sequence[Mapping[str, Linear]] = ()
    together: Mapping[str, Values] | None = None
    """The totals of all groups as columns, in the place of ``groups`` where those are very many."""


@dataclass(frozen=True)
class Combined:
    """A figure from totals of several groups: for each group, or once for a whole breakdown if named."""

    totals: Mapping[str, Tree]
    figure: Callable[[Parts], Linear]
    breakdown: str | None = None


@dataclass(frozen=True)
class Column:
    """One column of a table: for ``item`` (a criterion, a standard, an indicator) where it has one."""

    measure: str
    table: str
    name: str
    quantity: Quantity
    tree: Tree = field(compare=False)
    item: str | None = None
    ranked: Callable[[Ranked], Linear] | None = field(default=None, compare=False)
    """What works the figure out from rows in the order of welfare; the tree then only names what it reads."""
    combined: Combined | None = field(default=None, compare=False)
    """What works the figure out from totals of several groups."""
    segmented: Callable[[Segments], Values] | None = field(default=None, compare=False)
    """What ``ranked`` gives, without influences, for all groups of a breakdown at once."""


@dataclass(frozen=True)
class Frame:
    """The values that measures may use, as aliases in the base, with the specification behind them."""

    specification: Specification
    aliases: frozenset[str]
    whole: frozenset[str] = frozenset()
    breakdowns: tuple[str, ...] = ()
    """What the table is broken down by, without the total."""

    @property
    def weight(self) -> Tree:
        """The analysis weight: a double, never unknown."""
        return column(WEIGHT)

    @property
    def weighed(self) -> Tree:
        """The weight of all rows of the group."""
        return total(self.weight)

    @property
    def has_welfare(self) -> bool:
        """Whether there is a welfare value."""
        return WELFARE in self.aliases

    @property
    def has_line(self) -> bool:
        """Whether there is a line to compare it with."""
        return {WELFARE, LINE} <= self.aliases

    @property
    def has_status(self) -> bool:
        """Whether there is the answer of a default standard."""
        return STATUS in self.aliases

    @property
    def grouped(self) -> bool:
        """Whether there is a breakdown."""
        return bool(self.breakdowns)

    def weight_where(self, condition: Tree) -> Tree:
        """The weight of the rows where a condition holds."""
        return total(self.weight, condition)


def answer(alias: str, value: str) -> Tree:
    """Whether the answer in a column is this one; an empty cell is an unknown answer."""
    if value == UNKNOWN:
        return either(equals(column(alias), UNKNOWN), missing(column(alias)))
    return equals(column(alias), value)


def criterion_alias(name: str) -> str:
    """The alias of a criterion's answer in the base."""
    return f"criterion_{name}"


def standard_alias(name: str, *, default: bool) -> str:
    """The alias of a standard's answer in the base."""
    return STATUS if default else f"standard_{name}"


def cause_alias(name: str) -> str:
    """The alias of a cause's evidence in the base."""
    return f"evidence_{name}"


def ranked_column(
    table: str,
    name: str,
    quantity: Quantity,
    ranked: Callable[[Ranked], Linear],
    segmented: Callable[[Segments], Values],
    *,
    measure: str,
    item: str | None = None,
    line: bool = False,
) -> Column:
    """A column worked out from rows in the order of welfare, and of welfare over the line if ``line``."""
    reads = exp.Tuple(expressions=[column(name) for name in (WELFARE, *((LINE,) if line else ()))])
    return Column(measure, table, name, quantity, reads, item, ranked, segmented=segmented)


def ranked_reads(columns: Iterable[Column]) -> frozenset[str]:
    """What the columns in the order of welfare read of a row."""
    return frozenset(
        found.name for part in columns if part.ranked is not None for found in part.tree.find_all(exp.Column)
    )


Definition = Callable[[Frame], Iterable[Column]]
"""A measure: its docstring is its definition, printed in the reference."""
