# SPDX-License-Identifier: Apache-2.0
"""Decides how the reasons of an answer stand on a page: a tree, open where the answer is bad."""

from __future__ import annotations

import html
from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from hearthline.engine.rules.reasons import Reason

CONDITIONS = frozenset({"criterion", "comparison", "not", "row", "value", "all", "any"})
"""Lines that may carry a mark: the others are values, and a mark would say more than they do."""
_MARKS = {True: ("yes", "✓"), False: ("no", "✗"), None: ("open", "?")}
OPEN_DEPTH = 2
"""How deep lines that are not met or unknown stand open at first."""


def reasons_tree(reasons: Iterable[Reason], *, open_depth: int = OPEN_DEPTH) -> SafeString:
    """The reasons as nested lists; a line with reasons of its own opens and closes."""
    tree = _Tree(open_depth)
    return mark_safe(f'<ul class="reasons">{tree.lines(reasons, 0)}</ul>')


class _Tree:
    """Writes lines; a page has many hundreds, so its own words are looked up once."""

    def __init__(self, open_depth: int) -> None:
        self._open_depth = open_depth
        self._colon = _escaped(pgettext("between a name and its value", ": "))
        self._bracketed = gettext("(%(text)s)")
        self._groups = {"all": gettext("all of:"), "any": gettext("at least one of:")}
        words = {
            "yes": pgettext("condition", "holds"),
            "no": pgettext("condition", "does not hold"),
            "open": pgettext("condition", "unknown"),
        }
        self._marks = {
            answer: f'<span class="sign {style}" aria-hidden="true">{sign}</span>'
            f'<span class="visually-hidden">{_escaped(words[style])}{self._colon} </span>'
            for answer, (style, sign) in _MARKS.items()
        }

    def lines(self, reasons: Iterable[Reason], depth: int) -> str:
        """Some lines and all below them."""
        return "".join(f"<li>{self._line(each, depth)}</li>" for each in reasons)

    def _line(self, reason: Reason, depth: int) -> str:
        said, kind = self._said(reason), _escaped(reason.kind)
        if not reason.children:
            return f'<div class="reason {kind}">{said}</div>'
        bad = reason.unknown or reason.answer is False or reason.kind in self._groups
        opened = " open" if depth < self._open_depth and bad else ""
        below = self.lines(reason.children, depth + 1)
        return f'<details class="reason {kind}"{opened}><summary>{said}</summary><ul>{below}</ul></details>'

    def _said(self, reason: Reason) -> str:
        text = _escaped(self._groups.get(reason.kind, reason.text))
        detail = value = source = ""
        if reason.detail:
            detail = f' <span class="detail">{_escaped(self._bracketed % {"text": reason.detail})}</span>'
        if reason.value and reason.kind not in self._groups:
            value = (
                f'<span class="colon">{self._colon}</span><span class="value">{_escaped(reason.value)}</span>'
            )
        if reason.source:
            source = f' <span class="source">{_escaped(reason.source)}</span>'
        words = f'<span class="text">{text}</span>{detail}{value}{source}'
        return f'{self._mark(reason)}<span class="said">{words}</span>'

    def _mark(self, reason: Reason) -> str:
        if reason.kind in CONDITIONS and (reason.answer is not None or reason.unknown):
            return self._marks[None if reason.unknown else reason.answer]
        return '<span class="sign none" aria-hidden="true">·</span>'


def _escaped(text: str) -> str:
    """What is not markup already, escaped."""
    return text if isinstance(text, SafeString) else html.escape(text)
