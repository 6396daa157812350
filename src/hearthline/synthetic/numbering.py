# SPDX-License-Identifier: Apache-2.0
"""Decides how the rows of counties become tables of a snapshot, numbered on from those before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.synthetic.country import Country
from hearthline.synthetic.county import County
from hearthline.synthetic.dictionary import known_columns
from hearthline.synthetic.draws import Draws, Ints
from hearthline.synthetic.names import people_names, place_names
from hearthline.synthetic.numbers import with_numbers
from hearthline.synthetic.places import AreaRows, AreaValue, areas_of


@dataclass(frozen=True)
class Plan:
    """What is to be made of the counties: for which package, and whether their people get names."""

    policy: Policy
    country: Country
    area_schema: pa.Schema
    named: bool
    counties_per_write: int


@dataclass(frozen=True)
class Plant:
    """One kind of planted households in one township."""

    kind: str
    code: AreaValue
    name: AreaValue
    households: Ints


def row_counts(county: County) -> dict[str, int]:
    """How many rows of each level a county has, but for the areas."""
    counts = {HOUSEHOLD: county.people.households, PERSON: county.people.count}
    return counts | {level: len(rows.owner) for level, rows in county.records.items()}


@dataclass
class Numbering:
    """Counties turned into tables one after another; areas, names and plants are kept beside.

    ``names`` are those since they were last taken away.
    """

    plan: Plan
    rows: dict[str, int]
    areas: list[pa.Table] = field(default_factory=list)
    names: list[pa.Table] = field(default_factory=list)
    planted: list[Plant] = field(default_factory=list)

    def tables(self, county: County) -> dict[str, pa.Table]:
        """The tables of the next county with ids that count on from those before."""
        people = county.people
        household, person = self._next(HOUSEHOLD, people.households), self._next(PERSON, people.count)
        of_person = people.household + household
        tables = {
            HOUSEHOLD: self._table(HOUSEHOLD, household, people.households, {}, county.household),
            PERSON: self._table(PERSON, person, people.count, {"household_id": of_person}, county.person),
        }
        for level, rows in county.records.items():
            if self.plan.policy.levels[level].belongs_to == PERSON:
                owners = {"household_id": of_person[rows.owner], "person_id": rows.owner + person}
            else:
                owners = {"household_id": rows.owner + household}
            count = len(rows.owner)
            tables[level] = self._table(level, self._next(level, count), count, owners, rows.columns)
        self._beside(county, household, person)
        return tables

    def _beside(self, county: County, household: int, person: int) -> None:
        """Keep the areas of a county, its names, and what is planted in it."""
        seed = self.plan.country.seed
        areas = areas_of(seed, county.seat, county.province, county.kind, county.villages)
        self._next(AREA, len(areas.rows))
        self.areas.append(areas.table(self.plan.area_schema))
        self.names.append(place_names(areas))
        if self.plan.named:
            self.names.append(self._people(county, areas, household, person))
        if county.planted is not None:
            place = areas.row(county.planted.area)
            for kind, rows in county.planted.households.items():
                self.planted.append(Plant(kind, place["area_code"], place["area_name"], rows + household))

    def _people(self, county: County, areas: AreaRows, household: int, person: int) -> pa.Table:
        number = county.seat.county
        named = people_names(Draws(self.plan.country.seed, 1, number), county.people, household, person)
        villages = county.household["area_id"].to_numpy()
        codes = {row["area_id"]: row["area_code"] for row in areas.rows}
        return with_numbers(named, county.people, number, codes, villages)

    def _next(self, level: str, count: int) -> int:
        before = self.rows.get(level, 0)
        self.rows[level] = before + count
        return before + 1

    def _table(
        self, level: str, first: int, count: int, owners: Mapping[str, Ints], columns: Mapping[str, pa.Array]
    ) -> pa.Table:
        ids = {f"{level}_id": pa.array(np.arange(first, first + count))}
        keys = {name: pa.array(values) for name, values in owners.items()}
        return pa.table({**ids, **keys, **known_columns(self.plan.policy, level, columns)})
