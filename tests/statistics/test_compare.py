# SPDX-License-Identifier: Apache-2.0
"""Decides whether a comparison of two runs finds who entered, who left, and which criteria did it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends.runs import open_run
from hearthline.statistics.compare import Comparison, compare_runs
from hearthline.statistics.differences import Answered, Change, Count
from hearthline.statistics.specification import Specification, StandardEntry
from tests.statistics import fake_runs
from tests.statistics.fake_runs import Household

NUMBER = 12
SOUND = dict.fromkeys(fake_runs.CRITERIA, "met")


def household(number: int, *, status: str = "not poor", **answers: str) -> Household:
    row = fake_runs.households(NUMBER, unknown=0.0)[number - 1]
    return replace(row, answers={**SOUND, **answers}, status=status, size=number, region="north")


def earlier_rows() -> list[Household]:
    rows = [household(number) for number in range(1, NUMBER + 1)]
    rows[1] = household(2, status="poor", water="not met")
    rows[2] = household(3, status="poor", water="not met", school="not met")
    rows[3] = household(4, status="unknown", housing="unknown")
    rows[4] = household(5, status="unknown", housing="unknown")
    return rows


def later_rows() -> list[Household]:
    rows = [household(number) for number in range(1, NUMBER + 1)]
    rows[0] = household(1, status="poor", water="not met")
    rows[2] = household(3, status="poor", water="not met")
    rows[3] = household(4, status="poor", housing="not met", school="not met")
    rows[5] = household(6, status="unknown", housing="unknown")
    return rows


def compared(
    folder: Path,
    earlier: list[Household],
    later: list[Household],
    *,
    by: list[str] | None = None,
    specifications: tuple[Specification, Specification] | None = None,
    keys: tuple[Path, Path] | None = None,
    **options: int | Path,
) -> Comparison:
    names = ("snapshot", "snapshot") if keys is None else ("snapshot_1", "snapshot_2")
    before = fake_runs.write_run(folder, earlier, run_name="earlier", snapshot_name=names[0])
    after = fake_runs.write_run(folder, later, run_name="later", snapshot_name=names[1])
    runs = open_run(before.folder), open_run(after.folder)
    chosen = specifications or (fake_runs.specification(), fake_runs.specification())
    list_to = options.get("list_to")
    listed = options.get("listed", 1000)
    assert isinstance(listed, int)
    return compare_runs(
        runs,
        chosen,
        by=by or (),
        keys=keys,
        listed=listed,
        list_to=list_to if isinstance(list_to, Path) else None,
    )


def test_every_change_of_status_is_counted_with_the_people_behind_it(tmp_path: Path) -> None:
    found = compared(tmp_path, earlier_rows(), later_rows())
    assert found.count(Change.ENTERED) == Count(1, 1)
    assert found.count(Change.LEFT) == Count(1, 2)
    assert found.count(Change.FOUND_POOR) == Count(1, 4)
    assert found.count(Change.FOUND_NOT_POOR) == Count(1, 5)
    assert found.count(Change.BECAME_UNKNOWN) == Count(1, 6)
    assert found.count(Change.NONE) == Count(7, 3 + sum(range(7, 13)))
    assert found.listed_of == 5


def test_the_criteria_whose_answer_changed_are_named(tmp_path: Path) -> None:
    found = compared(tmp_path, earlier_rows(), later_rows())
    by_id = {row.later_id: row for row in found.households}
    assert by_id[1].criteria == (Answered("water", "met", "not met"),)
    assert by_id[4].criteria == (
        Answered("school", "met", "not met"),
        Answered("housing", "unknown", "not met"),
    )
    assert 3 not in by_id, "its school changed, its status did not"
    assert found.criteria[Change.ENTERED, "water"].alone == 1
    assert found.criteria[Change.FOUND_POOR, "housing"].households == 1
    assert found.criteria[Change.FOUND_POOR, "housing"].alone == 0
    assert not found.unexplained


def test_counts_are_given_by_place_and_by_group(tmp_path: Path) -> None:
    found = compared(tmp_path, earlier_rows(), later_rows(), by=["area:1", "region"])
    for by in ("area:1", "region"):
        groups = [group for group in found.groups if group.by == by]
        assert sum(found.count(Change.ENTERED, group).households for group in groups) == 1
        assert sum(group.n for group in groups) == NUMBER
    assert "Place T1" in found.to_text()


def test_a_household_that_one_run_alone_knows_is_listed_apart(tmp_path: Path) -> None:
    keys = key_files(tmp_path, [f"k{number}" for number in range(1, 13)], [f"k{n}" for n in range(3, 15)])
    later = later_rows()
    found = compared(tmp_path, earlier_rows(), later, keys=keys)
    assert found.matched_by == "keys"
    assert found.count(Change.ONLY_EARLIER).households == 2
    assert found.count(Change.ONLY_LATER).households == 2
    assert found.only[Change.ONLY_EARLIER, "poor"].households == 1
    pairs = {(row.earlier_id, row.later_id) for row in found.households}
    assert (1, None) in pairs
    assert (None, 12) in pairs
    assert (3, 1) not in pairs, "k3 was poor and is poor"


def key_files(folder: Path, earlier: list[str], later: list[str]) -> tuple[Path, Path]:
    def written(name: str, keys: list[str]) -> Path:
        numbers = list(range(1, len(keys) + 1))
        levels = ["household"] * len(keys) + ["person"]
        table = pa.table({"level": levels, "source_key": [*keys, "k1"], "id": [*numbers, 1]})
        pq.write_table(table, folder / name)
        return folder / name

    return written("earlier.keys.parquet", earlier), written("later.keys.parquet", later)


def test_the_keys_of_another_snapshot_are_refused(tmp_path: Path) -> None:
    keys = key_files(tmp_path, [f"k{n}" for n in range(1, 13)], [f"k{n}" for n in range(3, 15)])
    foreign = pq.read_table(keys[1]).replace_schema_metadata({"hearthline.snapshot": "0" * 64})
    pq.write_table(foreign, keys[1])
    with pytest.raises(HearthlineError, match="it holds the keys of another snapshot") as caught:
        compared(tmp_path, earlier_rows(), later_rows(), keys=keys)
    assert caught.value.code == "run.not-a-key-file"


def test_a_key_file_must_be_parquet(tmp_path: Path) -> None:
    (tmp_path / "keys.csv").write_text("level,source_key,id\n", encoding="utf-8")
    with pytest.raises(HearthlineError, match="it is not a Parquet file"):
        compared(tmp_path, earlier_rows(), later_rows(), keys=(tmp_path / "keys.csv", tmp_path / "keys.csv"))


def test_runs_of_different_snapshots_are_refused_without_keys(tmp_path: Path) -> None:
    before = fake_runs.write_run(tmp_path, earlier_rows(), run_name="a", snapshot_name="a_snapshot")
    after = fake_runs.write_run(tmp_path, later_rows()[:5], run_name="b", snapshot_name="b_snapshot")
    specifications = fake_runs.specification(), fake_runs.specification()
    with pytest.raises(HearthlineError) as caught:
        compare_runs((open_run(before.folder), open_run(after.folder)), specifications)
    assert caught.value.code == "run.different-snapshots"
    assert "--keys" in caught.value.sentence


def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path) -> None:
    households = fake_runs.write_run(tmp_path / "x", earlier_rows()).folder / "households.parquet"
    with pytest.raises(HearthlineError) as caught:
        compared(tmp_path, earlier_rows(), later_rows(), keys=(households, households))
    assert caught.value.code == "run.not-a-key-file"


def test_a_standard_that_asks_for_less_lets_households_leave_though_no_answer_changed(tmp_path: Path) -> None:
    later = [replace(row, status="not poor") if row.status == "poor" else row for row in earlier_rows()]
    lenient = replace(
        fake_runs.specification(),
        standards=(
            StandardEntry("lenient", {"en": "Lenient"}, "status", ("income", "school"), default=True),
        ),
    )
    found = compared(tmp_path, earlier_rows(), later, specifications=(fake_runs.specification(), lenient))
    assert found.criteria[Change.LEFT, "water"].households == 2
    first = next(row for row in found.households if row.earlier_id == 2)
    assert Answered("water", "not met", "absent") in first.criteria
    same = compared(tmp_path / "again", earlier_rows(), later)
    assert same.unexplained == {Change.LEFT: 2}
    assert "the standard itself differs" in same.to_text()


def test_the_list_is_cut_for_people_and_whole_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "changed.parquet"
    found = compared(tmp_path, earlier_rows(), later_rows(), listed=2, list_to=file)
    assert len(found.households) == 2
    assert found.listed_of == 5
    assert "These are the first 2. For all 5 add --limit 5" in found.to_text()
    assert "要列出全部5户，请加 --limit 5" in found.to_text("zh")
    assert pq.read_table(file).num_rows == 5


def test_a_comparison_is_written_in_words_and_for_programs(tmp_path: Path) -> None:
    found = compared(tmp_path, earlier_rows(), later_rows(), by=["region"])
    for language, words in (("en", "Entered"), ("zh", "新进入")):
        assert words in found.to_text(language)
    assert "Safe drinking water" in found.to_text()
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert {row["change"] for row in rows} >= {"entered", "left", "became unknown"}
    document = json.loads(found.to_json())
    assert document["matched_by"] == "snapshot"
    assert document["listed_of"] == 5


def test_equal_runs_say_that_nothing_changed(tmp_path: Path) -> None:
    found = compared(tmp_path, earlier_rows(), earlier_rows())
    assert "No household changed its status." in found.to_text()
    assert not found.households
