# SPDX-License-Identifier: Apache-2.0
"""Decides which of the reasons an official reads first: what decided the answer, and what it rests on.

The whole tree stays available; this is the part of it that fits one screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hearthline.engine.rules.reasons import Reason

RULES_SHOWN = 2
"""How many derived values deep a reason is followed, unless an unknown is below."""

ROWS_SHOWN = 12


def brief(reason: Reason, language: str) -> Reason:
    """The deciding part of a criterion's reason."""
    return _pruned(reason, language, RULES_SHOWN)


def brief_criteria(criteria: Sequence[Reason], status: str, language: str) -> tuple[Reason, ...]:
    """The deciding parts: where a household is poor or unknown, criteria that are met in one line each."""
    return tuple(
        replace(each, children=()) if each.answer is True and status != "not poor" else brief(each, language)
        for each in criteria
    )


def deciding_unknowns(reason: Reason, row: str = "") -> Iterator[str]:
    """The unknown facts on the way to an unknown answer, each with its row: what someone could ask.

    Below a part whose value is known nothing needs to be asked, although facts there may be unknown.
    """
    if reason.kind == "fact" and reason.unknown:
        yield f"{row}{reason.text}"
    if reason.kind == "row":
        row = f"{reason.text}: "
    for child in _deciding(reason):
        if child.unknown:
            yield from deciding_unknowns(child, row)


def _pruned(reason: Reason, language: str, rules_left: int) -> Reason:
    reason = replace(reason, detail="")
    if reason.kind == "rule":
        rules_left -= 1
        reason = replace(reason, source="")
    settled = reason.answer is not False and not _holds_unknown(reason)
    if reason.kind in ("rule", "rows") and rules_left < 1 and settled:
        return replace(reason, children=())
    if reason.kind == "rows":
        return replace(reason, children=_rows(reason, language, rules_left))
    kept = tuple(_pruned(child, language, rules_left) for child in _deciding(reason))
    if reason.kind == "rule":
        kept = tuple(
            child for child in kept if child.children or child.unknown or child.value != reason.value
        )
    return _lifted(replace(reason, children=kept))


def _deciding(reason: Reason) -> tuple[Reason, ...]:
    """Of conditions joined by and/or, those that made the answer."""
    if reason.kind == "all" and reason.answer is not True:
        return _with_answer(reason.children, reason.answer)
    if reason.kind == "any" and reason.answer is not False:
        return _with_answer(reason.children, reason.answer)
    return reason.children


def _with_answer(children: tuple[Reason, ...], answer: bool | None) -> tuple[Reason, ...]:
    return tuple(child for child in children if child.answer is answer) or children


def _lifted(reason: Reason) -> Reason:
    """A condition left alone under an "all of" or "at least one of" stands for it."""
    children: list[Reason] = []
    for child in reason.children:
        alone = child.kind in ("all", "any") and (len(child.children) == 1 or reason.kind == child.kind)
        children += child.children if alone else (child,)
    return replace(reason, children=tuple(children))


def _holds_unknown(reason: Reason) -> bool:
    return reason.unknown and any(child.unknown for child in reason.children)


def _rows(reason: Reason, language: str, rules_left: int) -> tuple[Reason, ...]:
    """The rows that made the answer, a line each, with why where it is a condition; the others by number."""
    within = [child for child in reason.children if child.kind == "row"]
    if reason.name in ("bool_and", "bool_or"):
        settled = reason.answer is (reason.name == "bool_and")
        telling = [] if settled else [child for child in within if child.answer is reason.answer]
    elif reason.name == "count":
        telling = [child for child in within if child.children and (child.unknown or not reason.unknown)]
    else:
        telling = [child for child in within if child.unknown] if reason.unknown else within
    shown = [_row(reason, child, language, rules_left) for child in telling[:ROWS_SHOWN]]
    left = len(reason.children) - len(shown)
    if left and shown:
        words = {"zh": f"另有{left}行不计或未列出"}
        shown.append(Reason("note", words.get(language, f"{left} more rows not counted or not listed"), ""))
    return tuple(shown)


def _row(reason: Reason, row: Reason, language: str, rules_left: int) -> Reason:
    explained = row.unknown or reason.name in ("bool_and", "bool_or")
    return _pruned(row, language, rules_left) if explained else replace(row, children=())
