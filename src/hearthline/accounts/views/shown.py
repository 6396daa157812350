# SPDX-License-Identifier: Apache-2.0
"""Decides how sign-ins and the way to a page are shown, alike on one's own pages and an officer's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hearthline.accounts.models import Officer, SignIn
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.services import NewPassword
from hearthline.ui.parts import Step, Words

BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class ShownSignIn:
    """A sign-in and whether it is the one of this browser."""

    sign_in: SignIn
    name: str
    is_this: bool


def sign_in_lines(sign_ins: Iterable[SignIn], this: SignIn | None = None) -> list[ShownSignIn]:
    """Sign-ins by the name of their device; the present one first."""
    lines = [
        ShownSignIn(found, found.device_name or _("unknown device"), this is not None and found.pk == this.pk)
        for found in sign_ins
    ]
    return sorted(lines, key=lambda line: not line.is_this)


def codes_words(officer: Officer) -> str:
    """Whether one-time codes are set up."""
    return pgettext("codes", "set up") if officer.sealed_totp is not None else pgettext("codes", "not set up")


def trail_of(*steps: tuple[Words, str]) -> list[Step]:
    """The way to a page, from the top."""
    return [Step(label, href) for label, href in steps]


def hand_over(request: OfficerRequest, given: NewPassword, heading: str) -> HttpResponse:
    """The page that shows a one-time password, once."""
    values = {"given": given, "heading": heading}
    return render(request, "accounts/hand_over.html", values | trail_among_officers(heading, given.officer))


def trail_among_officers(label: str, found: Officer | None = None) -> dict[str, object]:
    """The way to a page below the list of officers, for its template."""
    steps = [(_("Officers"), reverse("accounts:officers"))]
    steps += [(found.name, reverse("accounts:officer", args=[found.pk]))] if found else []
    return {"trail": trail_of(*steps, (label, ""))}
