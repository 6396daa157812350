# SPDX-License-Identifier: Apache-2.0
"""Decides how a browser is known again: a cookie of random bytes, and a name that people recognise."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from hearthline.accounts.queries import hash_of
from hearthline.accounts.services.attempts import Device

COOKIE = "hearthline_device"
COOKIE_AGE = 365 * 24 * 3600
_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_of(request: HttpRequest) -> tuple[Device, str]:
    """The browser of a request, and the secret to give it: its own, or a fresh one."""
    secret = request.COOKIES.get(COOKIE, "")
    returned = bool(_SECRET.fullmatch(secret))
    if not returned:
        secret = secrets.token_urlsafe(_BYTES)
    return Device(hash_of(secret), name_of_browser(request.headers.get("User-Agent", "")), returned), secret


def give_device(response: HttpResponseBase, secret: str) -> None:
    """Let the browser keep its secret for a year."""
    response.set_cookie(
        COOKIE, secret, max_age=COOKIE_AGE, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def name_of_browser(agent: str) -> str:
    """Such as ``Firefox, Windows``; no version, since it changes every month."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))
