# SPDX-License-Identifier: Apache-2.0
"""Decides what is already known when a plan is made: parameters, the screening date, dates moved from it."""

from __future__ import annotations

from datetime import date, timedelta

from hearthline.engine.rules.parameters import value_for_reference
from hearthline.engine.rules.policy import Policy, Value
from hearthline.engine.rules.tree import DateShift, Literal, Negate, Node, ParameterRef, ScreeningDate


def is_constant(node: Node) -> bool:
    """Whether a node has the same value for every household of a screening."""
    if isinstance(node, DateShift):
        return is_constant(node.operand) and is_constant(node.amount)
    if isinstance(node, Negate):
        return is_constant(node.operand)
    return isinstance(node, Literal | ParameterRef | ScreeningDate)


def constant_value(node: Node, policy: Policy, on: date) -> Value:
    """The value of a constant node; None is unknown."""
    if isinstance(node, ScreeningDate):
        return on
    if isinstance(node, ParameterRef):
        return value_for_reference(policy.parameters[node.name], node, on).value
    if isinstance(node, Negate):
        value = constant_value(node.operand, policy, on)
        return -value if isinstance(value, int) else None
    if isinstance(node, DateShift):
        day = constant_value(node.operand, policy, on)
        amount = constant_value(node.amount, policy, on)
        if not isinstance(day, date) or not isinstance(amount, int):
            return None
        return moved(day, amount, node.step)
    return node.value if isinstance(node, Literal) else None


def moved(day: date, amount: int, step: str) -> date | None:
    """A date moved by days or months; the last day of a month stays within the month it comes to."""
    if step == "day":
        target = day.toordinal() + amount
        return date.fromordinal(target) if 1 <= target <= date.max.toordinal() else None
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    if not 1 <= year <= 9999:
        return None
    first = date(year, month + 1, 1)
    last = date.max if (year, month) == (9999, 11) else _first_after(first) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _first_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
