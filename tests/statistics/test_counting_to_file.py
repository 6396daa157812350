# SPDX-License-Identifier: Apache-2.0
"""Decides whether a file of figures holds what is printed, however it was counted, or nothing at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends.runs import Run, open_run
from hearthline.statistics import area_parts
from hearthline.statistics.counting_to_file import CountingStopped, FileReport, Progress, count_to_file
from hearthline.statistics.figure_files import rounded
from hearthline.statistics.formats import filed
from hearthline.statistics.measures import compute_run
from hearthline.statistics.runs import relation_of
from hearthline.statistics.table import StatisticsTable
from hearthline.statistics.tabulation import requested
from tests.statistics import fake_runs

BY = ["area:0", "area:1", "area:2"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    rows = fake_runs.households(120)
    return open_run(fake_runs.write_run(tmp_path_factory.mktemp("country"), rows, parts=2).folder)


def to_file(
    run: Run,
    out: Path,
    file_format: str = "csv",
    *,
    weight: str = "person",
    resume: bool = False,
    progress: Progress | None = None,
) -> FileReport:
    specification = fake_runs.specification(weight=weight)
    relation = relation_of(run, specification, by=BY)
    request = requested(relation, specification, by=BY, measures=["all"])
    return count_to_file(
        request, specification, run, out, file_format=file_format, resume=resume, progress=progress
    )


def printed(run: Run, weight: str = "person") -> str:
    return counted(run, weight=weight).to_csv()


def counted(run: Run, *, weight: str = "person", most: int | None = None) -> StatisticsTable:
    return compute_run(run, fake_runs.specification(weight=weight), by=BY, measures=["all"], most=most)


def stop(done: int, rows: int) -> None:
    """A person who has waited long enough for the first part."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("weight", ["person", "household"])
def test_a_file_holds_what_is_printed(run: Run, tmp_path: Path, weight: str) -> None:
    report = to_file(run, tmp_path / "figures.csv", weight=weight)
    assert report.parts == 1
    assert (tmp_path / "figures.csv").read_text(encoding="utf-8") == printed(run, weight)


def test_a_country_in_parts_has_the_figures_of_the_country_at_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = printed(run)
    monkeypatch.setattr(area_parts, "PART_ROWS", 10)
    report = to_file(run, tmp_path / "figures.csv")
    assert report.parts == 2
    assert (tmp_path / "figures.csv").read_text(encoding="utf-8") == whole


def test_parquet_has_a_row_for_a_group_with_the_digits_of_the_csv(run: Run, tmp_path: Path) -> None:
    to_file(run, tmp_path / "figures.parquet", "parquet")
    rows = pq.read_table(tmp_path / "figures.parquet").to_pylist()
    listed = list(csv.DictReader(io.StringIO(printed(run))))
    by_group = {(row["by"], *(row[name] or "" for name in BY)): row for row in rows}
    assert len(by_group) == len(rows)
    compared = 0
    for line in listed:
        row = by_group[(line["by"], *(line[name] for name in BY))]
        name = f"{line['measure']}.{line['figure']}" + (f"@{line['item']}" if line["item"] else "")
        if name in row:
            compared += 1
            assert ("" if row[name] is None else float(row[name])) == (
                "" if line["value"] == "" else float(line["value"])
            )
    assert compared > len(listed) / 2


def test_a_stopped_count_goes_on_where_it_was_and_leaves_no_file_before(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = printed(run)
    monkeypatch.setattr(area_parts, "PART_ROWS", 10)
    out = tmp_path / "figures.csv"

    with pytest.raises(CountingStopped, match="--resume"):
        to_file(run, out, progress=stop)
    assert not out.exists()
    assert to_file(run, out, resume=True).resumed == 1
    assert out.read_text(encoding="utf-8") == whole
    assert list(tmp_path.iterdir()) == [out]


def test_parts_of_another_question_or_damaged_parts_are_counted_anew(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_parts, "PART_ROWS", 10)
    out = tmp_path / "figures.csv"

    for damage in (False, True):
        with pytest.raises(CountingStopped):
            to_file(run, out, progress=stop)
        if damage:
            [part] = tmp_path.glob("*/part-00000-2.arrow")
            part.write_bytes(b"damaged")
            assert to_file(run, out, resume=True).resumed == 0
        else:
            assert to_file(run, out, weight="household", resume=True).resumed == 0
        out.unlink()


def test_figures_never_go_over_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(HearthlineError) as refused:
        to_file(run, out)
    assert refused.value.code == "statistics.file-exists"
    assert out.read_text(encoding="utf-8") == "mine"


def test_a_table_for_people_says_how_many_groups_it_leaves_out(run: Run) -> None:
    asked = fake_runs.specification()
    table, whole = (
        compute_run(run, asked, by=BY, measures=["headcount", "gini"], most=most) for most in (2, None)
    )
    shown, every = ([group for group in each.groups if group.by == "area:2"] for each in (table, whole))
    assert shown == every[:2]
    assert f"{len(every) - 2} more groups of area:2 are left out" in table.to_text()
    assert "left out" not in whole.to_text()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False), max_size=30))
def test_twelve_digits_of_many_are_those_of_each(values: list[float]) -> None:
    assert rounded(np.array(values, dtype=np.float64)).tolist() == [filed(value) for value in values]
