# SPDX-License-Identifier: Apache-2.0
"""Decides which changes of an officer's account are asked for first, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearthline.accounts import services
from hearthline.accounts.models import Officer
from hearthline.accounts.queries import get_grant, get_officer_to_manage
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.shown import BOTH, hand_over, trail_among_officers
from hearthline.accounts.words import place_words, role_words
from hearthline.ui import notices


@require_http_methods(BOTH)
def withdraw_grant(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take a role from an officer, after a question."""
    grant = get_grant(by=request.user, on=request.on, grant_id=pk)
    if request.method == "POST":
        services.withdraw_grant(by=request.user, on=request.on, grant_id=pk)
        notices.leave(request, _("The role is withdrawn."))
        return redirect("accounts:officer", pk=grant.officer_id)
    words = {"name": grant.officer.name, "role": role_words(grant.role), "place": place_words(grant)}
    question = Question(
        _("Withdraw the role %(role)s in %(place)s from %(name)s?") % words,
        _("It holds no longer from this moment. It stays on record; a new one can be granted."),
        _("Withdraw the role"),
    )
    return _ask(request, question, grant.officer)


@dataclass(frozen=True)
class Question:
    """What is asked before something is done, what it leads to, and the words of the button."""

    question: str
    consequences: str
    submit: str
    tone: str = "danger"


@dataclass(frozen=True)
class Change:
    """A change of an officer's account that is asked for first: its words, and what it does."""

    words: Callable[[Officer], Question]
    do: Callable[..., object]
    done: Callable[[], str]


CHANGES: dict[str, Change] = {
    "reset-password": Change(
        lambda found: Question(
            _("Reset the password of %(name)s?") % {"name": found.name},
            _("A one-time password takes its place, and all sign-ins of the officer end."),
            _("Reset the password"),
        ),
        services.reset_password,
        lambda: _("Password reset"),
    ),
    "close": Change(
        lambda found: Question(
            _("Close the account of %(name)s?") % {"name": found.name},
            _("All sign-ins end and nobody signs in with it. It can be opened again."),
            _("Close the account"),
        ),
        services.close_account,
        lambda: _("The account is closed."),
    ),
    "reopen": Change(
        lambda found: Question(
            _("Open the account of %(name)s again?") % {"name": found.name},
            _("The password and the roles that have not ended hold again."),
            _("Open the account again"),
            "primary",
        ),
        services.reopen_account,
        lambda: _("The account is open again."),
    ),
    "remove-codes": Change(
        lambda found: Question(
            _("Take the one-time codes of %(name)s off?") % {"name": found.name},
            _("For a phone that is lost. All sign-ins end, and the password alone opens the account until "
              "codes are set up again."),
            _("Take the codes off"),
        ),
        services.remove_totp,
        lambda: _("One-time codes are taken off."),
    ),
    "end-sign-ins": Change(
        lambda found: Question(
            _("End all sign-ins of %(name)s?") % {"name": found.name},
            _("The officer must sign in again on every device."),
            _("End all sign-ins"),
        ),
        services.end_sign_ins_of,
        lambda: _("All sign-ins have ended."),
    ),
}  # fmt: skip
"""By the last word of their address."""


@require_http_methods(BOTH)
def change_officer(request: OfficerRequest, pk: int, change: str) -> HttpResponse:
    """One of ``CHANGES``, after a question; the officer must be one's own to administer."""
    asked = CHANGES[change]
    found = get_officer_to_manage(by=request.user, on=request.on, officer_id=pk)
    if request.method == "POST":
        result = asked.do(by=request.user, on=request.on, officer_id=pk)
        if isinstance(result, services.NewPassword):
            return hand_over(request, result, asked.done())
        notices.leave(request, asked.done())
        return redirect("accounts:officer", pk=pk)
    return _ask(request, asked.words(found), found)


def _ask(request: OfficerRequest, question: Question, found: Officer) -> HttpResponse:
    values = {
        "question": question.question,
        "consequences": question.consequences,
        "submit": question.submit,
        "tone": question.tone,
        "cancel": reverse("accounts:officer", args=[found.pk]),
    }
    return render(request, "ui/confirm.html", values | trail_among_officers(question.submit, found))
