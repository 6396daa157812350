# SPDX-License-Identifier: Apache-2.0
"""Decides what ``--set`` may say, and what it changes in a package: typed, in its unit, or refused.

An address is the name of a parameter, or the kind of a definition and its name. Nothing that is set becomes
SQL: a value is a value of its type, and a formula goes the way of every formula of a package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import shown
from hearthline.engine.packages.layers import Entry
from hearthline.engine.packages.rule_entries import RuleEntries
from hearthline.engine.packages.schema.quantities import LookupEntry
from hearthline.engine.packages.schema.rules import StandardEntry
from hearthline.engine.packages.typed_values import Expected, typed_value
from hearthline.engine.packages.yaml_text import plain_value
from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import Parameter, Policy
from hearthline.engine.rules.types import Kind, Text
from hearthline.engine.rules.units import unit_of
from hearthline.engine.rules.vocabulary import nearest_hint
from hearthline.simulation.problems import (
    ALREADY_SO,
    BAD_CHOICE,
    IN_INDEX,
    LAST_CRITERION,
    LINE_BELOW_ZERO,
    NO_ADDRESS,
    NO_VALUE,
    SET_TWICE,
    UNKNOWN_ADDRESS,
    WRONG_UNIT,
)
from hearthline.simulation.writing import FormulaWords, entry_of

LINE = "line"
"""Stands for the parameter that the package names as its line."""

SOURCE: Text = {"en": "What if: set for a simulation, by no law", "zh": "模拟假设，无法规依据"}
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True)
class Setting:
    """One thing that was set: its address in full, what it was, and what it becomes."""

    address: str
    was: str
    becomes: str


@dataclass
class Overlay:
    """The entries of the layer that the settings make, by kind of file."""

    parameters: dict[str, dict[str, object]] = field(default_factory=dict)
    lookups: dict[str, dict[str, object]] = field(default_factory=dict)
    rules: dict[str, dict[str, object]] = field(default_factory=dict)

    def rule(self, section: str, name: str, entry: Mapping[str, object]) -> None:
        """A rule of a section such as ``derived``, whole."""
        self.rules.setdefault(section, {})[name] = dict(entry)


@dataclass(frozen=True)
class Written:
    """A package as its files say it: what settings start from."""

    policy: Policy
    rules: RuleEntries
    lookups: Mapping[str, Entry[LookupEntry]]
    on: date


def read_settings(texts: Sequence[str], written: Written) -> tuple[Overlay, tuple[Setting, ...]]:
    """The layer that some settings make, and what each changes; raises where one cannot be."""
    reader = _Settings(written)
    done: dict[str, Setting] = {}
    for text in texts:
        address, equals, value = text.partition("=")
        if not equals or not address.strip() or not value.strip():
            raise NO_ADDRESS.error(setting=text)
        setting = reader.read(address.strip(), value.strip())
        if setting.address in done:
            raise SET_TWICE.error(address=setting.address)
        done[setting.address] = setting
    reader.finish()
    return reader.overlay, tuple(done.values())


class _Settings:
    """Reads one setting after another into one layer."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.policy = written.policy
        self.overlay = Overlay()
        self.standards: dict[str, StandardEntry] = {
            name: entry.model for name, entry in written.rules.standards.items()
        }
        self._touched: set[str] = set()

    def read(self, address: str, value: str) -> Setting:
        """Note one setting."""
        head, _, rest = address.partition(".")
        kinds: dict[str, Callable[[str, str], Setting]] = {
            "criteria": self._criterion,
            "standards": self._standard,
            "indices": self._index,
            "derived": self._derived,
            "lookups": self._lookup,
            "parameters": self._parameter,
        }
        if rest and head in kinds:
            return kinds[head](rest, value)
        if address == "standard":
            return self._default(value)
        return self._parameter(address, value)

    def finish(self) -> None:
        """Write the standards that were changed, once each."""
        for name in sorted(self._touched):
            entry = self.standards[name]
            if entry.criteria == []:
                last = self.written.rules.standards[name].model.criteria or [""]
                raise LAST_CRITERION.error(name=last[0], standard=name)
            self.overlay.rule("standards", name, entry_of(entry))

    # -- parameters ---------------------------------------------------------------------------------

    def _parameter(self, address: str, value: str) -> Setting:
        name, _, purpose = address.partition(".")
        if name == LINE and LINE not in self.policy.parameters and self.policy.line in self.policy.parameters:
            name = str(self.policy.line)
        parameter = self.policy.parameters.get(name)
        if parameter is None:
            raise self._unknown(address, [LINE, *self.policy.parameters, *self._addresses()])
        purpose = purpose or "standard"
        found = find_parameter_value(
            parameter, jurisdiction=self.policy.jurisdiction, purpose=purpose, on=self.written.on
        )
        full = name if purpose == "standard" else f"{name}.{purpose}"
        if found is None:
            own = {each.purpose for each in parameter.values}
            raise NO_VALUE.error(
                address=name, purpose=purpose, on=self.written.on, hint=nearest_hint(purpose, own)
            )
        typed = _typed(full, value, parameter)
        if typed == found.value and type(typed) is type(found.value):
            raise ALREADY_SO.error(address=full, value=shown(found.value))
        if name == self.policy.line and isinstance(typed, int | Decimal | float) and typed < 0:
            raise LINE_BELOW_ZERO.error(
                address=full, package=self.policy.id, value=shown(typed), positive=shown(-typed)
            )
        dated: dict[str, object] = {"from": found.start}
        if found.end is not None:
            dated["to"] = found.end
        dated |= {"jurisdiction": found.jurisdiction, "purpose": purpose, "value": typed, "source": SOURCE}
        entry = self.overlay.parameters.setdefault(name, {"values": []})
        values = entry["values"]
        assert isinstance(values, list)  # narrows the type: set two lines above
        values.append(dated)
        return Setting(full, _written(found.value, parameter), _written(typed, parameter))

    # -- criteria and standards ---------------------------------------------------------------------

    def _criterion(self, name: str, value: str) -> Setting:
        entries = self.written.rules.criteria
        if name not in entries:
            raise self._unknown(f"criteria.{name}", [f"criteria.{each}" for each in entries])
        default = self.policy.default_standard
        if value in _SWITCH:
            return self._switch(default.name, name, value, f"criteria.{name}")
        model = entries[name].model
        self.overlay.rule("criteria", name, entry_of(model, good=FormulaWords(value), source=SOURCE))
        return Setting(f"criteria.{name}", model.good.strip(), value)

    def _switch(self, standard: str, name: str, value: str, address: str) -> Setting:
        entry = self.standards[standard]
        if entry.criteria is None:
            raise IN_INDEX.error(name=name, index=entry.index)
        on = name in entry.criteria
        if on is _SWITCH[value]:
            raise ALREADY_SO.error(address=address, value=value)
        criteria = [*entry.criteria, name] if not on else [each for each in entry.criteria if each != name]
        self._change(standard, criteria=criteria)
        return Setting(address, "off" if not on else "on", value)

    def _change(self, standard: str, **changed: object) -> None:
        self.standards[standard] = self.standards[standard].model_copy(update={**changed, "source": SOURCE})
        self._touched.add(standard)

    def _standard(self, address: str, value: str) -> Setting:
        name, _, key = address.partition(".")
        full = f"standards.{address}"
        if name not in self.standards:
            raise self._unknown(full, [f"standards.{each}.combine" for each in self.standards])
        entry = self.standards[name]
        part, _, criterion = key.partition(".")
        if part == "criteria" and criterion:
            if criterion not in self.written.rules.criteria:
                known = [f"standards.{name}.criteria.{each}" for each in self.written.rules.criteria]
                raise self._unknown(full, known)
            return self._switch(name, criterion, self._chosen(full, value, _SWITCH), full)
        if key == "combine":
            self._chosen(full, value, ("all", "any", "count"))
            if entry.criteria is None:
                raise IN_INDEX.error(name=f"of {name}", index=entry.index)
            at_least = (entry.at_least or 1) if value == "count" else None
            self._change(name, combine=value, at_least=at_least)
            return Setting(full, entry.combine, value)
        if key == "at_least":
            number = self._whole(full, value)
            self._change(name, at_least=number)
            return Setting(full, str(entry.at_least or "–"), value)
        raise self._unknown(full, [f"standards.{name}.{each}" for each in ("combine", "at_least")])

    def _default(self, value: str) -> Setting:
        self._chosen("standard", value, self.standards)
        was = self.policy.default_standard.name
        if value == was:
            raise ALREADY_SO.error(address="standard", value=value)
        self._change(was, default=False)
        self._change(value, default=True)
        return Setting("standard", was, value)

    def _index(self, address: str, value: str) -> Setting:
        name, _, key = address.partition(".")
        full = f"indices.{address}"
        entries = self.written.rules.indices
        if name not in entries or key not in ("cutoff", "missing"):
            raise self._unknown(
                full, [f"indices.{each}.{part}" for each in entries for part in ("cutoff", "missing")]
            )
        model = entries[name].model
        plain = plain_value(value) if key == "cutoff" else value
        before = self.overlay.rules.get("indices", {}).get(name)
        entry = dict(before) if isinstance(before, dict) else entry_of(model)
        self.overlay.rule("indices", name, entry | {key: plain, "source": SOURCE})
        return Setting(full, str(getattr(model, key)), value)

    # -- formulas and tables ------------------------------------------------------------------------

    def _derived(self, name: str, value: str) -> Setting:
        entries = self.written.rules.derived
        if name not in entries:
            raise self._unknown(f"derived.{name}", [f"derived.{each}" for each in entries])
        model = entries[name].model
        self.overlay.rule("derived", name, entry_of(model, formula=FormulaWords(value), source=SOURCE))
        return Setting(f"derived.{name}", model.formula.strip(), value)

    def _lookup(self, address: str, value: str) -> Setting:
        name, _, rest = address.partition(".")
        full = f"lookups.{address}"
        entries = self.written.lookups
        if name not in entries:
            raise self._unknown(full, [f"lookups.{each}" for each in entries])
        entry = self.overlay.lookups.get(name) or entry_of(entries[name].model)
        rows = [list(row) for row in entries[name].model.rows] if name not in self.overlay.lookups else None
        listed = rows if rows is not None else entry["rows"]
        assert isinstance(listed, list)  # narrows the type: rows are a list in every table
        keys = rest.split(".")
        found = [row for row in listed if [str(key) for key in row[:-1]] == keys]
        if not found:
            known = [".".join(["lookups", name, *(str(key) for key in row[:-1])]) for row in listed]
            raise self._unknown(full, known)
        was, found[0][-1] = found[0][-1], plain_value(value)
        self.overlay.lookups[name] = {**entry, "rows": listed, "source": SOURCE}
        return Setting(full, str(was), value)

    # -- what cannot be set -------------------------------------------------------------------------

    def _chosen(self, address: str, value: str, choices: Iterable[str]) -> str:
        if value not in choices:
            raise BAD_CHOICE.error(value=value, address=address, choices=" or ".join(choices))
        return value

    def _whole(self, address: str, value: str) -> int:
        if not re.fullmatch(r"[1-9]\d{0,3}", value, re.ASCII):
            raise BAD_CHOICE.error(value=value, address=address, choices="a whole number from 1")
        return int(value)

    def _addresses(self) -> list[str]:
        rules = self.written.rules
        return [
            *(f"criteria.{name}" for name in rules.criteria),
            *(f"derived.{name}" for name in rules.derived),
        ]

    def _unknown(self, address: str, known: Iterable[str]) -> HearthlineError:
        return UNKNOWN_ADDRESS.error(
            address=address, package=self.policy.id, hint=nearest_hint(address, known)
        )


def _typed(address: str, text: str, parameter: Parameter) -> object:
    """A value in the parameter's type; a unit beside it must be that of the parameter."""
    number = parameter.type.kind in (Kind.NUMBER, Kind.DOUBLE)
    value, _, unit = text.partition(" ")
    if number and unit.strip():
        own = str(parameter.type.unit)
        if str(unit_of(unit.strip())) != str(unit_of(own)):
            raise WRONG_UNIT.error(address=address, unit=own, given=unit.strip())
        text = value
    try:
        plain = plain_value(text) if parameter.declared not in ("text", "code") else text
    except ValueError:
        plain = text
    expected = Expected(parameter.name, parameter.declared, parameter.type.scale)
    return typed_value(plain, expected, Place(f"{address}={text}"))


def _written(value: object, parameter: Parameter) -> str:
    unit = parameter.type.unit
    number = parameter.type.kind in (Kind.NUMBER, Kind.DOUBLE)
    words = f"{value:,}" if number and not isinstance(value, str) else str(value)
    return words if not number or unit is None or str(unit) == "1" else f"{words} {unit}"
