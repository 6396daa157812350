# SPDX-License-Identifier: Apache-2.0
"""Decides what a policy package holds once it has been read and checked, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from hearthline.engine.rules.data_sheet import DataSheet, Question, Trees
from hearthline.engine.rules.published import Series
from hearthline.engine.rules.tree import Node
from hearthline.engine.rules.types import Text, ValueType

HOUSEHOLD = "household"
PERSON = "person"
AREA = "area"

Value = bool | int | Decimal | float | date | str | None
"""A value as a person gives or reads it; None is unknown."""


@dataclass(frozen=True)
class Level:
    """A kind of row: household, person, area, or a record table; ``belongs_to`` is its owner."""

    name: str
    title: Text
    belongs_to: str | None


@dataclass(frozen=True)
class Fact:
    """One entry of the dictionary. ``declared`` is the type as the package writes it.

    ``minimum`` and ``maximum`` are inclusive and in the unit a person reads (yuan, not fen).
    """

    name: str
    level: str
    declared: str
    type: ValueType
    label: Text
    codes: Mapping[str, Text] = field(default_factory=dict)
    question: Text = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    topic: str = ""
    sensitivity: str = "internal"
    required: bool = False
    period: str | None = None
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    note: Text = field(default_factory=dict)
    origin: str = ""
    verified: str | None = None


@dataclass(frozen=True)
class ParameterValue:
    """One dated value: holds from ``start`` to ``end`` inclusive; no ``end`` means until further notice."""

    jurisdiction: str
    purpose: str
    start: date
    end: date | None
    value: Value
    source: Text
    mark: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Parameter:
    """A dated series of one quantity of the law."""

    name: str
    declared: str
    type: ValueType
    label: Text
    values: tuple[ParameterValue, ...]
    origin: str = ""


@dataclass(frozen=True)
class LookupTable:
    """A table of the package: key columns, one value column; ``rows`` maps keys to the value."""

    name: str
    label: Text
    key_names: tuple[str, ...]
    key_types: tuple[ValueType, ...]
    type: ValueType
    rows: Mapping[tuple[Value, ...], Value]
    missing_is_error: bool
    source: Text = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True)
class Derived:
    """A value computed from facts: ``tree`` is its typed formula, ``text`` the formula as written."""

    name: str
    level: str
    declared: str
    type: ValueType
    label: Text
    text: str
    tree: Node
    source: Text = field(default_factory=dict)
    origin: str = ""
    covariate: bool = False
    released: Text = field(default_factory=dict)
    """Why it is no secret although it rests on sensitive facts; empty where the package does not say so."""


@dataclass(frozen=True)
class Criterion:
    """A condition that is good when it is true: met, not met or unknown."""

    name: str
    level: str
    label: Text
    text: str
    tree: Node
    met: Text
    not_met: Text
    unknown: Text
    remedy: Text
    source: Text = field(default_factory=dict)
    origin: str = ""


class Combine(Enum):
    """How a standard turns criteria into a status."""

    ALL = "all"
    ANY = "any"
    COUNT = "count"
    INDEX = "index"


@dataclass(frozen=True)
class Standard:
    """Criteria, how they combine, and the screening dates for which the standard is in force."""

    name: str
    label: Text
    combine: Combine
    criteria: tuple[str, ...]
    at_least: int
    index: str | None
    start: date
    end: date | None
    default: bool
    source: Text = field(default_factory=dict)
    origin: str = ""
    answers: Mapping[str, Text] = field(default_factory=dict)
    """Its own words for poor, not poor and unknown, where it does not ask who is poor."""

    def in_force(self, on: date) -> bool:
        """Whether the standard may be used for a screening on this date."""
        return self.start <= on and (self.end is None or on <= self.end)


class Missing(Enum):
    """What an index does with an indicator whose answer is unknown."""

    BOUNDS = "bounds"
    NOT_DEPRIVED = "not_deprived"
    COMPLETE_CASE = "complete_case"


@dataclass(frozen=True)
class Dimension:
    """A dimension of an index with the exact weights of its indicators (criteria names)."""

    name: str
    label: Text
    weight: Fraction
    indicators: Mapping[str, Fraction]


@dataclass(frozen=True)
class Index:
    """A multidimensional index after Alkire and Foster: weights, cutoff, missing values."""

    name: str
    label: Text
    cutoff: Fraction
    missing: Missing
    dimensions: tuple[Dimension, ...]
    source: Text = field(default_factory=dict)
    origin: str = ""

    @property
    def weights(self) -> dict[str, Fraction]:
        """The weight of every indicator, in the order of the package."""
        return {name: weight for dim in self.dimensions for name, weight in dim.indicators.items()}


@dataclass(frozen=True)
class Cause:
    """A cause of poverty from the package's list; ``evidence`` names its derived value, if it has one."""

    name: str
    number: int
    label: Text
    evidence: str | None
    source: Text = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True)
class Targeting:
    """From what a score may be learned: kinds of ``verified`` facts; ``groups`` tell its errors apart."""

    allows: tuple[str, ...] = ()
    sensitive: bool = False
    groups: tuple[str, ...] = ()
    interacts: str | None = None


@dataclass(frozen=True)
class Score:
    """A score of who is likely poor: a lead. ``value`` is the derived value that holds it, else trees do."""

    name: str
    label: Text
    method: str
    value: str | None
    likelihood: str | None
    tables: tuple[str, ...]
    parts: tuple[str, ...]
    covariates: tuple[str, ...]
    statement: Text
    source: Text
    sheet: DataSheet | None
    forest: Trees | None
    questions: tuple[Question, ...] = ()
    note: Text = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True)
class Policy:
    """A whole checked package, effective after its layers, ready to be compiled or evaluated."""

    id: str
    title: Text
    description: Text
    languages: tuple[str, ...]
    jurisdiction: str
    currency: str
    minor_digits: int
    division_scale: int
    start: date
    end: date | None
    sources: Mapping[str, Text]
    household_weight: str | None
    person_weight: str | None
    levels: Mapping[str, Level]
    facts: Mapping[str, Mapping[str, Fact]]
    parameters: Mapping[str, Parameter]
    lookups: Mapping[str, LookupTable]
    derived: Mapping[str, Derived]
    criteria: Mapping[str, Criterion]
    standards: Mapping[str, Standard]
    indices: Mapping[str, Index]
    causes: Mapping[str, Cause]
    layers: tuple[str, ...]
    version_hash: str
    welfare: str | None = None
    line: str | None = None
    statistics_weight: str = "person"
    targeting: Targeting = Targeting()
    series: Mapping[str, Series] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    topics: Mapping[str, Text] = field(default_factory=dict)
    terms: Mapping[str, Text] = field(default_factory=dict)
    """How purposes and jurisdictions of parameter values are called."""

    @property
    def default_standard(self) -> Standard:
        """The standard whose answer is called ``status``."""
        return next(standard for standard in self.standards.values() if standard.default)

    def record_levels(self) -> list[Level]:
        """Person and the record tables, owners before what belongs to them."""
        owned = [level for level in self.levels.values() if level.belongs_to]
        return sorted(owned, key=lambda level: (level.belongs_to != HOUSEHOLD, level.name != PERSON))
