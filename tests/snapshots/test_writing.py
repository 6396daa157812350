# SPDX-License-Identifier: Apache-2.0
"""Decides that a snapshot appears whole or not at all, and holds only rows that keep its promises."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.types import integer
from hearthline.engine.snapshots.reading import household_rows, rows_of
from hearthline.engine.snapshots.schema import schema_for
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.engine.snapshots.writer import SnapshotWriter
from tests.snapshots.little_county import CREATED, areas, households, lines, partition, people, written_county
from tests.snapshots.small_policy import FACTS, fact, small_policy

POLICY = small_policy()


def refused(writer: SnapshotWriter, level: str, rows: pa.Table) -> str:
    with pytest.raises(HearthlineError) as caught:
        writer.write(level, rows)
    return caught.value.sentence


def test_every_fact_of_the_package_has_a_column_even_where_no_row_gives_it(tmp_path: Path) -> None:
    snapshot = written_county(tmp_path / "s", POLICY)
    for level in ("household", "person", "income_line", "claim", "area"):
        assert rows_of(snapshot, level).schema == schema_for(POLICY, level)
    assert rows_of(snapshot, "household")["registered_on"].null_count == 60


def test_encodings_are_those_of_the_contract() -> None:
    types = {field.name: str(field.type) for field in schema_for(POLICY, "household")}
    assert types["size"] == types["income"] == types["house_area"] == "int64"
    assert types["hectares"] == "decimal128(38, 0)"
    assert (types["piped"], types["survey_weight"]) == ("bool", "double")
    assert (types["registered_on"], types["grade"]) == ("date32[day]", "string")


def test_the_manifest_states_rows_files_and_households_of_every_partition(tmp_path: Path) -> None:
    manifest = written_county(tmp_path / "s", POLICY, count=50, per_partition=20).manifest
    assert manifest.partitions == 3
    assert [file.rows for file in manifest.tables["person"].files] == [60, 60, 30]
    ranges = [(file.first_household, file.last_household) for file in manifest.tables["claim"].files]
    assert ranges == [(1, 20), (21, 40), (41, 50)]
    assert manifest.tables["household"].columns["income"].scale == 2
    assert manifest.weights == {"household": "survey_weight", "person": None}


def test_files_and_folders_are_private_to_their_owner(tmp_path: Path) -> None:
    written_county(tmp_path / "s", POLICY)
    for path in [tmp_path / "s", *(tmp_path / "s").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_same_rows_give_the_same_hash(tmp_path: Path) -> None:
    first, second = (written_county(tmp_path / name, POLICY).hash for name in "ab")
    assert first == second


def test_duckdb_reads_the_files_without_a_partition_column(tmp_path: Path) -> None:
    snapshot = written_county(tmp_path / "s", POLICY)
    paths = [str(path) for path in snapshot.paths("person")]
    with duckdb.connect() as connection:
        query = "select count(*), max(household_id) from read_parquet($paths)"
        assert connection.execute(query, {"paths": paths}).fetchall() == [(180, 60)]


def test_one_household_is_read_with_its_people_lines_and_village(tmp_path: Path) -> None:
    snapshot = written_county(tmp_path / "s", POLICY)
    found = household_rows(snapshot, POLICY, 42)
    assert str(found.household["income"]) == "4021.00"
    assert found.household["hectares"] is None
    assert found.area == {"dry": True}
    assert found.area_code == "360006"
    assert len(found.tables["person"]) == 3
    assert [row["__person"] for row in found.tables["claim"]] == [0, 1, 2]
    assert found.places["household"] == [("households.csv", 43)]


def test_a_household_beyond_the_last_is_not_found(tmp_path: Path) -> None:
    snapshot = written_county(tmp_path / "s", POLICY)
    with pytest.raises(HearthlineError, match="numbered 1 to 60"):
        household_rows(snapshot, POLICY, 61)


def test_an_existing_snapshot_is_replaced_only_when_asked(tmp_path: Path) -> None:
    before = written_county(tmp_path / "s", POLICY)
    with pytest.raises(HearthlineError, match="already exists"):
        SnapshotWriter(tmp_path / "s", POLICY)
    after = written_county(tmp_path / "s", POLICY, count=30, replace=True)
    assert (before.households, after.households) == (60, 30)
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_an_unsealed_snapshot_leaves_nothing(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s", POLICY) as writer:
        writer.write_partition(partition(1, 20))
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_left_is_cleared_and_what_a_live_one_writes_is_not(tmp_path: Path) -> None:
    (tmp_path / "s.partial-0123456789ab").mkdir()
    live = PartialFolder(tmp_path / "s", replace=False)
    written_county(tmp_path / "s", POLICY)
    assert {path.name for path in tmp_path.iterdir()} == {"s", live.path.name}
    live.abandon()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"grade": ["Z"] * 5}, "grade has no code 'Z'"),
        ({"size": [0] * 5}, "size holds 0, below 1"),
        ({"survey_weight": [1.0, 2.0, float("nan"), 1.0, 1.0]}, "NaN or infinity"),
        ({"survey_weight": [1.0, 2.0, float("inf"), 1.0, 1.0]}, "NaN or infinity"),
        ({"household_id": [1, 2, 3, 5, 6]}, "does not count on from 1"),
        ({"household_id": [2, 3, 4, 5, 6]}, "does not count on from 1"),
        ({"area_id": [3, 3, 2, 2, 2]}, "not sorted by area_id"),
        ({"surname": ["Li"] * 5}, "knows no column surname"),
        ({"income": [1.5] * 5}, "income is double and not int64"),
        ({"income": [10**18] * 5}, "income holds 1000000000000000000, above"),
    ],
)  # fmt: skip
def test_rows_that_break_a_promise_are_refused(
    tmp_path: Path, change: dict[str, list[object]], sentence: str
) -> None:
    rows = households(1, 5)
    for name, values in change.items():
        if name in rows.column_names:
            rows = rows.drop_columns([name])
        rows = rows.append_column(name, pa.array(values))
    with SnapshotWriter(tmp_path / "s", POLICY) as writer:
        assert sentence in refused(writer, "household", rows)


def test_a_required_fact_is_never_unknown(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s", POLICY) as writer:
        writer.write("household", households(1, 5))
        assert "required fact age" in refused(writer, "person", people(1, 5).drop_columns(["age"]))


def test_people_of_another_partition_are_refused(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s", POLICY) as writer:
        writer.write("household", households(1, 5))
        assert "outside its partition" in refused(writer, "person", people(1, 6))


def test_a_claim_must_belong_to_a_person_of_its_household(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s", POLICY) as writer:
        writer.write("household", households(1, 5))
        writer.write("person", people(1, 5))
        rows = partition(1, 5)["claim"]
        wrong = rows.set_column(1, "household_id", pa.array([1] * 14 + [5]))
        assert "person who is not in its household" in refused(writer, "claim", wrong)


def test_a_household_may_not_own_rows_without_end(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s", POLICY, household_limit=5) as writer:
        writer.write("household", households(1, 2))
        writer.write("income_line", lines(1, 2))
        more = pa.table({"income_line_id": [7, 8, 9], "household_id": [2, 2, 2]})
        assert "Household 2 has 6 rows of income_line" in refused(writer, "income_line", more)


def test_an_area_may_not_come_before_the_one_it_lies_in(tmp_path: Path) -> None:
    rows = areas(3).set_column(1, "parent_id", pa.array([None, 1, 4, 1]))
    with (
        SnapshotWriter(tmp_path / "s", POLICY) as writer,
        pytest.raises(HearthlineError, match="before the area"),
    ):
        writer.write_areas(rows)


def test_a_household_in_an_area_that_is_not_there_stops_the_seal(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s", POLICY) as writer:
        writer.write_partition(partition(1, 20))
        writer.write_areas(areas(1))
        with pytest.raises(HearthlineError, match="beyond the 2 areas"):
            writer.seal(created=CREATED)
    assert not (tmp_path / "s").exists()


def test_an_empty_snapshot_is_refused(tmp_path: Path) -> None:
    with (
        SnapshotWriter(tmp_path / "s", POLICY) as writer,
        pytest.raises(HearthlineError, match="no household"),
    ):
        writer.seal(created=CREATED)


def test_a_package_with_other_facts_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    snapshot = written_county(tmp_path / "s", POLICY)
    snapshot.require(small_policy(FACTS[:-1]))
    more = small_policy((*FACTS, fact("household", "cattle", "integer", integer())))
    with pytest.raises(HearthlineError, match=r"needs household\.cattle as integer"):
        snapshot.require(more)
