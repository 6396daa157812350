# SPDX-License-Identifier: Apache-2.0
"""Decides how rows are summed in SQL so that a sum is the same in any order, to the last digit.

Threads add rows in no promised order, and a sum of doubles shows it in its last digits, even where it is
compensated. So each term is taken in whole multiples of a power of two and these are summed as integers of
128 bits. The power is chosen from the largest term, far below the last digit that a double of it has, and
such that the sum of all rows fits. Whole weights need none of this: their sums are exact as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from hearthline.statistics.columns import WEIGHT, Column
from hearthline.statistics.expressions import Tree, as_double, column, function, named, zero_if_none
from hearthline.statistics.framing import BASE
from hearthline.statistics.session import Session, Step
from hearthline.statistics.totals import aggregates_of, key_of, row_term

_BITS = 125
_MOST = 900
"""The highest power of two by which a term is multiplied: beyond it 2^k is no double."""

_WHOLE = "weights_whole"


@dataclass(frozen=True)
class Cells:
    """The totals of the finest groups, and the formulas of the columns over sums of them."""

    totals: Mapping[str, Tree]
    """What each total of a cell is, under its name, over the rows of the base."""

    figures: Sequence[Tree]


def cells_of(session: Session, columns: Sequence[Column]) -> Cells:
    """The totals of every sum and count, exact where they are doubles; reads the base once.

    Whole numbers add up the same way in any order and in any number of steps, so that cells can be summed
    again for larger groups without a difference in any digit.
    """
    found = aggregates_of(columns)
    sums = {key: tree for key, tree in found.items() if _of_doubles(tree)}
    largest = _largest(session, sums) if sums else {}
    rows, whole = int(largest.get("rows_counted") or 0), bool(largest.get(_WHOLE))
    totals: dict[str, Tree] = {}
    again: dict[str, Tree] = {}
    for place, (key, tree) in enumerate(found.items()):
        name, power = f"total_{place}", 0
        if key in sums and not (whole and _is_weight(tree)):
            greatest = float(largest[f"largest_{list(sums).index(key)}"] or 0.0)
            power = _power(greatest, rows)
            totals[name] = _in_whole_multiples(tree, power)
        else:
            totals[name] = tree
        summed: Tree = exp.Sum(this=column(name))
        if power:
            summed = exp.Paren(this=exp.Mul(this=as_double(summed), expression=_power_of_two(-power)))
        again[key] = zero_if_none(summed) if _counts(tree) else summed
    return Cells(totals, [_replaced(part.tree, again) for part in columns])


def _of_doubles(aggregate: Tree) -> bool:
    inner = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    return isinstance(inner, exp.Anonymous)


def _counts(aggregate: Tree) -> bool:
    inner = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    return isinstance(inner, exp.Count)


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


def _power(largest: float, rows: int) -> int:
    """The power of two by which terms are multiplied, so that the sum of all of them fits."""
    return min(_BITS - math.frexp(largest)[1] - rows.bit_length(), _MOST) if largest else 1


def _in_whole_multiples(aggregate: Tree, power: int) -> Tree:
    scaled = exp.Mul(this=exp.Paren(this=row_term(aggregate)), expression=_power_of_two(power))
    return exp.Sum(this=exp.cast(scaled, exp.DataType.Type.INT128))


def _power_of_two(power: int) -> Tree:
    return as_double(exp.Literal.number(repr(math.ldexp(1.0, power))))


def _replaced(tree: Tree, exact: Mapping[str, Tree]) -> Tree:
    def replace(node: Tree) -> Tree:
        if isinstance(node, (exp.Filter, exp.Anonymous, exp.Sum, exp.Count)):
            found = exact.get(key_of(node))
            return found.copy() if found is not None else node
        return node

    replaced: Tree = tree.copy().transform(replace)
    return replaced
