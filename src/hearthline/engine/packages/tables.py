# SPDX-License-Identifier: Apache-2.0
"""Decides the lookup tables: rows of the right length and types, each key once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.declared_types import Declaration, scale_of, value_type
from hearthline.engine.packages.layers import Entry, ReadLayer, merged
from hearthline.engine.packages.problems import BAD_LOOKUP, NAMED_TWICE
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.quantities import LookupEntry, LookupsFile
from hearthline.engine.packages.series import extent_of
from hearthline.engine.packages.settings import Settings
from hearthline.engine.packages.typed_values import Expected, typed_value
from hearthline.engine.rules.policy import LookupTable, Value


def lookups_of(layers: Sequence[ReadLayer], settings: Settings, faults: Faults) -> dict[str, LookupTable]:
    """Every lookup table of the effective package."""
    entries = merged([read.entries("lookups", _picked) for read in layers], faults)
    return {name: _table(entry, settings, faults) for name, entry in entries.items()}


def _picked(model: BaseModel) -> Mapping[str, LookupEntry | Removal]:
    return model.root if isinstance(model, LookupsFile) else {}


def _table(entry: Entry[LookupEntry], settings: Settings, faults: Faults) -> LookupTable:
    written = entry.model
    settings.check_words(written.label, "label", lambda *p: entry.key_place("label", *p), faults)
    settings.checked_note(written.note, entry.key_place, faults)
    names = [key.name for key in written.keys]
    for index, name in enumerate(names):
        if name in names[:index]:
            faults.add(NAMED_TWICE.error(entry.place("keys", index, "name"), name=name))
    rows = _rows(entry, settings, faults)
    value = written.value
    declaration = Declaration(
        value.type,
        value.unit,
        value.scale,
        lambda key: entry.key_place("value", key),
        extent=extent_of(rows.values(), value.type),
    )
    keys = [_key_declaration(entry, index) for index in range(len(written.keys))]
    return LookupTable(
        name=entry.name,
        label=written.label,
        key_names=tuple(names),
        key_types=tuple(value_type(key, settings, faults) for key in keys),
        type=value_type(declaration, settings, faults),
        rows=rows,
        missing_is_error=written.missing == "error",
        source=settings.checked_source(written.source, entry.key_place, faults),
        origin=entry.origin,
    )


def _key_declaration(entry: Entry[LookupEntry], index: int) -> Declaration:
    key = entry.model.keys[index]
    return Declaration(key.type, key.unit, None, lambda part: entry.key_place("keys", index, part))


def _rows(entry: Entry[LookupEntry], settings: Settings, faults: Faults) -> dict[tuple[Value, ...], Value]:
    written = entry.model
    columns = [Expected(key.name, key.type) for key in written.keys]
    scale = scale_of(written.value.type, written.value.scale, settings)
    columns.append(Expected("value", written.value.type, scale))
    first: dict[tuple[Value, ...], int] = {}
    rows: dict[tuple[Value, ...], Value] = {}
    for index, raw in enumerate(written.rows):
        if len(raw) != len(columns):
            reason = f"this row has {len(raw)} values instead of {len(columns)}"
            listed = ", ".join(column.name for column in columns)
            error = BAD_LOOKUP.error(
                entry.place("rows", index), name=entry.name, reason=reason, hint=f"A row is [{listed}]."
            )
            faults.add(error)
            continue
        values: list[Value] = []
        for position, (cell, column) in enumerate(zip(raw, columns, strict=True)):
            with faults.kept():
                values.append(typed_value(cell, column, entry.place("rows", index, position)))
        if len(values) < len(columns):
            continue
        key = tuple(values[:-1])
        if key in first:
            reason = f"the key of this row is already in row {first[key] + 1}"
            faults.add(
                BAD_LOOKUP.error(
                    entry.place("rows", index), name=entry.name, reason=reason, hint="Keep one of the two."
                )
            )
        first.setdefault(key, index)
        rows[key] = values[-1]
    return rows
