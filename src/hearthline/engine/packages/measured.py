# SPDX-License-Identifier: Apache-2.0
"""Decides that weights, welfare and line of a package name numbers that are there, in one unit."""

from __future__ import annotations

from collections.abc import Mapping

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.names import unknown_reference
from hearthline.engine.packages.problems import BAD_STATISTICS
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.policy import Parameter
from hearthline.engine.rules.types import Kind, ValueType

NUMBER = "a numeric fact or derived value of the household"


def check_measured(
    settings: Settings,
    types: Mapping[str, ValueType],
    derived: Mapping[str, ValueType],
    parameters: Mapping[str, Parameter],
    faults: Faults,
) -> None:
    """``types`` holds every fact and rule of the household, ``derived`` its derived values."""
    numbers = _numbers(types)
    for table, key, name in (
        ("weights", "household", settings.household_weight),
        ("weights", "person", settings.person_weight),
        ("statistics", "welfare", settings.welfare),
    ):
        if name is not None and name not in numbers:
            faults.add(unknown_reference(name, NUMBER, numbers, _place(settings, table, key)))
    if settings.line is not None:
        lines = _numbers({name: parameter.type for name, parameter in parameters.items()})
        _check_line(settings, settings.line, numbers, _numbers(derived) | lines, faults)


def _numbers(types: Mapping[str, ValueType]) -> dict[str, ValueType]:
    return {name: kind for name, kind in types.items() if kind.kind in (Kind.NUMBER, Kind.DOUBLE)}


def _place(settings: Settings, table: str, key: str) -> Place:
    """Where the highest layer that gives the key has it."""
    for layer in reversed(settings.chain):
        written = getattr(layer.manifest, table)
        if written is not None and getattr(written, key) is not None:
            return layer.manifest_document.place(table, key)
    return settings.top.manifest_document.place(table)


def _check_line(
    settings: Settings,
    line: str,
    numbers: Mapping[str, ValueType],
    lines: Mapping[str, ValueType],
    faults: Faults,
) -> None:
    place = _place(settings, "statistics", "line")
    if line not in lines:
        noun = "a numeric parameter or derived value of the household"
        faults.add(unknown_reference(line, noun, lines, place))
    elif settings.welfare is None:
        reason = "a line is named, but nothing to compare with it"
        faults.add(BAD_STATISTICS.error(place, reason=reason, hint="Add welfare."))
    elif settings.welfare in numbers and numbers[settings.welfare].unit != lines[line].unit:
        reason = (
            f"{settings.welfare} is measured in {numbers[settings.welfare].unit}, "
            f"but {line} in {lines[line].unit}"
        )
        hint = "Name a line and a welfare value of one unit."
        faults.add(BAD_STATISTICS.error(place, reason=reason, hint=hint))
