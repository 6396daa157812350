# SPDX-License-Identifier: Apache-2.0
"""Decides the canonical form of a trace, how a link is computed from it, and which chain a place is in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

FIRST = "0" * 64
"""What stands in place of a link before the first of a chain."""
WHOLE = ""
"""The chain of what lies above a county: the chain of the whole."""

ChainRule = Callable[[Collection[str]], Mapping[str, str]]
"""From paths of places to the path of the county each lies in (``WHOLE`` above a county)."""
_CHAIN_RULES: list[ChainRule] = []


def chain_by(rule: ChainRule) -> None:
    """Say how a chain is found; the places do so when the service starts."""
    _CHAIN_RULES[:] = [rule]


def chains_of(paths: Collection[str]) -> Mapping[str, str]:
    """The chain of each path."""
    return _CHAIN_RULES[0](paths) if _CHAIN_RULES else dict.fromkeys(paths, WHOLE)


def plain(value: object) -> object:
    """A fact as JSON can hold it, so that it reads the same from every database."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else repr(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        parts = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(part) for part in parts]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a fact of the audit cannot be a {type(value).__name__}")


def canonical(
    *,
    number: int,
    at: datetime,
    on: date,
    officer: int | None,
    officer_name: str,
    action: str,
    subject: str,
    subject_id: str,
    area_path: str,
    facts: object,
) -> str:
    """The row of a trace as one line of JSON: names sorted, times in UTC to the microsecond."""
    document = {
        "action": action,
        "area_path": area_path,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "facts": facts,
        "id": number,
        "officer": officer,
        "officer_name": officer_name,
        "on": on.isoformat(),
        "subject": subject,
        "subject_id": subject_id,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link_hash(*, before: str, chain: str, number: int, line: str) -> str:
    """SHA-256 over the link before, the chain, the place in it and the canonical line of the row."""
    return hashlib.sha256(f"{before}\n{chain}\n{number}\n{line}".encode()).hexdigest()


def rows_hash(lines: Collection[str]) -> str:
    """SHA-256 over the lines of a batch, each ended by a line feed."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()
