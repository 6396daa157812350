# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of pages that belong to other apps, where those apps have them."""

from __future__ import annotations

from functools import lru_cache

from django.urls import NoReverseMatch, reverse


@lru_cache(maxsize=20_000)
def address_or_none(name: str, *args: object) -> str:
    """The address of a page, or nothing where this service does not have it; a page asks for many alike."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
