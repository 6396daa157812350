# SPDX-License-Identifier: Apache-2.0
"""Decides how the answers of queries become tables: every figure in its row and column, groups in order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hearthline.statistics.columns import BASE_N, Column, Quantity
from hearthline.statistics.design import Precision
from hearthline.statistics.figures import Figure, Group, Heading, MeasureTable, Row
from hearthline.statistics.grouping import Grouping, rank

Keys = tuple[int, tuple[str | None, ...]]
"""A group: the position of its breakdown and the values of that breakdown's keys."""


@dataclass
class Answers:
    """The figures read so far, by group and column."""

    counts: dict[Keys, int] = field(default_factory=dict)
    figures: dict[tuple[Keys, Column], Figure] = field(default_factory=dict)
    precisions: dict[tuple[Keys, Column], Precision] = field(default_factory=dict)

    def keep(self, group: Keys, part: Column, value: int | float | Decimal | None) -> None:
        """Keep a figure; what is no number is no figure."""
        self.figures[group, part] = figure_of_value(value, part.quantity)


def figure_of_value(value: int | float | Decimal | None, quantity: Quantity) -> Figure:
    """A number as a figure: counts whole, no figure where there is no number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, float) and quantity is Quantity.COUNT:
        return int(value)
    return value


def sorted_groups(grouping: Grouping, answers: Answers) -> dict[Keys, Group]:
    """The groups in the order in which they are shown: the total, then each breakdown."""
    ordered = sorted(answers.counts, key=lambda keys: (keys[0], [rank(value) for value in keys[1]]))
    return {
        keys: Group(grouping.names(grouping.breakdowns[keys[0]]), keys[1], answers.counts[keys])
        for keys in ordered
    }


def tables_of(
    columns: Sequence[Column], groups: Mapping[Keys, Group], answers: Answers, *, errors: bool = False
) -> tuple[MeasureTable, ...]:
    """The tables of the columns, a row for each group and item."""
    tables = []
    for name in dict.fromkeys(part.table for part in columns):
        own = [part for part in columns if part.table == name]
        headings = {
            part.name: Heading(part.name, part.measure, part.quantity) for part in own if part.name != BASE_N
        }
        items = list(dict.fromkeys(part.item for part in own))
        cells = {(part.item, part.name): part for part in own}
        rows = [
            Row(
                group,
                item,
                tuple(answers.figures.get((keys, cells[item, head])) for head in headings),
                base=_base(answers, keys, cells.get((item, BASE_N))),
                precisions=tuple(answers.precisions.get((keys, cells[item, head])) for head in headings)
                if errors
                else (),
            )
            for keys, group in groups.items()
            for item in items
            if keys[1] == () or not is_of_breakdowns(own)
        ]
        tables.append(MeasureTable(name, tuple(headings.values()), tuple(rows)))
    return tuple(tables)


def is_of_breakdowns(columns: Sequence[Column]) -> bool:
    """Whether the figures of a table speak of whole breakdowns, which stand in the row of the total."""
    return all(part.combined is not None and part.combined.breakdown is not None for part in columns)


def _base(answers: Answers, keys: Keys, part: Column | None) -> int | None:
    """The households behind a row, where a measure counts them itself."""
    number_of_them = answers.figures.get((keys, part)) if part is not None else None
    return None if number_of_them is None else int(number_of_them)
