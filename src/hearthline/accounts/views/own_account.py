# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of one's own account: password, one-time codes, sign-ins, language."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearthline.accounts import services
from hearthline.accounts.forms import CodeForm, LanguageForm, PasswordForm, PresentPasswordForm, put_into
from hearthline.accounts.queries import grants_of, needs_codes, sign_ins_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.services.codes import Offer
from hearthline.accounts.views.shown import BOTH, codes_words, sign_in_lines, trail_of
from hearthline.base.problems import HearthlineError
from hearthline.ui import notices
from hearthline.ui.answers import answer_in_language
from hearthline.ui.context import LANGUAGE_NAMES
from hearthline.ui.parts import Line


def _layout(request: OfficerRequest) -> str:
    """Without the menu, while it would only lead back."""
    owes = request.user.must_change_password or needs_codes(request.user, request.on)
    return "ui/plain.html" if owes else "ui/page.html"


@require_safe
def account(request: OfficerRequest) -> HttpResponse:
    """Who one is, in which roles, and what one can change."""
    officer = request.user
    lines = [
        Line(_("Name"), officer.name),
        Line(_("Account name"), officer.username),
        Line(_("Language"), LANGUAGE_NAMES.get(officer.language, officer.language)),
        Line(_("One-time codes"), codes_words(officer)),
    ]
    grants = grants_of(by=officer, on=request.on, officer=officer)
    return render(request, "accounts/account.html", {"lines": lines, "grants": grants})


@sensitive_post_parameters()
@require_http_methods(BOTH)
def password(request: OfficerRequest) -> HttpResponse:
    """Change the own password."""
    form, status = PasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                officer = services.change_password(
                    by=request.user,
                    on=request.on,
                    old=form.cleaned_data["old"],
                    new=form.cleaned_data["new"],
                    keep=request.sign_in,
                )
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                update_session_auth_hash(request, officer)
                services.move_sign_in(request.sign_in, request.session.session_key or "")
                notices.leave(request, _("Your password is changed. All other sign-ins have ended."))
                return redirect("accounts:account")
    values = {"form": form, "layout": _layout(request), "must": request.user.must_change_password}
    return render(request, "accounts/password.html", values | _trail(_("Change password")), status=status)


@require_safe
def codes(request: OfficerRequest) -> HttpResponse:
    """Whether one-time codes are set up, and the way to it."""
    values = {
        "layout": _layout(request),
        "is_set_up": request.user.sealed_totp is not None,
        "must": needs_codes(request.user, request.on),
    }
    return render(request, "accounts/codes.html", values | _trail(_("One-time codes")))


@require_POST
def begin_codes(request: OfficerRequest) -> HttpResponse:
    """A fresh secret, to be confirmed on the next page."""
    services.begin_totp(by=request.user, on=request.on)
    return redirect("accounts:confirm-codes")


@sensitive_post_parameters()
@require_http_methods(BOTH)
def confirm_codes(request: OfficerRequest) -> HttpResponse:
    """The secret as picture and letters, and the first code of it."""
    if request.user.offered_totp is None:
        return redirect("accounts:codes")
    offer: Offer = services.offer_again(by=request.user)
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.confirm_totp(
                    by=request.user, on=request.on, code=form.cleaned_data["code"], at=timezone.now()
                )
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                notices.leave(
                    request, _("One-time codes are set up. Every sign-in asks for one from now on.")
                )
                return redirect("accounts:account")
    values = {"form": form, "offer": offer, "layout": _layout(request)}
    return render(request, "accounts/confirm_codes.html", values | _trail(_("One-time codes")), status=status)


@sensitive_post_parameters()
@require_http_methods(BOTH)
def remove_codes(request: OfficerRequest) -> HttpResponse:
    """Take one-time codes off, with the password."""
    form, status = PresentPasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.remove_totp(
                    by=request.user,
                    on=request.on,
                    officer_id=request.user.pk,
                    password=form.cleaned_data["old"],
                    keep=request.sign_in,
                )
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                notices.leave(request, _("One-time codes are taken off."))
                return redirect("accounts:codes")
    return render(
        request, "accounts/remove_codes.html", {"form": form} | _trail(_("One-time codes")), status=status
    )


@require_safe
def sign_ins(request: OfficerRequest) -> HttpResponse:
    """Where one is signed in."""
    found = sign_ins_of(by=request.user, on=request.on, officer=request.user, at=timezone.now())
    values = {"sign_ins": sign_in_lines(found, this=request.sign_in)}
    return render(request, "accounts/sign_ins.html", values | _trail(_("My sign-ins")))


@require_POST
def end_sign_in(request: OfficerRequest, pk: int) -> HttpResponse:
    """End one sign-in: of oneself, or of an officer one administers."""
    ended = services.end_sign_in(by=request.user, on=request.on, sign_in_id=pk)
    notices.leave(request, _("The sign-in has ended."))
    if ended.officer_id != request.user.pk:
        return redirect("accounts:officer", pk=ended.officer_id)
    return redirect("accounts:sign-ins")


@require_POST
def end_other_sign_ins(request: OfficerRequest) -> HttpResponse:
    """End all sign-ins but this one."""
    services.end_own_sign_ins(by=request.user, on=request.on, keep=request.sign_in)
    notices.leave(request, _("All other sign-ins have ended."))
    return redirect("accounts:sign-ins")


@require_http_methods(BOTH)
def language(request: OfficerRequest) -> HttpResponse:
    """The language in which one reads, on every device; the head of a page asks for it too."""
    form = LanguageForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["language"]
        services.choose_language(by=request.user, on=request.on, language=chosen)
        return answer_in_language(request, chosen, otherwise=reverse("accounts:account"))
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/language.html", {"form": form} | _trail(_("Language")), status=status)


def _trail(label: str) -> dict[str, object]:
    return {"trail": trail_of((_("Your account"), reverse("accounts:account")), (label, ""))}
