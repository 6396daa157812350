# SPDX-License-Identifier: Apache-2.0
"""Decides the shape of a checked formula: a tree of a few kinds of nodes, each with its type.

The SQL compiler and the row evaluator share this tree and nothing else, so that one can check the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from hearthline.engine.rules.types import BOOLEAN, DATE, ValueType

Constant = bool | int | Decimal | float | date | str | None


@dataclass(frozen=True)
class Node:
    """Any part of a formula; ``type`` says what it yields."""

    type: ValueType

    def children(self) -> Iterator[Node]:
        """The nodes directly below, in reading order."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                for part in value:
                    if isinstance(part, Node):
                        yield part
                    elif isinstance(part, tuple):
                        yield from (piece for piece in part if isinstance(piece, Node))

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(frozen=True)
class Literal(Node):
    """A constant; exact numbers are int or Decimal, doubles float; None is ``null``."""

    value: Constant


@dataclass(frozen=True)
class FactRef(Node):
    """A fact of the row itself, of its household or of its area; ``required`` facts are never unknown."""

    level: str
    name: str
    required: bool = False


@dataclass(frozen=True)
class RuleRef(Node):
    """A derived value or a criterion (then a boolean) of the row itself or of its household."""

    level: str
    name: str


@dataclass(frozen=True)
class ScreeningDate(Node):
    """The date the screening speaks of."""

    type: ValueType = DATE


@dataclass(frozen=True)
class ParameterRef(Node):
    """A dated value of the package; ``year`` None means the date of screening."""

    name: str
    jurisdiction: str
    purpose: str
    year: int | None


@dataclass(frozen=True)
class LookupRef(Node):
    """A table of the package read by keys."""

    table: str
    keys: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    """Kleene negation."""

    operand: Node


@dataclass(frozen=True)
class And(Node):
    """Kleene conjunction."""

    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Or(Node):
    """Kleene disjunction."""

    operands: tuple[Node, ...]


@dataclass(frozen=True)
class IsNull(Node):
    """True where the operand is unknown; never unknown itself."""

    operand: Node


@dataclass(frozen=True)
class Compare(Node):
    """``op`` is one of ``= <> < <= > >=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class InList(Node):
    """Equality with any of a list of constants."""

    operand: Node
    choices: tuple[Literal, ...]


@dataclass(frozen=True)
class Arithmetic(Node):
    """``op`` is one of ``+ - * /`` on two exact numbers or two doubles."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Negate(Node):
    """The number with its sign changed."""

    operand: Node


@dataclass(frozen=True)
class Absolute(Node):
    """The number without its sign."""

    operand: Node


@dataclass(frozen=True)
class Rounding(Node):
    """``how`` is ``round`` (half away from zero), ``floor`` or ``ceil``; ``places`` decimals are kept."""

    how: str
    operand: Node
    places: int


@dataclass(frozen=True)
class Case(Node):
    """The value of the first branch whose condition is true; unknown if an unknown one comes first."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True)
class Coalesce(Node):
    """The first operand that is known."""

    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Extreme(Node):
    """``how`` is ``least`` or ``greatest``; unknown if any operand is."""

    how: str
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class ToDouble(Node):
    """An exact number of at most 18 digits as a double."""

    operand: Node


@dataclass(frozen=True)
class DateShift(Node):
    """A date moved by whole days or months; a month's last day is kept within the month."""

    operand: Node
    amount: Node
    step: str


@dataclass(frozen=True)
class DaysBetween(Node):
    """``left - right`` in days."""

    left: Node
    right: Node


@dataclass(frozen=True)
class YearsBetween(Node):
    """Completed years from ``start`` to ``end``; unknown where ``end`` comes before ``start``."""

    start: Node
    end: Node


@dataclass(frozen=True)
class DatePart(Node):
    """``part`` is ``year``, ``month`` or ``day``."""

    part: str
    operand: Node


@dataclass(frozen=True)
class Within(Node):
    """Whether a date lies in the months before the screening date.

    Plain: after the screening date less ``months`` months, up to and with the screening date.
    ``whole``: in the ``months`` whole calendar months before the month of the screening date.
    """

    operand: Node
    months: Node
    whole: bool


@dataclass(frozen=True)
class Aggregate(Node):
    """``function`` over the rows of ``level`` that pass ``filter``; ``operand`` is None for count."""

    function: str
    level: str
    operand: Node | None
    filter: Node | None


TRUE = Literal(BOOLEAN, True)
