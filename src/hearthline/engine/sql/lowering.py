# SPDX-License-Identifier: Apache-2.0
"""Decides the SQL of one node: the only way from the typed tree to an engine, one row per kind of node.

Three-valued logic is left to the engine only where engines agree (comparison, and, or, not, coalesce);
case, least, greatest, counts and dates are spelled out, because engines do not agree on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from hearthline.engine.rules.parameters import value_for_reference
from hearthline.engine.rules.policy import LookupTable, Policy
from hearthline.engine.rules.tree import (
    Absolute,
    Aggregate,
    And,
    Arithmetic,
    Case,
    Coalesce,
    Compare,
    DatePart,
    DateShift,
    DaysBetween,
    Extreme,
    FactRef,
    InList,
    IsNull,
    Literal,
    LookupRef,
    Negate,
    Node,
    Not,
    Or,
    ParameterRef,
    Rounding,
    RuleRef,
    ScreeningDate,
    ToDouble,
    Within,
    YearsBetween,
)
from hearthline.engine.rules.types import DATE as DATE_TYPE
from hearthline.engine.rules.types import Kind, ValueType
from hearthline.engine.sql import dates, numbers
from hearthline.engine.sql.aggregates import AggregateColumns, aggregate_value, bounded_count
from hearthline.engine.sql.certainty import can_be_unknown, outgrows
from hearthline.engine.sql.columns import constant, fact_column
from hearthline.engine.sql.constants import constant_value, is_constant
from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.duckdb_dialect import DUCKDB
from hearthline.engine.sql.terms import (
    COMPARISONS,
    DATE,
    DOUBLE,
    NARROW_DIGITS,
    binary,
    cast_to,
    column,
    is_null,
    joined,
    negated,
    negative,
    null,
    paren,
    text,
    when,
)

_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
MISSING_KEY_MARK = "hearthline lookup without the key in "
"""How an engine's error says that a lookup table which must hold a key does not."""


@dataclass(frozen=True)
class Lowering:
    """Turns nodes into SQL for one package on one date; ``aggregates`` says where each aggregate stands."""

    policy: Policy
    on: date
    aggregates: Mapping[Aggregate, AggregateColumns]
    shared: Mapping[Node, str] = field(default_factory=dict)
    """Columns in which whole parts already stand, because more than one formula needs them."""
    dialect: Dialect = DUCKDB

    def lower(self, node: Node) -> exp.Expr:
        """The SQL of a node; exact numbers are scaled integers."""
        if node in self.shared:
            return column(self.shared[node])
        return _LOWERINGS[type(node)](self, node)

    def operand(self, node: Node, kind: ValueType) -> exp.Expr:
        """A node brought to the type of a choice: same scale, same integers."""
        if kind.kind is not Kind.NUMBER:
            return self.lower(node)
        return numbers.operand(self.dialect, node, self.lower(node), kind.scale, numbers.held_in(kind.digits))


def _literal(self: Lowering, node: Literal) -> exp.Expr:
    return constant(node.value, node.type)


def _fact(self: Lowering, node: FactRef) -> exp.Expr:
    return column(fact_column(node.level, node.name))


def _rule(self: Lowering, node: RuleRef) -> exp.Expr:
    return column(fact_column(node.level, node.name))


def _screening_date(self: Lowering, node: ScreeningDate) -> exp.Expr:
    return dates.date_constant(self.on)


def _parameter(self: Lowering, node: ParameterRef) -> exp.Expr:
    found = value_for_reference(self.policy.parameters[node.name], node, self.on)
    return constant(found.value, node.type)


def _lookup(self: Lowering, node: LookupRef) -> exp.Expr:
    table = self.policy.lookups[node.table]
    keys = [self.lower(key) for key in node.keys]
    branches = []
    for row, value in table.rows.items():
        tests = [
            binary(exp.EQ, key, constant(part, kind))
            for key, part, kind in zip(keys, row, table.key_types, strict=True)
        ]
        branches.append((joined(tests, exp.And), constant(value, table.type)))
    otherwise = _missing_key(self, table, keys) if table.missing_is_error else None
    return when(branches, otherwise) if branches else null()


def _missing_key(self: Lowering, table: LookupTable, keys: list[exp.Expr]) -> exp.Expr:
    known = joined([negated(is_null(key)) for key in keys], exp.And)
    message = text(f"{MISSING_KEY_MARK}{table.name}: ")
    return when([(known, self.dialect.say(Operation.REFUSE, message, *keys))])


def _not(self: Lowering, node: Not) -> exp.Expr:
    return negated(self.lower(node.operand))


def _and(self: Lowering, node: And) -> exp.Expr:
    return joined([self.lower(part) for part in node.operands], exp.And)


def _or(self: Lowering, node: Or) -> exp.Expr:
    return joined([self.lower(part) for part in node.operands], exp.Or)


def _is_null(self: Lowering, node: IsNull) -> exp.Expr:
    return is_null(self.lower(node.operand))


def _sides(self: Lowering, left: Node, right: Node) -> tuple[exp.Expr, exp.Expr]:
    """Two sides of a comparison: exact numbers at the larger scale, constants as plain numbers."""
    if left.type.kind is not Kind.NUMBER:
        return self.lower(left), self.lower(right)
    scale = max(left.type.scale, right.type.scale)
    sides = []
    for node in (left, right):
        digits = node.type.digits + scale - node.type.scale
        sides.append(numbers.operand(self.dialect, node, self.lower(node), scale, numbers.held_in(digits)))
    return sides[0], sides[1]


def _compare(self: Lowering, node: Compare) -> exp.Expr:
    for side, bound, op in (
        (node.left, node.right, node.op),
        (node.right, node.left, _SWAPPED[node.op]),
    ):
        if isinstance(side, Aggregate) and side.function == "count":
            return bounded_count(self.dialect, op, side, self.aggregates[side], bound, self.lower(bound))
    left, right = _sides(self, node.left, node.right)
    return binary(COMPARISONS[node.op], left, right)


def _in_list(self: Lowering, node: InList) -> exp.Expr:
    if node.type.kind is Kind.NUMBER or node.operand.type.kind is Kind.NUMBER:
        tests = [binary(exp.EQ, *_sides(self, node.operand, choice)) for choice in node.choices]
        return joined(tests, exp.Or)
    return exp.In(
        this=paren(self.lower(node.operand)), expressions=[self.lower(choice) for choice in node.choices]
    )


def _arithmetic(self: Lowering, node: Arithmetic) -> exp.Expr:
    lowered = (self.lower(node.left), self.lower(node.right))
    if node.type.kind is Kind.DOUBLE:
        return _double_arithmetic(self, node.op, *lowered)
    sides = (node.left, node.right)
    if node.op == "*":
        return numbers.product(self.dialect, sides, lowered, node.type)
    if node.op == "/":
        return numbers.quotient(self.dialect, sides, lowered, node.type)
    return numbers.sum_or_difference(self.dialect, node.op, sides, lowered, node.type)


def _double_arithmetic(self: Lowering, op: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    operators: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}
    result = binary(operators[op], left, right)
    size = self.dialect.say(Operation.ABSOLUTE, result)
    finite = binary(exp.LTE, size, cast_to(text(repr(1.7976931348623157e308)), DOUBLE))
    if op == "/":
        nonzero = binary(exp.NEQ, right, cast_to(text("0.0"), DOUBLE))
        return when([(nonzero, when([(finite, result)]))])
    return when([(finite, result)])


def _negate(self: Lowering, node: Negate) -> exp.Expr:
    lowered = self.lower(node.operand)
    if node.type.digits > NARROW_DIGITS:
        return self.dialect.say(Operation.WIDE_NEGATIVE, lowered)
    return negative(lowered)


def _absolute(self: Lowering, node: Absolute) -> exp.Expr:
    return numbers.absolute(self.dialect, self.lower(node.operand), numbers.held_in(node.type.digits))


_DOUBLE_ROUNDINGS = {
    "round": Operation.DOUBLE_ROUND,
    "floor": Operation.DOUBLE_FLOOR,
    "ceil": Operation.DOUBLE_CEIL,
}


def _rounding(self: Lowering, node: Rounding) -> exp.Expr:
    lowered = self.lower(node.operand)
    if node.type.kind is Kind.DOUBLE:
        return self.dialect.say(_DOUBLE_ROUNDINGS[node.how], lowered)
    return numbers.rounding(self.dialect, node.how, lowered, node.operand.type, node.type)


def _case(self: Lowering, node: Case) -> exp.Expr:
    branches: list[tuple[exp.Expr, exp.Expr]] = []
    for condition, result in node.branches:
        test = self.lower(condition)
        branches.append((test, self.operand(result, node.type)))
        if can_be_unknown(condition, self.policy):
            branches.append((is_null(test), null()))
    otherwise = None if node.otherwise is None else self.operand(node.otherwise, node.type)
    return when(branches, otherwise)


def _coalesce(self: Lowering, node: Coalesce) -> exp.Expr:
    first, *rest = [self.operand(part, node.type) for part in node.operands]
    return exp.Coalesce(this=first, expressions=rest) if rest else first


def _extreme(self: Lowering, node: Extreme) -> exp.Expr:
    parts = [self.operand(part, node.type) for part in node.operands]
    best = self.dialect.say(Operation.LEAST if node.how == "least" else Operation.GREATEST, *parts)
    open_parts = [
        sql
        for part, sql in zip(node.operands, parts, strict=True)
        if can_be_unknown(part, self.policy) or outgrows(part, node.type.scale)
    ]
    if not open_parts:
        return best
    return when([(joined([negated(is_null(part)) for part in open_parts], exp.And), best)])


def _to_double(self: Lowering, node: ToDouble) -> exp.Expr:
    lowered = cast_to(self.lower(node.operand), DOUBLE)
    scale = node.operand.type.scale
    return lowered if scale == 0 else binary(exp.Div, lowered, cast_to(text(f"1e{scale}"), DOUBLE))


def _day(self: Lowering, node: Node) -> exp.Expr:
    """A date; what is not plainly one is cast, since an engine may have folded it to an untyped null."""
    lowered = self.lower(node)
    plain = isinstance(node, FactRef | RuleRef | ScreeningDate) or node in self.shared
    return lowered if plain else cast_to(lowered, DATE)


def _date_shift(self: Lowering, node: DateShift) -> exp.Expr:
    if is_constant(node):
        return constant(constant_value(node, self.policy, self.on), node.type)
    constant_amount = isinstance(node.amount, Literal) or (
        isinstance(node.amount, Negate) and isinstance(node.amount.operand, Literal)
    )
    small = constant_amount and node.amount.type.digits <= 5
    day, amount = _day(self, node.operand), self.lower(node.amount)
    return dates.shifted(self.dialect, day, amount, node.step, known_small=small)


def _days_between(self: Lowering, node: DaysBetween) -> exp.Expr:
    return self.dialect.say(Operation.DAYS_BETWEEN, _day(self, node.left), _day(self, node.right))


def _date_part(self: Lowering, node: DatePart) -> exp.Expr:
    return self.dialect.say(Operation.DATE_PART, node.part, _day(self, node.operand))


def _years_between(self: Lowering, node: YearsBetween) -> exp.Expr:
    known = constant_value(node.end, self.policy, self.on) if is_constant(node.end) else None
    start, end = _day(self, node.start), _day(self, node.end)
    return dates.years_between(self.dialect, start, end, known if isinstance(known, date) else None)


def _within(self: Lowering, node: Within) -> exp.Expr:
    last = self.on.replace(day=1) if node.whole else self.on
    day = self.lower(node.operand)
    first = self.lower(
        DateShift(DATE_TYPE, Literal(DATE_TYPE, last), Negate(node.months.type, node.months), "month")
    )
    if node.whole:
        return joined([binary(exp.GTE, day, first), binary(exp.LT, day, dates.date_constant(last))], exp.And)
    return joined([binary(exp.GT, day, first), binary(exp.LTE, day, dates.date_constant(last))], exp.And)


def _aggregate(self: Lowering, node: Aggregate) -> exp.Expr:
    return aggregate_value(self.dialect, node, self.aggregates[node])


_LOWERINGS: dict[type[Node], Callable[..., exp.Expr]] = {
    Literal: _literal,
    FactRef: _fact,
    RuleRef: _rule,
    ScreeningDate: _screening_date,
    ParameterRef: _parameter,
    LookupRef: _lookup,
    Not: _not,
    And: _and,
    Or: _or,
    IsNull: _is_null,
    Compare: _compare,
    InList: _in_list,
    Arithmetic: _arithmetic,
    Negate: _negate,
    Absolute: _absolute,
    Rounding: _rounding,
    Case: _case,
    Coalesce: _coalesce,
    Extreme: _extreme,
    ToDouble: _to_double,
    DateShift: _date_shift,
    DaysBetween: _days_between,
    YearsBetween: _years_between,
    DatePart: _date_part,
    Within: _within,
    Aggregate: _aggregate,
}
