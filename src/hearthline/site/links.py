# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of pages that belong to other apps, where those apps have them."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address_or_none(name: str, *args: object) -> str:
    """The address of a page, or nothing where this service does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
