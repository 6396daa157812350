# SPDX-License-Identifier: Apache-2.0
"""Decides how counties become a snapshot: partition after partition, names and plants beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from hearthline.engine.rules.policy import AREA, Policy
from hearthline.engine.snapshots import GENERATED, SourceEntry
from hearthline.engine.snapshots.writer import HOUSEHOLDS_PER_PARTITION, SnapshotWriter
from hearthline.synthetic.apportioning import targets_of, years_of
from hearthline.synthetic.companions import Companions
from hearthline.synthetic.country import Country
from hearthline.synthetic.crew import make_alone, make_together
from hearthline.synthetic.dictionary import screening_day
from hearthline.synthetic.layout import Layout
from hearthline.synthetic.making import partition_spans
from hearthline.synthetic.nation import FEWEST_HOUSEHOLDS, Nation
from hearthline.synthetic.numbering import Plan, Plant
from hearthline.synthetic.problems import SMALL_NATION
from hearthline.synthetic.scandal import FOUND_BY
from hearthline.synthetic.thresholds import thresholds_of

DEFAULT_HOUSEHOLDS = 5_000
DEFAULT_SEED = 1
DEFAULT_YEAR = 2017
NATION_HOUSEHOLDS = 30_000_000
COUNTIES_PER_WRITE = 8
NATION_COUNTIES_PER_WRITE = 10
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
    people_represented: int | None = None
    """For how many people those of a nation stand; None for a county."""


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
    processes: int = 1,
) -> GenerationReport:
    """Make a snapshot of invented households at ``out``, with its names and plants beside it.

    The rows depend on package, households, seed and year alone, and not on the processes. Memory does
    not grow with the households, but for the areas and the list of what is planted (a few bytes a
    household); each process beyond the first holds one partition.
    """
    on = screening_day(policy, households, seed, year)
    country = Country(seed, Layout(households), thresholds_of(policy, on), year)
    order = _Order(policy, country, on, Path(out), replace, households_per_partition, processes)
    return _made(order, named=True, counties_per_write=COUNTIES_PER_WRITE, progress=progress)


def generate_nation(
    policy: Policy,
    *,
    out: Path | str,
    year: int,
    households: int = NATION_HOUSEHOLDS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    replace: bool = False,
    households_per_partition: int = HOUSEHOLDS_PER_PARTITION,
    processes: int = 1,
) -> GenerationReport:
    """Make a snapshot of a sample of all rural households, held to the published poor of a year by province.

    Names are those of places alone, and nothing is planted. A year, a package or a number of households
    that cannot be is refused.
    """
    on = screening_day(policy, households, seed, year, years_of(policy)[0] if years_of(policy) else year)
    if households < FEWEST_HOUSEHOLDS:
        raise SMALL_NATION.error(households=households, fewest=FEWEST_HOUSEHOLDS)
    nation = Nation(seed, households, targets_of(policy, year))
    country = Country(seed, nation, thresholds_of(policy, on), year)
    order = _Order(policy, country, on, Path(out), replace, households_per_partition, processes)
    return _made(order, named=False, counties_per_write=NATION_COUNTIES_PER_WRITE, progress=progress)


@dataclass(frozen=True)
class _Order:
    """What was asked for."""

    policy: Policy
    country: Country
    on: date
    out: Path
    replace: bool
    households_per_partition: int
    processes: int

    @property
    def spans(self) -> list[range]:
        return partition_spans(self.country.layout, self.households_per_partition)


def _made(
    order: _Order, *, named: bool, counties_per_write: int, progress: Progress | None
) -> GenerationReport:
    started = time.perf_counter()
    policy, on, out = order.policy, order.on, order.out
    counts = {"generated_from_seed": order.country.seed, "generated_for_year": order.country.year}
    nation = order.country.nation
    if nation is not None:
        counts |= {"people_represented": nation.people, "poor_represented": nation.poor}
    with (
        SnapshotWriter(out, policy, replace=order.replace) as writer,
        Companions(out, replace=order.replace) as companions,
    ):
        plan = Plan(policy, order.country, writer.schema(AREA), named, counties_per_write)
        areas, planted = _write(order, plan, writer, companions, progress)
        writer.write_areas(areas)
        digest = writer.seal(
            created=datetime(on.year, on.month, on.day, tzinfo=UTC),
            sources=_sources(policy, order.country.seed, on),
            counts=counts,
        )
        companions.publish(_planted(order, planted), digest)
    return GenerationReport(
        folder=out,
        names=companions.names,
        planted=companions.planted,
        hash=digest,
        on=on,
        seed=order.country.seed,
        rows=dict(writer.before.rows) | {AREA: areas.num_rows},
        people_represented=None if nation is None else nation.people,
        planted_households=_planted_counts(planted),
        seconds=time.perf_counter() - started,
    )


def _write(
    order: _Order,
    plan: Plan,
    writer: SnapshotWriter,
    companions: Companions,
    progress: Progress | None,
) -> tuple[pa.Table, list[Plant]]:
    """Make every partition and take it in; gives the areas and what is planted."""
    done, whole = 0, order.country.layout.households

    def told(households: int) -> None:
        nonlocal done
        done += households
        if progress is not None:
            progress(done, whole)

    names, place, spans = companions.add_names, writer.place, order.spans
    if order.processes > 1 and len(spans) > 1:
        making = make_together(plan, place, spans, writer.before, told, names, order.processes)
    else:
        making = make_alone(plan, place, spans, writer.before, told, names)
    areas: list[pa.Table] = []
    planted: list[Plant] = []
    with closing(making):  # whatever happens, no process goes on
        for made in making:
            writer.adopt(made.entry)
            areas.append(made.areas)
            planted += made.planted
    return pa.concat_tables(areas), planted


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


def _planted(order: _Order, planted: Sequence[Plant]) -> dict[str, object]:
    """What is planted, as the file beside the snapshot says it."""
    return {
        "format": 1,
        "package": order.policy.id,
        "households": order.country.layout.households,
        "seed": order.country.seed,
        "on": order.on.isoformat(),
        "planted": [
            {
                "kind": plant.kind,
                "township": plant.code,
                "township_name": plant.name,
                "found_by": dict(FOUND_BY[plant.kind]),
                "household_ids": plant.households.tolist(),
            }
            for plant in planted
        ],
    }


def _planted_counts(planted: Sequence[Plant]) -> dict[str, int]:
    counts = dict.fromkeys(FOUND_BY, 0)
    for plant in planted:
        counts[plant.kind] += len(plant.households)
    return counts
