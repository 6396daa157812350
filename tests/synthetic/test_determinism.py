# SPDX-License-Identifier: Apache-2.0
"""Decides that a seed gives the same county on every machine, in every partition, alone or with others."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.synthetic import GenerationReport, generate
from hearthline.synthetic.country import Country
from hearthline.synthetic.county import county_of
from hearthline.synthetic.draws import Draws
from hearthline.synthetic.layout import Layout
from hearthline.synthetic.thresholds import thresholds_of

TWO_COUNTIES = 7_600
STREAM = ["0x1.6bf8ea0dd0accp-1", "0x1.722c3be568b30p-5", "0x1.520409d1eeccap-1"]


def tables(report: GenerationReport) -> dict[str, pa.Table]:
    """All rows of a snapshot, by level."""
    snapshot = open_snapshot(report.folder)
    return {level: rows_of(snapshot, level).combine_chunks() for level in snapshot.levels}


@pytest.fixture(scope="module")
def first(cn: Policy, tmp_path_factory: pytest.TempPathFactory) -> GenerationReport:
    return generate(cn, households=TWO_COUNTIES, seed=7, out=tmp_path_factory.mktemp("first") / "s")


def test_the_same_seed_gives_the_same_bytes(cn: Policy, first: GenerationReport, tmp_path: Path) -> None:
    threads = pa.cpu_count()
    pa.set_cpu_count(1)
    try:
        again = generate(cn, households=TWO_COUNTIES, seed=7, out=tmp_path / "again")
    finally:
        pa.set_cpu_count(threads)
    assert again.hash == first.hash
    assert again.names.read_bytes() == first.names.read_bytes()
    assert again.planted.read_bytes() == first.planted.read_bytes()


def test_several_processes_give_the_bytes_of_one(cn: Policy, tmp_path: Path) -> None:
    alone, together = (
        generate(
            cn,
            households=6 * TWO_COUNTIES,
            seed=7,
            out=tmp_path / str(processes),
            households_per_partition=TWO_COUNTIES,
            processes=processes,
        )
        for processes in (1, 3)
    )
    assert open_snapshot(alone.folder).partitions > 3
    assert together.hash == alone.hash
    assert together.names.read_bytes() == alone.names.read_bytes()
    assert together.planted.read_bytes() == alone.planted.read_bytes()


def test_another_seed_or_year_gives_other_people(cn: Policy, tmp_path: Path) -> None:
    one, other, earlier = (
        generate(cn, households=60, seed=seed, year=year, out=tmp_path / f"{seed}-{year}")
        for seed, year in ((1, 2017), (2, 2017), (1, 2015))
    )
    assert len({one.hash, other.hash, earlier.hash}) == 3
    assert not tables(one)["person"].equals(tables(other)["person"])


def test_the_rows_do_not_depend_on_the_partitions(
    cn: Policy, first: GenerationReport, tmp_path: Path
) -> None:
    parted = generate(
        cn, households=TWO_COUNTIES, seed=7, out=tmp_path / "parted", households_per_partition=1_000
    )
    assert open_snapshot(parted.folder).partitions == 2
    assert open_snapshot(first.folder).partitions == 1
    together = tables(first)
    for level, rows in tables(parted).items():
        assert rows.equals(together[level]), level


def test_a_county_can_be_made_without_those_before_it(cn: Policy, first: GenerationReport) -> None:
    layout = Layout(TWO_COUNTIES)
    alone = county_of(Country(7, layout, thresholds_of(cn, first.on), first.on.year), 1)
    households = tables(first)["household"].slice(layout.households_before(1))
    assert alone.household["water_litres"].equals(households["water_litres"].combine_chunks())
    assert alone.household["area_id"].equals(households["area_id"].combine_chunks())
    people = tables(first)["person"].slice(first.rows["person"] - alone.people.count)
    assert alone.person["birth_date"].equals(people["birth_date"].combine_chunks())


def test_the_stream_of_random_numbers_never_changes() -> None:
    assert [float(number).hex() for number in Draws(1, 1, 0).uniform("head age", 3)] == STREAM


def test_areas_are_numbered_as_a_walk_through_the_tree_meets_them() -> None:
    met = 0
    for county in range(210):
        seat = Layout(1_050_000).seat(county)
        if county % 100 == 0:
            met += 1
            assert seat.province_area == met
        if county % 10 == 0:
            met += 1
            assert seat.prefecture_area == met
        assert seat.area == met + 1
        assert seat.township_areas[0] == met + 2
        assert seat.village_areas.tolist()[:2] == [met + 3, met + 4]
        met += 131
        assert seat.village_areas[-1] == met


@pytest.mark.parametrize(("households", "counties"), [(1, 1), (5_000, 1), (7_600, 2), (1_000_003, 200)])
def test_households_are_shared_out_evenly_among_the_counties(households: int, counties: int) -> None:
    layout = Layout(households)
    sizes = [layout.county_households(county) for county in range(layout.counties)]
    assert (len(sizes), sum(sizes)) == (counties, households)
    assert max(sizes) - min(sizes) <= 1
