# SPDX-License-Identifier: Apache-2.0
"""Decides the value of one node for one row, by the meaning of the formula language and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Protocol, cast

from hearthline.engine.rules.aggregates import aggregate_value, bounded_count
from hearthline.engine.rules.arithmetic import (
    EXACT,
    brought_to,
    compared,
    divided,
    double_arithmetic,
    exact,
    exact_arithmetic,
    fitted,
    kleene_and,
    shifted,
)
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
from hearthline.engine.rules.types import Kind


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


def _is_null(node: IsNull, source: Source, row: Row) -> Value:
    return evaluate_node(node.operand, source, row) is None


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
        return double_arithmetic(node.op, cast(float, left), cast(float, right))
    return exact_arithmetic(node, exact(left), exact(right))


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
