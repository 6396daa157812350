# SPDX-License-Identifier: Apache-2.0
"""Decides which column of a file looks like which fact: by name, by label, and by whether its values fit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.engine.rules.policy import Fact
from hearthline.engine.rules.types import Kind
from hearthline.intake.columns import cleaned, read_column
from hearthline.intake.dates import date_form
from hearthline.intake.values import Reading

NO_ANSWER = (
    "NA",
    "N/A",
    "NaN",
    "nan",
    ".",
    "-",
    "--",
    "无",
    "不详",
    "NULL",
    "null",
    "-9",
    "-99",
    "-999",
    "99",
    "999",
)
DATE_FORMS = (
    "yyyymm",
    "yyyymmdd",
    "yyyy/mm/dd",
    "yyyy.mm.dd",
    "yyyy-mm",
    "yyyy年mm月dd日",
    "yyyy年mm月",
    "yyyy",
)
_ALIKE = 0.78
_INEXACT = 0.95
_FITTING = 0.9
_DISTINCT_CODES = 40


@dataclass(frozen=True)
class Match:
    """A column that seems to hold a fact, how sure that is, and what the map would have to say."""

    column: str
    fact: Fact
    score: float
    missing: tuple[str, ...] = ()
    form: str | None = None
    language: str | None = None
    unknown_codes: tuple[str, ...] = ()
    remark: str = ""


def matches(columns: Mapping[str, pa.Array], facts: Sequence[Fact]) -> list[Match]:
    """The likeliest pairs of column and fact, each of them once, the surest first."""
    words = [(fact, _words(fact)) for fact in facts]
    pairs = [
        (similarity, column, fact)
        for column in columns
        for name in [_plain(column)]
        for fact, known in words
        if (similarity := _similarity(name, known)) >= _ALIKE
    ]
    found: list[Match] = []
    for similarity, column, fact in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2].name)):
        taken = any(match.column == column or match.fact is fact for match in found)
        if not taken:
            found.append(_fitted(column, columns[column], fact, similarity))
    return found


@dataclass(frozen=True)
class _Word:
    """What a fact is called, what that counts, and what compares other names with it."""

    text: str
    weight: float
    pair: difflib.SequenceMatcher[str]


def _words(fact: Fact) -> list[_Word]:
    called = [(fact.name, 1.0), *((label, 0.97) for label in fact.label.values())]
    plain = [(_plain(word), weight) for word, weight in called]
    return [_Word(word, weight, difflib.SequenceMatcher(b=word)) for word, weight in plain if word]


def _similarity(name: str, known: Sequence[_Word]) -> float:
    """How alike a name is to the nearest word; 0 where it cannot be alike enough."""
    best = 0.0
    for word in known:
        if not name:
            continue
        alike = 1.0 if name == word.text else _alike(name, word, max(best, _ALIKE) / word.weight)
        best = max(best, alike * word.weight)
    return best


def _alike(name: str, word: _Word, least: float) -> float:
    length = 2 * min(len(name), len(word.text)) / (len(name) + len(word.text))
    if length * _INEXACT < least:
        return 0.0
    word.pair.set_seq1(name)
    return 0.0 if word.pair.quick_ratio() * _INEXACT < least else word.pair.ratio() * _INEXACT


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _fitted(column: str, cells: pa.Array, fact: Fact, similarity: float) -> Match:
    """Look at the values: what would be refused, and what setting would help."""
    if fact.type.codes is not None:
        return _fitted_codes(column, cells, fact, similarity)
    tries: list[tuple[str | None, Reading]] = [(None, Reading(fact))]
    if fact.type.kind is Kind.DATE:
        forms = [(name, date_form(name)) for name in DATE_FORMS]
        tries += [(name, Reading(fact, forms=(form,))) for name, form in forms if form is not None]
    best: tuple[float, str | None, tuple[str, ...], list[str]] | None = None
    for name, reading in tries:
        refused = list(read_column(cleaned(cells, [], {}), reading).faults)
        missing = tuple(text for text in refused if text in NO_ANSWER)
        left = [text for text in refused if text not in missing]
        share = 1 - len(left) / max(pc.count_distinct(cells).as_py(), 1)
        if best is None or share > best[0]:
            best = (share, name, missing, left)
    share, form, missing, left = best or (1.0, None, (), [])
    remark = "" if not left else f"{len(left)} values do not fit, such as {_shown(left)}"
    score = similarity if share >= _FITTING else similarity * 0.5
    return Match(column, fact, score, missing, form, remark=remark)


def _fitted_codes(column: str, cells: pa.Array, fact: Fact, similarity: float) -> Match:
    texts = [text for text in pc.unique(cleaned(cells, [], {})).to_pylist() if text is not None]
    missing = tuple(text for text in texts if text in NO_ANSWER and text not in fact.codes)
    texts = [text for text in texts if text not in missing]
    strange = [text for text in texts if text not in fact.codes]
    for language in next(iter(fact.codes.values()), {}):
        labels = {label.get(language) for label in fact.codes.values()}
        if strange and not [text for text in texts if text not in labels]:
            return Match(column, fact, similarity, missing, language=language)
    shown = tuple(sorted(strange)[:_DISTINCT_CODES])
    remark = f"say what each stands for: {', '.join(sorted(fact.codes))}" if strange else ""
    return Match(column, fact, similarity, missing, unknown_codes=shown, remark=remark)


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(repr(text[:20]) for text in texts[:3])
