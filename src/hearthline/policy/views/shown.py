# SPDX-License-Identifier: Apache-2.0
"""Decides how a version of a package is named on every page, and what all pages of one version share."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hearthline.accounts.requests import OfficerRequest
from hearthline.policy import reading
from hearthline.policy.models import Activation, PackageVersion
from hearthline.ui.parts import Step, Tab


def title_of(row: object) -> str:
    """The title of a version, or of the version of an activation, in the reader's language."""
    version = row.version if isinstance(row, Activation) else row
    return reading.title_of(version, language_here()) if isinstance(version, PackageVersion) else ""


def hash_of(row: object) -> str:
    """The beginning of what names a version, or the version of an activation."""
    version = row.version if isinstance(row, Activation) else row
    return version.version_hash[:12] if isinstance(version, PackageVersion) else ""


def language_here() -> str:
    """The language of the page."""
    return get_language() or "en"


def number_in(text: str) -> int:
    """The number of a row in an address; 0, which no row has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def page_of_version(
    request: OfficerRequest, template: str, found: PackageVersion, part: str, values: Mapping[str, object]
) -> HttpResponse:
    """A page of one version, with its tabs and trail."""
    names = {
        "version": _("Rules"),
        "parameters": _("Parameters by year"),
        "facts": pgettext("policy", "Facts"),
        "figures": _("Published figures"),
        "scores": _("Scores"),
        "scenarios": _("Scenarios"),
    }
    tabs = [
        Tab(label, reverse(f"policy:{name}", args=[found.pk]), name == part) for name, label in names.items()
    ]
    title = title_of(found)
    trail = [Step(_("Policy"), reverse("policy:packages")), Step(title)]
    shared = {"version": found, "title": title, "hash": hash_of(found), "tabs": tabs, "trail": trail}
    return render(request, template, shared | dict(values))
