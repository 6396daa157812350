# SPDX-License-Identifier: Apache-2.0
"""Decides the small types that every package file is made of: names, words, numbers, shares, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from hearthline.engine.rules.written import Number, Part, plain_number

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,59}$"
_SHARE = re.compile(r"(0|[1-9][0-9]{0,5})(?:/([1-9][0-9]{0,5}))?\Z")
ENTRY_TAG = "<entry>"
REMOVAL_TAG = "<removal>"

TypeWord = Literal["boolean", "integer", "decimal", "money", "double", "date", "code", "text"]


def _bound(value: object) -> Decimal | date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return plain_number(value)


def _scalar(value: object) -> object:
    if isinstance(value, dict | list):
        raise PydanticCustomError("single_value", "a single value is needed")
    return value


def _formula(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        raise PydanticCustomError("formula_type", "a formula is needed")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _share(value: object) -> Fraction:
    """An exact share; ``1/3`` is a text to YAML, ``0.5`` and ``1`` are numbers."""
    text = value if isinstance(value, str) else ""
    match = _SHARE.match(text)
    if match:
        return Fraction(int(match[1]), int(match[2] or 1))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    raise PydanticCustomError("share_type", "an exact share is needed")


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z]{2,8})?$")]
Words = dict[Language, Line]
TEXT_TAG = "<text>"
WORDS_TAG = "<words>"


def text_or_words(value: object) -> str:
    """Which of the two a text is meant to be."""
    return WORDS_TAG if isinstance(value, Mapping) else TEXT_TAG


Told = Annotated[
    Annotated[Line, Tag(TEXT_TAG)] | Annotated[Words, Tag(WORDS_TAG)], Discriminator(text_or_words)
]
"""What a package says to people: one text, or one in each language."""
Source = Told
"""Where a number or rule comes from."""
Share = Annotated[Fraction, BeforeValidator(_share), WithJsonSchema({"type": ["string", "number"]})]
SingleValue = Annotated[
    object,
    BeforeValidator(_scalar),
    WithJsonSchema({"type": ["boolean", "number", "string", "null"]}),
]
Formula = Annotated[str, BeforeValidator(_formula), WithJsonSchema({"type": ["string", "boolean", "number"]})]
Bound = Annotated[Decimal | date, BeforeValidator(_bound), WithJsonSchema({"type": ["number", "string"]})]


class Removal(Part):
    """Takes an entry of the package below out of this one."""

    noun: ClassVar[str] = "the removal of an entry"
    remove: Literal[True] = Field(description="`true`: the entry of that name below is left out.")


def entry_or_removal(value: object) -> str:
    """Which of the two an entry is meant to be, by its key ``remove``."""
    return REMOVAL_TAG if isinstance(value, Mapping) and "remove" in value else ENTRY_TAG


M = TypeVar("M")
Layered = Annotated[
    Annotated[M, Tag(ENTRY_TAG)] | Annotated[Removal, Tag(REMOVAL_TAG)],
    Discriminator(entry_or_removal),
]
"""An entry, or in a layer its removal."""

__all__ = [
    "Bound",
    "Formula",
    "Language",
    "Layered",
    "Line",
    "Name",
    "Number",
    "Part",
    "Removal",
    "Share",
    "SingleValue",
    "Source",
    "Told",
    "TypeWord",
    "Words",
    "entry_or_removal",
]
