# SPDX-License-Identifier: Apache-2.0
"""Decides what a constant in a formula is worth, and what type it takes from the value beside it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import cast

from hearthline.engine.rules.problems import SYNTAX, UNKNOWN_CODE
from hearthline.engine.rules.tree import FactRef, Literal, Node
from hearthline.engine.rules.types import DATE, Kind, decimal, double, integer
from hearthline.engine.rules.vocabulary import nearest_hint

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def article(words: str) -> str:
    """The words with ``a`` or ``an`` before them."""
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def joined_with_doubles(nodes: list[Node]) -> list[Node]:
    """Bare exact literals beside a double become doubles; exact facts do not."""
    if not any(node.type.kind is Kind.DOUBLE for node in nodes):
        return nodes
    return [as_double_literal(node) for node in nodes]


def as_double_literal(node: Node) -> Node:
    """A literal number as a double; anything else unchanged."""
    if isinstance(node, Literal) and node.type.kind is Kind.NUMBER:
        value = None if node.value is None else float(cast(Decimal, node.value))
        return Literal(double(node.type.unit), value)
    return node


def check_code(value: str, beside: Node) -> None:
    """Refuse a text that is not in the code list of the fact it is compared with."""
    codes = beside.type.codes
    if codes is not None and value not in codes:
        name = beside.name if isinstance(beside, FactRef) else "this value"
        raise UNKNOWN_CODE.error(value=value, name=name, hint=nearest_hint(value, codes))


def number_literal(text: str) -> Literal:
    """An exact constant from its digits; exponents are refused."""
    if not text.replace(".", "", 1).isdigit() or not text.isascii():
        raise SYNTAX.error(
            reason=f"'{text}' is not a plain number", hint="Write digits and one point, as 1.5."
        )
    value = Decimal(text)
    scale = max(0, -cast(int, value.as_tuple().exponent))
    digits = max(1, len(text.replace(".", "").lstrip("0")))
    if digits > 38:
        raise SYNTAX.error(reason=f"'{text}' has more than 38 digits", hint="Shorten it.")
    kind = integer(digits, None) if scale == 0 else decimal(digits, scale, None)
    return Literal(kind, int(value) if scale == 0 else value)


def day_literal(text: str) -> Literal:
    """A day of the calendar, written year-month-day."""
    try:
        return Literal(DATE, date.fromisoformat(text if _DAY.fullmatch(text) else ""))
    except ValueError as error:
        raise SYNTAX.error(
            reason=f"'{text}' is not a day of the calendar", hint="Write date '2014-12-31', year-month-day."
        ) from error


def null_number(node: Node, beside: Node) -> Node:
    """An unknown as a number of the kind that stands beside it; anything else unchanged."""
    if node.type.kind is not Kind.UNKNOWN:
        return node
    kind = double(None) if beside.type.kind is Kind.DOUBLE else integer(1, None)
    return Literal(kind, None)
