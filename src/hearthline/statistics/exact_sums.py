# SPDX-License-Identifier: Apache-2.0
"""Decides how rows are summed in SQL so that a sum is the same in any order, to the last digit.

Threads add rows in no promised order, and a sum of doubles shows it in its last digits, even where it is
compensated. So each term is taken in whole multiples of a power of two and these are summed as integers of
128 bits. The power is chosen from the largest term, far below the last digit that a double of it has, and
such that the sum of all rows fits. Whole weights need none of this: their sums are exact as they are, as long
as they stay below 2^53.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from hearthline.statistics.columns import WEIGHT, Column
from hearthline.statistics.expressions import Tree, as_double, column, function, named
from hearthline.statistics.framing import BASE
from hearthline.statistics.session import Session, Step
from hearthline.statistics.totals import aggregates_of, row_term

_BITS = 125
_MOST = 900
"""The highest power of two by which a term is multiplied: beyond it 2^k is no double."""

_EXACT = 2.0**53
"""Below it every sum of whole numbers is exact as a double."""

_WHOLE = "weights_whole"


@dataclass(frozen=True)
class Cells:
    """The totals of the finest groups, by name, and which total of a formula each is."""

    totals: Mapping[str, Tree]
    """What each total of a cell is, under its name, over the rows of the base."""

    keys: Mapping[str, str]
    """For each total in the formulas its name."""

    powers: Mapping[str, int]
    """The powers of two by which totals were multiplied, 0 for those that were not."""

    whole: bool
    """Whether all weights are whole numbers, and so few that every sum of them is exact."""


def cells_of(session: Session, columns: Sequence[Column]) -> Cells:
    """The totals of every sum and count, exact where they are doubles; reads the base once.

    Whole numbers add up the same way in any order and in any number of steps, so that cells can be summed
    again for larger groups without a difference in any digit.
    """
    found = aggregates_of(columns)
    sums = {key: tree for key, tree in found.items() if _of_doubles(tree)}
    largest = _largest(session, sums)
    rows = int(largest.get("rows_counted") or 0)
    whole = bool(largest.get(_WHOLE)) and rows * (largest.get("largest_weight") or 0.0) < _EXACT
    totals: dict[str, Tree] = {}
    powers: dict[str, int] = {}
    for place, (key, tree) in enumerate(found.items()):
        name = f"total_{place}"
        powers[name] = 0
        if key in sums and not (whole and _is_weight(tree)):
            greatest = float(largest[f"largest_{list(sums).index(key)}"] or 0.0)
            powers[name] = _power(greatest, rows)
            totals[name] = _in_whole_multiples(tree, powers[name])
        elif key in sums:
            totals[name] = _of_whole_weights(tree)
        else:
            totals[name] = tree
    return Cells(totals, dict(zip(found, totals, strict=True)), powers, whole)


def _of_doubles(aggregate: Tree) -> bool:
    inner = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    return isinstance(inner, exp.Anonymous)


def _largest(session: Session, sums: Mapping[str, Tree]) -> Mapping[str, float | None]:
    """The largest term of every sum, and whether all weights are whole."""
    weight = column(WEIGHT)
    even = exp.EQ(this=weight, expression=exp.Floor(this=weight.copy()))
    tree = exp.select(
        named(exp.Count(this=exp.Star(), big_int=True), "rows_counted"),
        named(function("bool_and", even), _WHOLE),
        *(
            named(exp.Max(this=exp.Abs(this=row_term(part))), f"largest_{place}")
            for place, part in enumerate(sums.values())
            if not _is_weight(part)
        ),
        named(exp.Max(this=weight.copy()), "largest_weight"),
    ).from_(exp.to_table(BASE))
    found: dict[str, float | None] = session.fetch(Step("largest_terms", tree)).to_pylist()[0]
    heaviest = found["largest_weight"]
    return {f"largest_{place}": heaviest for place in range(len(sums))} | found


def _is_weight(aggregate: Tree) -> bool:
    """Whether a sum is one of weights, over all rows or some."""
    inner = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    return isinstance(inner, exp.Anonymous) and inner.expressions[0] == column(WEIGHT)


def _of_whole_weights(aggregate: Tree) -> Tree:
    """The sum of whole weights over some rows: exact as it is, in any order.

    The condition stands in the value: DuckDB takes four times as long to choose the rows of every aggregate.
    """
    inner = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    value = inner.expressions[0].copy()
    if isinstance(aggregate, exp.Filter):
        chosen = exp.If(this=aggregate.expression.this.copy(), true=value)
        value = exp.Case(ifs=[chosen], default=as_double(exp.Literal.number(0)))
    return exp.Sum(this=value)


def _power(largest: float, rows: int) -> int:
    """The power of two by which terms are multiplied, so that the sum of all of them fits."""
    return min(_BITS - math.frexp(largest)[1] - rows.bit_length(), _MOST) if largest else 1


def _in_whole_multiples(aggregate: Tree, power: int) -> Tree:
    scaled = exp.Mul(this=exp.Paren(this=row_term(aggregate)), expression=_power_of_two(power))
    return exp.Sum(this=exp.cast(scaled, exp.DataType.Type.INT128))


def as_doubles(name: str, power: int) -> Tree:
    """A sum of totals as the double that it stands for; 0 where there were no rows."""
    value = exp.Coalesce(this=as_double(column(name)), expressions=[as_double(exp.Literal.number(0))])
    return exp.Paren(this=exp.Mul(this=value, expression=_power_of_two(-power))) if power else value


def _power_of_two(power: int) -> Tree:
    return as_double(exp.Literal.number(repr(math.ldexp(1.0, power))))
