# SPDX-License-Identifier: Apache-2.0
"""Decides what of a package is shown to people, entry by entry, with the package each value came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hearthline.engine.packages.series_words import SeriesWords
from hearthline.engine.packages.words import choice, word
from hearthline.engine.rules.policy import (
    Criterion,
    Derived,
    Fact,
    Index,
    LookupTable,
    Parameter,
    Policy,
    Standard,
    Value,
)
from hearthline.engine.rules.published import Series
from hearthline.engine.rules.types import Kind, Text, ValueType
from hearthline.engine.rules.units import NO_UNIT
from hearthline.engine.rules.wording import said, term_of, unit_of, unit_words, value_words

SECTIONS = (
    "package",
    "facts",
    "parameters",
    "lookups",
    "derived",
    "criteria",
    "standards",
    "indices",
    "causes",
    "series",
)
OPEN = "…"
"""Stands for the end of a period that has none."""


@dataclass(frozen=True)
class ShownField:
    """One property: ``key`` names it, a word of the format or the period of a value."""

    key: str
    text: str
    origin: str = ""


@dataclass(frozen=True)
class ShownEntry:
    """One entry of the effective package with its properties, and the package it comes from."""

    section: str
    name: str
    title: str
    fields: tuple[ShownField, ...]
    origin: str = ""


def dated_words(policy: Policy, key: str, language: str) -> str:
    """Place, purpose and period of a dated value of a parameter, by the terms of the package."""
    *terms, last = key.split(", ")
    called = [
        said(policy.terms[term], language) if term in policy.terms else word(term, language) for term in terms
    ]
    return ("，" if language == "zh" else ", ").join([*called, last])


def shown_entries(policy: Policy, language: str) -> Iterator[ShownEntry]:
    """Every entry of the package in a language, section by section."""
    view = _View(policy, language)
    yield view.package()
    for level in policy.facts.values():
        yield from map(view.fact, level.values())
    yield from map(view.parameter, policy.parameters.values())
    yield from map(view.lookup, policy.lookups.values())
    evidence = {cause.evidence for cause in policy.causes.values()}
    yield from (view.derived(each) for name, each in policy.derived.items() if name not in evidence)
    yield from map(view.criterion, policy.criteria.values())
    yield from map(view.standard, policy.standards.values())
    yield from map(view.index, policy.indices.values())
    yield from view.causes()
    yield from map(view.series, policy.series.values())


def _fields(pairs: Iterable[tuple[str, str]]) -> tuple[ShownField, ...]:
    return tuple(ShownField(key, text) for key, text in pairs if text)


def period(start: date, end: date | None) -> str:
    """A period as it is shown."""
    return f"{start.isoformat()} – {end.isoformat() if end else OPEN}"


class _View:
    """Says the parts of one package in one language."""

    def __init__(self, policy: Policy, language: str) -> None:
        self.policy = policy
        self.language = language

    def _said(self, text: Text) -> str:
        return said(text, self.language)

    def _unit(self, kind: ValueType, named: Text) -> str:
        if kind.kind not in (Kind.NUMBER, Kind.DOUBLE) or kind.unit in (None, NO_UNIT):
            return ""
        return unit_of(str(kind.unit), self.language, named)

    def _value(self, value: Value, kind: ValueType, named: Text) -> str:
        if isinstance(value, float):  # every digit, so that a small change is seen
            return f"{value!r} {unit_words(str(kind.unit), self.language)}".strip()
        return value_words(value, kind, self.language, named=named)

    def _known(self, name: str, words: Mapping[str, Text]) -> str:
        """A name of the package with what it is called."""
        return f"{name} ({self._said(words[name])})" if name in words else name

    def _choice(self, key: str) -> str:
        return choice(key, self.language)

    def _level(self, name: str) -> str:
        return self._said(self.policy.levels[name].title)

    def _criterion(self, name: str) -> str:
        return f"{name} ({self._said(self.policy.criteria[name].label)})"

    def package(self) -> ShownEntry:
        """The settings of the whole package."""
        policy = self.policy
        levels = (
            f"{name} ({self._said(level.title)}){' < ' + level.belongs_to if level.belongs_to else ''}"
            for name, level in policy.levels.items()
        )
        sources = (f"{name} ({self._said(text)})" for name, text in policy.sources.items())
        pairs = [
            ("description", self._said(policy.description)),
            ("layers", " < ".join(policy.layers)),
            ("version", policy.version_hash),
            ("languages", ", ".join(policy.languages)),
            ("jurisdiction", self._known(policy.jurisdiction, policy.terms)),
            ("currency", f"{policy.currency}, {policy.minor_digits}"),
            ("division_scale", str(policy.division_scale)),
            ("valid", period(policy.start, policy.end)),
            ("levels", ", ".join(levels)),
            ("sources", ", ".join(sources)),
            ("topics", ", ".join(f"{name} ({self._said(text)})" for name, text in policy.topics.items())),
            ("terms", ", ".join(f"{name} ({self._said(text)})" for name, text in policy.terms.items())),
            ("household_weight", policy.household_weight or ""),
            ("person_weight", policy.person_weight or ""),
            ("welfare", policy.welfare or ""),
            ("line", policy.line or ""),
            ("statistics_weight", self._choice(policy.statistics_weight) if policy.welfare else ""),
        ]
        return ShownEntry("package", policy.id, self._said(policy.title), _fields(pairs))

    def fact(self, fact: Fact) -> ShownEntry:
        """A fact of the dictionary."""
        codes = "; ".join(f"{code} = {self._said(text)}" for code, text in fact.codes.items())
        pairs = [
            ("type", self._choice(fact.declared)),
            ("unit", self._unit(fact.type, fact.label)),
            ("bounds", _bounds(fact.minimum, fact.maximum)),
            ("digits", _digits(fact.type)),
            ("codes", codes),
            ("topic", self._known(fact.topic, self.policy.topics)),
            ("sources", " > ".join(self._known(name, self.policy.sources) for name in fact.sources)),
            ("sensitivity", self._choice(fact.sensitivity)),
            ("required", self._choice("yes") if fact.required else ""),
            ("span", self._choice(fact.period) if fact.period else ""),
            ("question", self._said(fact.question)),
            ("note", self._said(fact.note)),
        ]
        name = f"{fact.level}.{fact.name}"
        return ShownEntry("facts", name, self._said(fact.label), _fields(pairs), fact.origin)

    def parameter(self, parameter: Parameter) -> ShownEntry:
        """A parameter; each value says which package set it."""
        label = parameter.label
        fields = list(
            _fields(
                [
                    ("type", self._choice(parameter.declared)),
                    ("unit", self._unit(parameter.type, parameter.label)),
                ]
            )
        )
        for value in parameter.values:
            key = f"{value.jurisdiction}, {value.purpose}, {period(value.start, value.end)}"
            mark = f" [{term_of(self.policy, value.mark, self.language)}]" if value.mark else ""
            text = f"{self._value(value.value, parameter.type, label)} — {self._said(value.source)}{mark}"
            fields.append(ShownField(key, text, value.origin))
        title = self._said(label)
        return ShownEntry("parameters", parameter.name, title, tuple(fields), parameter.origin)

    def lookup(self, table: LookupTable) -> ShownEntry:
        """A lookup table, row by row."""
        pairs = [
            ("keys", ", ".join(table.key_names)),
            ("unit", self._unit(table.type, table.label)),
            ("missing", self._choice("error" if table.missing_is_error else "unknown")),
            ("source", self._said(table.source)),
        ]
        for keys, value in table.rows.items():
            words = ", ".join(
                value_words(key, kind, self.language) for key, kind in zip(keys, table.key_types, strict=True)
            )
            pairs.append((f"[{words}]", self._value(value, table.type, table.label)))
        return ShownEntry("lookups", table.name, self._said(table.label), _fields(pairs), table.origin)

    def derived(self, derived: Derived) -> ShownEntry:
        """A derived value with its formula."""
        pairs = [
            ("level", self._level(derived.level)),
            ("type", self._choice(derived.declared)),
            ("unit", self._unit(derived.type, derived.label)),
            ("formula", derived.text),
            ("released", self._said(derived.released)),
            ("source", self._said(derived.source)),
        ]
        return ShownEntry("derived", derived.name, self._said(derived.label), _fields(pairs), derived.origin)

    def criterion(self, criterion: Criterion) -> ShownEntry:
        """A criterion with its good condition and the words officials read."""
        pairs = [
            ("level", self._level(criterion.level)),
            ("good", criterion.text),
            ("met", self._said(criterion.met)),
            ("not_met", self._said(criterion.not_met)),
            ("unknown", self._said(criterion.unknown)),
            ("remedy", self._said(criterion.remedy)),
            ("source", self._said(criterion.source)),
        ]
        title = self._said(criterion.label)
        return ShownEntry("criteria", criterion.name, title, _fields(pairs), criterion.origin)

    def standard(self, standard: Standard) -> ShownEntry:
        """A standard: what decides, how, and when."""
        pairs = [
            ("default", "status" if standard.default else f"status_{standard.name}"),
            ("combine", self._choice(standard.combine.value)),
            ("decided_by", ", ".join(map(self._criterion, standard.criteria))),
            ("at_least", str(standard.at_least) if standard.at_least else ""),
            ("index", standard.index or ""),
            ("valid", period(standard.start, standard.end)),
            ("source", self._said(standard.source)),
        ]
        title = self._said(standard.label)
        return ShownEntry("standards", standard.name, title, _fields(pairs), standard.origin)

    def index(self, index: Index) -> ShownEntry:
        """An index with its exact weights."""
        pairs = [("cutoff", str(index.cutoff)), ("treatment", self._choice(index.missing.value))]
        for dimension in index.dimensions:
            weights = ", ".join(
                f"{self._criterion(name)} {weight}" for name, weight in dimension.indicators.items()
            )
            title = f"{dimension.name} ({self._said(dimension.label)})"
            pairs.append((title, f"{dimension.weight} = {weights}"))
        pairs.append(("source", self._said(index.source)))
        return ShownEntry("indices", index.name, self._said(index.label), _fields(pairs), index.origin)

    def causes(self) -> Iterator[ShownEntry]:
        """The causes in the order of their numbers."""
        for cause in sorted(self.policy.causes.values(), key=lambda cause: cause.number):
            evidence = self.policy.derived[cause.evidence].text if cause.evidence else ""
            pairs = [
                ("number", str(cause.number)),
                ("evidence", evidence),
                ("source", self._said(cause.source)),
            ]
            yield ShownEntry("causes", cause.name, self._said(cause.label), _fields(pairs), cause.origin)

    def series(self, series: Series) -> ShownEntry:
        """Published figures, each with its source and what contradicts it."""
        words = SeriesWords(series, self.language)
        fields = list(_fields([("unit", words.unit), ("base", self._said(series.base))]))
        for figure in series.figures:
            when = period(figure.start, figure.end) if figure.start < figure.end else figure.end.isoformat()
            key = f"{when}, {figure.place}" if figure.place else when  # the same in every language
            text = [f"{words.value(figure)} — {self._said(figure.source)}"]
            text += [words.conflict(rival) for rival in figure.conflicts]
            fields.append(ShownField(key, "; ".join(text), series.origin))
        return ShownEntry("series", series.name, self._said(series.label), tuple(fields), series.origin)


def _bounds(low: Decimal | date | None, high: Decimal | date | None) -> str:
    if low is None and high is None:
        return ""
    return f"{OPEN if low is None else low} – {OPEN if high is None else high}"


def _digits(kind: ValueType) -> str:
    return f"{kind.digits}, {kind.scale}" if kind.kind is Kind.NUMBER else ""


def fields_by_key(entry: ShownEntry) -> Mapping[str, str]:
    """The properties of an entry by name."""
    return {field.key: field.text for field in entry.fields}
