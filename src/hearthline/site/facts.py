# SPDX-License-Identifier: Apache-2.0
"""Decides how values of the register are said on a page: by the words of the package, with source and day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.html import format_html
from django.utils.translation import gettext

from hearthline.engine.rules import wording
from hearthline.engine.rules.policy import Fact, Policy, Value
from hearthline.engine.rules.reasons import Reason
from hearthline.engine.rules.types import Text
from hearthline.policy.reading import package_language
from hearthline.registry.queries import FactView, RecordView
from hearthline.runs.origins import Origin
from hearthline.statistics.numerals import NONE
from hearthline.ui.addresses import address_or_none, addresses_of
from hearthline.ui.parts import Line
from hearthline.ui.wording import amount, short_day, yes_no


@dataclass(frozen=True)
class TopicLines:
    """Facts under one heading."""

    title: str
    lines: Sequence[Line]


MONEY = "money"
CODE = "code"
_FIRST_YEAR = 1000
"""A whole number that may not be less is a year of the calendar."""


def said(text: Text, language: str) -> str:
    """A text of the package in a language of the pages; in another one rather than not at all."""
    return text.get(package_language(language)) or next(iter(text.values()), "")


def value_words(fact: Fact, value: Value, language: str) -> str:
    """A value in words: the label of a code, a number with its unit, yes or no."""
    if value is None:
        return gettext("not known")
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, str):
        return said(fact.codes[value], language) if value in fact.codes else value
    if isinstance(value, int) and isinstance(fact.minimum, Decimal) and fact.minimum >= _FIRST_YEAR:
        return str(value)
    if fact.declared == MONEY and isinstance(value, Decimal | int):
        return money_words(fact, Decimal(value), language)
    return wording.value_words(value, fact.type, package_language(language), named=fact.label)


def money_words(fact: Fact, value: Decimal, language: str) -> str:
    """An amount in the currency of the package; what it is per stands in the label."""
    return amount(
        value, wording.unit_words(str(fact.type.unit).split("/", maxsplit=1)[0], package_language(language))
    )


def common_source(policy: Policy, views: Sequence[FactView], language: str) -> str:
    """The source and day of most of the facts, so that a page says it once."""
    found = Counter((view.source, view.observed_on) for view in views).most_common(1)
    return _words_of(policy, *found[0][0], language) if found and found[0][1] > 1 else ""


def fact_lines(policy: Policy, views: Iterable[FactView], language: str, unless: str = "") -> list[Line]:
    """Facts as labels and values; each links to what it came from. Hidden ones say so.

    The source is not repeated where it is the one that the page says once (``unless``).
    """
    shown = list(views)
    address = addresses_of("site:observation")
    hidden, words_of = gettext("hidden from your role"), {True: yes_no(True), False: yes_no(False)}
    notes = {}
    for source, day in {(view.source, view.observed_on) for view in shown}:
        words = _words_of(policy, source, day, language)
        notes[source, day] = "" if words == unless else words
    return [
        Line(
            label=said(view.fact.label, language),
            value=hidden
            if view.hidden
            else words_of[view.value]
            if isinstance(view.value, bool)
            else value_words(view.fact, view.value, language),
            note=notes[view.source, view.observed_on],
            href=address(view.observation),
        )
        for view in shown
    ]


def by_topic(
    policy: Policy, views: Sequence[FactView], lines: Sequence[Line], language: str
) -> list[TopicLines]:
    """Lines of facts under the topics of the package, in its order; those of no topic at the end."""
    found: dict[str, list[Line]] = {topic: [] for topic in (*policy.topics, "")}
    for view, line in zip(views, lines, strict=True):
        found[view.fact.topic if view.fact.topic in policy.topics else ""].append(line)
    return [
        TopicLines(said(policy.topics[topic], language) if topic else gettext("Other"), kept)
        for topic, kept in found.items()
        if kept
    ]


def source_words(policy: Policy, view: FactView, language: str) -> str:
    """Where a value came from, and of which day it is."""
    return _words_of(policy, view.source, view.observed_on, language)


def _words_of(policy: Policy, source: str, day: date, language: str) -> str:
    return f"{source_title(policy, source, language)} {short_day(day)}"


def source_title(policy: Policy, source: str, language: str) -> str:
    """How the package calls a source."""
    return said(policy.sources[source], language) if source in policy.sources else source


@dataclass(frozen=True)
class RecordTable:
    """Records of one kind added up: classes down, states across, in the words of the package."""

    title: str
    row_head: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    count: int
    sources: Sequence[Line]
    """The observations that its records stand in, the newest first."""


def record_tables(
    policy: Policy, records: Mapping[str, Sequence[RecordView]], language: str
) -> list[RecordTable]:
    """For each kind of records with an amount of money: its sums by the first code, across the second."""
    found = []
    for level, rows in records.items():
        if all(fact.hidden for row in rows for fact in row.facts):
            continue  # how many there are would tell as much
        facts = policy.facts.get(level, {})
        money = next((fact for fact in facts.values() if fact.declared == MONEY), None)
        codes = [fact for fact in facts.values() if fact.declared == CODE]
        if money is not None and codes and rows:
            title = said(policy.levels[level].title, language)
            found.append(_added_up(title, money, codes, rows, _sources_of(policy, rows, language), language))
    return found


def _sources_of(policy: Policy, rows: Sequence[RecordView], language: str) -> list[Line]:
    address = addresses_of("site:observation")
    found = {(fact.observation, fact.source): fact for row in rows for fact in row.facts}
    return [
        Line(_words_of(policy, fact.source, fact.observed_on, language), "", href=address(fact.observation))
        for fact in sorted(
            found.values(), key=lambda fact: (fact.observed_on, fact.observation), reverse=True
        )
    ]


def _added_up(
    title: str,
    money: Fact,
    codes: Sequence[Fact],
    rows: Sequence[RecordView],
    sources: Sequence[Line],
    language: str,
) -> RecordTable:
    down = codes[0]
    across = codes[1] if len(codes) > 1 else None
    sums: dict[tuple[Value, Value], Decimal] = defaultdict(Decimal)
    for row in rows:
        value = row.value(money.name)
        if isinstance(value, Decimal | int):
            sums[row.value(down.name), row.value(across.name) if across else None] += Decimal(value)
    columns = [code for code in (across.codes if across else (None,)) if any(key[1] == code for key in sums)]
    lines = [
        (
            said(down.codes[code], language),
            [
                money_words(money, sums[code, column], language) if (code, column) in sums else NONE
                for column in columns
            ],
        )
        for code in down.codes
        if any(key[0] == code for key in sums)
    ]
    heads = [
        said(across.codes[code], language) if across and code is not None else said(money.label, language)
        for code in columns
    ]
    return RecordTable(title, said(down.label, language), heads, lines, len(rows), sources)


def with_links(reason: Reason) -> Reason:
    """The same line of the reasons, its sources as links to the observations they stand in."""
    source = reason.source
    if not reason.children and not isinstance(source, Origin):
        return reason
    if isinstance(source, Origin):
        href = address_or_none("site:observation", source.observation)
        source = format_html('<a href="{}">{}</a>', href, str(source))
    return replace(reason, source=source, children=tuple(with_links(each) for each in reason.children))
