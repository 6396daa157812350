# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of pages that belong to other apps, where those apps have them.

A page links to hundreds of places; Django looks each up anew, so the form of an address is looked up once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_MARK = 7_000_000_001
"""Numbers that stand in no address by themselves; each marks where a number of a page belongs."""


def address_or_none(name: str, *args: object) -> str:
    """The address of a page, or nothing where this service does not have it."""
    if not all(isinstance(word, int) for word in args):
        return _address(name, *args)
    form = _form_of(name, len(args), get_urlconf(), get_script_prefix())
    return form.format(*args) if args else form


def addresses_of(name: str) -> Callable[[object], str]:
    """The addresses of a page that has one number, for who links to many; nothing where there is no page."""
    return _form_of(name, 1, get_urlconf(), get_script_prefix()).format


@lru_cache(maxsize=1000)
def _form_of(name: str, count: int, _urlconf: str | None, _prefix: str) -> str:
    marks = [_MARK + place for place in range(count)]
    form = _address(name, *marks)
    if not marks:
        return form
    form = form.replace("{", "{{").replace("}", "}}")
    for place, mark in enumerate(marks):
        form = form.replace(str(mark), f"{{{place}}}")
    return form


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
