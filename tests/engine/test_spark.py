# SPDX-License-Identifier: Apache-2.0
"""Decides whether Spark leaves the run that DuckDB leaves, and refuses in a sentence where it cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import Run, open_run, screen, screening
from hearthline.engine.backends.reasons import explain
from hearthline.engine.backends.spark_session import require_java, require_reachable
from hearthline.engine.packages import load_policy
from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.duckdb_dialect import DUCKDB
from hearthline.engine.sql.spark_dialect import SPARK
from hearthline.statistics.compare import compare
from tests.engine.hill_village import ON, PACKAGE, write_snapshot
from tests.sparking import spark_of_this_process

AWKWARD = "snap shot {2014} 山村 50% [1]"
"""A name that a path of Hadoop, a glob or an address would read otherwise."""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The village under an awkward name."""
    return write_snapshot(tmp_path_factory.mktemp("village") / AWKWARD, load_policy(PACKAGE))


@pytest.fixture(scope="module")
def runs(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The village screened by DuckDB and by Spark."""
    spark_of_this_process()
    folder = tmp_path_factory.mktemp("runs")
    first = screen(PACKAGE, snapshot, on=ON, out=folder / "by duckdb").run
    second = screen(PACKAGE, snapshot, on=ON, out=folder / AWKWARD, engine="spark", master="local[2]").run
    return first, second


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize(("result", "key"), [("households", "household_id"), ("persons", "person_id")])
def test_spark_writes_the_same_rows_in_the_same_files(runs: tuple[Run, Run], result: str, key: str) -> None:
    duckdb, spark = (run.record.files[result] for run in runs)
    assert [file.path for file in duckdb] == [file.path for file in spark]
    for ours, theirs in zip(runs[0].paths(result), runs[1].paths(result), strict=True):
        by_duckdb, by_spark = (pq.read_table(path, partitioning=None) for path in (ours, theirs))
        assert by_duckdb.column_names == by_spark.column_names
        by_duckdb = by_duckdb.cast(by_spark.schema).sort_by(key)
        assert by_duckdb.to_pylist() == by_spark.to_pylist()
        assert by_duckdb.num_rows > 0


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_a_run_names_spark_its_version_and_where_it_ran(runs: tuple[Run, Run]) -> None:
    engine = open_run(runs[1].folder).record.engine
    assert (engine.name, engine.master) == ("spark", "local[2]")
    assert engine.version.startswith("4.3")
    assert runs[0].record.statuses == runs[1].record.statuses


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_why_and_compare_read_a_run_of_spark_as_any_other(runs: tuple[Run, Run]) -> None:
    by_duckdb, by_spark = runs
    for household in range(1, by_spark.record.counts["households"] + 1):
        ours, theirs = explain(by_duckdb, household), explain(by_spark, household)
        assert ours.criteria == theirs.criteria
    found = compare(by_duckdb.folder, by_spark.folder)
    assert not found.households


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK], ids=lambda dialect: dialect.name)
def test_every_engine_can_say_every_operation(dialect: Dialect) -> None:
    assert set(dialect.rows) == set(Operation)


def test_an_operation_that_spark_lacks_is_refused_by_name_before_anything_runs(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = dict(SPARK.rows)
    del rows[Operation.ANY_BITS]
    monkeypatch.setitem(screening.DIALECTS, "spark", replace(SPARK, rows=rows))
    with pytest.raises(HearthlineError) as refused:
        screen(PACKAGE, snapshot, on=ON, out=tmp_path / "run", engine="spark", master="spark://nowhere:1")
    assert refused.value.code == "engine.no-operation"
    assert "spark cannot say 'bits set in any row'" in refused.value.sentence
    assert not list(tmp_path.iterdir())


def test_no_java_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HearthlineError) as refused:
        require_java()
    assert refused.value.code == "spark.no-java"
    assert "openjdk-17-jre-headless" in refused.value.remedy


def test_an_old_java_is_told_with_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(HearthlineError) as refused:
        require_java()
    assert refused.value.code == "spark.old-java"
    assert "version 11" in refused.value.sentence


def test_a_master_that_does_not_answer_is_refused_within_the_stated_time() -> None:
    with pytest.raises(HearthlineError) as refused:
        require_reachable("spark://127.0.0.1:1", seconds=2)
    assert refused.value.code == "spark.unreachable"
    assert "within 2 seconds" in refused.value.sentence
