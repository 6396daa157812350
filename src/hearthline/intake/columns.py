# SPDX-License-Identifier: Apache-2.0
"""Decides how a whole column is read at once: plain cells in bulk, each other distinct text one by one.

What the bulk step cannot place it leaves to ``stored_value``, so the meaning of a cell is decided in
one place and ten million rows still take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots.schema import encoded_type
from hearthline.intake.row_problems import Told, told
from hearthline.intake.values import Reading, Stored, boolean_value, stored_value

_WHOLE = re.compile(r"-?[0-9]+\Z", re.ASCII)
MOST_ZEROS = 6


@dataclass(frozen=True)
class ReadColumn:
    """Values in the snapshot's encoding, and for refused cells the reason by its text."""

    values: pa.Array
    texts: pa.Array
    faults: Mapping[str, Told]

    def faulty(self) -> pa.Array:
        """Which rows hold a refused cell."""
        if not self.faults:
            return pa.repeat(pa.scalar(False), len(self.texts))
        return pc.is_in(self.texts, value_set=pa.array(list(self.faults), pa.string()))


def cleaned(cells: pa.Array, missing: Sequence[str], recode: Mapping[str, str]) -> pa.Array:
    """The cells trimmed; what the map declares as missing is null; recodes are done."""
    texts = pc.utf8_trim_whitespace(cells)
    empty = pc.is_in(texts, value_set=pa.array(["", *_spellings(missing)], pa.string()))
    texts = pc.if_else(empty, pa.scalar(None, pa.string()), texts)
    if recode:
        place = pc.index_in(texts, value_set=pa.array(list(recode), pa.string()))
        texts = pc.coalesce(pa.array(list(recode.values()), pa.string()).take(place), texts)
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return texts


def _spellings(missing: Sequence[str]) -> list[str]:
    """The texts that mean unknown; a number also as programs write it that hold it with decimals."""
    numbers = [text for text in missing if _WHOLE.match(text)]
    return [*missing, *(f"{text}.{'0' * zeros}" for text in numbers for zeros in range(1, MOST_ZEROS + 1))]


def read_column(texts: pa.Array, reading: Reading) -> ReadColumn:
    """Every cell of a cleaned column as a value of its fact."""
    column_type = encoded_type(reading.fact.type)
    values = _in_bulk(texts, reading, column_type)
    return _rest_one_by_one(texts, values, lambda text: stored_value(text, reading))


def read_any(columns: Sequence[pa.Array]) -> list[ReadColumn]:
    """Each of several columns as booleans."""
    return [_rest_one_by_one(texts, pa.nulls(len(texts), pa.bool_()), boolean_value) for texts in columns]


def any_true(columns: Sequence[pa.Array]) -> pa.Array:
    """True where one is true, false where all are false, else unknown."""
    result = columns[0]
    for column in columns[1:]:
        result = pc.or_kleene(result, column)
    return result


def _rest_one_by_one(texts: pa.Array, values: pa.Array, read: Callable[[str], Stored]) -> ReadColumn:
    left = pc.and_(pc.is_valid(texts), pc.is_null(values))
    distinct = pc.unique(texts.filter(left)).to_pylist()
    if not distinct:
        return ReadColumn(values, texts, {})
    found: dict[str, Stored] = {}
    faults: dict[str, Told] = {}
    for text in distinct:
        try:
            found[text] = read(text)
        except HearthlineError as error:
            faults[text] = told(error)
    if found:
        place = pc.index_in(texts, value_set=pa.array(list(found), pa.string()))
        values = pc.coalesce(values, _array(list(found.values()), values.type).take(place))
    return ReadColumn(values, texts, faults)


def _array(values: list[Stored], column_type: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(column_type):
        return pa.array([Decimal(str(value)) for value in values], column_type)
    return pa.array(values, column_type)


def _in_bulk(texts: pa.Array, reading: Reading, column_type: pa.DataType) -> pa.Array:
    kind = reading.fact.type.kind
    plain = reading.factor.denominator == 1 and not reading.thousands and reading.decimal_mark == "."
    if kind is Kind.NUMBER and plain and column_type == pa.int64():
        return _exact_in_bulk(texts, reading)
    if kind is Kind.DOUBLE and plain and reading.factor == 1:
        numbers = _matching(texts, r"^-?[0-9]{1,15}(\.[0-9]{1,25})?$").cast(pa.float64())
        return _inside(numbers, reading)
    return pa.nulls(len(texts), column_type)


def _exact_in_bulk(texts: pa.Array, reading: Reading) -> pa.Array:
    scale, factor = reading.fact.type.scale, reading.factor.numerator
    whole = min(15, reading.fact.type.digits - scale) - len(str(factor)) + 1
    if whole < 1 or scale > 6:
        return pa.nulls(len(texts), pa.int64())
    decimals = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    plain = _matching(texts, rf"^-?[0-9]{{1,{whole}}}{decimals}$")
    if scale:
        exact = plain.cast(pa.decimal128(15 + scale, scale))
        shift = pa.scalar(Decimal(10**scale), pa.decimal128(scale + 1, 0))
        numbers = pc.multiply(exact, shift).cast(pa.int64())
    else:
        numbers = plain.cast(pa.int64())
    if factor != 1:
        numbers = pc.multiply_checked(numbers, factor)
    return _inside(numbers, reading)


def _matching(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.if_else(pc.match_substring_regex(texts, pattern), texts, pa.scalar(None, pa.string()))


def _inside(numbers: pa.Array, reading: Reading) -> pa.Array:
    """The numbers within the bounds of the fact; the others are left to be refused one by one."""
    low, high = _bound(reading.minimum, reading), _bound(reading.fact.maximum, reading)
    inside = pc.is_valid(numbers)
    if low is not None:
        inside = pc.and_kleene(inside, pc.greater_equal(numbers, low))
    if high is not None:
        inside = pc.and_kleene(inside, pc.less_equal(numbers, high))
    return pc.if_else(inside, numbers, pa.scalar(None, numbers.type))


def _bound(bound: Decimal | date | None, reading: Reading) -> int | float | None:
    if not isinstance(bound, Decimal):
        return None
    if reading.fact.type.kind is Kind.DOUBLE:
        return float(bound)
    stored = int(Decimal(f"{bound:f}E{reading.fact.type.scale}"))
    return stored if abs(stored) < 2**63 else None
