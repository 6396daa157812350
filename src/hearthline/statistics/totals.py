# SPDX-License-Identifier: Apache-2.0
"""Decides how a measure's formula is worked out from the totals in it, outside SQL: with derivatives.

A formula is a tree over weighted totals. Each total is what one row adds to it, summed; the rest is
arithmetic on :class:`~hearthline.statistics.linear.Linear`. A formula that holds anything else is a mistake
in the measure and fails at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlglot import exp

from hearthline.statistics.columns import Column
from hearthline.statistics.expressions import Tree, as_double
from hearthline.statistics.linear import Linear, linear

Totals = Mapping[str, Linear]
"""The totals of a group by the SQL of their aggregate."""


def is_aggregate(tree: Tree) -> bool:
    """Whether a node is a sum or a count over rows."""
    inner = tree.this if isinstance(tree, exp.Filter) else tree
    if isinstance(inner, exp.Anonymous):
        return bool(inner.name.lower() == "fsum")
    return isinstance(inner, (exp.Sum, exp.Count))


def key_of(aggregate: Tree) -> str:
    """What an aggregate is called among the totals."""
    return aggregate.sql(dialect="duckdb")


def aggregates_of(columns: Iterable[Column]) -> dict[str, Tree]:
    """Every total that the formulas of some columns are made of, once."""
    found: dict[str, Tree] = {}
    for part in columns:
        for node in _outermost(part.tree):
            found.setdefault(key_of(node), node)
    return found


def _outermost(tree: Tree) -> list[Tree]:
    if is_aggregate(tree):
        return [tree]
    return [found for child in tree.iter_expressions() for found in _outermost(child)]


def row_term(aggregate: Tree) -> Tree:
    """What one row adds to a total: 0 where the condition does not hold or the value is unknown."""
    condition = aggregate.expression.this if isinstance(aggregate, exp.Filter) else None
    inner = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    if isinstance(inner, exp.Count):
        value: Tree = exp.Literal.number(1)
    else:
        value = inner.expressions[0] if isinstance(inner, exp.Anonymous) else inner.this
    if condition is not None:
        value = exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])
    return exp.Coalesce(this=as_double(value.copy()), expressions=[as_double(exp.Literal.number(0))])


def figure_of(tree: Tree, totals: Totals) -> Linear:
    """The figure of a formula from the totals of a group, which it holds as aggregates or by their names."""
    if isinstance(tree, exp.Column):
        return totals[tree.name]
    if is_aggregate(tree):
        return totals[key_of(tree)]
    if isinstance(tree, exp.Literal):
        return linear(float(tree.name))
    worked = _OPERATIONS.get(type(tree))
    if worked is None:
        raise TypeError(f"a formula of totals cannot hold {type(tree).__name__}: {tree.sql()}")
    return worked(tree, totals)


def by_names(tree: Tree, names: Mapping[str, str]) -> Tree:
    """A formula with the name of each total in its place: to find it by its SQL each time takes longer."""
    if is_aggregate(tree):
        return exp.column(names[key_of(tree)])
    named = tree.copy()
    for node in _outermost(named):
        node.replace(exp.column(names[key_of(node)]))
    return named


def _of_function(tree: Tree, totals: Totals) -> Linear:
    argument = figure_of(tree.expressions[0], totals)
    return {"ln": argument.log, "exp": argument.exp}[tree.name.lower()]()


_OPERATIONS: dict[type[Tree], Callable[[Tree, Totals], Linear]] = {
    exp.Paren: lambda tree, totals: figure_of(tree.this, totals),
    exp.Cast: lambda tree, totals: figure_of(tree.this, totals),
    # Totals are never unknown, and dividing by zero gives no figure whether or not it is caught before.
    exp.Coalesce: lambda tree, totals: figure_of(tree.this, totals),
    exp.Nullif: lambda tree, totals: figure_of(tree.this, totals),
    exp.Neg: lambda tree, totals: figure_of(tree.this, totals) * -1.0,
    exp.Add: lambda tree, totals: figure_of(tree.this, totals) + figure_of(tree.expression, totals),
    exp.Sub: lambda tree, totals: figure_of(tree.this, totals) - figure_of(tree.expression, totals),
    exp.Mul: lambda tree, totals: figure_of(tree.this, totals) * figure_of(tree.expression, totals),
    exp.Div: lambda tree, totals: figure_of(tree.this, totals) / figure_of(tree.expression, totals),
    exp.Anonymous: _of_function,
}


def summed(terms: Sequence[Linear]) -> Linear:
    """The sum of figures; zero of none."""
    whole = linear(0.0)
    for term in terms:
        whole = whole + term
    return whole
