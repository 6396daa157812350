# SPDX-License-Identifier: Apache-2.0
"""Decides what stands in the menu of every page: entries the apps offer, for those who may open them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from hearthline.ui.addresses import address_or_none


@dataclass(frozen=True)
class Entry:
    """One entry: its words, the name of its address, and the permission it needs (none: everyone)."""

    label: str | Promise
    address: str
    word: str = ""
    also: tuple[str, ...] = ()
    """Beginnings of other address names under which the entry is the current one."""


@dataclass(frozen=True)
class Shown:
    """An entry as a page shows it."""

    label: str
    href: str
    current: bool


_ENTRIES: list[Entry] = []


def offer(*entries: Entry) -> None:
    """Add entries to the menu, in the order in which they are to stand; an address is added once."""
    known = {entry.address for entry in _ENTRIES}
    _ENTRIES.extend(entry for entry in entries if entry.address not in known)


def entries_for(request: HttpRequest, may: Collection[str]) -> list[Shown]:
    """The entries whose permission the officer holds somewhere and whose address exists."""
    match = request.resolver_match
    here = match.view_name if match else ""
    return [
        Shown(str(entry.label), href, _is_current(entry, here))
        for entry in _ENTRIES
        if (not entry.word or entry.word in may) and (href := address_or_none(entry.address))
    ]


def _is_current(entry: Entry, here: str) -> bool:
    return here == entry.address or any(here.startswith(start) for start in entry.also)
