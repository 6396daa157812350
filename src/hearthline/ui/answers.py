# SPDX-License-Identifier: Apache-2.0
"""Decides the form of answers that many pages give.

A problem is a page, plain text beside files, JSON where asked; a chosen language leads back to who asked.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from hearthline.base.problems import HearthlineError, Kind
from hearthline.ui.problems import HTTP_STATUS, told_each
from hearthline.ui.retelling import Told

_YEAR = 365 * 24 * 3600
SHOWN = 50
"""Problems on one page at most."""


def problem_answer(request: HttpRequest, error: HearthlineError) -> HttpResponse:
    """The answer to a request that met a problem."""
    kind = error.problem.kind
    status = HTTP_STATUS[kind]
    lines = list(told_each(error))
    if _wants_json(request):
        content = [{"code": line.code, "message": line.message, "remedy": line.remedy} for line in lines]
        return JsonResponse({"problems": content}, status=status, json_dumps_params={"ensure_ascii": False})
    if request.GET.get("format"):
        text = "\n".join(f"{line.sentence} [{line.code}]" for line in lines)
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response = HttpResponse(_page(request, kind, lines), status=status)
    if request.headers.get("HX-Request") == "true" and request.method == "GET":
        # A part of a page cannot hold a problem page: the browser opens the address as a whole.
        response.headers["HX-Redirect"] = request.get_full_path()
    return response


def _page(request: HttpRequest, kind: Kind, lines: list[Told]) -> str:
    values = {
        "heading": _heading(kind, lines[0].code),
        "lines": lines[:SHOWN],
        "more": max(len(lines) - SHOWN, 0),
        "code": lines[0].code,
    }
    return render_to_string("ui/problem.html", values, request=request)


def _heading(kind: Kind, code: str) -> str:
    if code.endswith(".not-permitted"):
        return gettext("Not permitted")
    return {
        Kind.NOT_FOUND: gettext("Page not found"),
        Kind.DAMAGED: gettext("Something is damaged"),
        Kind.INTERNAL: gettext("Something went wrong"),
    }.get(kind, gettext("This cannot be done"))


def _wants_json(request: HttpRequest) -> bool:
    return request.GET.get("format") == "json" or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def answer_in_language(request: HttpRequest, language: str, *, otherwise: str) -> HttpResponse:
    """The way back to the page that asked (``next``), and a cookie with the language if it is spoken here."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(there if safe else otherwise)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
