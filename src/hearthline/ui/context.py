# SPDX-License-Identifier: Apache-2.0
"""Decides what every page is told: permissions for its menu, notices left for it, the version."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

import hearthline
from hearthline.ui import menu, notices
from hearthline.ui.addresses import address_or_none

LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}
"""Each language in its own words: who cannot read the page must still find his language."""


def page(request: HttpRequest) -> dict[str, object]:
    """Values of every template. ``request.may`` is set by the middleware of the accounts."""
    may: Collection[str] = getattr(request, "may", frozenset())
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    return {
        "program_version": hearthline.__version__,
        "may": may,
        "signed_in": signed_in,
        "menu": SimpleLazyObject(lambda: menu.entries_for(request, may)) if signed_in else [],
        "notices": lambda: list(notices.take(request)),
        "languages": [
            (code, LANGUAGE_NAMES.get(code, str(name)), code == get_language())
            for code, name in settings.LANGUAGES
        ],
        "here": request.get_full_path(),
        "where": _Places(signed_in=signed_in),
    }


class _Places:
    """Addresses of pages that apps above may or may not have: empty where there is none."""

    def __init__(self, *, signed_in: bool) -> None:
        self._signed_in = signed_in

    @property
    def home(self) -> str:
        return address_or_none("site:home") or "/"

    @property
    def search(self) -> str:
        return address_or_none("site:search")

    @property
    def sign_out(self) -> str:
        return address_or_none("accounts:sign-out")

    @property
    def account(self) -> str:
        return address_or_none("accounts:account")

    @property
    def language(self) -> str:
        """Where a language is chosen: kept with the account, or in the browser of who has none."""
        kept = address_or_none("accounts:language") if self._signed_in else ""
        return kept or address_or_none("ui:language")
