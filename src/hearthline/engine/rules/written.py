# SPDX-License-Identifier: Apache-2.0
"""Decides what holds of any mapping of a package file: known keys alone, nothing converted, no change."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """Any mapping of a package file: only the keys below are allowed, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)
    noun: ClassVar[str] = "this part"
    named: ClassVar[bool] = False
    """Whether its key is a name of the package, worth telling in an error."""


def plain_number(value: object) -> Decimal:
    """A number as written; a text or a truth is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("plain_number", "a number is needed")
    return Decimal(value)


Number = Annotated[Decimal, BeforeValidator(plain_number), WithJsonSchema({"type": "number"})]
