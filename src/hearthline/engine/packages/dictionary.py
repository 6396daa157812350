# SPDX-License-Identifier: Apache-2.0
"""Decides the dictionary: each fact with its exact type, bounds, codes, sources and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults, shown
from hearthline.engine.packages.declared_types import (
    DEFAULT_DIGITS,
    EXACT,
    NUMBERS,
    Declaration,
    decimals_of,
    digits_needed,
    scale_of,
    value_type,
)
from hearthline.engine.packages.layers import Entry, ReadLayer, merged
from hearthline.engine.packages.names import refuse_reserved, unknown_reference
from hearthline.engine.packages.problems import (
    BAD_BOUNDS,
    CODES_NEEDED,
    KEY_NOT_FOR_TYPE,
    NAMED_TWICE,
)
from hearthline.engine.packages.schema.facts import FactEntry, FactsFile
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.policy import Fact

Facts = dict[str, dict[str, Fact]]


def facts_of(layers: Sequence[ReadLayer], settings: Settings, faults: Faults) -> Facts:
    """The facts of every level; a level without facts is there and empty."""
    _refuse_unknown_levels(layers, settings, faults)
    facts: Facts = {}
    for level in settings.levels:
        entries = merged([read.entries("facts", _of_level(level), level) for read in layers], faults)
        facts[level] = {name: _fact(entry, level, settings, faults) for name, entry in entries.items()}
    return facts


def _of_level(level: str) -> Callable[[BaseModel], Mapping[str, FactEntry | Removal]]:
    """Reads the facts of one level out of a file."""

    def pick(model: BaseModel) -> Mapping[str, FactEntry | Removal]:
        return model.root.get(level, {}) if isinstance(model, FactsFile) else {}

    return pick


def _refuse_unknown_levels(layers: Sequence[ReadLayer], settings: Settings, faults: Faults) -> None:
    for read in layers:
        for file in read.files:
            if isinstance(file.model, FactsFile):
                for level in file.model.root:
                    if level not in settings.levels:
                        place = file.document.key_place(level)
                        faults.add(unknown_reference(level, "a level", settings.levels, place))


def _fact(entry: Entry[FactEntry], level: str, settings: Settings, faults: Faults) -> Fact:
    written = entry.model
    with faults.kept():
        refuse_reserved(entry.name, entry.key_place(), level=level, levels=settings.levels, rule=False)
    _check_words(entry, settings, faults)
    _check_sources(entry, settings, faults)
    _check_topic(entry, settings, faults)
    _check_codes(entry, faults)
    bounds = _checked_bounds(entry, settings, faults)
    numbers = [bound for bound in bounds if isinstance(bound, Decimal)]
    extent = max(bound.copy_abs() for bound in numbers) if len(numbers) == 2 else None
    declaration = Declaration(
        written.type,
        written.unit,
        written.scale,
        entry.key_place,
        written.digits,
        frozenset(written.codes) if written.codes else None,
        extent if written.type in EXACT else None,
    )
    return Fact(
        name=entry.name,
        level=level,
        declared=written.type,
        type=value_type(declaration, settings, faults),
        label=written.label,
        codes=written.codes or {},
        question=written.question or {},
        sources=tuple(written.sources or ()),
        topic=written.topic or "",
        sensitivity=written.sensitivity,
        required=written.required,
        verified=written.verified,
        period=written.period,
        minimum=bounds[0],
        maximum=bounds[1],
        note=settings.checked_note(written.note, entry.key_place, faults),
        origin=entry.origin,
    )


def _check_words(entry: Entry[FactEntry], settings: Settings, faults: Faults) -> None:
    def check(words: Mapping[str, str], *path: str) -> None:
        def place(*more: str | int) -> Place:
            return entry.key_place(*path, *more)

        settings.check_words(words, path[-1], place, faults)

    check(entry.model.label, "label")
    if entry.model.question is not None:
        check(entry.model.question, "question")
    for code, words in (entry.model.codes or {}).items():
        check(words, "codes", code)


def _check_sources(entry: Entry[FactEntry], settings: Settings, faults: Faults) -> None:
    sources = entry.model.sources or []
    for index, source in enumerate(sources):
        place = entry.place("sources", index)
        if source not in settings.sources:
            faults.add(unknown_reference(source, "a source", settings.sources, place))
        if source in sources[:index]:
            faults.add(NAMED_TWICE.error(place, name=source))


def _check_topic(entry: Entry[FactEntry], settings: Settings, faults: Faults) -> None:
    topic = entry.model.topic
    if topic is not None and topic not in settings.topics:
        faults.add(unknown_reference(topic, "a topic", settings.topics, entry.key_place("topic")))


def _check_codes(entry: Entry[FactEntry], faults: Faults) -> None:
    written = entry.model
    if written.type == "code" and not written.codes:
        faults.add(CODES_NEEDED.error(entry.key_place("type"), name=entry.name))
    if written.type != "code" and written.codes is not None:
        hint = "Write type: code, or delete the codes."
        place = entry.key_place("codes")
        faults.add(KEY_NOT_FOR_TYPE.error(place, key="codes", type=written.type, hint=hint))


def _checked_bounds(
    entry: Entry[FactEntry], settings: Settings, faults: Faults
) -> tuple[Decimal | date | None, Decimal | date | None]:
    kept: list[Decimal | date | None] = []
    for key, bound in (("min", entry.model.min), ("max", entry.model.max)):
        fault = None if bound is None else _bound_fault(entry, key, bound, settings)
        if fault is not None:
            faults.add(fault)
        kept.append(None if fault else bound)
    low, high = kept
    if low is not None and high is not None and low > high:  # type: ignore[operator]  # both of the fact's kind
        reason = f"min is {shown(low)}, above max, which is {shown(high)}"
        faults.add(BAD_BOUNDS.error(entry.key_place("min"), reason=reason, hint="Exchange the two."))
    return low, high


def _bound_fault(
    entry: Entry[FactEntry], key: str, bound: Decimal | date, settings: Settings
) -> HearthlineError | None:
    word, place = entry.model.type, entry.key_place(key)
    if word not in (*NUMBERS, "date"):
        hint = f"Only numbers and dates have bounds; delete {key}."
        return KEY_NOT_FOR_TYPE.error(place, key=key, type=word, hint=hint)
    if isinstance(bound, Decimal) == (word == "date"):
        wanted = "a date such as 2014-12-31" if word == "date" else "a number"
        return BAD_BOUNDS.error(place, reason=f"{key} of a {word} is {shown(bound)}", hint=f"Write {wanted}.")
    if not isinstance(bound, Decimal) or word not in EXACT:
        return None
    scale = scale_of(word, entry.model.scale, settings)
    if decimals_of(bound) > scale:
        reason = f"{key} is {bound}, but the fact has only {scale} decimals"
        return BAD_BOUNDS.error(place, reason=reason, hint="Round the bound, or declare a larger scale.")
    one_sided = entry.model.min is None or entry.model.max is None
    digits = entry.model.digits or DEFAULT_DIGITS[word]
    if one_sided and digits_needed(bound, scale) > digits:
        reason = f"{key} is {bound}, which has more than {digits} digits with its decimals"
        return BAD_BOUNDS.error(place, reason=reason, hint="Write both min and max.")
    return None
