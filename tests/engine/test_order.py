# SPDX-License-Identifier: Apache-2.0
"""Decides that results stand in the order of their numbers, to the same bytes, however their rows came."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends.duckdb_engine import ROWS_OF_A_GROUP, DuckDBEngine, in_order
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.sql.plan import Plan, screening_plan
from tests.engine.parted import PACKAGE, parted_county

ON = date(2017, 12, 31)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A county in two partitions, of which the first is screened."""
    folder = tmp_path_factory.mktemp("county") / "parted"
    return open_snapshot(parted_county(folder, partitions=2, households=300))


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of the package."""
    return screening_plan(load_policy(PACKAGE), ON, has_areas=True)


def written(
    plan: Plan, county: Snapshot, tables: dict[str, list[Path]], out: Path, threads: int, times: int = 1
) -> list[bytes]:
    """The bytes of both results of the first partition, whose tables may stand in other files."""
    out.mkdir()
    paths = {level: [county.path(level)] for level in (HOUSEHOLD, *plan.tables)} | tables
    results = [out / "households.parquet", out / "persons.parquet"]
    with DuckDBEngine(threads=threads) as engine:
        for _ in range(times):
            engine.show_tables(paths)
            engine.show_areas(county.path(AREA), county.path(HOUSEHOLD))
            engine.write(plan, results[0], results[1])
        assert in_order(engine.connection, results[0], "household_id")
        assert in_order(engine.connection, results[1], "person_id")
    return [result.read_bytes() for result in results]


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each statement that writes a result, whether it puts the rows in order."""
    found: list[bool] = []
    run = DuckDBEngine._run

    def noted(engine: DuckDBEngine, name: str, statement: str) -> None:
        if statement.startswith("COPY"):
            found.append("ORDER BY" in statement)
        run(engine, name, statement)

    monkeypatch.setattr(DuckDBEngine, "_run", noted)
    return found


def backwards(county: Snapshot, level: str, folder: Path) -> list[Path]:
    """A table whose last row comes first, in groups of few rows."""
    rows = pq.read_table(county.path(level))
    turned = rows.take(pa.array(range(len(rows) - 1, -1, -1)))
    pq.write_table(turned, folder / f"{level}.parquet", row_group_size=70)
    return [folder / f"{level}.parquet"]


def test_rows_that_come_in_another_order_give_the_same_bytes(
    county: Snapshot, plan: Plan, tmp_path: Path
) -> None:
    usual = written(plan, county, {}, tmp_path / "usual", threads=1)
    turned = {level: backwards(county, level, tmp_path) for level in (HOUSEHOLD, PERSON)}
    assert written(plan, county, turned, tmp_path / "turned", threads=1) == usual
    assert written(plan, county, {}, tmp_path / "together", threads=2) == usual


def test_rows_in_order_are_not_put_in_order_again(
    county: Snapshot, plan: Plan, tmp_path: Path, copied: list[bool]
) -> None:
    rows = pq.read_table(county.path(HOUSEHOLD))
    with pq.ParquetWriter(tmp_path / "household.parquet", rows.schema) as file:
        # twenty rows are fewer than an engine likes to send on at once
        for first, last in ((0, 100), (100, 120), (120, len(rows))):
            file.write_table(rows.slice(first, last - first))
    written(plan, county, {HOUSEHOLD: [tmp_path / "household.parquet"]}, tmp_path / "usual", threads=1)
    assert copied == [False, False]


def test_rows_once_found_out_of_order_are_put_in_order_at_once(
    county: Snapshot, plan: Plan, tmp_path: Path, copied: list[bool]
) -> None:
    turned = {HOUSEHOLD: backwards(county, HOUSEHOLD, tmp_path)}
    written(plan, county, turned, tmp_path / "turned", threads=1, times=2)
    assert copied == [False, True, False, True, False]


def test_a_result_is_in_order_only_with_rising_numbers_in_full_groups(tmp_path: Path) -> None:
    def found(numbers: list[int], group: int) -> bool:
        path = tmp_path / "result.parquet"
        pq.write_table(pa.table({"number": pa.array(numbers, pa.int64())}), path, row_group_size=group)
        with duckdb.connect() as connection:
            return in_order(connection, path, "number")

    full = ROWS_OF_A_GROUP
    assert found([], full)
    assert found([5], full)
    assert found([5, 6, 9], full)
    assert found(list(range(full + 3)), full)
    assert not found(list(range(full + 3)), full - 1)
    assert not found([5, 9, 6], full)
    assert not found([5, 5, 6], full)
