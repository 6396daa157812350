# SPDX-License-Identifier: Apache-2.0
"""Decides how a measure writes SQL: small trees for weighted sums, conditions and ratios.

Every sum of doubles is ``fsum``, the compensated sum of DuckDB: its error does not grow with the
number of rows and does not depend on the order in which threads add them, so that a figure of
30 million rows repeats to far better than 12 digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from sqlglot import exp

Tree = exp.Expr


def column(name: str, table: str | None = None) -> Tree:
    """A column, always quoted: a fact may be called ``order``."""
    return exp.column(name, table=table, quoted=True)


def text(value: str) -> Tree:
    """A text literal."""
    return exp.Literal.string(value)


def number(value: int | float | Decimal) -> Tree:
    """A number literal, as a double where it is one (``0.1`` would be a decimal in SQL)."""
    literal = exp.Literal.number(abs(value) if isinstance(value, (int, Decimal)) else repr(abs(value)))
    signed: Tree = exp.Neg(this=literal) if value < 0 else literal
    return as_double(signed) if isinstance(value, float) else signed


def as_double(tree: Tree) -> Tree:
    """The tree as a double."""
    return exp.cast(tree, exp.DataType.Type.DOUBLE)


def equals(tree: Tree, value: str) -> Tree:
    """Whether a text column is this value; unknown stays out of every filter."""
    return exp.EQ(this=tree.copy(), expression=text(value))


def known(tree: Tree) -> Tree:
    """Whether a value is known."""
    return exp.Not(this=exp.Is(this=tree.copy(), expression=exp.Null()))


def missing(tree: Tree) -> Tree:
    """Whether a value is unknown."""
    return exp.Is(this=tree.copy(), expression=exp.Null())


def both(*conditions: Tree) -> Tree:
    """All conditions together."""
    return _chain(exp.And, conditions)


def either(*conditions: Tree) -> Tree:
    """At least one condition."""
    return exp.Paren(this=_chain(exp.Or, conditions))


def _chain(operator: type[exp.Binary], parts: Iterable[Tree]) -> Tree:
    first, *others = (exp.Paren(this=part.copy()) for part in parts)
    tree: Tree = first
    for other in others:
        tree = operator(this=tree, expression=other)
    return tree


def function(name: str, *arguments: Tree) -> Tree:
    """A call of a DuckDB function that has no word of its own in SQL."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def total(value: Tree, where: Tree | None = None) -> Tree:
    """The compensated sum of a double over the rows where a condition holds; 0 over no rows."""
    return zero_if_none(filtered(function("fsum", value), where))


def exact_total(value: Tree, where: Tree | None = None) -> Tree:
    """The sum of whole numbers, exact; 0 over no rows."""
    return zero_if_none(filtered(exp.Sum(this=value.copy()), where))


def count(where: Tree | None = None) -> Tree:
    """The number of rows where a condition holds, exact."""
    return filtered(exp.Count(this=exp.Star(), big_int=True), where)


def filtered(aggregate: Tree, where: Tree | None) -> Tree:
    """An aggregate over the rows where a condition holds."""
    if where is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=where.copy()))


def zero_if_none(tree: Tree) -> Tree:
    """Zero in the place of an aggregate over nothing."""
    return exp.Coalesce(this=tree, expressions=[exp.Literal.number(0)])


def ratio(above: Tree, below: Tree) -> Tree:
    """A quotient of doubles, unknown where the divisor is zero."""
    divisor = exp.Nullif(this=as_double(below.copy()), expression=exp.Literal.number(0))
    return exp.Div(this=as_double(above.copy()), expression=divisor, typed=False, safe=False)


def product(*factors: Tree) -> Tree:
    """The product of the factors, left to right."""
    return _chain(exp.Mul, factors)


def difference(left: Tree, right: Tree) -> Tree:
    """``left - right``."""
    return exp.Paren(this=exp.Sub(this=exp.Paren(this=left.copy()), expression=exp.Paren(this=right.copy())))


def sum_of(terms: Iterable[Tree]) -> Tree:
    """The sum of the terms, zero for none."""
    listed = list(terms)
    return exp.Paren(this=_chain(exp.Add, listed)) if listed else exp.Literal.number(0)


def less(left: Tree, right: Tree) -> Tree:
    """``left < right``."""
    return exp.LT(this=left.copy(), expression=right.copy())


def at_least(left: Tree, right: Tree) -> Tree:
    """``left >= right``."""
    return exp.GTE(this=left.copy(), expression=right.copy())


def more(left: Tree, right: Tree) -> Tree:
    """``left > right``."""
    return exp.GT(this=left.copy(), expression=right.copy())


def parquet(files: Sequence[Path]) -> exp.Table:
    """The rows of Parquet files of one table, in no promised order."""
    names = exp.Array(expressions=[text(str(file)) for file in files])
    return exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[names]))


def named(tree: Tree, name: str) -> Tree:
    """``tree AS name``."""
    return exp.alias_(tree.copy(), name, quoted=True)
