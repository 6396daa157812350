# SPDX-License-Identifier: Apache-2.0
"""Decides how facts are written in an observation: one text for one meaning, checked by the dictionary.

A document is a JSON object of fact to value. Booleans and integers are as they are; decimals and money are
texts with all their decimals ("1234.50"), dates are ISO texts, codes and texts are texts; null says that the
value is not known. Keys are sorted and nothing is padded, so that equal documents are equal bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hearthline.base.problems import HearthlineError, Kind, ManyProblems, Place, declare
from hearthline.engine.rules.policy import Fact, Policy, Value
from hearthline.engine.rules.types import Kind as TypeKind
from hearthline.intake.values import Reading, Stored, stored_value

Json = bool | int | float | str | None
Document = dict[str, Json]
Records = dict[str, dict[str, Document]]
"""Record level to key of the record to its facts, such as income lines."""

UNKNOWN_FACT = declare(
    "registry.unknown-fact",
    Kind.BAD_INPUT,
    "the dictionary in force knows no fact {fact} of a {level}.",
    "Take the fact out, or publish a package that has it.",
)
UNKNOWN_LEVEL = declare(
    "registry.unknown-level",
    Kind.BAD_INPUT,
    "the dictionary in force knows no records {level} of a {owner}.",
    "Take them out, or publish a package that has them.",
)
BAD_VALUE = declare(
    "registry.bad-value", Kind.BAD_INPUT, "{fact} cannot be what was given: {why}.", "Correct the value."
)
SOURCE_NOT_ALLOWED = declare(
    "registry.source-not-allowed",
    Kind.REFUSED,
    "{fact} is not taken from the source {source}.",
    "The package takes it from: {sources}.",
)
REQUIRED_MISSING = declare(
    "registry.required-missing",
    Kind.BAD_INPUT,
    "{fact} may not be unknown.",
    "Give its value; the package requires it.",
)


class Canonical(json.JSONEncoder):
    """Sorted keys, nothing padded, texts as they are: equal documents are equal bytes."""

    def __init__(self, **options: Any) -> None:  # Any: the options of json.dumps, most of them replaced
        super().__init__(**options | {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False})


def canonical(document: object) -> str:
    """The one text of a document."""
    return json.dumps(document, cls=Canonical)


def digest_of(facts: str, records: str) -> str:
    """The MD5 of the two texts of an observation, 32 hexadecimal digits; to tell change, not forgery."""
    return hashlib.md5(f"{facts}\n{records}".encode(), usedforsecurity=False).hexdigest()


def document_value(fact: Fact, given: object) -> Json:
    """A value as a document holds it; ``given`` is a value or its text. Raises ``registry.bad-value``."""
    if given is None or given == "":
        if fact.required:
            raise REQUIRED_MISSING.error(fact=fact.name)
        return None
    text = str(given).lower() if isinstance(given, bool) else str(given).strip()
    try:
        stored = stored_value(text, Reading(fact))
    except HearthlineError as error:
        raise BAD_VALUE.error(fact=fact.name, why=error.message.removesuffix(".")) from error
    return _written(fact, stored)


def _written(fact: Fact, stored: Stored) -> Json:
    if fact.type.kind is TypeKind.NUMBER and fact.declared != "integer":
        return f"{Decimal(int(stored)).scaleb(-fact.type.scale):.{fact.type.scale}f}"  # type: ignore[arg-type]  # a scaled integer
    return stored.isoformat() if isinstance(stored, date) else stored


def read_value(fact: Fact, held: Json) -> Value:
    """The value that a document holds, as people and formulas take it."""
    if held is None or fact.type.kind in (TypeKind.BOOLEAN, TypeKind.TEXT, TypeKind.DOUBLE):
        return held
    if fact.type.kind is TypeKind.DATE:
        return date.fromisoformat(str(held))
    return held if fact.declared == "integer" else Decimal(str(held))


def checked_facts(
    policy: Policy, level: str, given: Mapping[str, object], *, source: str | None = None
) -> Document:
    """The facts of one row as a document; every fault is told at once."""
    known = policy.facts.get(level, {})
    faults: list[HearthlineError] = []
    document: Document = {}
    for name, value in given.items():
        if name not in known:
            faults.append(UNKNOWN_FACT.error(Place(level), fact=name, level=level))
            continue
        fact = known[name]
        if source is not None and fact.sources and source not in fact.sources:
            words = ", ".join(fact.sources)
            faults.append(SOURCE_NOT_ALLOWED.error(fact=name, source=source, sources=words))
        try:
            document[name] = document_value(fact, value)
        except HearthlineError as error:
            faults.append(error)
    if faults:
        raise ManyProblems(faults)
    return dict(sorted(document.items()))


def checked_records(
    policy: Policy,
    owner: str,
    given: Mapping[str, Mapping[str, Mapping[str, object]]],
    *,
    source: str | None = None,
) -> Records:
    """The records of a household or person as documents, level by level."""
    records: Records = {}
    for level, rows in given.items():
        if level not in record_levels(policy, owner):
            raise UNKNOWN_LEVEL.error(level=level, owner=owner)
        needed = {fact.name: None for fact in policy.facts.get(level, {}).values() if fact.required}
        records[level] = {
            key: checked_facts(policy, level, {**needed, **row}, source=source)
            for key, row in sorted(rows.items())
        }
    return dict(sorted(records.items()))


def record_levels(policy: Policy, owner: str) -> list[str]:
    """The tables of records that belong to a household or to a person, by name."""
    levels = policy.record_levels()
    return sorted(level.name for level in levels if level.belongs_to == owner and level.name != "person")


def record_key(number: int) -> str:
    """The key of the n-th record of an owner; keys of up to 999 records sort like their numbers."""
    return f"{number:03d}"


def next_key(keys: Iterable[str]) -> str:
    """A key that none of ``keys`` has."""
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit()]
    return record_key(max(numbers, default=0) + 1)
