# SPDX-License-Identifier: Apache-2.0
"""Decides how a release is said: its table, its method, its columns, and why a figure is hidden."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hearthline.runs.words import RunWords
from hearthline.statistics.place_tables import ALL, IN_DOUBT, NOT_MET

SUBJECTS: dict[str, str | Promise] = {
    "status": gettext_lazy("Households by status"),
    "criteria": gettext_lazy("Households by criterion not met"),
    "causes": gettext_lazy("Poor households by cause"),
}
METHODS: dict[str, str | Promise] = {
    "suppress": gettext_lazy("Hide what is small, and what it could be worked out from"),
    "round": gettext_lazy("Round every count to tens"),
    "as-is": gettext_lazy("Publish every count, or refuse"),
}
HIDDEN = pgettext_lazy("figure", "hidden")
REASONS: dict[str, str | Promise] = {
    "small": gettext_lazy("hidden: small"),
    "beside": gettext_lazy("hidden: for another"),
}


def head_words(head: str, words: RunWords) -> str:
    """A column in words; ``not met: income`` is the label of the criterion with what is said of it."""
    if head == ALL:
        return _("Households")
    if head.startswith(f"{NOT_MET}: "):
        return _("%(criterion)s: not met") % {"criterion": _label(head, NOT_MET, words)}
    if head.startswith(f"{IN_DOUBT}: "):
        return _("%(criterion)s: not known") % {"criterion": _label(head, IN_DOUBT, words)}
    if head.startswith("with "):
        name = head.removeprefix("with ")
        return words.causes.get(name, name)
    statuses = {"poor": _("Poor"), "not poor": _("Not poor"), "unknown": _("Unknown")}
    return statuses[head]


def _label(head: str, what: str, words: RunWords) -> str:
    name = head.removeprefix(f"{what}: ")
    return words.criteria.get(name, name)
