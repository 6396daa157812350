# SPDX-License-Identifier: Apache-2.0
"""Decides which of the reasons an official reads first: what decided the answer, and what it rests on.

The whole tree stays available; this is the part of it that fits one screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hearthline.engine.rules.reasons import Reason

RULES_SHOWN = 2
"""How many derived values deep a reason is followed, unless an unknown is below."""

ROWS_SHOWN = 12


def brief(reason: Reason, language: str) -> Reason:
    """The deciding part of a criterion's reason."""
    return _Briefing(language, _first_tellings([reason])).criterion(reason)


def brief_criteria(criteria: Sequence[Reason], status: str, language: str) -> tuple[Reason, ...]:
    """The deciding parts: where a household is poor or unknown, criteria that are met in one line each."""
    briefing = _Briefing(language, _first_tellings(criteria))
    return tuple(
        replace(each, children=())
        if each.answer is True and status != "not poor"
        else briefing.criterion(each)
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


Telling = tuple[str, str]
"""A rule by its name and the row it speaks of; the row is empty for the household."""


def _first_tellings(reasons: Sequence[Reason], row: str = "") -> dict[Telling, tuple[Reason, ...]]:
    """What each rule rests on. The full reasons tell it once; the brief ones may leave out that one place."""
    told: dict[Telling, tuple[Reason, ...]] = {}
    for reason in reasons:
        if reason.kind == "rule" and reason.children:
            told[reason.name, row] = reason.children
            told.setdefault((reason.name, ""), reason.children)
        within = reason.text if reason.kind == "row" else row
        told = _first_tellings(reason.children, within) | told
    return told


@dataclass
class _Briefing:
    """Prunes the reasons of one household, and tells what a rule rests on where it is first shown."""

    language: str
    first: dict[Telling, tuple[Reason, ...]]
    _shown: set[Telling] = field(default_factory=set)
    _decided: bool = False

    def criterion(self, reason: Reason) -> Reason:
        """The deciding part of one criterion's reason."""
        self._decided = reason.answer is not True
        return self._pruned(reason, RULES_SHOWN, "")

    def _pruned(self, reason: Reason, rules_left: int, row: str) -> Reason:
        reason = replace(reason, detail="")
        if reason.kind == "rule":
            rules_left -= 1
            reason = replace(reason, source="", children=self._rests_on(reason, row))
        settled = reason.answer is not False and not _holds_unknown(reason)
        if reason.kind in ("rule", "rows") and rules_left < 1 and settled:
            return replace(reason, children=self._own_facts(reason, row))
        if reason.kind == "rule":
            self._shown.add((reason.name, row))
        if reason.kind == "rows":
            return replace(reason, children=self._rows(reason, rules_left))
        kept = tuple(self._pruned(child, rules_left, row) for child in _deciding(reason))
        if reason.kind == "rule" and len(kept) == 1 and _repeats(kept[0], reason):
            kept = ()
        return _lifted(replace(reason, children=kept))

    def _rests_on(self, rule: Reason, row: str) -> tuple[Reason, ...]:
        if (rule.name, row) in self._shown:
            return ()
        return rule.children or self.first.get((rule.name, row)) or self.first.get((rule.name, ""), ())

    def _own_facts(self, rule: Reason, row: str) -> tuple[Reason, ...]:
        """Where the reasons of an answer that is not "met" end at a rule, the facts it is made of."""
        if rule.kind != "rule" or not self._decided:
            return ()
        facts = tuple(child for child in rule.children if child.kind == "fact")
        if facts:
            self._shown.add((rule.name, row))
        return facts

    def _rows(self, reason: Reason, rules_left: int) -> tuple[Reason, ...]:
        """The rows that made the answer, a line each, with why where it is a condition; others by number."""
        within = [child for child in reason.children if child.kind == "row"]
        if reason.name in ("bool_and", "bool_or"):
            settled = reason.answer is (reason.name == "bool_and")
            telling = [] if settled else [child for child in within if child.answer is reason.answer]
        elif reason.name == "count":
            telling = [child for child in within if child.children and (child.unknown or not reason.unknown)]
        else:
            telling = [child for child in within if child.unknown] if reason.unknown else within
        shown = [self._row(reason, child, rules_left) for child in telling[:ROWS_SHOWN]]
        left = len(reason.children) - len(shown)
        if left and shown:
            words = {"zh": f"另有{left}行不计或未列出"}
            said = words.get(self.language, f"{left} more rows not counted or not listed")
            shown.append(Reason("note", said, ""))
        return tuple(shown)

    def _row(self, reason: Reason, row: Reason, rules_left: int) -> Reason:
        explained = row.unknown or reason.name in ("bool_and", "bool_or")
        return self._pruned(row, rules_left, row.text) if explained else replace(row, children=())


def _repeats(child: Reason, rule: Reason) -> bool:
    """Says a part no more than its rule already does? A fact does: where it comes from."""
    said_more = child.children or child.unknown or child.kind == "fact"
    return not said_more and child.value == rule.value


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
