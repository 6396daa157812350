# SPDX-License-Identifier: Apache-2.0
"""Decides how the difference between two versions is shown."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.engine.packages.words import word
from hearthline.policy import queries, reading
from hearthline.policy.views.shown import hash_of, language_here, number_in, title_of
from hearthline.ui.parts import Step
from hearthline.ui.tables import Column, Table

HASH_LENGTH = 64
DIFFERENCES = Table(
    name="differences",
    caption=gettext_lazy("Differences"),
    columns=(
        Column(key="section", label=gettext_lazy("Section")),
        Column(key="title", label=gettext_lazy("Entry")),
        Column(key="field", label=pgettext_lazy("difference", "What")),
        Column(key="old", label=gettext_lazy("Before")),
        Column(key="new", label=gettext_lazy("After")),
    ),
    size=300,
    empty=gettext_lazy("The two versions say the same."),
)


@require_safe
def difference(request: OfficerRequest) -> HttpResponseBase:
    """What differs between two versions."""
    old, new = (
        queries.get_version(by=request.user, on=request.on, version_id=number_in(request.GET.get(name, "")))
        for name in ("old", "new")
    )
    language = reading.package_language(language_here())
    rows = [
        {
            "section": word(each.section, language),
            "title": each.title or each.name,
            "field": reading.field_words(new, each.section, each.field, language)
            if each.field
            else word(each.what, language),
            "old": _shortened(each.old),
            "new": _shortened(each.new),
        }
        for each in reading.differences_between(old, new, language_here())
    ]
    if DIFFERENCES.wants_file(request):
        return DIFFERENCES.file(request, rows, audit=noted(request, "policy"))
    values = {
        "old": old,
        "new": new,
        "old_title": f"{title_of(old)} {hash_of(old)}",
        "new_title": f"{title_of(new)} {hash_of(new)}",
        "table": DIFFERENCES.page(request, rows),
        "trail": [Step(_("Policy"), reverse("policy:packages")), Step(_("Differences"))],
    }
    return render(request, "policy/difference.html", values)


def _shortened(text: str) -> str:
    """A hash by its beginning, as everywhere on these pages; whatever else as it is."""
    is_hash = len(text) == HASH_LENGTH and set(text) <= set("0123456789abcdef")
    return text[:12] if is_hash else text
