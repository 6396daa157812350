# SPDX-License-Identifier: Apache-2.0
"""Decides what a parsed expression means: it becomes a typed tree, or an error with place and remedy.

Only the kinds of expression in ``READERS`` and the functions in ``functions.py`` exist; everything
else in SQL is refused, so a formula can neither reach outside its household nor cost without bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from sqlglot import exp

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules import algebra
from hearthline.engine.rules.literals import (
    article,
    as_double_literal,
    check_code,
    day_literal,
    joined_with_doubles,
    null_number,
    number_literal,
)
from hearthline.engine.rules.problems import NOT_ALLOWED, WRONG_TYPE
from hearthline.engine.rules.reading import place_of
from hearthline.engine.rules.refusals import hint_for
from hearthline.engine.rules.scope import Scope
from hearthline.engine.rules.source import FormulaText
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
    InList,
    IsNull,
    Literal,
    Negate,
    Node,
    Not,
    Or,
    Rounding,
    ScreeningDate,
    ToDouble,
)
from hearthline.engine.rules.types import (
    BOOLEAN,
    DATE,
    TEXT,
    UNKNOWN,
    Kind,
    ValueType,
    decimal,
    double,
    integer,
)
from hearthline.engine.rules.units import DAY, NO_UNIT

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_ROUNDINGS: dict[type[exp.Expr], str] = {exp.Round: "round", exp.Floor: "floor", exp.Ceil: "ceil"}
ORDERED = (Kind.NUMBER, Kind.DOUBLE, Kind.DATE)


@dataclass(frozen=True)
class FormulaReader:
    """Reads one formula: its text for places, the names it sees, its scale of division."""

    formula: FormulaText
    scope: Scope
    division_scale: int

    def read(self, expression: exp.Expr) -> Node:
        """The typed tree of an expression; every error names its place."""
        reader = READERS.get(type(expression))
        try:
            if reader is None or not _wholly_read(expression):
                text = expression.sql(dialect="duckdb")
                raise NOT_ALLOWED.error(text=text[:60], hint=hint_for(expression))
            return reader(self, expression)
        except HearthlineError as error:
            raise error.at(place_of(self.formula, expression)) from error

    def inside(self, rows: str) -> FormulaReader:
        """The same reader within an aggregate over ``rows``."""
        return FormulaReader(
            self.formula, Scope(self.scope.names, self.scope.level, rows), self.division_scale
        )

    def boolean(self, expression: exp.Expr) -> Node:
        """A node that must be true, false or unknown."""
        node = self.read(expression)
        if node.type.kind is Kind.UNKNOWN:
            return Literal(BOOLEAN, None)
        if node.type.kind is not Kind.BOOLEAN:
            raise WRONG_TYPE.error(
                place_of(self.formula, expression),
                reason=f"a condition is needed here, and this is {article(node.type.words)}",
                hint="Write a comparison, such as x > 0 or x is not null.",
            )
        return node

    def of_kind(self, expression: exp.Expr, *kinds: Kind) -> Node:
        """A node of one of these kinds."""
        node = self.read(expression)
        if node.type.kind is Kind.UNKNOWN:
            return node if Kind.UNKNOWN in kinds else Literal(ValueType(kinds[0], 1), None)
        if node.type.kind not in kinds:
            wanted = " or ".join(kind.value for kind in kinds)
            raise WRONG_TYPE.error(
                place_of(self.formula, expression),
                reason=f"{article(wanted)} is needed here, and this is {article(node.type.words)}",
                hint="Use a value of that type.",
            )
        return node

    def unified(self, nodes: list[Node], doing: str) -> tuple[ValueType, list[Node]]:
        """Nodes brought to one type: bare numbers join doubles, ``null`` and text literals join codes."""
        nodes = joined_with_doubles(nodes)
        kind = algebra.common_type([node.type for node in nodes], doing)
        known = [node for node in nodes if not isinstance(node, Literal) and node.type.codes is not None]
        for node in nodes:
            if known and isinstance(node, Literal) and isinstance(node.value, str):
                check_code(node.value, known[0])
        return kind, [Literal(kind, None) if node.type.kind is Kind.UNKNOWN else node for node in nodes]


_PARTS = {
    "this",
    "expression",
    "expressions",
    "low",
    "high",
    "ifs",
    "default",
    "table",
    "db",
    "catalog",
    "query",
    "unnest",
    "field",
}
_OWN_PARTS: dict[type[exp.Expr], set[str]] = {exp.Cast: {"to"}, exp.Round: {"decimals"}}
_EMPTY = (exp.Abs, exp.Floor, exp.Ceil, exp.Round)


def _wholly_read(expression: exp.Expr) -> bool:
    """Whether nothing of what is written would be passed over in silence."""
    known = _PARTS | _OWN_PARTS.get(type(expression), set())
    written = {name for name, part in expression.args.items() if isinstance(part, exp.Expr | list) and part}
    return written <= known and not (isinstance(expression, _EMPTY) and expression.this is None)


Reader = Callable[[FormulaReader, exp.Expr], Node]


def _literal(reader: FormulaReader, expression: exp.Expr) -> Node:
    text = str(expression.this)
    return Literal(TEXT, text) if expression.is_string else number_literal(text)


def _boolean(reader: FormulaReader, expression: exp.Expr) -> Node:
    return Literal(BOOLEAN, bool(expression.this))


def _null(reader: FormulaReader, expression: exp.Expr) -> Node:
    return Literal(UNKNOWN, None)


def _paren(reader: FormulaReader, expression: exp.Expr) -> Node:
    return reader.read(expression.this)


def _column(reader: FormulaReader, expression: exp.Expr) -> Node:
    column = cast(exp.Column, expression)
    if column.args.get("db") or column.args.get("catalog") or not isinstance(column.this, exp.Identifier):
        raise NOT_ALLOWED.error(text=expression.sql(), hint="Write level.name.")
    name = str(column.name).lower()
    if name == "screening_date" and not column.table:
        return ScreeningDate()
    return reader.scope.reference(column.table.lower() or None, name)


def _and_or(reader: FormulaReader, expression: exp.Expr) -> Node:
    kind = type(expression)
    parts: list[Node] = []
    stack = [expression]
    while stack:  # a long chain leans left: walked without recursion
        top = stack.pop()
        if isinstance(top, kind):
            stack += [top.expression, top.this]
        else:
            parts.append(reader.boolean(top))
    return And(BOOLEAN, tuple(parts)) if kind is exp.And else Or(BOOLEAN, tuple(parts))


def _not(reader: FormulaReader, expression: exp.Expr) -> Node:
    return Not(BOOLEAN, reader.boolean(expression.this))


def _compare(reader: FormulaReader, expression: exp.Expr) -> Node:
    return comparison(
        reader,
        _COMPARISONS[type(expression)],
        reader.read(expression.this),
        reader.read(expression.expression),
    )


def comparison(reader: FormulaReader, op: str, left: Node, right: Node) -> Node:
    """``left op right``, with both of one type and unit; only ordered types know ``<``."""
    kind, (left, right) = reader.unified([left, right], "compared")
    if op not in ("=", "<>") and kind.kind not in (*ORDERED, Kind.UNKNOWN):
        raise WRONG_TYPE.error(
            reason=f"'{op}' needs numbers or dates, not {kind.words}", hint="Compare with = or in (...)."
        )
    return Compare(BOOLEAN, op, left, right)


def _between(reader: FormulaReader, expression: exp.Expr) -> Node:
    if expression.args.get("symmetric"):
        raise NOT_ALLOWED.error(text="between symmetric", hint="Write x >= a and x <= b.")
    value = reader.read(expression.this)
    low = comparison(reader, ">=", value, reader.read(expression.args["low"]))
    high = comparison(reader, "<=", value, reader.read(expression.args["high"]))
    return And(BOOLEAN, (low, high))


def _in(reader: FormulaReader, expression: exp.Expr) -> Node:
    choices = [reader.read(item) for item in expression.expressions]
    if not choices or any(expression.args.get(part) for part in ("query", "unnest", "field")):
        raise NOT_ALLOWED.error(text=expression.sql()[:60], hint="Write x in ('a', 'b') with constants.")
    value = reader.read(expression.this)
    kind, (value, *choices) = reader.unified([value, *choices], "compared")
    if not all(isinstance(choice, Literal) for choice in choices) or kind.kind is Kind.UNKNOWN:
        return Or(BOOLEAN, tuple(Compare(BOOLEAN, "=", value, choice) for choice in choices))
    if isinstance(value, Aggregate):  # a count may be decided before all rows are known
        return Or(BOOLEAN, tuple(Compare(BOOLEAN, "=", value, choice) for choice in choices))
    return InList(BOOLEAN, value, tuple(choice for choice in choices if isinstance(choice, Literal)))


def _is(reader: FormulaReader, expression: exp.Expr) -> Node:
    if not isinstance(expression.expression, exp.Null):
        raise NOT_ALLOWED.error(
            text=expression.sql()[:60], hint="Only is null and is not null exist; write the condition itself."
        )
    return IsNull(BOOLEAN, reader.read(expression.this))


def _arithmetic(reader: FormulaReader, expression: exp.Expr) -> Node:
    op = _ARITHMETIC[type(expression)]
    if isinstance(expression.expression, exp.Interval):
        return _shift(reader, op, reader.of_kind(expression.this, Kind.DATE), expression.expression)
    left, right = joined_with_doubles([reader.read(expression.this), reader.read(expression.expression)])
    if op == "-" and left.type.kind is Kind.DATE and right.type.kind is Kind.DATE:
        return DaysBetween(integer(7, DAY), left, right)
    left, right = (null_number(node, other) for node, other in ((left, right), (right, left)))
    return Arithmetic(
        algebra.arithmetic_type(op, left.type, right.type, reader.division_scale), op, left, right
    )


def _shift(reader: FormulaReader, op: str, day: Node, interval: exp.Interval) -> Node:
    unit = str(interval.args["unit"]).lower().rstrip("s") if interval.args.get("unit") else ""
    steps = {"day": ("day", 1), "month": ("month", 1), "year": ("month", 12)}
    amount = interval.this
    if (
        unit not in steps
        or not isinstance(amount, exp.Literal)
        or not str(amount.this).isdigit()
        or op not in "+-"
    ):
        raise NOT_ALLOWED.error(text=interval.sql(), hint="Write + interval '3' month (day, month or year).")
    step, factor = steps[unit]
    count = number_literal(str(int(str(amount.this)) * factor))
    signed = Negate(count.type, count) if op == "-" else count
    return DateShift(DATE, day, signed, step)


def _negate(reader: FormulaReader, expression: exp.Expr) -> Node:
    node = reader.of_kind(expression.this, Kind.NUMBER, Kind.DOUBLE)
    if isinstance(node, Literal) and isinstance(node.value, Decimal):
        return Literal(node.type, node.value.copy_negate())
    if isinstance(node, Literal) and isinstance(node.value, int | float):
        return Literal(node.type, -node.value)
    return Negate(node.type, node)


def _absolute(reader: FormulaReader, expression: exp.Expr) -> Node:
    node = reader.of_kind(expression.this, Kind.NUMBER, Kind.DOUBLE)
    return Absolute(node.type, node)


def _rounding(reader: FormulaReader, expression: exp.Expr) -> Node:
    how = _ROUNDINGS[type(expression)]
    node = reader.of_kind(expression.this, Kind.NUMBER, Kind.DOUBLE)
    asked = expression.args.get("decimals")
    if node.type.kind is Kind.DOUBLE:
        if how == "round" or asked is not None:
            raise WRONG_TYPE.error(
                reason="a double is not rounded to decimals, because engines differ in the last digit",
                hint="Use floor(x) or ceil(x), or declare the fact decimal.",
            )
        return Rounding(node.type, how, node, 0)
    if asked is not None and (
        how != "round" or not isinstance(asked, exp.Literal) or not str(asked.this).isdigit()
    ):
        raise WRONG_TYPE.error(reason="the number of decimals must be a constant", hint="Write round(x, 2).")
    places = int(str(asked.this)) if asked is not None else 0
    if places >= node.type.scale:
        return node
    digits = min(38, max(1, node.type.digits - node.type.scale + places + 1))
    return Rounding(decimal(digits, places, node.type.unit), how, node, places)


def _case(reader: FormulaReader, expression: exp.Expr) -> Node:
    subject = reader.read(expression.this) if expression.this is not None else None
    conditions: list[Node] = []
    values: list[Node] = []
    for branch in expression.args["ifs"]:
        if subject is None:
            conditions.append(reader.boolean(branch.this))
        else:
            conditions.append(comparison(reader, "=", subject, reader.read(branch.this)))
        values.append(reader.read(branch.args["true"]))
    default = expression.args.get("default")
    if default is not None:
        values.append(reader.read(default))
    kind, values = reader.unified(values, "chosen between")
    branches = tuple(zip(conditions, values, strict=False))
    return Case(kind, branches, values[-1] if default is not None else None)


def _coalesce(reader: FormulaReader, expression: exp.Expr) -> Node:
    parts = [reader.read(item) for item in (expression.this, *expression.expressions)]
    kind, parts = reader.unified(parts, "chosen between")
    return Coalesce(kind, tuple(parts))


def _extreme(reader: FormulaReader, expression: exp.Expr) -> Node:
    parts = [reader.read(item) for item in (expression.this, *expression.expressions)]
    kind, parts = reader.unified(parts, "compared")
    if kind.kind not in ORDERED:
        raise WRONG_TYPE.error(reason=f"{kind.words} has no order", hint="Use numbers or dates.")
    return Extreme(kind, "least" if isinstance(expression, exp.Least) else "greatest", tuple(parts))


def _cast(reader: FormulaReader, expression: exp.Expr) -> Node:
    target = str(expression.args["to"].sql()).upper()
    if target == "DATE" and isinstance(expression.this, exp.Literal) and expression.this.is_string:
        return day_literal(str(expression.this.this))
    if target != "DOUBLE":
        raise NOT_ALLOWED.error(
            text=expression.sql()[:60],
            hint="Only cast(x as double) and date '2014-12-31' exist; use round(x, n).",
        )
    node = as_double_literal(reader.of_kind(expression.this, Kind.NUMBER, Kind.DOUBLE))
    if node.type.kind is Kind.DOUBLE:
        return node
    if node.type.digits > 18:
        raise WRONG_TYPE.error(
            reason=f"a number of up to {node.type.digits} digits does not fit a double exactly enough",
            hint="Declare min and max of the facts in it, so that 18 digits suffice.",
        )
    return ToDouble(double(node.type.unit), node)


def _extract(reader: FormulaReader, expression: exp.Expr) -> Node:
    part = str(expression.this).lower()
    if part not in ("year", "month", "day"):
        raise NOT_ALLOWED.error(text=f"extract({part} …)", hint="Write year, month or day.")
    return DatePart(integer(4, NO_UNIT), part, reader.of_kind(expression.expression, Kind.DATE))


READERS: dict[type[exp.Expr], Reader] = {
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _null,
    exp.Paren: _paren,
    exp.Column: _column,
    exp.And: _and_or,
    exp.Or: _and_or,
    exp.Not: _not,
    exp.Between: _between,
    exp.In: _in,
    exp.Is: _is,
    exp.Neg: _negate,
    exp.Abs: _absolute,
    exp.Round: _rounding,
    exp.Floor: _rounding,
    exp.Ceil: _rounding,
    exp.Case: _case,
    exp.Coalesce: _coalesce,
    exp.Least: _extreme,
    exp.Greatest: _extreme,
    exp.Cast: _cast,
    exp.Extract: _extract,
    **dict.fromkeys(_COMPARISONS, _compare),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
}
"""What the language holds, by kind of expression; ``functions.py`` adds functions by name."""
