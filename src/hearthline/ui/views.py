# SPDX-License-Identifier: Apache-2.0
"""Decides the answers that belong to no page: choosing a language, and errors outside the catalogue."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import get_template
from django.views.decorators.http import require_POST

from hearthline.ui.answers import answer_in_language, problem_answer
from hearthline.ui.problems import BAD_REQUEST, EXPIRED_FORM, NOT_FOUND, NOT_PERMITTED


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read the service in another language from now on, in this browser, while nobody is signed in."""
    return answer_in_language(request, request.POST.get("language", ""), otherwise="/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read. The page asks for nothing: it may be the host that is wrong."""
    return HttpResponse(BAD_REQUEST.error().sentence, status=400, content_type="text/plain; charset=utf-8")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return problem_answer(request, NOT_PERMITTED.error())


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what does not exist and for what one may not see."""
    return problem_answer(request, NOT_FOUND.error())


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form without a valid token."""
    return problem_answer(request, EXPIRED_FORM.error())


def broken(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither database nor session, for either may be what broke."""
    return HttpResponseServerError(get_template("ui/broken.html").render({}))
