# SPDX-License-Identifier: Apache-2.0
"""Decides what one cell means, strictly: a text is a value of its fact, or it is refused with a sentence.

``stored_value`` is the definition; the columnar reader takes the plain cases in bulk and must agree with
it. Python's own number parsers are too kind: they take full-width digits, ``1_000``, ``NaN`` and ``1e400``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import Fact
from hearthline.engine.rules.types import Kind
from hearthline.intake import row_problems as row
from hearthline.intake.dates import DateForm, read_date

LONGEST_CELL = 32_767
LONGEST_TEXT = 1_000
LONGEST_NUMBER = 400
ZERO = Decimal(0)
TRUE = frozenset({"true", "yes", "y", "1", "是", "有"})
FALSE = frozenset({"false", "no", "n", "0", "否", "无"})

Stored = bool | int | float | date | str

_PLAIN = re.compile(r"(-?)([0-9]*)(?:\.([0-9]+))?\Z", re.ASCII)
_EXPONENT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+\Z", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity|∞|1\.#[a-z0-9]+)\Z", re.IGNORECASE)
_UNDERSCORED = re.compile(r"-?[0-9]+(_[0-9]+)+(\.[0-9]+)?\Z", re.ASCII)
_SEPARATED = re.compile(r"-?[0-9]{1,3}([,' ．，][0-9]+)+(\.[0-9]+)?\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Reading:
    """How the cells of one column become values of ``fact``; everything here was declared in the map."""

    fact: Fact
    factor: Fraction = Fraction(1)
    rounded: bool = False
    thousands: str = ""
    decimal_mark: str = "."
    forms: tuple[DateForm, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    weight: bool = False
    """Whether the package counts by this fact: then nothing is below zero, whatever the dictionary says."""

    @property
    def minimum(self) -> Decimal | date | None:
        """The least value of the fact."""
        least = self.fact.minimum
        return ZERO if self.weight and not (isinstance(least, Decimal) and least > 0) else least


def stored_value(text: str, reading: Reading) -> Stored:
    """The value of a trimmed, non-empty cell as the snapshot stores it; else refused with a reason."""
    if len(text) > LONGEST_CELL:
        raise row.CELL_TOO_LONG.error(length=len(text), limit=LONGEST_CELL)
    fact = reading.fact
    if fact.type.codes is not None:
        return _code(text, reading)
    if fact.type.kind is Kind.NUMBER:
        return _exact(text, reading)
    if fact.type.kind is Kind.DOUBLE:
        return _double(text, reading)
    if fact.type.kind is Kind.BOOLEAN:
        return boolean_value(text)
    if fact.type.kind is Kind.DATE:
        return _bounded_date(read_date(text, reading.forms), text, fact)
    return _text(text)


def boolean_value(text: str) -> bool:
    """True or false, in the few words that mean nothing else."""
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise row.NOT_A_BOOLEAN.error(value=row.quoted(text))


def _exact(text: str, reading: Reading) -> int:
    amount = _fraction(text, reading) * reading.factor
    scaled = amount * 10**reading.fact.type.scale
    if scaled.denominator != 1:
        if not reading.rounded:
            scale = reading.fact.type.scale
            problem = row.TOO_PRECISE if scale else row.NOT_WHOLE
            raise problem.error(value=row.quoted(text), scale=scale)
        scaled = Fraction(math.floor(abs(scaled) + Fraction(1, 2)) * (-1 if scaled < 0 else 1))
    number = int(scaled)
    _check_bounds(
        amount if not reading.rounded else Fraction(number, 10**reading.fact.type.scale), text, reading
    )
    if abs(number) >= 10**reading.fact.type.digits:
        raise row.NUMBER_TOO_LARGE.error(value=row.quoted(text))
    return number


def _fraction(text: str, reading: Reading) -> Fraction:
    match = _PLAIN.match(_unmarked(text, reading))
    if match is None or len(text) > LONGEST_NUMBER or not (match[2] or match[3]):
        raise _why_no_number(text, reading)
    whole, decimals = match[2] or "0", match[3] or ""
    number = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -number if match[1] else number


def _unmarked(text: str, reading: Reading) -> str:
    """The number with a point and without the separators that the map declares, each in its place."""
    mark, thousands = reading.decimal_mark, reading.thousands
    if thousands and thousands in text:
        grouped = rf"-?[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+(?:{re.escape(mark)}[0-9]+)?\Z"
        if not re.match(grouped, text, re.ASCII):
            raise row.THOUSANDS.error(value=row.quoted(text))
        text = text.replace(thousands, "")
    if mark != ".":
        if "." in text:
            raise row.THOUSANDS.error(value=row.quoted(text))
        text = text.replace(mark, ".", 1)
    return text


def _why_no_number(text: str, reading: Reading) -> HearthlineError:
    value = row.quoted(text)
    if _NOT_FINITE.match(text):
        return row.NOT_FINITE.error(value=value)
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    foreign = any(char.isdigit() for char in text if not char.isascii())
    if foreign or (not text.isascii() and _PLAIN.match(plain)):
        digits = "".join(str(unicodedata.digit(char, char)) for char in plain)
        return row.FULL_WIDTH.error(value=value, plain=digits)
    if _EXPONENT.match(text):
        return row.EXPONENT.error(value=value)
    if _UNDERSCORED.match(text):
        return row.UNDERSCORE.error(value=value)
    if _SEPARATED.match(text):
        return row.THOUSANDS.error(value=value)
    if len(text) > LONGEST_NUMBER and _PLAIN.match(text):
        return row.NUMBER_TOO_LARGE.error(value=value)
    return row.NOT_A_NUMBER.error(value=value)


def _double(text: str, reading: Reading) -> float:
    unmarked = _unmarked(text, reading)
    plain = _PLAIN.match(unmarked)
    if not (_EXPONENT.match(unmarked) or (plain and (plain[2] or plain[3]))) or len(text) > LONGEST_NUMBER:
        raise _why_no_number(text, reading)
    number = float(unmarked)
    if reading.factor != 1 and math.isfinite(number):
        number = number * reading.factor.numerator / reading.factor.denominator
    if not math.isfinite(number):
        raise row.NUMBER_TOO_LARGE.error(value=row.quoted(text))
    _check_bounds(Fraction(number), text, reading)
    return number


def _check_bounds(amount: Fraction, text: str, reading: Reading) -> None:
    low, high = reading.minimum, reading.fact.maximum
    if reading.weight and amount < 0:
        raise row.NEGATIVE_WEIGHT.error(value=row.quoted(text))
    if isinstance(low, Decimal) and amount < _bound(low, reading):
        raise row.BELOW.error(value=row.quoted(text), bound=low)
    if isinstance(high, Decimal) and amount > _bound(high, reading):
        raise row.ABOVE.error(value=row.quoted(text), bound=high)


def _bound(bound: Decimal, reading: Reading) -> Fraction:
    # A double fact is compared as the writer of snapshots compares it: as doubles.
    return Fraction(float(bound)) if reading.fact.type.kind is Kind.DOUBLE else Fraction(bound)


def _bounded_date(day: date, text: str, fact: Fact) -> date:
    if isinstance(fact.minimum, date) and day < fact.minimum:
        raise row.BELOW.error(value=row.quoted(text), bound=fact.minimum)
    if isinstance(fact.maximum, date) and day > fact.maximum:
        raise row.ABOVE.error(value=row.quoted(text), bound=fact.maximum)
    return day


def _code(text: str, reading: Reading) -> str:
    codes = reading.fact.type.codes or frozenset()
    if text in codes:
        return text
    if text in reading.labels:
        return reading.labels[text]
    # Programs that hold codes as numbers write 3 as 3.0.
    whole = re.sub(r"\.0+\Z", "", text)
    if whole in codes and whole.isdigit():
        return whole
    shown = sorted(codes)
    listed = ", ".join(shown[:12]) + (", ..." if len(shown) > 12 else "")
    raise row.NOT_A_CODE.error(value=row.quoted(text), codes=listed)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise row.CELL_TOO_LONG.error(length=len(text), limit=LONGEST_TEXT)
    control = _CONTROL.search(text)
    if control:
        raise row.CONTROL_CHARACTER.error(character=f"U+{ord(control[0]):04X}")
    return text
