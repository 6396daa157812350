# SPDX-License-Identifier: Apache-2.0
"""Decides whether a text can be a resident identity number of China: GB 11643-1999, 18 characters.

Six digits of the place, eight of the day of birth, three of the order, and a check character by ISO 7064,
MOD 11-2. A certificate of disability adds two or four digits to it. Of other countries no form is known here.
No sentence repeats the number: it may be kept where the number may not.
"""

from __future__ import annotations

from datetime import date

from hearthline.base.problems import Kind, declare
from hearthline.registry.identities import normal_id

_COPY = "Copy it once more from the card, digit by digit; leave it empty where there is none."
ID_LENGTH = declare(
    "registry.national-id-length",
    Kind.BAD_INPUT,
    "a national ID has 18 characters, this one has {length}.",
    _COPY,
)
ID_LETTERS = declare(
    "registry.national-id-letters",
    Kind.BAD_INPUT,
    "a national ID has nothing but digits, and perhaps an X as its 18th character.",
    _COPY,
)
ID_BIRTH = declare(
    "registry.national-id-birth",
    Kind.BAD_INPUT,
    "the digits 7 to 14 of this national ID are no day on which one can have been born.",
    _COPY,
)
ID_CHECK = declare(
    "registry.national-id-check",
    Kind.BAD_INPUT,
    "the 18th character of this national ID does not agree with the 17 before it.",
    _COPY,
)
NUMBER_HOLDS_ID = declare(
    "registry.number-holds-national-id",
    Kind.BAD_INPUT,
    "a number or a name of the household or of one of its people holds a national ID of theirs.",
    "Number them otherwise, such as by place and order: many read numbers and names, and an ID is sealed.",
)
SHORTEST_HELD = 8
"""Characters of a national ID that is looked for elsewhere: a shorter one may stand there by chance."""
LENGTH, CERTIFICATES = 18, (20, 22)
CHINA = "CN"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def check_character(digits: str) -> str:
    """The last character of a number whose first 17 digits are these."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


def demand_sealed_alone(national_id: str, *read: str) -> None:
    """Refuse a number or name that many read and that holds an ID which is sealed.

    Raises ``registry.number-holds-national-id``.
    """
    plain = normal_id(national_id)
    if len(plain) >= SHORTEST_HELD and any(plain in normal_id(text) for text in read):
        raise NUMBER_HOLDS_ID.error()


def checked_national_id(text: str, *, on: date, jurisdiction: str = CHINA) -> str:
    """The number in its one form; empty for an empty text. Raises the problems above."""
    plain = normal_id(text)
    if not plain or jurisdiction.split("-", maxsplit=1)[0] != CHINA:
        return plain
    if len(plain) not in (LENGTH, *CERTIFICATES):
        raise ID_LENGTH.error(length=len(plain))
    digits = plain[: LENGTH - 1] + plain[LENGTH:]
    if not (digits.isascii() and digits.isdecimal()):
        raise ID_LETTERS.error()
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError as error:
        raise ID_BIRTH.error() from error
    if born > on:
        raise ID_BIRTH.error()
    if plain[LENGTH - 1] != check_character(plain[: LENGTH - 1]):
        raise ID_CHECK.error()
    return plain
