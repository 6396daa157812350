# SPDX-License-Identifier: Apache-2.0
"""Decides that the benchmark runs, that its contenders agree to the last row, and that it would notice."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.book import composed
from benchmarks.children.compare_results import compared
from benchmarks.contest import INCOME_PACKAGE, OURS, Outcome, answers_agree, comparison_in_words
from benchmarks.measuring import Figures, Measured, measured
from benchmarks.promises import figures_of, promises_of
from benchmarks.screening import main
from hearthline.engine.packages import load_policy, run_scenarios


@pytest.mark.slow
def test_the_package_and_the_handwritten_query_agree_on_noise_and_on_the_county(tmp_path: Path) -> None:
    sizes = ["--households", "400", "--noise", "400", "--runs", "1"]
    status = main(["--out", str(tmp_path), *sizes, "--without-openfisca"])
    found = json.loads((tmp_path / "screening.json").read_text(encoding="utf-8"))
    assert status in (0, 1), found["raw"]["comparisons"]
    for name in ("noise, households", "noise, persons", "households", "persons"):
        comparison = found["raw"]["comparisons"][name]
        assert comparison["differing_rows"] == 0
        assert comparison["rows"]["ours"] == comparison["rows"]["theirs"] > 0
        assert comparison["columns_of_one_side"] == []
    assert found["raw"]["rows"]["household"] == 400
    assert found["raw"]["medians"][OURS]["cpu"] > found["raw"]["medians"][OURS]["job_cpu"] > 0
    assert "400 households" in composed([found])
    assert str(tmp_path) not in composed([found])


def test_the_income_package_passes_its_scenarios() -> None:
    policy = load_policy(INCOME_PACKAGE)
    results = run_scenarios(policy, INCOME_PACKAGE)
    assert len(results) == 3
    assert [result for result in results if not result.passed] == []


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Two little results that differ in one value, one unknown, and one row."""
    connection = duckdb.connect(":memory:")
    for name, rows in (
        ("ours", "(1, 5.0, 'met'), (2, 7.0, NULL)"),
        ("theirs", "(1, 5.1, 'met'), (2, 7.0, 'met'), (3, 1.0, 'met')"),
    ):
        connection.execute(f"CREATE TABLE {name} AS FROM (VALUES {rows}) AS t(id, sum, food)")
    return connection


def test_a_differing_value_an_unknown_and_a_missing_row_are_counted(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = compared(connection, "id", {})
    assert found["rows"] == {"ours": 2, "theirs": 3}
    assert found["differing_rows"] == 3
    assert found["differing"] == {"id": 1, "sum": 2, "food": 2}
    assert not answers_agree(Outcome(comparisons={"households": found}))
    assert "3 rows differ" in comparison_in_words(found)


def test_an_allowed_distance_forgives_a_number_and_nothing_else(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert compared(connection, "id", {"sum": 0.5})["differing"] == {"id": 1, "sum": 1, "food": 2}


def test_a_program_is_measured_by_its_own_seconds_and_memory(tmp_path: Path) -> None:
    work = "block = bytearray(150_000_000); sum(range(2_000_000))"
    found = measured([sys.executable, "-c", work], tmp_path / "log", tmp_path / "none.json")
    assert found.peak > 150
    assert found.cpu > 0
    assert found.wall > 0


def test_a_program_that_fails_stops_the_benchmark_with_its_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such county')"]
    with pytest.raises(SystemExit, match="no such county"):
        measured(command, tmp_path / "log", tmp_path / "none.json")


def test_hashes_are_left_out_and_the_middle_run_counts() -> None:
    runs = [
        Measured(
            wall, wall, 100.0, {"job_wall": wall - 1, "job_cpu": wall - 1, "hash_wall": 1, "hash_cpu": 1}
        )
        for wall in (9.0, 3.0, 4.0)
    ]
    figures = Figures.of([run.without_hashes() for run in runs])
    assert (figures.wall, figures.cpu, figures.job_wall, figures.runs) == (3.0, 3.0, 2.0, 3)


def test_an_aim_is_kept_or_missed_by_its_figure() -> None:
    seconds = {"job_wall": 1.0, "job_cpu": 1.0}
    outcome = Outcome(
        runs={
            "package": [Measured(3.0, 4.0, 700.0, seconds)],
            "handwritten": [Measured(2.5, 2.5, 500.0, seconds)],
        }
    )
    assert [promise.verdict for promise in promises_of(figures_of(outcome))] == ["missed", "kept", "kept"]
