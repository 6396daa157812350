# SPDX-License-Identifier: Apache-2.0
"""Decides the value of one node for one row, by the meaning of the formula language and nothing else."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Protocol, cast

from hearthline.engine.rules.aggregates import aggregate_value, bounded_count
from hearthline.engine.rules.parameters import value_for_reference
from hearthline.engine.rules.policy import Policy, Value
from hearthline.engine.rules.problems import LOOKUP_MISSING
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
from hearthline.engine.rules.types import MAX_DIGITS, Kind, ValueType

EXACT = Context(prec=200, Emax=999_999, Emin=-999_999)
"""Wide enough that no step of the language loses a digit."""


@dataclass(frozen=True)
class Row:
    """Which row of which table a formula looks at; empty for the household itself."""

    places: tuple[tuple[str, int], ...] = ()

    def find(self, level: str) -> int | None:
        """The row number at a level, if the formula stands in such a row."""
        return next((index for name, index in self.places if name == level), None)

    def index(self, level: str) -> int:
        """The row number at a level in which the formula stands."""
        return next(index for name, index in self.places if name == level)


class Source(Protocol):
    """What a node may ask for: facts, answers of rules, rows, and the package with its date."""

    policy: Policy
    on: date

    def fact(self, level: str, name: str, row: Row) -> Value:
        """A fact of the row, household or area."""

    def answer(self, level: str, name: str, row: Row) -> Value:
        """The value of a rule."""

    def rows(self, level: str, row: Row) -> list[Row]:
        """The rows of a table that belong to where the formula stands."""


def exact(value: Value) -> Decimal:
    """An exact number as a Decimal."""
    return value if isinstance(value, Decimal) else Decimal(cast(int, value))


def fitted(value: Decimal, kind: ValueType) -> Decimal | None:
    """The number in the scale of its type, or unknown beyond 38 digits."""
    scaled = EXACT.scaleb(value, kind.scale)
    if scaled.copy_abs() >= Decimal(10) ** MAX_DIGITS:
        return None
    return EXACT.scaleb(scaled.quantize(Decimal(1), ROUND_DOWN, EXACT), -kind.scale)


def finite(value: float) -> float | None:
    """A double, or unknown where it overflowed."""
    return value if math.isfinite(value) else None


def brought_to(value: Value, kind: ValueType) -> Value:
    """A value in the type of a choice or comparison; an exact number that no longer fits is unknown."""
    if value is None or kind.kind is not Kind.NUMBER:
        return value
    return fitted(exact(value), kind)


def _literal(node: Literal, source: Source, row: Row) -> Value:
    return node.value


def _fact(node: FactRef, source: Source, row: Row) -> Value:
    return source.fact(node.level, node.name, row)


def _rule(node: RuleRef, source: Source, row: Row) -> Value:
    return source.answer(node.level, node.name, row)


def _screening_date(node: ScreeningDate, source: Source, row: Row) -> Value:
    return source.on


def _parameter(node: ParameterRef, source: Source, row: Row) -> Value:
    return value_for_reference(source.policy.parameters[node.name], node, source.on).value


def _lookup(node: LookupRef, source: Source, row: Row) -> Value:
    keys = tuple(evaluate_node(key, source, row) for key in node.keys)
    if any(key is None for key in keys):
        return None
    table = source.policy.lookups[node.table]
    wanted = tuple(int(key) if isinstance(key, Decimal) else key for key in keys)
    if wanted in table.rows:
        return table.rows[wanted]
    if table.missing_is_error:
        shown = ", ".join(str(key) for key in wanted)
        raise LOOKUP_MISSING.error(table=node.table, key=shown)
    return None


def _not(node: Not, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    return None if value is None else not value


def _and(node: And, source: Source, row: Row) -> Value:
    return kleene_and([evaluate_node(part, source, row) for part in node.operands])


def _or(node: Or, source: Source, row: Row) -> Value:
    values = [evaluate_node(part, source, row) for part in node.operands]
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def kleene_and(values: list[Value]) -> bool | None:
    """False if any is false, else unknown if any is unknown, else true."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _is_null(node: IsNull, source: Source, row: Row) -> Value:
    return evaluate_node(node.operand, source, row) is None


_TESTS: dict[str, Callable[[int], bool]] = {
    "=": lambda sign: sign == 0,
    "<>": lambda sign: sign != 0,
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def compared(op: str, left: Value, right: Value, scale: int = 0) -> bool | None:
    """``left op right``; exact numbers are brought to ``scale`` first and must still fit."""
    if left is None or right is None:
        return None
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        kind = ValueType(Kind.NUMBER, MAX_DIGITS, scale)
        left, right = fitted(exact(left), kind), fitted(exact(right), kind)
        if left is None or right is None:
            return None
    sign = 0 if left == right else (1 if left > right else -1)  # type: ignore[operator]  # one type by the checker
    return _TESTS[op](sign)


def _compare(node: Compare, source: Source, row: Row) -> Value:
    for side, other, op in (
        (node.left, node.right, node.op),
        (node.right, node.left, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(node.op, node.op)),
    ):
        if isinstance(side, Aggregate) and side.function == "count":
            return bounded_count(op, _members(side, source, row), evaluate_node(other, source, row))
    left, right = evaluate_node(node.left, source, row), evaluate_node(node.right, source, row)
    return compared(node.op, left, right, max(node.left.type.scale, node.right.type.scale))


def _in_list(node: InList, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    if value is None:
        return None
    answers = []
    for choice in node.choices:
        scale = max(node.operand.type.scale, choice.type.scale)
        answers.append(compared("=", value, choice.value, scale))
    if any(answer is True for answer in answers):
        return True
    return None if any(answer is None for answer in answers) else False


def _arithmetic(node: Arithmetic, source: Source, row: Row) -> Value:
    left, right = evaluate_node(node.left, source, row), evaluate_node(node.right, source, row)
    if left is None or right is None:
        return None
    if node.type.kind is Kind.DOUBLE:
        return _double_arithmetic(node.op, cast(float, left), cast(float, right))
    return _exact_arithmetic(node, exact(left), exact(right))


def _double_arithmetic(op: str, left: float, right: float) -> float | None:
    if op == "/":
        return None if right == 0 else finite(left / right)
    result = {"+": left + right, "-": left - right, "*": left * right}[op]
    return finite(result)


def _exact_arithmetic(node: Arithmetic, left: Decimal, right: Decimal) -> Decimal | None:
    if node.op == "*":
        return fitted(EXACT.multiply(left, right), node.type)
    if node.op == "/":
        return divided(left, right, (node.left.type.scale, node.right.type.scale), node.type)
    first, second = fitted(left, node.type), fitted(right, node.type)
    if first is None or second is None:
        return None
    total = EXACT.add(first, second) if node.op == "+" else EXACT.subtract(first, second)
    return fitted(total, node.type)


def divided(left: Decimal, right: Decimal, scales: tuple[int, int], kind: ValueType) -> Decimal | None:
    """The quotient in the scale of ``kind``, half away from zero.

    ``scales`` are those of the operands. Both sides are brought to whole numbers whose quotient has
    the wanted scale; a side that then passes 38 digits, or a zero below, makes the quotient unknown.
    """
    if right == 0:
        return None
    raised = kind.scale - scales[0] + scales[1]
    above = EXACT.scaleb(left, scales[0] + max(0, raised))
    below = EXACT.scaleb(right, scales[1] + max(0, -raised))
    if max(above.copy_abs(), below.copy_abs()) >= Decimal(10) ** MAX_DIGITS:
        return None
    quotient = EXACT.divide(above, below)
    whole = quotient.quantize(Decimal(1), ROUND_HALF_UP, EXACT)
    return fitted(EXACT.scaleb(whole, -kind.scale), kind)


def _negate(node: Negate, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    if value is None:
        return None
    return -value if isinstance(value, float) else EXACT.minus(exact(value))


def _absolute(node: Absolute, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    if value is None:
        return None
    return abs(value) if isinstance(value, float) else EXACT.abs(exact(value))


_ROUNDING = {"round": ROUND_HALF_UP, "floor": ROUND_FLOOR, "ceil": ROUND_CEILING, "widen": ROUND_DOWN}


def _rounding(node: Rounding, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    if value is None:
        return None
    if isinstance(value, float):
        return float(math.floor(value) if node.how == "floor" else math.ceil(value))
    step = Decimal(1).scaleb(-node.places)
    return fitted(exact(value).quantize(step, _ROUNDING[node.how], EXACT), node.type)


def _case(node: Case, source: Source, row: Row) -> Value:
    for condition, result in node.branches:
        answer = evaluate_node(condition, source, row)
        if answer is None:
            return None
        if answer is True:
            return brought_to(evaluate_node(result, source, row), node.type)
    if node.otherwise is None:
        return None
    return brought_to(evaluate_node(node.otherwise, source, row), node.type)


def _coalesce(node: Coalesce, source: Source, row: Row) -> Value:
    for part in node.operands:
        value = brought_to(evaluate_node(part, source, row), node.type)
        if value is not None:
            return value
    return None


def _extreme(node: Extreme, source: Source, row: Row) -> Value:
    values = [brought_to(evaluate_node(part, source, row), node.type) for part in node.operands]
    if any(value is None for value in values):
        return None
    best = min if node.how == "least" else max
    return best(values)  # type: ignore[type-var]  # one ordered type by the checker


def _to_double(node: ToDouble, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    if value is None:
        return None
    scale = node.operand.type.scale
    return float(int(EXACT.scaleb(exact(value), scale))) / float(10**scale)


def shifted(day: date, amount: int, step: str) -> date | None:
    """A date moved by days or months, kept within the month; unknown outside the years 1 to 9999."""
    try:
        if step == "day":
            return day + timedelta(days=amount)
        months = day.year * 12 + day.month - 1 + amount
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None


def _date_shift(node: DateShift, source: Source, row: Row) -> Value:
    day, amount = evaluate_node(node.operand, source, row), evaluate_node(node.amount, source, row)
    if day is None or amount is None:
        return None
    return shifted(cast(date, day), int(exact(amount)), node.step)


def _days_between(node: DaysBetween, source: Source, row: Row) -> Value:
    left, right = evaluate_node(node.left, source, row), evaluate_node(node.right, source, row)
    if left is None or right is None:
        return None
    return (cast(date, left) - cast(date, right)).days


def _years_between(node: YearsBetween, source: Source, row: Row) -> Value:
    start = cast(date | None, evaluate_node(node.start, source, row))
    end = cast(date | None, evaluate_node(node.end, source, row))
    if start is None or end is None or end < start:
        return None
    before_birthday = (end.month, end.day) < (start.month, start.day)
    return end.year - start.year - before_birthday


def _date_part(node: DatePart, source: Source, row: Row) -> Value:
    value = evaluate_node(node.operand, source, row)
    return None if value is None else cast(int, getattr(value, node.part))


def _within(node: Within, source: Source, row: Row) -> Value:
    day = cast(date | None, evaluate_node(node.operand, source, row))
    months = evaluate_node(node.months, source, row)
    if day is None:
        return None
    last = source.on.replace(day=1) if node.whole else source.on
    first = None if months is None else shifted(last, -int(exact(months)), "month")
    not_late = day < last if node.whole else day <= last
    not_early = None if first is None else (first <= day if node.whole else first < day)
    return kleene_and([not_early, not_late])


def _members(node: Aggregate, source: Source, row: Row) -> list[tuple[Value, Value]]:
    members = []
    for member in source.rows(node.level, row):
        kept = True if node.filter is None else evaluate_node(node.filter, source, member)
        operand = None if node.operand is None else evaluate_node(node.operand, source, member)
        members.append((kept, operand))
    return members


def _aggregate(node: Aggregate, source: Source, row: Row) -> Value:
    value = aggregate_value(node.function, _members(node, source, row))
    if isinstance(value, tuple) and node.operand is not None:
        total, count = value
        return divided(total, Decimal(count), (node.operand.type.scale, 0), node.type)
    if isinstance(value, tuple) or value is None or node.function != "sum":
        return None if isinstance(value, tuple) else value
    return fitted(exact(value), node.type)


_EVALUATORS: dict[type[Node], Callable[..., Value]] = {
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


def evaluate_node(node: Node, source: Source, row: Row) -> Value:
    """The value of a node where the formula stands; None is unknown."""
    return _EVALUATORS[type(node)](node, source, row)
