# SPDX-License-Identifier: Apache-2.0
"""Decides how a violation of the schema is told: place, value, nearest valid key, what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from hearthline.base.problems import HearthlineError, ManyProblems, Problem
from hearthline.engine.packages.collecting import shown
from hearthline.engine.packages.document import Document, Path
from hearthline.engine.packages.problems import (
    BAD_NAME,
    MISSING_KEY,
    NOT_A_CHOICE,
    OUT_OF_RANGE,
    UNKNOWN_KEY,
    WRONG_TYPE,
)
from hearthline.engine.packages.schema.fields import NAME_PATTERN, TEXT_TAG, Part

_EXPECTED: dict[str, tuple[str, str]] = {
    "string_type": ("a text", "Put it in quotation marks if it is meant as a text."),
    "bool_type": ("true or false", "Write true or false, in small letters and without quotation marks."),
    "int_type": ("a whole number", "Write plain digits, such as 12."),
    "date_type": ("a date", "Write an existing day without quotation marks, such as 2014-12-31."),
    "plain_number": (
        "a number",
        "Write plain digits, such as 1000 or 12.5, without quotation marks or separators.",
    ),
    "single_value": ("a single value", "Write one value, not a list or mapping."),
    "formula_type": ("a formula", "Write an SQL expression, or leave the key out."),
    "share_type": ("an exact share", "Write a fraction such as 1/3, or a number such as 0.5."),
    "list_type": ("a list", "Write [a, b], or lines that begin with -."),
}
_MAPPING = ("keys with values below it", "Write the keys on the lines below, indented.")
_LENGTHS = {"too_short", "too_long", "string_too_short", "string_too_long"}
_LIMITS = {
    "greater_than_equal": ("ge", "it must be at least {}"),
    "less_than_equal": ("le", "it must be at most {}"),
}


def checked(model: type[BaseModel], document: Document) -> BaseModel:
    """The content of a file by its model; raises every violation at its place."""
    data = {} if document.data is None else document.data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        raise ManyProblems(_Translation(model, document, details).errors()) from error


@dataclass(frozen=True)
class _Translation:
    """Turns the violations of one file into entries of the catalogue."""

    model: type[BaseModel]
    document: Document
    details: Sequence[ErrorDetails]

    def errors(self) -> list[HearthlineError]:
        mistyped = {
            (*where[:-1], nearest)
            for detail in self.details
            if detail["type"] == "extra_forbidden"
            and (where := _written(detail["loc"]))
            and (nearest := _nearest(str(where[-1]), self._keys_beside(detail["loc"])))
        }
        found = [
            self._one(detail)
            for detail in self.details
            # a key that is there but mistyped is reported once, as mistyped
            if not (detail["type"] == "missing" and _written(detail["loc"]) in mistyped)
        ]
        return list({(str(error.place), error.sentence): error for error in found}.values())

    def _one(self, detail: ErrorDetails) -> HearthlineError:
        kind, loc = detail["type"], detail["loc"]
        where = _written(loc)
        if loc and loc[-1] == "[key]":
            return self._bad_name(where)
        if kind == "extra_forbidden" or self._is_stray_expectation(loc):
            return self._unknown_key(loc)
        if kind == "missing":
            field = self._shape(loc)
            meaning = field.description if isinstance(field, FieldInfo) else ""
            place = self.document.key_place(*where[:-1])
            return MISSING_KEY.error(
                place, noun=self._noun(loc), key=where[-1], meaning=meaning or "its value."
            )
        if kind == "literal_error":
            return self._not_a_choice(where, detail, _choices(self._shape(loc)))
        if kind in _LENGTHS:
            rule = "it is longer than allowed" if "long" in kind else "it may not be empty"
            return self._at(where, OUT_OF_RANGE, value=shown(detail["input"]), rule=rule)
        if kind in _LIMITS:
            name, rule = _LIMITS[kind]
            limit = detail.get("ctx", {}).get(name)
            return self._at(where, OUT_OF_RANGE, value=shown(detail["input"]), rule=rule.format(limit))
        if kind == "string_pattern_mismatch":
            return self._bad_text(where, detail)
        expected, hint = _EXPECTED.get(kind, _MAPPING)
        if loc[-1] == TEXT_TAG:
            expected = "a text, or one in each language"
        return self._at(where, WRONG_TYPE, value=shown(detail["input"]), expected=expected, hint=hint)

    def _at(self, where: Path, problem: Problem, **params: object) -> HearthlineError:
        return problem.error(self.document.place(*where), key=_key_words(where), **params)

    def _unknown_key(self, loc: tuple[int | str, ...]) -> HearthlineError:
        where = _written(loc)
        keys = self._keys_beside(loc)
        nearest = _nearest(str(where[-1]), keys)
        start = f"Did you mean '{nearest}'? " if nearest else ""
        listed = ", ".join(keys)
        return UNKNOWN_KEY.error(
            self.document.key_place(*where),
            key=where[-1],
            noun=self._noun(loc),
            hint=f"{start}Its keys are {listed}.",
        )

    def _is_stray_expectation(self, loc: tuple[int | str, ...]) -> bool:
        """A key of ``expect`` that is neither known nor the status by another standard."""
        return (
            len(loc) == 4
            and loc[2] == "expect"
            and not str(loc[3]).startswith("status_")
            and loc[3] not in self._keys_beside(loc)
        )

    def _bad_name(self, where: Path) -> HearthlineError:
        name = str(where[-1])
        suggestion = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.lower()).strip("_")
        example = suggestion if suggestion[:1].isalpha() else "dwelling_grade"
        if where[-2:-1] and where[-2] in (
            "label",
            "title",
            "question",
            "met",
            "not_met",
            "unknown",
            "remedy",
            "source",
            "note",
            "name",
            "about",
        ):
            example = "en"
        return BAD_NAME.error(self.document.key_place(*where), name=name, example=example)

    def _bad_text(self, where: Path, detail: ErrorDetails) -> HearthlineError:
        pattern = detail.get("ctx", {}).get("pattern")
        if pattern == NAME_PATTERN:
            return BAD_NAME.error(self.document.place(*where), name=detail["input"], example="dwelling_grade")
        rule = (
            "it may not be blank"
            if not str(detail["input"]).strip()
            else "it is not written as this key needs"
        )
        return self._at(where, OUT_OF_RANGE, value=shown(detail["input"]), rule=rule)

    def _not_a_choice(self, where: Path, detail: ErrorDetails, choices: list[str]) -> HearthlineError:
        nearest = _nearest(str(detail["input"]), choices)
        start = f"Did you mean {nearest}? " if nearest else ""
        hint = (
            f"{start}Write {' or '.join(choices)}."
            if len(choices) < 3
            else f"{start}Write one of {', '.join(choices)}."
        )
        return self._at(where, NOT_A_CHOICE, value=shown(detail["input"]), hint=hint)

    def _noun(self, loc: tuple[int | str, ...]) -> str:
        model = self._model_around(loc)
        if model is None or not issubclass(model, Part):
            return getattr(model, "noun", "this part")
        return f"{model.noun} ({_written(loc)[-2]})" if model.named else model.noun

    def _keys_beside(self, loc: tuple[int | str, ...]) -> list[str]:
        model = self._model_around(loc)
        return [] if model is None else [field.alias or name for name, field in model.model_fields.items()]

    def _model_around(self, loc: tuple[int | str, ...]) -> type[BaseModel] | None:
        shape = _bare(self._shape(loc[:-1]))
        return shape if isinstance(shape, type) and issubclass(shape, BaseModel) else None

    def _shape(self, loc: tuple[int | str, ...]) -> object:
        shape: object = self.model
        for part in loc:
            shape = _below(shape, part)
        return shape


def _written(loc: tuple[int | str, ...]) -> Path:
    """The path as the file has it: without the marks that pydantic adds."""
    return tuple(part for part in loc if not (isinstance(part, str) and (part[:1] in "<[" or "(" in part)))


def _bare(shape: object) -> object:
    """The annotation under optional, annotated and root-model wrappings."""
    while True:
        if isinstance(shape, FieldInfo):
            shape = shape.annotation
        elif get_origin(shape) is Annotated:
            shape = get_args(shape)[0]
        elif get_origin(shape) in (Union, UnionType):
            members = [each for each in get_args(shape) if each is not NoneType]
            if len(members) != 1:
                return shape
            shape = members[0]
        elif isinstance(shape, type) and issubclass(shape, RootModel):
            shape = shape.model_fields["root"].annotation
        else:
            return shape


def _below(shape: object, part: int | str) -> object:
    """The annotation one step further along a path."""
    shape = _bare(shape)
    origin = get_origin(shape)
    if origin in (Union, UnionType):
        tagged = [each for each in get_args(shape) if Tag(str(part)) in getattr(each, "__metadata__", ())]
        return tagged[0] if tagged else shape
    if isinstance(shape, type) and issubclass(shape, Part):
        for name, field in shape.model_fields.items():
            if part in (name, field.alias):
                return field
    if origin is dict:
        return get_args(shape)[1]
    if origin is list:
        return get_args(shape)[0]
    return None


def _choices(shape: object) -> list[str]:
    shape = _bare(shape)
    if get_origin(shape) is not Literal:
        return ["poor", "not poor", "unknown"]  # the only open mapping with choices is an expectation
    return ["true" if choice is True else str(choice) for choice in get_args(shape)]


def _nearest(word: str, known: Sequence[str]) -> str | None:
    folded = {each.lower(): each for each in known}
    close = difflib.get_close_matches(word.strip().lower(), folded, n=1, cutoff=0.55)
    return folded[close[0]] if close else None


def _key_words(where: Path) -> str:
    """The end of a path in words: the name of the key, or which item of which list."""
    if not where:
        return "the file"
    if isinstance(where[-1], int):
        above = next((part for part in reversed(where) if isinstance(part, str)), "the list")
        return f"item {where[-1] + 1} of {above}"
    return str(where[-1])
