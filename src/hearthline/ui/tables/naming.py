# SPDX-License-Identifier: Apache-2.0
"""Decides how columns and filters of a list are called where the list itself is not at hand, as in the trail.

A list that is declared with its module enters itself. One that is made for each page is named beside the
function that makes it, so that its words are known before anybody has opened it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

_COLUMNS: dict[str, dict[str, str | Promise]] = {}
_FILTERS: dict[str, dict[str, str | Promise]] = {}


def call(
    table: str, columns: Mapping[str, str | Promise], filters: Mapping[str, str | Promise] | None = None
) -> None:
    """Say how the columns and filters of a list are called; what was said first stays."""
    for said, given in ((_COLUMNS, columns), (_FILTERS, filters or {})):
        known = said.setdefault(table, {})
        for key, label in given.items():
            known.setdefault(key, label)


def column_words(table: str, key: str) -> str:
    """The head of a column; its key where the list is not known, or has it for this page alone."""
    return str(_COLUMNS.get(table, {}).get(key, key))


def filter_words(table: str, name: str) -> str:
    """The label of a filter, or its name."""
    return str(_FILTERS.get(table, {}).get(name, name))
