# SPDX-License-Identifier: Apache-2.0
"""Decides which dated value of a parameter holds: the one for that place, purpose and day, or none."""

from __future__ import annotations

from datetime import date

from hearthline.engine.rules.policy import Parameter, ParameterValue
from hearthline.engine.rules.problems import NO_VALUE
from hearthline.engine.rules.tree import ParameterRef


def find_parameter_value(
    parameter: Parameter, *, jurisdiction: str, purpose: str, on: date
) -> ParameterValue | None:
    """The value in force on that day, or None; never the nearest."""
    for value in parameter.values:
        asked_for = (value.jurisdiction, value.purpose) == (jurisdiction, purpose)
        if asked_for and value.start <= on and (value.end is None or on <= value.end):
            return value
    return None


def get_parameter_value(parameter: Parameter, *, jurisdiction: str, purpose: str, on: date) -> ParameterValue:
    """The value in force on that day; raises ``parameter.no-value`` where there is none."""
    value = find_parameter_value(parameter, jurisdiction=jurisdiction, purpose=purpose, on=on)
    if value is None:
        raise NO_VALUE.error(
            name=parameter.name, jurisdiction=jurisdiction, purpose=purpose, on=on.isoformat()
        )
    return value


def value_for_reference(parameter: Parameter, reference: ParameterRef, on: date) -> ParameterValue:
    """The value a formula means; ``year => 2013`` reads the value of the last day of that year."""
    day = date(reference.year, 12, 31) if reference.year is not None else on
    return get_parameter_value(
        parameter, jurisdiction=reference.jurisdiction, purpose=reference.purpose, on=day
    )
