# SPDX-License-Identifier: Apache-2.0
"""Decides how doubles are summed in SQL so that the sum is the same in any order, to the last digit.

Threads add rows in no promised order, and a sum of doubles shows it in its last digits, even where it is
compensated. So each term is taken in whole multiples of a power of two and these are summed as integers of
128 bits. The power is chosen from the largest term, far below the last digit that a double of it has, and
such that the sum of all rows fits. Whole weights need none of this: their sums are exact as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sqlglot import exp

from hearthline.statistics.columns import WEIGHT, Column
from hearthline.statistics.expressions import Tree, as_double, column, function, named
from hearthline.statistics.framing import BASE
from hearthline.statistics.session import Session, Step
from hearthline.statistics.totals import aggregates_of, key_of, row_term

_BITS = 125
_MOST = 900
"""The highest power of two by which a term is multiplied: beyond it 2^k is no double."""

_WHOLE = "weights_whole"


def exact_columns(session: Session, columns: Sequence[Column]) -> list[Tree]:
    """The formulas of the columns with every sum of doubles made exact; reads the base once."""
    sums = {key: tree for key, tree in aggregates_of(columns).items() if "FSUM" in key.upper()}
    if not sums:
        return [part.tree for part in columns]
    largest = _largest(session, sums)
    rows = int(largest["rows_counted"] or 0)
    whole = bool(largest[_WHOLE])
    exact = {
        key: _exact(tree, float(largest[f"largest_{place}"] or 0.0), rows)
        for place, (key, tree) in enumerate(sums.items())
        if not (whole and _is_weight(tree))
    }
    return [_replaced(part.tree, exact) for part in columns]


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


def _exact(aggregate: Tree, largest: float, rows: int) -> Tree:
    if not largest:
        return exp.Literal.number(0)
    power = min(_BITS - math.frexp(largest)[1] - rows.bit_length(), _MOST)
    scaled = exp.Mul(this=exp.Paren(this=row_term(aggregate)), expression=_power_of_two(power))
    summed = exp.Sum(this=exp.cast(scaled, exp.DataType.Type.INT128))
    return exp.Paren(this=exp.Mul(this=as_double(summed), expression=_power_of_two(-power)))


def _power_of_two(power: int) -> Tree:
    return as_double(exp.Literal.number(repr(math.ldexp(1.0, power))))


def _replaced(tree: Tree, exact: Mapping[str, Tree]) -> Tree:
    def replace(node: Tree) -> Tree:
        if isinstance(node, (exp.Filter, exp.Anonymous)):
            found = exact.get(key_of(node))
            return found.copy() if found is not None else node
        return node

    replaced: Tree = tree.copy().transform(replace)
    return replaced
