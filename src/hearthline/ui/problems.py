# SPDX-License-Identifier: Apache-2.0
"""Decides how a problem is told to the reader: its sentence in his language, and the status of its kind."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from hearthline.base.problems import HearthlineError, Kind, ManyProblems, Problem, catalogue, declare
from hearthline.ui.wording import in_chinese

TEXTS = Path(__file__).parent / "problems_zh.yaml"

BAD_REQUEST = declare(
    "ui.bad-request", Kind.BAD_INPUT, "the request cannot be read.", "Go back and try once more."
)
NOT_FOUND = declare(
    "ui.not-found",
    Kind.NOT_FOUND,
    "there is nothing here that you may see.",
    "Check the address, or look for it by search.",
)
"""Said of everything that is not found, whatever the reason: it must not tell what exists."""
NOT_PERMITTED = declare(
    "ui.not-permitted",
    Kind.REFUSED,
    "your account may not do this.",
    "Ask an administrator of your area for the role, or sign in with another account.",
)
EXPIRED_FORM = declare(
    "ui.expired-form",
    Kind.REFUSED,
    "the form has expired, or was not sent from a page of this service.",
    "Go back, load the page again and send the form once more.",
)

HTTP_STATUS: Mapping[Kind, int] = {
    Kind.BAD_INPUT: 400,
    Kind.BAD_PACKAGE: 400,
    Kind.NOT_FOUND: 404,
    Kind.REFUSED: 403,
    Kind.DAMAGED: 503,
    Kind.UNSUPPORTED: 400,
    Kind.INTERNAL: 500,
}
"""The HTTP status of each kind of problem."""


_CHINESE_ENDS = ("。", "？", "！", "；")


@dataclass(frozen=True)
class Told:
    """A problem in the reader's language."""

    code: str
    message: str
    remedy: str

    @property
    def sentence(self) -> str:
        """What happened and what to do next."""
        return f"{self.message}{'' if self.message.endswith(_CHINESE_ENDS) else ' '}{self.remedy}".strip()


@cache
def chinese_texts() -> Mapping[str, Mapping[str, str]]:
    """The Chinese sentences, by code."""
    texts: dict[str, dict[str, str]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return texts


def problems_by_code() -> Mapping[str, Problem]:
    """The catalogue by code; not kept, for modules declare theirs as they are loaded."""
    return {problem.code: problem for problem in catalogue()}


def told(error: HearthlineError) -> Told:
    """A problem in the reader's language; in English where it has no Chinese."""
    if error.problem.kind is Kind.NOT_FOUND:
        error = NOT_FOUND.error()
    texts = chinese_texts().get(error.code) if in_chinese() else None
    if texts is None:
        return Told(error.code, error.message, error.remedy)
    place = f"{error.place}：" if error.place else ""
    return Told(
        error.code,
        place + texts["message"].format(**error.params),
        texts.get("remedy", "").format(**error.params),
    )


def told_each(error: HearthlineError) -> Iterator[Told]:
    """Every problem of one failure."""
    for each in error.errors if isinstance(error, ManyProblems) else [error]:
        yield told(each)


def retold(code: str, message: str, remedy: str = "") -> Told:
    """A problem that was stored as its English sentence, in the reader's language where that can be told.

    The values are read back out of the sentence by the template of the catalogue.
    """
    problem = problems_by_code().get(code)
    texts = chinese_texts().get(code) if in_chinese() else None
    if problem is None or texts is None:
        return Told(code, message, remedy)
    found, asked = _values_in(problem.message, message), _values_in(problem.remedy, remedy)
    if found is None:
        return Told(code, message, remedy)
    values = found[1] | (asked[1] if asked else {})
    try:
        said, next_step = texts["message"].format(**values), texts.get("remedy", "").format(**values)
    except KeyError:
        return Told(code, message, remedy)
    return Told(code, found[0] + said, next_step)


def _values_in(template: str, sentence: str) -> tuple[str, dict[str, str]] | None:
    """What stands before a sentence (its place), and the values in it; None if it is not of the template."""
    pattern, names = "", set()
    for text, name, _form, _conversion in string.Formatter().parse(template):
        pattern += re.escape(text)
        if name:
            pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
            names.add(name)
    match = re.search(f"(?i:{pattern})$", sentence, re.DOTALL)
    return (sentence[: match.start()], match.groupdict()) if match else None
