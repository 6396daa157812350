# SPDX-License-Identifier: Apache-2.0
"""Decides how the rows of one table become one row per owner: sums beside counters of unknown rows.

SQL's own aggregates skip what is unknown; here each keeps, beside its value over the known rows, whether
any row is unknown, so that the answer can be withheld where it would be a guess. "Is there any row of which
this is true" is one bit, and the bits of many such questions are gathered together: one aggregate for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.tree import Aggregate, Node
from hearthline.engine.rules.types import MAX_DIGITS, MAX_ROWS_DIGITS
from hearthline.engine.sql.aggregates import AggregateColumns
from hearthline.engine.sql.certainty import can_be_unknown
from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.duckdb_dialect import DUCKDB
from hearthline.engine.sql.lowering import Lowering
from hearthline.engine.sql.numbers import held_in
from hearthline.engine.sql.terms import BIG, INT, cast_to, column, is_null, joined, negated, when, whole

MEASURED = ("sum", "avg")
FLAGS_PER_WORD = 30
"""Bits that are used of a 32-bit integer, leaving out the sign."""

Flag = tuple[str, exp.Expr]
"""A column that is above zero where any row meets the condition."""


@dataclass
class Combined:
    """The columns of a combining step: operands to compute per row, and what to gather from them."""

    level: str
    policy: Policy
    terms: dict[Node, str] = field(default_factory=dict)
    gathered: dict[str, tuple[str, exp.Expr]] = field(default_factory=dict)
    places: dict[Aggregate, AggregateColumns] = field(default_factory=dict)
    from_zero: dict[str, str | None] = field(default_factory=dict)
    """Columns that are zero where an owner has no rows, with the integer type to bring them to."""
    flags: dict[str, Flag] = field(default_factory=dict)
    dialect: Dialect = DUCKDB

    def flag(self, condition: exp.Expr) -> str:
        """The column that is above zero where any row of an owner meets the condition; equals share it."""
        key = condition.sql(dialect="duckdb")
        if key not in self.flags:
            self.flags[key] = (f"{self.level}.any_{len(self.flags) + 1}", condition)
        return self.flags[key][0]

    def words(self) -> dict[str, list[Flag]]:
        """The flags by the integer column in which they are gathered."""
        flags = list(self.flags.values())
        starts = range(0, len(flags), FLAGS_PER_WORD)
        return {f"{self.level}.flags_{first}": flags[first : first + FLAGS_PER_WORD] for first in starts}

    def term(self, node: Node) -> exp.Expr:
        """The column in which an operand or filter stands, computed once however often it is used."""
        if node not in self.terms:
            self.terms[node] = f"{self.level}.term_{len(self.terms) + 1}"
        return column(self.terms[node])

    def gather(self, expression: exp.Expr, kind: str, width: str | None = None, zero: bool = True) -> str:
        """The column in which a gathered value stands; equal ones share a column."""
        key = expression.sql(dialect="duckdb")
        if key not in self.gathered:
            name = f"{self.level}.{kind}_{len(self.gathered) + 1}"
            self.gathered[key] = (name, expression)
            if zero:
                self.from_zero[name] = width
        return self.gathered[key][0]


def combined(
    level: str, aggregates: Sequence[Aggregate], policy: Policy, dialect: Dialect = DUCKDB
) -> Combined:
    """What a table must give for these aggregates."""
    result = Combined(level, policy, dialect=dialect)
    for aggregate in aggregates:
        result.places[aggregate] = _columns(result, aggregate)
    return result


def _columns(result: Combined, node: Aggregate) -> AggregateColumns:
    kept = None if node.filter is None else result.term(node.filter)
    operand = None if node.operand is None else result.term(node.operand)
    unknown = _unknown_rows(result, node, kept, operand)
    if node.function == "count":
        return AggregateColumns(result.gather(_counted(kept), "count"), None, unknown)
    if operand is None:
        raise AssertionError("an aggregate other than count has an operand")
    if node.function in ("bool_or", "bool_and"):
        deciding = operand if node.function == "bool_or" else negated(operand)
        both = deciding if kept is None else joined([kept, deciding], exp.And)
        return AggregateColumns(result.flag(both), None, unknown)
    if node.function in MEASURED:
        width = held_in(min(MAX_DIGITS, _operand_digits(node) + MAX_ROWS_DIGITS))
        total = _summed(result.dialect, operand, kept, width)
        value = result.gather(total, "sum", width)
        rows = result.gather(_kept(exp.Count(this=operand), kept), "rows") if node.function == "avg" else None
        return AggregateColumns(value, rows, unknown)
    extreme = exp.Min(this=operand) if node.function == "min" else exp.Max(this=operand)
    return AggregateColumns(result.gather(_kept(extreme, kept), node.function, zero=False), None, unknown)


def _operand_digits(node: Aggregate) -> int:
    return node.operand.type.digits if node.operand is not None else 0


def _counted(condition: exp.Expr | None) -> exp.Expr:
    return _kept(exp.Count(this=exp.Star()), condition)


def _kept(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def _summed(dialect: Dialect, operand: exp.Expr, condition: exp.Expr | None, width: str) -> exp.Expr:
    """The sum over the rows kept; a row left out adds a zero, which engines do faster than they filter."""
    added = operand if condition is None else when([(condition, operand)], whole(0))
    return dialect.say(Operation.SUM if width == BIG else Operation.WIDE_SUM, added)


def _unknown_rows(
    result: Combined, node: Aggregate, kept: exp.Expr | None, operand: exp.Expr | None
) -> str | None:
    parts: list[exp.Expr] = []
    if kept is not None and node.filter is not None and can_be_unknown(node.filter, result.policy):
        parts.append(is_null(kept))
    if operand is not None and node.operand is not None and can_be_unknown(node.operand, result.policy):
        missing = is_null(operand)
        parts.append(missing if kept is None else joined([kept, missing], exp.And))
    return result.flag(joined(parts, exp.Or)) if parts else None


def gathering(result: Combined, rows: str, keys: Sequence[str]) -> exp.Select:
    """``select keys, gathered … from rows group by keys`` with keys the owner first."""
    chosen: list[exp.Expr] = [column(keys[0])]
    chosen += [
        exp.alias_(expression.copy(), name, quoted=True) for name, expression in result.gathered.values()
    ]
    chosen += [
        exp.alias_(_any_of(result.dialect, flags), word, quoted=True)
        for word, flags in result.words().items()
    ]
    return exp.select(*chosen).from_(exp.to_table(rows)).group_by(column(keys[0]))


def _any_of(dialect: Dialect, flags: Sequence[Flag]) -> exp.Expr:
    """One integer whose bits say of which conditions there is a row."""
    bits: exp.Expr | None = None
    for place, (_, condition) in enumerate(flags):
        bit = when([(condition.copy(), cast_to(whole(2**place), INT))], cast_to(whole(0), INT))
        bits = bit if bits is None else exp.BitwiseOr(this=bits, expression=bit)
    return dialect.say(Operation.ANY_BITS, bits)


def row_terms(result: Combined, lowering: Lowering, rows: str, keys: Sequence[str]) -> exp.Select:
    """``select keys, term … from rows``: every operand and filter computed once per row."""
    chosen: list[exp.Expr] = [column(key) for key in keys]
    chosen += [exp.alias_(lowering.lower(node), name, quoted=True) for node, name in result.terms.items()]
    return exp.select(*chosen).from_(exp.to_table(rows))


def filled(result: Combined, table: str) -> list[exp.Expr]:
    """The gathered columns as an owner sees them after a left join: zero where it has no rows."""
    chosen: list[exp.Expr] = []
    for name, _ in result.gathered.values():
        source = column(name, table)
        if name in result.from_zero:
            width = result.from_zero[name]
            value: exp.Expr = exp.Coalesce(this=source, expressions=[whole(0)])
            source = cast_to(value, width) if width else value
        chosen.append(exp.alias_(source, name, quoted=True))
    for word, flags in result.words().items():
        bits = exp.Coalesce(this=column(word, table), expressions=[whole(0)])
        for place, (name, _) in enumerate(flags):
            bit = exp.BitwiseAnd(this=bits.copy(), expression=whole(2**place))
            chosen.append(exp.alias_(bit, name, quoted=True))
    return chosen
