# SPDX-License-Identifier: Apache-2.0
"""Decides that a change of one partition makes a whole snapshot that shares the rest, and costs no more."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import screen
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.updating import Changes, update_snapshot
from tests.engine.parted import PACKAGE, parted_county

NOW = datetime(2018, 2, 1, tzinfo=UTC)
ON = date(2017, 12, 31)
CHANGED = 2


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The package of China."""
    return load_policy(PACKAGE)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A county in five partitions."""
    folder = tmp_path_factory.mktemp("county") / "parted"
    return open_snapshot(parted_county(folder, partitions=5, households=60))


def table(snapshot: Snapshot, level: str, number: int = CHANGED) -> pa.Table:
    """The rows of a partition."""
    return pq.ParquetFile(snapshot.path(level, number)).read()


def with_more_visits(snapshot: Snapshot) -> pa.Table:
    """The visits of a partition and one more to its first household, without numbers."""
    visits = table(snapshot, "visit").drop_columns(["visit_id"])
    first = table(snapshot, "household").column("household_id")[0].as_py()
    more = visits.slice(0, 1).set_column(
        visits.column_names.index("household_id"), "household_id", pa.array([first], pa.int64())
    )
    return pa.concat_tables([more, visits], promote_options="permissive").sort_by("household_id")


def distinct_numbers(snapshot: Snapshot) -> int:
    """How many numbers the visits of a snapshot have."""
    relation = duckdb.read_parquet([str(path) for path in snapshot.paths("visit")])
    (row,) = relation.aggregate("count(DISTINCT visit_id)").fetchall()
    return int(row[0])


def test_new_visits_change_one_partition_and_share_the_others(
    county: Snapshot, policy: Policy, tmp_path: Path
) -> None:
    visits = with_more_visits(county)
    update_snapshot(county, policy, tmp_path / "new", {CHANGED: {"visit": visits}}, created=NOW)
    new = open_snapshot(tmp_path / "new")
    assert new.rows("visit") == county.rows("visit") + 1
    assert new.manifest.sources == county.manifest.sources
    for level, held in county.manifest.tables.items():
        for number, (then, now) in enumerate(zip(held.files, new.manifest.tables[level].files, strict=True)):
            same = (level, number) != ("visit", CHANGED)
            assert (then.sha256 == now.sha256) is same, (level, number)
            if level == "area" or number != CHANGED:
                assert (new.folder / now.path).samefile(county.folder / then.path)
    assert distinct_numbers(new) == new.rows("visit")


def test_screening_since_an_earlier_run_does_what_changed_and_nothing_else(
    county: Snapshot, policy: Policy, tmp_path: Path
) -> None:
    before = screen(PACKAGE, county.folder, on=ON, out=tmp_path / "before").run
    update_snapshot(
        county, policy, tmp_path / "new", {CHANGED: {"visit": with_more_visits(county)}}, created=NOW
    )
    hidden = tmp_path / "new" / "income_line" / "part-00000.parquet"
    content = hidden.read_bytes()
    seen: list[tuple[int, int]] = []
    report = screen(
        PACKAGE,
        tmp_path / "new",
        on=ON,
        out=tmp_path / "after",
        since=before.folder,
        progress=lambda *done: seen.append(done),
    )
    assert report.reused == 4
    assert seen == [(300, 300)]
    full = screen(PACKAGE, tmp_path / "new", on=ON, out=tmp_path / "full").run
    for result in ("households", "persons"):
        pairs = zip(report.run.paths(result), full.paths(result), strict=True)
        assert all(one.read_bytes() == other.read_bytes() for one, other in pairs)
    assert report.run.record.statuses == full.record.statuses
    assert report.run.record.partitions == full.record.partitions
    assert hidden.read_bytes() == content


def test_an_update_of_an_update_still_gives_every_row_its_own_number(
    county: Snapshot, policy: Policy, tmp_path: Path
) -> None:
    update_snapshot(
        county, policy, tmp_path / "one", {CHANGED: {"visit": with_more_visits(county)}}, created=NOW
    )
    one = open_snapshot(tmp_path / "one")
    update_snapshot(one, policy, tmp_path / "two", {CHANGED: {"visit": with_more_visits(one)}}, created=NOW)
    two = open_snapshot(tmp_path / "two")
    assert distinct_numbers(two) == two.rows("visit") == county.rows("visit") + 2
    screen(PACKAGE, two.folder, on=ON, out=tmp_path / "run")


def test_a_changed_fact_of_a_household_keeps_numbers_and_places(
    county: Snapshot, policy: Policy, tmp_path: Path
) -> None:
    households = table(county, "household")
    place = households.column_names.index("size")
    nobody_knows = pa.nulls(households.num_rows, households.schema.field("size").type)
    changed = households.set_column(place, "size", nobody_knows)
    update_snapshot(county, policy, tmp_path / "new", {CHANGED: {"household": changed}}, created=NOW)
    new = open_snapshot(tmp_path / "new")
    assert table(new, "household").column("size").null_count == 60
    assert table(new, "person").equals(table(county, "person"))


def refused(county: Snapshot, policy: Policy, out: Path, changes: Changes) -> str:
    """The sentence with which an update is refused, leaving nothing."""
    with pytest.raises(HearthlineError) as refusal:
        update_snapshot(county, policy, out, changes, created=NOW)
    assert list(out.parent.iterdir()) == []
    return refusal.value.sentence


def test_an_update_that_would_not_fit_the_rest_is_refused(
    county: Snapshot, policy: Policy, tmp_path: Path
) -> None:
    out = tmp_path / "new"
    households = table(county, "household")
    fewer = {CHANGED: {"household": households.slice(1)}}
    assert "keeps households in their places" in refused(county, policy, out, fewer)
    elsewhere = {CHANGED: {"visit": table(county, "visit", 0)}}
    assert "may be another row's" in refused(county, policy, out, elsewhere)
    others = table(county, "visit", 0).drop_columns(["visit_id"])
    assert "household outside its partition" in refused(county, policy, out, {CHANGED: {"visit": others}})
    assert "no partition 5" in refused(county, policy, out, {5: {}})
    assert "no such level" in refused(county, policy, out, {CHANGED: {"area": others}})
    people = table(county, "person").slice(0, 3).drop_columns(["person_id"])
    assert "person_id is missing" in refused(county, policy, out, {CHANGED: {"person": people}})


def test_an_update_onto_what_is_there_is_refused(county: Snapshot, policy: Policy) -> None:
    with pytest.raises(HearthlineError) as refusal:
        update_snapshot(county, policy, county.folder, {}, created=NOW)
    assert refusal.value.code == "snapshot.exists"
