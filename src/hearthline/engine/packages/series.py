# SPDX-License-Identifier: Apache-2.0
"""Decides the parameters: dated values of all layers taken together, typed, with no day claimed twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pydantic import BaseModel

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.declared_types import NUMBERS, Declaration, scale_of, value_type
from hearthline.engine.packages.document import Document, Path
from hearthline.engine.packages.layers import Entry, ReadLayer, merged
from hearthline.engine.packages.problems import BAD_PARAMETER, BAD_PERIOD, NOTHING_TO_REMOVE, OVERLAP
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.quantities import (
    DatedPeriod,
    DatedRemoval,
    DatedValue,
    ParameterEntry,
    ParametersFile,
)
from hearthline.engine.packages.settings import Settings
from hearthline.engine.packages.typed_values import Expected, typed_value
from hearthline.engine.rules.policy import Parameter, ParameterValue, Value

Span = tuple[str, str, date, date | None]
"""Jurisdiction, purpose, first and last day."""


@dataclass(frozen=True)
class Dated:
    """One value as written, with its place and the package it comes from."""

    model: DatedValue
    document: Document
    path: Path
    origin: str

    def place(self, *path: str) -> Place:
        """Where the value, or a key of it, stands."""
        return self.document.place(*self.path, *path)

    def key_place(self, *path: str) -> Place:
        """Where a key of it stands."""
        return self.document.key_place(*self.path, *path)


@dataclass
class Series:
    """A parameter while the layers are joined: its entries, lowest first, and its values by span."""

    name: str
    entries: list[Entry[ParameterEntry]] = field(default_factory=list)
    values: dict[Span, Dated] = field(default_factory=dict)

    @property
    def top(self) -> Entry[ParameterEntry]:
        """The entry of the highest layer."""
        return self.entries[-1]


def parameters_of(layers: Sequence[ReadLayer], settings: Settings, faults: Faults) -> dict[str, Parameter]:
    """Every parameter with its effective values, sorted by place, purpose and day."""
    series: dict[str, Series] = {}
    for index, read in enumerate(layers):
        jurisdiction = settings.jurisdictions[index]
        if index and jurisdiction != settings.jurisdictions[index - 1]:
            # a place of its own begins with the values of the place below it
            for each in series.values():
                _inherit(each, settings.jurisdictions[index - 1], jurisdiction)
        _join(series, read, jurisdiction, faults)
    return {name: _parameter(each, settings, faults) for name, each in series.items()}


def _inherit(series: Series, below: str, own: str) -> None:
    for (jurisdiction, purpose, start, end), dated in list(series.values.items()):
        if jurisdiction == below:
            series.values.setdefault((own, purpose, start, end), dated)


def _picked(model: BaseModel) -> Mapping[str, ParameterEntry | Removal]:
    return model.root if isinstance(model, ParametersFile) else {}


def _join(series: dict[str, Series], read: ReadLayer, jurisdiction: str, faults: Faults) -> None:
    """Add one layer: the same place, purpose and period replaces the value below."""
    entries = list(read.entries("parameters", _picked))
    for entry in entries:
        if isinstance(entry.model, Removal) and series.pop(entry.name, None) is None:
            faults.add(
                NOTHING_TO_REMOVE.error(entry.key_place(), name=entry.name, hint="Delete these lines.")
            )
    written: list[Entry[ParameterEntry | Removal]] = [x for x in entries if not isinstance(x.model, Removal)]
    for name, kept in merged([written], faults).items():
        each = series.setdefault(name, Series(name))
        each.entries.append(kept)
        _join_values(each, jurisdiction, faults)


def _join_values(series: Series, jurisdiction: str, faults: Faults) -> None:
    entry = series.top
    own: set[Span] = set()
    for index, model in enumerate(entry.model.values):
        path = (*entry.path, "values", index)
        span = _span(model, jurisdiction, entry, path, faults)
        if span is None:
            continue
        if isinstance(model, DatedRemoval):
            if series.values.pop(span, None) is None:
                place = entry.document.place(*path)
                hint = "Write the same period, place and purpose as the value below."
                faults.add(NOTHING_TO_REMOVE.error(place, name=f"{series.name} of this period", hint=hint))
            continue
        dated = Dated(model, entry.document, path, entry.origin)
        if span in own:
            faults.add(_overlap(series.name, span, span[2], dated, series.values[span]))
        own.add(span)
        series.values[span] = dated


def _span(
    model: DatedPeriod, jurisdiction: str, entry: Entry[ParameterEntry], path: Path, faults: Faults
) -> Span | None:
    """The period of a value: a whole year, or from a day to a day or until further notice."""
    where, purpose = model.jurisdiction or jurisdiction, model.purpose
    if model.year is not None and (model.start or model.end):
        reason, hint = "a value has both a year and from or to", "Write either year, or from and to."
    elif model.year is not None:
        return where, purpose, date(model.year, 1, 1), date(model.year, 12, 31)
    elif model.start is None:
        reason, hint = "a value does not say when it holds", "Write year: 2014, or from: 2014-01-01."
    elif model.end is not None and model.end < model.start:
        faults.add(BAD_PERIOD.error(entry.document.place(*path, "to"), start=model.start, end=model.end))
        return None
    else:
        return where, purpose, model.start, model.end
    faults.add(BAD_PARAMETER.error(entry.document.place(*path), name=entry.name, reason=reason, hint=hint))
    return None


def _parameter(series: Series, settings: Settings, faults: Faults) -> Parameter:
    entries = series.entries
    word = _agreed(series, "type", faults) or "text"
    unit = _agreed(series, "unit", faults)
    scale = _agreed(series, "scale", faults)
    label = next((x for x in reversed(entries) if x.model.label is not None), None)
    for key, value in (("type", entries[0].model.type), ("label", label)):
        if value is None:
            hint = f"Add {key}: to the parameter; only a layer over another package may leave it out."
            faults.add(
                BAD_PARAMETER.error(
                    entries[0].key_place(), name=series.name, reason=f"it has no {key}", hint=hint
                )
            )
    if label is not None:
        settings.check_words(
            label.model.label or {}, "label", lambda *p: label.key_place("label", *p), faults
        )
    for entry in entries:
        settings.checked_note(entry.model.note, entry.key_place, faults)
    expected = Expected(series.name, str(word), scale_of(str(word), _whole(scale), settings))
    values = [_value(span, dated, expected, settings, faults) for span, dated in series.values.items()]
    values.sort(key=lambda value: (value.jurisdiction, value.purpose, value.start))
    _refuse_overlaps(series, faults)
    declaration = Declaration(
        str(word),
        None if unit is None else str(unit),
        _whole(scale),
        entries[-1].key_place,
        extent=extent_of((value.value for value in values), str(word)),
    )
    kind = value_type(declaration, settings, faults)
    words = label.model.label if label is not None else None
    return Parameter(series.name, str(word), kind, words or {}, tuple(values), entries[-1].origin)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _agreed(series: Series, key: str, faults: Faults) -> object:
    """A property that every layer which writes it must write alike."""
    found: object = None
    for entry in series.entries:
        value = getattr(entry.model, key)
        if value is None:
            continue
        if found is not None and value != found:
            reason = f"its {key} is {value} here but {found} in the package below"
            hint = f"Delete {key} here; a layer changes values, not what they mean."
            faults.add(BAD_PARAMETER.error(entry.key_place(key), name=series.name, reason=reason, hint=hint))
        found = found if found is not None else value
    return found


def extent_of(values: Iterable[Value], word: str) -> Decimal | None:
    """The greatest absolute value of exact numbers; None for other types and for nothing."""
    if word not in NUMBERS or word == "double":
        return None
    numbers = [Decimal(value).copy_abs() for value in values if isinstance(value, int | Decimal)]
    return max(numbers, default=None)


def _value(
    span: Span, dated: Dated, expected: Expected, settings: Settings, faults: Faults
) -> ParameterValue:
    value: Value = None
    with faults.kept():
        value = typed_value(dated.model.value, expected, dated.place("value"))
    source = settings.checked_source(dated.model.source, dated.key_place, faults)
    return ParameterValue(*span, value, source, dated.model.mark or "", dated.origin)


def _refuse_overlaps(series: Series, faults: Faults) -> None:
    """Neighbours in order of their first day: if no two of them overlap, none do."""
    spans = sorted(series.values, key=lambda span: (span[0], span[1], span[2], span[3] or date.max))
    for earlier, later in pairwise(spans):
        same = earlier[:2] == later[:2]
        if same and (earlier[3] is None or earlier[3] >= later[2]):
            faults.add(_overlap(series.name, later, later[2], series.values[later], series.values[earlier]))


def _overlap(name: str, span: Span, day: date, here: Dated, other: Dated) -> HearthlineError:
    return OVERLAP.error(
        here.place(),
        name=name,
        jurisdiction=span[0],
        purpose=span[1],
        day=day.isoformat(),
        other=other.place(),
    )
