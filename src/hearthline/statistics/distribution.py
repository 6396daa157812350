# SPDX-License-Identifier: Apache-2.0
"""Decides how welfare is cut into classes around the line, for a chart: the line is always an edge.

Welfare is taken as a multiple of the line of each household, so that a chart reads the same for one line
and for many. Each share is Σ w of a class over Σ w of all households whose welfare and line are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.runs import Run
from hearthline.statistics.columns import LINE, WEIGHT, WELFARE, Column, Quantity
from hearthline.statistics.expressions import (
    Tree,
    both,
    column,
    exact_total,
    known,
    less,
    more,
    named,
    number,
    total,
)
from hearthline.statistics.framing import BASE, RUN_WEIGHTS, base_steps, framed
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.runs import relation_of
from hearthline.statistics.session import MEMORY, Step, open_session
from hearthline.statistics.specification import Specification

FINEST = 8
"""The most classes between zero and the line."""

MOST_CLASSES = 40
COVERED = 0.95
"""The share of people that the classes reach at least, if that takes no more than the most classes."""


@dataclass(frozen=True)
class WelfareClass:
    """One class: from ``start`` up to and without ``end``, in multiples of the line; None is open."""

    start: Fraction | None
    end: Fraction | None
    share: float
    n: int


@dataclass(frozen=True)
class Distribution:
    """Welfare around the line. The first class holds all below zero, the last all above the others."""

    classes: tuple[WelfareClass, ...]
    line: float | None
    """The line in money where there is one for everybody."""

    @property
    def below_line(self) -> float:
        """The share of those below the line."""
        return sum(part.share for part in self.classes if part.end is not None and part.end <= 1)


def distribution_of(
    run: Run, specification: Specification, *, data: Path | None = None, memory: str = MEMORY
) -> Distribution | None:
    """The distribution of a run's welfare around its line; None without a welfare value or a line."""
    line = specification.line
    if specification.welfare is None or line is None:
        return None
    relation = relation_of(run, specification, data=data)
    values = framed(relation, specification, RUN_WEIGHTS)
    needed = Column("", "", "", Quantity.INDEX, both(known(column(WELFARE)), known(column(LINE))))
    steps = base_steps(relation, values, Grouping((), ((),)), [needed], readers=1)
    with open_session(memory=memory) as session:
        for step in steps:
            session.define(step)
        rows = session.fetch(fine_classes()).to_pylist()
    counted = [(row["class"], row["share"], row["n"]) for row in rows]
    return Distribution(tuple(coarsened(counted)), float(line.value) if line.value is not None else None)


def fine_classes() -> Step:
    """Weight and households by the finest class; beyond the chart's reach all count in one class."""
    multiple = exp.Div(this=column(WELFARE), expression=column(LINE), typed=False, safe=False)
    scaled = exp.Mul(this=exp.Paren(this=multiple), expression=number(FINEST))
    inside = exp.Greatest(
        this=number(-1),
        expressions=[exp.Least(this=exp.Floor(this=scaled), expressions=[number(FINEST * MOST_CLASSES)])],
    )
    # Comparing again keeps a quotient that rounds up to the line from leaving the classes below it.
    below: Tree = less(column(WELFARE), column(LINE))
    place = exp.Case(
        ifs=[exp.If(this=below, true=exp.Least(this=inside, expressions=[number(FINEST - 1)]))],
        default=exp.Greatest(this=inside.copy(), expressions=[number(FINEST)]),
    )
    whole = exp.cast(place, exp.DataType.Type.BIGINT)
    one = exp.cast(exp.Literal.number(1), exp.DataType.Type.BIGINT)
    tree = exp.select(named(whole, "class"), named(total(column(WEIGHT)), "share"))
    tree = tree.select(named(exact_total(one), "n")).from_(exp.to_table(BASE))
    certain = both(known(column(WELFARE)), known(column(LINE)), more(column(LINE), number(0)))
    return Step("classes", tree.where(certain).group_by(whole).order_by(exp.column("class", quoted=True)))


def coarsened(fine: Sequence[tuple[int, float, int]]) -> list[WelfareClass]:
    """The finest classes merged until 95 % of the people fit into forty classes, with open ends."""
    whole = sum(share for _, share, _ in fine)
    if not whole:
        return []
    per_line, top = _cut(fine, whole)
    width = FINEST // per_line
    merged: dict[int, tuple[float, int]] = {}
    for place, share, n in fine:
        target = -1 if place < 0 else min(place // width, top)
        before = merged.get(target, (0.0, 0))
        merged[target] = (before[0] + share / whole, before[1] + int(n))
    first = -1 if -1 in merged else 0
    return [_class(place, per_line, top, *merged.get(place, (0.0, 0))) for place in range(first, top + 1)]


def _cut(fine: Sequence[tuple[int, float, int]], whole: float) -> tuple[int, int]:
    """How many classes to a line, and the place of the last, open class."""
    reached, reach = 0.0, 0
    for place, share, _ in fine:
        reached += share
        reach = place + 1
        if reached >= COVERED * whole:
            break
    for per_line in (8, 4, 2, 1):
        needed = -(-reach * per_line // FINEST)
        if needed <= MOST_CLASSES:
            return per_line, max(needed, 2 * per_line)
    return 1, MOST_CLASSES


def _class(place: int, per_line: int, top: int, share: float, n: int) -> WelfareClass:
    start = None if place < 0 else Fraction(place, per_line)
    end = None if place == top else Fraction(place + 1, per_line)
    return WelfareClass(start, end, share, n)
