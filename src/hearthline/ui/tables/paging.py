# SPDX-License-Identifier: Apache-2.0
"""Decides which rows a page of a list holds: those after or before a key, never by counting from the top.

The key of a row is its sort value and its primary key, so that equal values neither repeat nor vanish and
a page costs the same at the end of ten million rows as at the beginning. Rows without a value come last.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, Model, Q

from hearthline.ui.tables.columns import value_at
from hearthline.ui.tables.filters import Rows

SORT_VALUE = "sort_value_of_the_list"
"""The annotation under which a row brings the value it is sorted by."""
_NUMBERS_MOST = 40
_READERS: Mapping[str, Callable[[str], object]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "number": Decimal,
}


@dataclass(frozen=True)
class Order:
    """What a list is sorted by; ``field`` is empty for the primary key alone."""

    field: str
    down: bool


@dataclass(frozen=True)
class Key:
    """Where a page ends: the sort value and the primary key of its outermost row."""

    value: object
    number: object


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and the keys of its ends where there is more beyond them."""

    rows: Sequence[object]
    before: str
    after: str


def sliced(rows: Rows, order: Order, *, size: int, after: str = "", before: str = "") -> Slice:
    """One page of a queryset. A key that cannot be read gives the first page."""
    nulls = bool(order.field) and may_be_null(rows.model, order.field)
    if order.field:
        rows = rows.annotate(**{SORT_VALUE: F(order.field)})
    key = read_key(after or before)
    backwards = key is not None and not after
    found = _ordered(rows, order, nulls, backwards)
    if key is not None:
        found = found.filter(_beyond(order, key, nulls, backwards))
    page = list(found[: size + 1])
    if key is not None and not page:
        return sliced(rows, order, size=size)
    more = len(page) > size
    page = page[:size]
    if backwards:
        page.reverse()
    first, last = (_key_of(page[0]), _key_of(page[-1])) if page else ("", "")
    has_before = more if backwards else key is not None
    has_after = more if not backwards else True
    return Slice(page, first if has_before else "", last if has_after else "")


def ordered(rows: Rows, order: Order) -> Rows:
    """All rows in the order of the list, for a file."""
    if order.field:
        rows = rows.annotate(**{SORT_VALUE: F(order.field)})
    return _ordered(rows, order, bool(order.field) and may_be_null(rows.model, order.field), False)


def may_be_null(model: type[Model], path: str) -> bool:
    """Whether a sort value can be missing; of an annotation nobody knows, so it can."""
    place: Any = model
    for step in path.split("__"):
        try:
            field = place._meta.get_field(step) if step != "pk" else place._meta.pk
        except (FieldDoesNotExist, AttributeError):
            return True
        if not isinstance(field, Field) or field.null:
            return True
        place = field.related_model
    return False


def _ordered(rows: Rows, order: Order, nulls: bool, backwards: bool) -> Rows:
    down = order.down is not backwards
    number = "-pk" if down else "pk"
    if not order.field:
        return rows.order_by(number)
    value = F(SORT_VALUE)
    # Only a value that can be missing gets the clause: without it the database reads its index either way.
    last = {"nulls_first" if backwards else "nulls_last": True} if nulls else {}
    return rows.order_by(value.desc(**last) if down else value.asc(**last), number)


def _beyond(order: Order, key: Key, nulls: bool, backwards: bool) -> Q:
    """The rows after a key in the order of the list, or before it."""
    larger = "lt" if order.down is not backwards else "gt"
    further = Q(**{f"pk__{larger}": key.number})
    if not order.field:
        return further
    if key.value is None:
        same = Q(**{f"{SORT_VALUE}__isnull": True}) & further
        return same | Q(**{f"{SORT_VALUE}__isnull": False}) if backwards else same
    # "at or beyond, and (beyond or a further number)" lets an index on (value, pk) begin at the key
    condition = Q(**{f"{SORT_VALUE}__{larger}e": key.value}) & (
        Q(**{f"{SORT_VALUE}__{larger}": key.value}) | further
    )
    return condition | Q(**{f"{SORT_VALUE}__isnull": True}) if nulls and not backwards else condition


def _key_of(row: object) -> str:
    number = value_at(row, "pk")
    return written_key(Key(value_at(row, SORT_VALUE), value_at(row, "id") if number is None else number))


def written_key(key: Key) -> str:
    """A key as part of an address."""
    text = json.dumps([_packed(key.value), _packed(key.number)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_key(text: str) -> Key | None:
    """The key an address names; None if it is none."""
    if not text:
        return None
    try:
        value, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Key(_unpacked(value), _unpacked(number))
    except (binascii.Error, UnicodeDecodeError, ValueError, TypeError, KeyError, InvalidOperation):
        return None


def _packed(value: object) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, int | float):
        return value
    return str(value)


def _unpacked(value: object) -> object:
    if not isinstance(value, dict):
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, str) and "\x00" not in value:
            return value
        if isinstance(value, int) and abs(value) < 2**63:
            return value
        raise ValueError("no value of a key")
    [(kind, text)] = value.items()
    if kind == "number" and len(text) > _NUMBERS_MOST:
        raise ValueError("too long a number")
    return _READERS[kind](text)


def sorted_list(rows: Sequence[object], path: str, down: bool) -> list[object]:
    """A plain list in order; equal values keep their places, missing ones come last."""
    known = [row for row in rows if value_at(row, path) is not None]
    missing = [row for row in rows if value_at(row, path) is None]
    known.sort(key=lambda row: _comparable(value_at(row, path)), reverse=down)
    return known + missing


def _comparable(value: object) -> Any:
    return value if isinstance(value, str | int | float | Decimal | date) else str(value)


def sliced_list(rows: Sequence[object], *, size: int, after: str = "") -> Slice:
    """One page of a plain list; the key is how many rows lie before it."""
    start = int(after) if after.isascii() and after.isdigit() and len(after) < _NUMBERS_MOST else 0
    start = start if start < len(rows) else 0
    end = start + size
    before = "0" if 0 < start <= size else str(start - size)
    return Slice(rows[start:end], before if start > 0 else "", str(end) if end < len(rows) else "")
