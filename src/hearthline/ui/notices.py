# SPDX-License-Identifier: Apache-2.0
"""Decides how a page that was left by a form tells the next page what happened."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

TONES = ("good", "note", "warning", "bad")
_KEY = "notices"


def leave(request: HttpRequest, text: object, *, tone: str = "good") -> None:
    """Leave a sentence for the next page this browser opens."""
    if tone not in TONES:
        raise ValueError(f"a notice is one of {', '.join(TONES)}, not {tone}")
    request.session[_KEY] = [*request.session.get(_KEY, []), [tone, str(text)]]


def take(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The sentences left for this page, which are then gone; only a page that shows them takes them."""
    session = getattr(request, "session", None)
    if session is None or _KEY not in session:
        return
    yield from session.pop(_KEY)
