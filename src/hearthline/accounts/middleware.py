# SPDX-License-Identifier: Apache-2.0
"""Decides who speaks: every page but the public ones needs a signed-in officer with a living sign-in.

A sign-in that was ended, idle too long, or whose account was closed is signed out at its next request.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from hearthline.accounts.models import SignIn
from hearthline.accounts.queries import find_living_sign_in, needs_codes, permissions_of
from hearthline.accounts.services import renew_sign_in

ENDED = "ended"
"""In the session of who was signed in until now: the door tells him so, once."""
POLLING = "Hearthline-Polling"
"""The header of a request that a page sends by itself: it does not show that anyone sits there."""
ALWAYS_OPEN = frozenset(
    {
        "accounts:password",
        "accounts:codes",
        "accounts:begin-codes",
        "accounts:confirm-codes",
        "accounts:sign-out",
        "accounts:language",
        "ui:language",
    }
)
"""The pages of an officer who must first choose a password or set up one-time codes."""


class SignedIn(LoginRequiredMiddleware):
    """Says who asks and on which day, and sends who is not signed in to the sign-in page."""

    async_capable = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put ``user``, ``on``, ``may`` and ``sign_in`` on the request."""
        on = timezone.localdate()
        sign_in = _living_sign_in(request)
        may: object = frozenset()
        if sign_in is None:
            request.user = AnonymousUser()
        else:
            officer = sign_in.officer
            officer.remembers = {}
            if POLLING not in request.headers:
                renew_sign_in(sign_in, timezone.now())
            request.user = officer
            may = SimpleLazyObject(lambda: permissions_of(officer, on))
        for name, value in (("on", on), ("may", may), ("sign_in", sign_in)):
            setattr(request, name, value)
        response = self.get_response(request)
        assert isinstance(response, HttpResponseBase)  # the service runs under WSGI
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Lead to the sign-in page, or first to what an account owes."""
        sign_in: SignIn | None = getattr(request, "sign_in", None)
        if sign_in is None:
            return super().process_view(request, view_func, view_args, view_kwargs)
        match = request.resolver_match
        if (match is not None and match.view_name in ALWAYS_OPEN) or not getattr(
            view_func, "login_required", True
        ):
            return None
        if sign_in.officer.must_change_password:
            return redirect("accounts:password")
        if needs_codes(sign_in.officer, timezone.localdate()):
            return redirect("accounts:codes")
        return None


def _living_sign_in(request: HttpRequest) -> SignIn | None:
    session = request.session
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in session:
        return None
    found = find_living_sign_in(session_key=session.session_key or "", at=timezone.now())
    if (
        found is None
        or str(found.officer_id) != str(session[SESSION_KEY])
        or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), found.officer.get_session_auth_hash())
    ):
        session.flush()
        session[ENDED] = True
        return None
    return found
