# SPDX-License-Identifier: Apache-2.0
"""Decides how a problem is told to the reader: its sentence in his language, and the status of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hearthline.base.problems import HearthlineError, Kind, ManyProblems, declare
from hearthline.ui.retelling import Told, chinese_texts, in_words, place_in_words
from hearthline.ui.wording import in_chinese

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


def told(error: HearthlineError) -> Told:
    """A problem in the reader's language; in English where it has no Chinese."""
    if error.problem.kind is Kind.NOT_FOUND:
        error = NOT_FOUND.error()
    texts = chinese_texts().get(error.code) if in_chinese() else None
    if texts is None:
        return Told(error.code, error.message, error.remedy)
    place = f"{place_in_words(str(error.place)) or error.place}：" if error.place else ""
    said = {name: in_words(value) for name, value in error.params.items()}
    return Told(error.code, place + texts["message"].format(**said), texts.get("remedy", "").format(**said))


def told_each(error: HearthlineError) -> Iterator[Told]:
    """Every problem of one failure."""
    for each in error.errors if isinstance(error, ManyProblems) else [error]:
        yield told(each)
