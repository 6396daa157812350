# SPDX-License-Identifier: Apache-2.0
"""Decides what an engine must be able to say: one row per operation on which engines do not agree.

What all engines mean alike (comparison, and, or, not, is null, case, coalesce, sums that cannot overflow) is
built as it is. Everything else is asked of the dialect by name, and a dialect without it refuses in a
sentence while the plan is made, so that nothing has run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlglot import exp

from hearthline.base.problems import Kind, declare

NO_OPERATION = declare(
    "engine.no-operation",
    Kind.UNSUPPORTED,
    "the engine {engine} cannot say '{operation}', which a formula of this package needs.",
    "Nothing has run. Screen with another engine, or write the formula without it.",
)


class Operation(StrEnum):
    """What differs between engines. Exact numbers are scaled integers of 64 or 128 bits."""

    QUOTIENT = "whole quotient of 64-bit integers"
    """``(above, below)``: the remainder is dropped towards zero; ``below`` is not zero."""
    WIDE_QUOTIENT = "whole quotient of 128-bit integers"
    """``(above, below, digits)``: the same; the quotient has at most so many digits."""
    WIDE_ROUND = "rounding of a 128-bit integer"
    """``(number, half, step, digits)``: number / step to at most so many digits, half away from zero; for
    numbers of 38 digits too."""
    CHECKED_SUM = "sum that may pass 38 digits"
    """``(left, right)``: unknown where it does."""
    CHECKED_DIFFERENCE = "difference that may pass 38 digits"
    CHECKED_PRODUCT = "product that may pass 38 digits"
    READABLE = "scaled integer as a decimal"
    """``(number, digits, scale)``: decimal(18 or 38, scale), without rounding."""
    DOUBLE_ROUND = "round of a double"
    """``(number)``: a double without decimals, half away from zero."""
    DOUBLE_FLOOR = "floor of a double"
    DOUBLE_CEIL = "ceil of a double"
    WIDE_NEGATIVE = "sign changed of a 128-bit integer"
    """``(number)``: for 38 digits too."""
    ABSOLUTE = "absolute value"
    """``(number)``: of a 64-bit integer or a double."""
    WIDE_ABSOLUTE = "absolute value of a 128-bit integer"
    LEAST = "least"
    """``(*numbers or dates)``: none of which is unknown."""
    GREATEST = "greatest"
    ADD_DAYS = "date moved by days"
    """``(day, number)``: a date, also outside the years 1 to 9999."""
    ADD_MONTHS = "date moved by months"
    """``(day, number)``: the last day of a month stays within the month it comes to."""
    DAYS_BETWEEN = "days between two dates"
    """``(later, earlier)``: a 64-bit integer."""
    DATE_PART = "part of a date"
    """``(part, day)``: year, month or day as a 64-bit integer."""
    REFUSE = "stop with a message"
    """``(message, *values)``: the engine's error holds the message followed by the values."""
    SUM = "sum of rows in 64 bits"
    """``(number)``: over the rows of an owner; the sum fits in 64 bits."""
    WIDE_SUM = "sum of rows in 128 bits"
    ANY_BITS = "bits set in any row"
    """``(number)``: a bitwise or over the rows of an owner."""


@dataclass(frozen=True)
class Dialect:
    """How one engine says each operation; ``words`` is the name under which sqlglot writes its SQL."""

    name: str
    words: str
    rows: Mapping[Operation, Callable[..., exp.Expr]]
    types: Mapping[exp.DType, exp.DataType] = field(default_factory=dict)
    """Types for which the engine has another."""

    def say(self, operation: Operation, *operands: object) -> exp.Expr:
        """The SQL of an operation; raises ``engine.no-operation`` where the engine has none."""
        row = self.rows.get(operation)
        if row is None:
            raise NO_OPERATION.error(engine=self.name, operation=operation.value)
        return row(*operands)

    def sql(self, query: exp.Expr, *, pretty: bool = False) -> str:
        """A query or expression in the words of the engine."""
        if self.types:
            query = query.transform(self._typed)
        return query.sql(dialect=self.words, pretty=pretty)

    def _typed(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.DataType) and node.this in self.types:
            return self.types[node.this].copy()
        return node
