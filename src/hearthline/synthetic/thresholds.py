# SPDX-License-Identifier: Apache-2.0
"""Decides which numbers of the law the generator reads from the package, so that none stands in its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hearthline.engine.rules.parameters import get_parameter_value
from hearthline.engine.rules.policy import Policy, Value
from hearthline.synthetic.problems import OTHER_DICTIONARY

CN = "cn/2014-2020"
"""The package whose facts are generated."""


@dataclass(frozen=True)
class Thresholds:
    """What the package says on the screening date, in the units in which a snapshot stores it."""

    line: int
    school_age_from: int
    school_age_to: int
    school_year_start: date
    latest_school_start_age: int
    labour_age_from: int
    labour_age_to: int
    old_age_from: int
    scarce_land: int
    water_litres: int
    water_litres_scarce: int
    water_trip: int
    water_distance: int
    water_height: int
    water_cut: int
    minimum_spell: int
    relocation_area: int


class _Reader:
    def __init__(self, policy: Policy, on: date) -> None:
        self._policy = policy
        self._on = on

    def value(self, name: str, purpose: str = "standard") -> Value:
        parameter = self._policy.parameters.get(name)
        if parameter is None:
            raise OTHER_DICTIONARY.error(policy=self._policy.id, what=f"no parameter {name}", known=CN)
        return get_parameter_value(
            parameter, jurisdiction=self._policy.jurisdiction, purpose=purpose, on=self._on
        ).value

    def stored(self, name: str, scale: int = 0, purpose: str = "standard") -> int:
        return int(Decimal(str(self.value(name, purpose))).scaleb(scale))

    def day(self, name: str) -> date:
        value = self.value(name)
        if not isinstance(value, date):
            raise OTHER_DICTIONARY.error(policy=self._policy.id, what=f"{name} as no date", known=CN)
        return value


def thresholds_of(policy: Policy, on: date) -> Thresholds:
    """Read the thresholds of a package; raises where it has no value for the date."""
    read = _Reader(policy, on)
    return Thresholds(
        line=read.stored("poverty_line", 2),
        school_age_from=read.stored("school_age_from"),
        school_age_to=read.stored("school_age_to"),
        school_year_start=read.day("school_year_start"),
        latest_school_start_age=read.stored("latest_school_start_age"),
        labour_age_from=read.stored("labour_age_from"),
        labour_age_to=read.stored("labour_age_to"),
        old_age_from=read.stored("old_age_from"),
        scarce_land=read.stored("scarce_land", 2),
        water_litres=read.stored("water_litres_needed", 1),
        water_litres_scarce=read.stored("water_litres_needed", 1, "water_scarce"),
        water_trip=read.stored("water_trip_limit"),
        water_distance=read.stored("water_distance_limit"),
        water_height=read.stored("water_height_limit"),
        water_cut=read.stored("water_cut_limit"),
        minimum_spell=read.stored("minimum_spell"),
        relocation_area=read.stored("relocation_area_limit", 2),
    )
