# SPDX-License-Identifier: Apache-2.0
"""Decides what is measured: the standards, criteria, indices, welfare value, line and weight of a run.

It is the part of a policy package that statistics need, so that any Parquet table can be measured with
a specification written by hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from hearthline.engine.rules.parameters import get_parameter_value
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Index, Policy
from hearthline.engine.rules.types import Kind, Text
from hearthline.statistics.problems import BAD_LINE, BAD_WEIGHT

WEIGHTS = ("person", "household", "none")
"""What a figure counts: people, households (both as weighted), or the households in the file."""


@dataclass(frozen=True)
class StandardEntry:
    """One standard: its column in the run and the household criteria it combines."""

    name: str
    label: Text
    column: str
    criteria: tuple[str, ...] = ()
    default: bool = False
    source: Text = field(default_factory=dict)


@dataclass(frozen=True)
class CriterionEntry:
    """One household criterion with the words that officials read."""

    name: str
    label: Text
    met: Text = field(default_factory=dict)
    not_met: Text = field(default_factory=dict)
    unknown: Text = field(default_factory=dict)
    remedy: Text = field(default_factory=dict)
    source: Text = field(default_factory=dict)


@dataclass(frozen=True)
class CauseEntry:
    """One cause of poverty; ``column`` holds its evidence, None where the package has no rule for it."""

    name: str
    number: int
    label: Text
    column: str | None


@dataclass(frozen=True)
class Line:
    """A poverty line: one amount for everybody, or a column with an amount for each household."""

    name: str
    label: Text
    value: Decimal | float | None = None
    column: str | None = None
    source: Text = field(default_factory=dict)
    unit: str = ""
    """Nothing for a bare number, which takes any unit."""


@dataclass(frozen=True)
class Specification:
    """Everything a measure may ask for; empty parts make their measures unavailable, never zero."""

    package: str = ""
    title: Text = field(default_factory=dict)
    version_hash: str = ""
    languages: tuple[str, ...] = ("en",)
    currency: str = ""
    standards: tuple[StandardEntry, ...] = ()
    criteria: Mapping[str, CriterionEntry] = field(default_factory=dict)
    indices: tuple[Index, ...] = ()
    causes: tuple[CauseEntry, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    welfare: str | None = None
    line: Line | None = None
    welfare_unit: str = ""
    weight: str = "person"
    counts_people: bool = True
    """False where the package knows households alone: no weight in people, and nobody listed."""

    @property
    def is_comparable(self) -> bool:
        """Whether the welfare value and the line are of one unit, as far as both are known."""
        units = {self.welfare_unit, self.line.unit if self.line else ""} - {""}
        return len(units) < 2

    @property
    def default_standard(self) -> StandardEntry | None:
        """The standard whose answer is the column ``status``."""
        return next((standard for standard in self.standards if standard.default), None)

    def label(self, name: str, language: str) -> str:
        """A column by its label: a fact, a derived value, a criterion, or the answer of a standard."""
        if name in self.labels:
            return said(self.labels[name], language, name)
        if name in self.criteria:
            return said(self.criteria[name].label, language, name)
        columns = {standard.column: standard.label for standard in self.standards}
        return said(columns.get(name, {}), language, name)

    def item_label(self, table: str, item: str, language: str) -> str:
        """What a row of a table speaks of; names of different kinds may be the same."""
        name = item.rpartition(".")[2]
        if table in ("risk", "curves"):
            return _share_label(table, item, language)
        if table == "mpi_cutoffs":
            index, _, cutoff = item.partition("@")
            return f"{self.item_label('mpi', index, language)}, k = {cutoff}%"
        if table == "entropy_decomposition":
            return "*".join(self.label(part, language) for part in item.split("*"))
        kinds: dict[str, Mapping[str, Text]] = {
            "status": {standard.name: standard.label for standard in self.standards},
            "criteria": {key: criterion.label for key, criterion in self.criteria.items()},
            "causes": {cause.name: cause.label for cause in self.causes},
            "mpi": {index.name: index.label for index in self.indices},
            "mpi_decomposition": {index.name: index.label for index in self.indices},
            "mpi_indicators": {key: criterion.label for key, criterion in self.criteria.items()},
            "mpi_dimensions": self._dimension_labels(item.rpartition(".")[0]),
        }
        return said(kinds.get(table, {}).get(name, {}), language, name)

    def _dimension_labels(self, index_name: str) -> dict[str, Text]:
        return {
            dimension.name: dimension.label
            for index in self.indices
            if index.name == index_name
            for dimension in index.dimensions
        }

    def code_label(self, column: str, value: str, language: str) -> str:
        """The label of a coded value, else the value itself."""
        return said(self.codes.get(column, {}).get(value, {}), language, value)


def _share_label(table: str, item: str, language: str) -> str:
    words = {
        ("risk", "en"): "{item}% of the median",
        ("risk", "zh"): "中位数的{item}%",
        ("curves", "en"): "the poorest {item}%",
        ("curves", "zh"): "最低的{item}%",
    }
    return words[table, language].format(item=item)


def said(text: Text, language: str, otherwise: str) -> str:
    """Words in a language, else in English, else the name itself."""
    return text.get(language) or text.get("en") or otherwise


def specification_of(
    policy: Policy,
    on: date,
    *,
    welfare: str | None = None,
    line: str | None = None,
    weight: str | None = None,
) -> Specification:
    """What a package measures on a screening date; the arguments stand above the package's own choice."""
    base = Specification(
        package=policy.id,
        title=policy.title,
        version_hash=policy.version_hash,
        languages=policy.languages,
        currency=policy.currency,
        standards=_standards(policy, on),
        criteria=_criteria(policy),
        indices=tuple(policy.indices.values()),
        causes=tuple(
            CauseEntry(cause.name, cause.number, cause.label, cause.evidence)
            for cause in sorted(policy.causes.values(), key=lambda cause: cause.number)
        ),
        labels=_labels(policy),
        codes={name: fact.codes for name, fact in policy.facts.get(HOUSEHOLD, {}).items() if fact.codes},
        welfare=welfare or policy.welfare,
        welfare_unit=_unit(policy, welfare or policy.welfare or ""),
    )
    chosen_line = line or policy.line
    chosen_weight = checked_weight(weight or policy.statistics_weight)
    counts_people = policy.person_weight is not None or PERSON in policy.levels
    return replace(
        base,
        line=line_of(policy, chosen_line, on) if chosen_line else None,
        # Households under the name of people would be a false figure.
        weight="household" if chosen_weight == "person" and not counts_people else chosen_weight,
        counts_people=counts_people,
    )


def checked_weight(weight: str) -> str:
    """The weight, refused unless it is person, household or none."""
    if weight not in WEIGHTS:
        raise BAD_WEIGHT.error(name=weight)
    return weight


def line_of(policy: Policy, name: str, on: date) -> Line:
    """A line by the name of a parameter (its value on the date), by a number, or by a household value."""
    parameter = policy.parameters.get(name)
    if parameter is not None:
        dated = get_parameter_value(parameter, jurisdiction=policy.jurisdiction, purpose="standard", on=on)
        if isinstance(dated.value, (int, Decimal, float)):
            value, unit = exact_or_double(dated.value), str(parameter.type.unit)
            return Line(name, parameter.label, value=value, source=dated.source, unit=unit)
    line = line_named(name, _labels(policy))
    return line if line.column is None else replace(line, unit=_unit(policy, name))


def line_named(name: str, labels: Mapping[str, Text] | None = None) -> Line:
    """A line by a number such as ``1500``, or else by the column that holds it."""
    try:
        amount = Decimal(name)
    except InvalidOperation:
        return Line(name, (labels or {}).get(name, {}), column=name)
    if not amount.is_finite():
        return Line(name, {}, column=name)
    if math.isinf(float(amount)):
        raise BAD_LINE.error(name=name)
    return Line(name, {}, value=amount)


def exact_or_double(value: int | Decimal | float) -> Decimal | float:
    """A number of a package as the specification holds it: exact unless it is a double."""
    return value if isinstance(value, float) else Decimal(value)


def _unit(policy: Policy, name: str) -> str:
    """The unit of a household number; nothing for what is no number, or not of the package."""
    found = policy.facts.get(HOUSEHOLD, {}).get(name) or policy.derived.get(name)
    number = found is not None and found.type.kind in (Kind.NUMBER, Kind.DOUBLE)
    return str(found.type.unit) if found is not None and number else ""


def _standards(policy: Policy, on: date) -> tuple[StandardEntry, ...]:
    """The standards of poverty; one with its own words for its answers asks something else."""
    return tuple(
        StandardEntry(
            name=standard.name,
            label=standard.label,
            column="status" if standard.default else f"status_{standard.name}",
            criteria=standard.criteria or _index_criteria(policy, standard.index),
            default=standard.default,
            source=standard.source,
        )
        for standard in sorted(policy.standards.values(), key=lambda standard: not standard.default)
        if standard.in_force(on) and (standard.default or not standard.answers)
    )


def _index_criteria(policy: Policy, index: str | None) -> tuple[str, ...]:
    return tuple(policy.indices[index].weights) if index else ()


def _criteria(policy: Policy) -> dict[str, CriterionEntry]:
    """The household criteria, those of the default standard first."""
    first = list(policy.default_standard.criteria)
    names = [*first, *(name for name in policy.criteria if name not in first)]
    criteria = {name: policy.criteria[name] for name in names}
    return {
        name: CriterionEntry(
            name=name,
            label=criterion.label,
            met=criterion.met,
            not_met=criterion.not_met,
            unknown=criterion.unknown,
            remedy=criterion.remedy,
            source=criterion.source,
        )
        for name, criterion in criteria.items()
        if criterion.level == HOUSEHOLD
    }


def _labels(policy: Policy) -> dict[str, Text]:
    labels = {name: fact.label for name, fact in policy.facts.get(HOUSEHOLD, {}).items()}
    labels |= {name: rule.label for name, rule in policy.derived.items() if rule.level == HOUSEHOLD}
    return labels
