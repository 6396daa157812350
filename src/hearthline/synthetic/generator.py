# SPDX-License-Identifier: Apache-2.0
"""Decides how counties become a snapshot: one after another, in partitions, names and plants beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.snapshots import GENERATED, SourceEntry
from hearthline.engine.snapshots.writer import HOUSEHOLDS_PER_PARTITION, SnapshotWriter
from hearthline.synthetic.companions import Companions
from hearthline.synthetic.county import County, county_of
from hearthline.synthetic.dictionary import known_columns, screening_day
from hearthline.synthetic.draws import Draws, Ints
from hearthline.synthetic.layout import Layout
from hearthline.synthetic.names import people_names, place_names
from hearthline.synthetic.numbers import with_numbers
from hearthline.synthetic.places import AreaValue, areas_of
from hearthline.synthetic.scandal import FOUND_BY
from hearthline.synthetic.thresholds import thresholds_of

DEFAULT_HOUSEHOLDS = 5_000
DEFAULT_SEED = 1
DEFAULT_YEAR = 2017
COUNTIES_PER_WRITE = 8
_NAMES = "names"
Progress = Callable[[int, int], None]
"""Called with the households done and the households there are."""


@dataclass(frozen=True)
class GenerationReport:
    """What was made: where it is, for which date, how many rows of each level, what is planted in it."""

    folder: Path
    names: Path
    planted: Path
    hash: str
    on: date
    seed: int
    rows: dict[str, int]
    planted_households: dict[str, int]
    seconds: float


def generate(
    policy: Policy,
    *,
    out: Path | str,
    households: int = DEFAULT_HOUSEHOLDS,
    seed: int = DEFAULT_SEED,
    year: int = DEFAULT_YEAR,
    progress: Progress | None = None,
    replace: bool = False,
    households_per_partition: int = HOUSEHOLDS_PER_PARTITION,
) -> GenerationReport:
    """Make a snapshot of invented households at ``out``, with its names and plants beside it.

    The rows depend on package, households, seed and year alone. Memory does not grow with the
    households, but for the areas and the list of what is planted (a few bytes a household).
    """
    started = time.perf_counter()
    out = Path(out)
    on = screening_day(policy, households, seed, year)
    making = _Making(policy, Layout(households), seed, on)
    with (
        SnapshotWriter(out, policy, replace=replace) as writer,
        Companions(out, replace=replace) as companions,
    ):
        making.write(writer, companions, households_per_partition, progress)
        writer.write_areas(pa.concat_tables(making.areas))
        digest = writer.seal(
            created=datetime(on.year, on.month, on.day, tzinfo=UTC),
            sources=_sources(policy, seed, on),
            counts={"generated_from_seed": seed, "generated_for_year": year},
        )
        companions.publish(_planted(policy, making), digest)
    return GenerationReport(
        folder=out,
        names=companions.names,
        planted=companions.planted,
        hash=digest,
        on=on,
        seed=seed,
        rows=making.rows,
        planted_households=_planted_counts(making),
        seconds=time.perf_counter() - started,
    )


@dataclass(frozen=True)
class _Plant:
    """One kind of planted households in one township."""

    kind: str
    code: AreaValue
    name: AreaValue
    households: Ints


@dataclass
class _Making:
    """The counties made so far: how many rows there are of each level, the areas, what is planted.

    Areas and plants are kept until the end; both are few beside the households.
    """

    policy: Policy
    layout: Layout
    seed: int
    on: date
    rows: dict[str, int] = field(default_factory=dict)
    areas: list[pa.Table] = field(default_factory=list)
    planted: list[_Plant] = field(default_factory=list)

    def write(
        self,
        writer: SnapshotWriter,
        companions: Companions,
        households_per_partition: int,
        progress: Progress | None,
    ) -> None:
        """Make every county and hand it on, a few counties at a time."""
        law = thresholds_of(self.policy, self.on)
        waiting: list[dict[str, pa.Table]] = []
        schema = writer.schema(AREA)
        begun = 0
        for number in range(self.layout.counties):
            county = county_of(self.seed, self.layout, number, law, self.on.year)
            waiting.append(self._numbered(number, county, schema))
            done = self.layout.households_before(number + 1)
            last = number + 1 == self.layout.counties
            full = done + self.layout.county_households(number) > begun + households_per_partition
            if len(waiting) == COUNTIES_PER_WRITE or full or last:
                for level in writer.levels:
                    writer.write(
                        level, pa.concat_tables([tables[level] for tables in waiting if level in tables])
                    )
                companions.add_names(pa.concat_tables([tables[_NAMES] for tables in waiting]))
                waiting.clear()
            if full or last:
                writer.end_partition()
                begun = done
            if progress is not None:
                progress(done, self.layout.households)

    def _numbered(self, number: int, county: County, area_schema: pa.Schema) -> dict[str, pa.Table]:
        """The tables of a county with ids that count on from those before, and its names."""
        people = county.people
        household, person = self._next(HOUSEHOLD, people.households), self._next(PERSON, people.count)
        of_person = people.household + household
        tables = {
            HOUSEHOLD: self._table(HOUSEHOLD, household, people.households, {}, county.household),
            PERSON: self._table(PERSON, person, people.count, {"household_id": of_person}, county.person),
        }
        for level, rows in county.records.items():
            if self.policy.levels[level].belongs_to == PERSON:
                owners = {"household_id": of_person[rows.owner], "person_id": rows.owner + person}
            else:
                owners = {"household_id": rows.owner + household}
            count = len(rows.owner)
            tables[level] = self._table(level, self._next(level, count), count, owners, rows.columns)
        areas = areas_of(self.seed, number, county.villages)
        self._next(AREA, len(areas.rows))
        self.areas.append(areas.table(area_schema))
        named = people_names(Draws(self.seed, 1, number), people, household, person)
        villages = county.household["area_id"].to_numpy()
        named = with_numbers(
            named, people, number, {row["area_id"]: row["area_code"] for row in areas.rows}, villages
        )
        tables[_NAMES] = pa.concat_tables([place_names(areas), named])
        if county.planted is not None:
            for kind, rows_planted in county.planted.households.items():
                place = areas.row(county.planted.area)
                self.planted.append(
                    _Plant(kind, place["area_code"], place["area_name"], rows_planted + household)
                )
        return tables

    def _next(self, level: str, count: int) -> int:
        before = self.rows.get(level, 0)
        self.rows[level] = before + count
        return before + 1

    def _table(
        self, level: str, first: int, count: int, owners: Mapping[str, Ints], columns: Mapping[str, pa.Array]
    ) -> pa.Table:
        ids = {f"{level}_id": pa.array(np.arange(first, first + count))}
        keys = {name: pa.array(values) for name, values in owners.items()}
        return pa.table({**ids, **keys, **known_columns(self.policy, level, columns)})


def _sources(policy: Policy, seed: int, on: date) -> dict[str, dict[str, SourceEntry]]:
    """For every fact the first source the package allows it, and that it was generated."""
    file = f"{GENERATED}seed {seed}"
    return {
        level: {
            name: SourceEntry(source=next(iter(fact.sources), None), file=file, date=on.isoformat())
            for name, fact in facts.items()
        }
        for level, facts in policy.facts.items()
    }


def _planted(policy: Policy, making: _Making) -> dict[str, object]:
    """What is planted, as the file beside the snapshot says it."""
    return {
        "format": 1,
        "package": policy.id,
        "households": making.layout.households,
        "seed": making.seed,
        "on": making.on.isoformat(),
        "planted": [
            {
                "kind": plant.kind,
                "township": plant.code,
                "township_name": plant.name,
                "found_by": dict(FOUND_BY[plant.kind]),
                "household_ids": plant.households.tolist(),
            }
            for plant in making.planted
        ],
    }


def _planted_counts(making: _Making) -> dict[str, int]:
    counts = dict.fromkeys(FOUND_BY, 0)
    for plant in making.planted:
        counts[plant.kind] += len(plant.households)
    return counts
