# SPDX-License-Identifier: Apache-2.0
"""Decides how an answer is shown at a glance: a word on a tone, never a colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

TONES = frozenset({"plain", "good", "note", "warning", "bad", "unknown"})

STATUSES: Mapping[str, tuple[str | Promise, str]] = {
    "poor": (pgettext_lazy("status", "Poor"), "bad"),
    "not poor": (pgettext_lazy("status", "Not poor"), "good"),
    "unknown": (pgettext_lazy("status", "Unknown"), "unknown"),
}
ANSWERS: Mapping[str, tuple[str | Promise, str]] = {
    "met": (pgettext_lazy("criterion", "Met"), "good"),
    "not met": (pgettext_lazy("criterion", "Not met"), "bad"),
    "unknown": (pgettext_lazy("criterion", "Unknown"), "unknown"),
}
STATES: Mapping[str, tuple[str | Promise, str]] = {
    "waiting": (pgettext_lazy("job", "Waiting"), "plain"),
    "running": (pgettext_lazy("job", "Running"), "note"),
    "done": (pgettext_lazy("job", "Done"), "good"),
    "failed": (pgettext_lazy("job", "Failed"), "bad"),
    "cancelled": (pgettext_lazy("job", "Cancelled"), "plain"),
}


def badge(words: object, tone: str = "plain") -> SafeString:
    """A word on a tone."""
    return format_html('<span class="tag {}">{}</span>', tone if tone in TONES else "plain", words)


def status(value: str | None, words: object = "") -> SafeString:
    """The status of a household; ``words`` are those of its standard, where it has its own."""
    said, tone = STATUSES.get(value or "", (pgettext_lazy("status", "Not screened"), "plain"))
    return badge(words or said, tone)


def answer(value: object) -> SafeString:
    """The answer of a criterion."""
    said, tone = ANSWERS.get(str(value), ANSWERS["unknown"])
    return badge(said, tone)


def state(value: str) -> SafeString:
    """The state of a job."""
    said, tone = STATES.get(value, (value, "plain"))
    return badge(said, tone)
