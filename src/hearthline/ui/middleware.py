# SPDX-License-Identifier: Apache-2.0
"""Decides what holds for every answer: content security, the reader's language, problems as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from hearthline.base.problems import HearthlineError, Kind

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
HTTP_STATUS = {
    Kind.BAD_INPUT: 400,
    Kind.BAD_PACKAGE: 400,
    Kind.NOT_FOUND: 404,
    Kind.REFUSED: 403,
    Kind.DAMAGED: 503,
    Kind.UNSUPPORTED: 400,
    Kind.INTERNAL: 500,
}
"""The HTTP status of each kind of problem."""


class ContentSecurity:
    """Every answer forbids scripts and styles that are not files of this service."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class Language:
    """The language of the officer, or of the cookie where nobody is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = getattr(request.user, "language", None) or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ProblemPages:
    """A problem of the catalogue becomes its sentence and the status of its kind."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a problem; anything else goes on to the edge."""
        if not isinstance(exception, HearthlineError):
            return None
        return HttpResponse(
            exception.sentence, status=HTTP_STATUS[exception.problem.kind], content_type="text/plain"
        )
