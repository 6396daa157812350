# SPDX-License-Identifier: Apache-2.0
"""Decides what holds for every answer: content security, the reader's language, problems as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from hearthline.base.problems import HearthlineError
from hearthline.ui.answers import problem_answer

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store, private",
}
"""What every answer says unless its view says otherwise; pages hold people's data, so nothing keeps them."""


class ContentSecurity:
    """Every answer forbids scripts and styles that are not files of this service, and keeping copies."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Language:
    """The language kept with the account, else the browser's (its cookie first)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def _language_of(self, request: HttpRequest) -> str:
        own = getattr(request.user, "language", None)
        if request.user.is_authenticated and own in dict(settings.LANGUAGES):
            return str(own)
        return translation.get_language_from_request(request)


class ProblemPages:
    """A problem of the catalogue becomes its page; a part of a page never becomes the sign-in page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and isinstance(response, HttpResponseRedirect):
            # The script would fetch the other page and look in it for the part; the browser must go there.
            there = HttpResponse(status=204)
            there.headers["HX-Redirect"] = response.url
            there.cookies = response.cookies
            return there
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a problem; anything else goes on to the edge."""
        if not isinstance(exception, HearthlineError):
            return None
        return problem_answer(request, exception)
