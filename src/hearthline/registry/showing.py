# SPDX-License-Identifier: Apache-2.0
"""Decides how the facts of one observation are shown: labels of the dictionary, values in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from hearthline.engine.rules.policy import Fact, Policy, Value
from hearthline.engine.rules.types import Text
from hearthline.registry.queries import FactView, RecordView
from hearthline.ui import wording
from hearthline.ui.parts import Line


def in_words(text: Text) -> str:
    """A text of a package in the reader's language, or in the one it has."""
    return text.get(wording.language_of_engine()) or next(iter(text.values()), "")


def lines_of(facts: tuple[FactView, ...]) -> list[Line]:
    """A line for each fact."""
    return [Line(in_words(view.fact.label), _value(view)) for view in facts]


def tables_of(
    policy: Policy, records: dict[str, tuple[RecordView, ...]]
) -> list[tuple[str, list[list[Line]]]]:
    """The records level by level, each record as its lines."""
    return [
        (in_words(policy.levels[level].title), [lines_of(row.facts) for row in rows])
        for level, rows in records.items()
        if not all(fact.hidden for row in rows for fact in row.facts)
    ]


def _value(view: FactView) -> object:
    if view.hidden:
        return gettext("hidden from your role")
    return shown(view.fact, view.value)


def shown(fact: Fact, value: Value) -> object:
    """A value in words."""
    if value is None:
        return gettext("not known")
    if isinstance(value, bool):
        return wording.yes_no(value)
    if isinstance(value, date):
        return wording.day(value)
    if fact.codes and isinstance(value, str) and value in fact.codes:
        return in_words(fact.codes[value])
    return wording.number(value) if isinstance(value, int | Decimal) else value
