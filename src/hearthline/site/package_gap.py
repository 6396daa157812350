# SPDX-License-Identifier: Apache-2.0
"""Decides what is said where no policy package was ever put in force: what to do, and who may do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import scope_of
from hearthline.base.problems import HearthlineError
from hearthline.policy.problems import NONE_IN_FORCE
from hearthline.policy.queries import activations_over
from hearthline.policy.rules import ACTIVATE_POLICY
from hearthline.ui.addresses import address_or_none
from hearthline.ui.problems import told

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class PackageGap:
    """A place without a package; ``href`` is where the reader puts one in force, empty if he may not."""

    href: str
    sentence: str = ""


def package_gap(*, by: Officer, on: date, path: str) -> PackageGap | None:
    """What to say of a place over which no package was ever put in force; None where one was."""
    return None if activations_over(path) else _gap(by, on)


def told_without_package(view: View) -> View:
    """A page that cannot do without a package says so in place of its content, to whom it would be shown.

    Out of scope stays "not found", since a place is looked up in scope before its package. Files, parts of
    pages and whatever is sent are refused as before.
    """

    @wraps(view)
    def telling(request: HttpRequest, *args: object, **values: object) -> HttpResponseBase:
        try:
            return view(request, *args, **values)
        except HearthlineError as error:
            whole = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
            if error.code != NONE_IN_FORCE.code or not whole or "format" in request.GET:
                raise
            by: Officer = request.user  # type: ignore[assignment]  # a page for officers
            gap = _gap(by, request.on, told(error).message)  # type: ignore[attr-defined]  # of the middleware
            return render(request, "site/no_package.html", {"gap": gap})

    return telling


def _gap(by: Officer, on: date, sentence: str = "") -> PackageGap:
    may = not scope_of(by=by, permission=ACTIVATE_POLICY, on=on).empty
    return PackageGap(address_or_none("policy:packages") if may else "", sentence)
