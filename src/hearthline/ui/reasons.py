# SPDX-License-Identifier: Apache-2.0
"""Decides how the reasons of an answer stand on a page: a tree, open where the answer is bad."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
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
    lines = format_html_join("", "<li>{}</li>", ((_line(each, 0, open_depth),) for each in reasons))
    return format_html('<ul class="reasons">{}</ul>', lines)


def _line(reason: Reason, depth: int, open_depth: int) -> SafeString:
    said = _said(reason)
    if not reason.children:
        return format_html('<div class="reason {}">{}</div>', reason.kind, said)
    below = format_html_join(
        "", "<li>{}</li>", ((_line(child, depth + 1, open_depth),) for child in reason.children)
    )
    bad = reason.unknown or reason.answer is False or reason.kind in ("all", "any")
    opened = mark_safe(" open") if depth < open_depth and bad else ""
    return format_html(
        '<details class="reason {}"{}><summary>{}</summary><ul>{}</ul></details>',
        reason.kind,
        opened,
        said,
        below,
    )


def _said(reason: Reason) -> SafeString:
    text = {"all": gettext("all of:"), "any": gettext("at least one of:")}.get(reason.kind, reason.text)
    detail = (
        format_html(' <span class="detail">{}</span>', _bracketed(reason.detail)) if reason.detail else ""
    )
    value = (
        format_html('<span class="colon">{}</span><span class="value">{}</span>', _colon(), reason.value)
        if reason.value and reason.kind not in ("all", "any")
        else ""
    )
    source = format_html(' <span class="source">{}</span>', reason.source) if reason.source else ""
    return format_html(
        '{}<span class="said"><span class="text">{}</span>{}{}{}</span>',
        _mark(reason),
        text,
        detail,
        value,
        source,
    )


def _mark(reason: Reason) -> SafeString:
    marked = reason.kind in CONDITIONS and (reason.answer is not None or reason.unknown)
    if not marked:
        return mark_safe('<span class="sign none" aria-hidden="true">·</span>')
    style, sign = _MARKS[None if reason.unknown else reason.answer]
    words = {
        "yes": pgettext("condition", "holds"),
        "no": pgettext("condition", "does not hold"),
        "open": pgettext("condition", "unknown"),
    }
    return format_html(
        '<span class="sign {}" aria-hidden="true">{}</span><span class="visually-hidden">{} </span>',
        style,
        sign,
        words[style] + _colon(),
    )


def _bracketed(text: str) -> str:
    return gettext("(%(text)s)") % {"text": text}


def _colon() -> str:
    return pgettext("between a name and its value", ": ")
