# SPDX-License-Identifier: Apache-2.0
"""Decides the value of an aggregate over rows some of which may be unknown.

A row is a pair (passes the filter, operand). A row that does not pass is out, whatever its operand.
A row whose filter is unknown, or that passes with an unknown operand, makes the answer unknown,
unless the known rows already decide it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import cast

from hearthline.engine.rules.policy import Value

_WIDE = Context(prec=200)
"""The default context would round a sum of more than 28 digits."""

Rows = list[tuple[Value, Value]]


def aggregate_value(function: str, rows: Rows) -> Value | tuple[Decimal, int]:
    """The value; for ``avg`` the sum and the number of rows, which the caller divides."""
    if function == "count":
        return None if any(kept is None for kept, _ in rows) else sum(kept is True for kept, _ in rows)
    known = [operand for kept, operand in rows if kept is True and operand is not None]
    open_rows = any(kept is None or (kept is True and operand is None) for kept, operand in rows)
    if function in ("bool_or", "bool_and"):
        deciding = function == "bool_or"
        if any(operand is deciding for operand in known):
            return deciding
        return None if open_rows else not deciding
    if open_rows:
        return None
    if function == "sum":
        return _total(known)
    if not known:
        return None
    if function == "avg":
        return _total(known), len(known)
    return min(known) if function == "min" else max(known)


def _total(values: Sequence[Value]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _WIDE.add(total, Decimal(cast(Decimal, value)))
    return total


def bounded_count(op: str, rows: Rows, bound: Value) -> bool | None:
    """``count op bound``: decided once the known rows alone are past the bound, else as any comparison."""
    if bound is None:
        return None
    least = sum(kept is True for kept, _ in rows)
    limit = Decimal(cast(Decimal, bound))
    answers = {
        "=": least == limit,
        "<>": least != limit,
        "<": least < limit,
        "<=": least <= limit,
        ">": least > limit,
        ">=": least >= limit,
    }
    if all(kept is not None for kept, _ in rows):
        return answers[op]
    if op in (">", ">=") and answers[op]:
        return True
    if op in ("<", "<=") and not answers[op]:
        return False
    if least > limit and op in ("=", "<>"):
        return op == "<>"
    return None
