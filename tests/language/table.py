# SPDX-License-Identifier: Apache-2.0
"""Decides how the truth table is read: groups of rows under one formula, every scalar by its declared type.

A row is ``[sentence, given, expect]``. A fact that is not given is unknown; ``unknown`` may be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import yaml

from hearthline.engine.rules.evaluator import OWNER_KEY, Record
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Value
from tests.language.dictionary import CLAIM, FACTS, LEVELS
from tests.language.drafts import Rule

TRUTH = Path(__file__).parent / "truth"
USUAL_DATE = "2014-12-31"
GROUP_KEYS = {"formula", "gives", "level", "on", "division_scale", "rows"}

Written = str | list["Written"] | dict[str, "Written"]


@dataclass(frozen=True)
class Group:
    """Rows that share a formula."""

    rule: Rule
    on: date


@dataclass(frozen=True)
class TruthRow:
    """One line of the table; ``expected`` is a list where the formula is of the level person."""

    subject: str
    sentence: str
    group: Group
    given: Record
    expected: Value | list[Value]

    @property
    def words(self) -> str:
        """The row as a test names it."""
        return f"{self.subject}: {self.group.rule.formula}: {self.sentence}"


def truth_rows() -> list[TruthRow]:
    """Every row of every file, in order."""
    rows: list[TruthRow] = []
    for file in sorted(TRUTH.glob("*.yaml")):
        groups = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for number, written in enumerate(groups, 1):
            rows += _group_rows(file.stem, number, written)
    return rows


def _group_rows(subject: str, number: int, written: Mapping[str, Written]) -> list[TruthRow]:
    strange = written.keys() - GROUP_KEYS
    if strange:
        raise ValueError(f"{subject}, group {number}: what is {', '.join(sorted(strange))}?")
    gives = str(written.get("gives", "boolean"))
    rule = Rule(
        f"{subject}_{number}",
        str(written["formula"]),
        gives,
        str(written.get("level", HOUSEHOLD)),
        int(str(written.get("division_scale", "6"))),
    )
    group = Group(rule, date.fromisoformat(str(written.get("on", USUAL_DATE))))
    rows = []
    for entry in written["rows"]:
        sentence, given, expected = cast("tuple[str, dict[str, Written], Written]", entry)
        answer = (
            [_scalar(str(item), gives.split()[0]) for item in expected]
            if isinstance(expected, list)
            else _scalar(str(expected), gives.split()[0])
        )
        rows.append(TruthRow(subject, sentence, group, _record(given), answer))
    return rows


def _record(given: Mapping[str, Written]) -> Record:
    record = Record(household={"size": 1})
    for name, written in given.items():
        if name == AREA and isinstance(written, dict):
            record.area = _facts(AREA, written)
        elif isinstance(written, list):
            for row in written:
                _add_row(record, name, cast("dict[str, Written]", row))
        else:
            record.household.update(_facts(HOUSEHOLD, {name: written}))
    return record


def _add_row(record: Record, level: str, row: Mapping[str, Written]) -> None:
    rows = record.tables.setdefault(level, [])
    own = {name: written for name, written in row.items() if name != CLAIM}
    rows.append(_facts(level, own))
    if level == PERSON:
        claims = record.tables.setdefault(CLAIM, [])
        for claim in cast("list[dict[str, Written]]", row.get(CLAIM, [])):
            claims.append({**_facts(CLAIM, claim), OWNER_KEY: len(rows) - 1})


_DECLARED = {(entry.level, entry.name): entry for entry in FACTS}
_KNOWN_LEVELS = {entry.name for entry in LEVELS}


def _facts(level: str, written: Mapping[str, Written]) -> dict[str, Value]:
    if level not in _KNOWN_LEVELS:
        raise ValueError(f"'{level}' is no level of the truth table")
    return {name: _scalar(str(text), _fact(level, name).declared) for name, text in written.items()}


def _fact(level: str, name: str) -> Fact:
    if (level, name) not in _DECLARED:
        raise ValueError(f"'{level}.{name}' is no fact of the truth table")
    return _DECLARED[level, name]


def _scalar(text: str, declared: str) -> Value:
    """A value as the table writes it."""
    if text == "unknown":
        return None
    if declared == "boolean":
        return {"true": True, "false": False}[text]
    if declared == "integer":
        return int(text)
    if declared in ("decimal", "money"):
        return Decimal(text)
    if declared == "double":
        return float(text)
    return date.fromisoformat(text) if declared == "date" else text
