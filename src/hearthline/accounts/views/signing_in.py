# SPDX-License-Identifier: Apache-2.0
"""Decides the way in and out: name and password, then a one-time code where there is one."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearthline.accounts import services
from hearthline.accounts.devices import device_of, give_device
from hearthline.accounts.forms import CodeForm, SignInForm, put_into
from hearthline.accounts.middleware import ENDED
from hearthline.accounts.models import Officer
from hearthline.accounts.queries import find_open_officer
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import CODE_WITHIN
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import Attempt
from hearthline.base.problems import HearthlineError
from hearthline.ui import notices

HALF_IN = "half_in"
"""In the session: who has given the right password and owes a code."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    there = _safe_address(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(there)
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST":
        device, secret = device_of(request)
        if form.is_valid():
            try:
                attempt = services.try_password(**form.cleaned_data, device=device, at=timezone.now())
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                if attempt.officer.sealed_totp is not None:
                    return _ask_for_code(request, attempt.officer, there)
                return _enter(request, attempt, device, secret, there)
        else:
            status = 400
    values = {"form": form, "next": there, "ended": request.session.pop(ENDED, False)}
    return render(request, "accounts/sign_in.html", values, status=status)


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The one-time code, within five minutes of the password."""
    officer = _half_in(request)
    if officer is None:
        request.session.pop(HALF_IN, None)
        return redirect("accounts:sign-in")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        device, secret = device_of(request)
        if form.is_valid():
            try:
                attempt = services.try_code(
                    officer=officer, code=form.cleaned_data["code"], device=device, at=timezone.now()
                )
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                there = request.session.pop(HALF_IN)["next"]
                return _enter(request, attempt, device, secret, there)
        else:
            status = 400
    return render(request, "accounts/sign_in_code.html", {"form": form}, status=status)


@require_POST
def sign_out(request: OfficerRequest) -> HttpResponse:
    """The sign-in of this browser ends."""
    services.end_sign_in(by=request.user, on=request.on, sign_in_id=request.sign_in.pk)
    logout(request)
    return redirect("accounts:signed-out")


@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """What is seen after signing out."""
    return render(request, "accounts/signed_out.html")


def _safe_address(request: HttpRequest, there: str) -> str:
    """An address of this service; what is no address could be taken for the name of a page."""
    safe = there.startswith("/") and url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return there if safe else resolve_url("/")


def _ask_for_code(request: HttpRequest, officer: Officer, there: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[HALF_IN] = {
        "officer": officer.pk,
        "hash": officer.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
        "next": there,
    }
    return redirect("accounts:sign-in-code")


def _half_in(request: HttpRequest) -> Officer | None:
    """Who has given the right password, if that still holds."""
    half = request.session.get(HALF_IN)
    if half is None or timezone.now().timestamp() - half["at"] > CODE_WITHIN / timedelta(seconds=1):
        return None
    officer = find_open_officer(half["officer"])
    return officer if officer is not None and officer.get_session_auth_hash() == half["hash"] else None


def _enter(request: HttpRequest, attempt: Attempt, device: Device, secret: str, there: str) -> HttpResponse:
    with transaction.atomic():
        login(request, attempt.officer, backend=BACKEND)
        _, failures = services.open_sign_in(
            attempt=attempt,
            on=timezone.localdate(),
            at=timezone.now(),
            session_key=request.session.session_key or "",
            device=device,
        )
    if failures:
        words = ngettext(
            "Before this sign-in, %(count)d attempt with your account name failed. If it was not you, "
            "change your password.",
            "Before this sign-in, %(count)d attempts with your account name failed. If it was not you, "
            "change your password.",
            failures,
        )
        notices.leave(request, words % {"count": failures}, tone="warning")
    response = redirect(there)
    give_device(response, secret)
    return response
