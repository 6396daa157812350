# SPDX-License-Identifier: Apache-2.0
"""Decides whether the report of a real run shows that run: its figures, its places, its households."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends.runs import Run, open_run
from hearthline.engine.backends.screening import screen
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import SourceEntry
from hearthline.reporting.gathering import report_of
from hearthline.reporting.inputs import ReportInput
from hearthline.reporting.page import report_page
from hearthline.statistics.examples import telling_households
from hearthline.statistics.measures import MeasureRequest, compute, specification_for
from hearthline.synthetic.generator import generate
from tests.reporting.test_report import Page

PACKAGE = "cn/2014-2020"
TITLES = {3: {"en": "Township", "zh": "乡镇"}, 4: {"en": "Village", "zh": "村"}}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("gathering")
    generate(load_policy(PACKAGE), out=folder / "county", households=600, seed=4)
    return screen(PACKAGE, folder / "county", on=date(2017, 12, 31), out=folder / "run").run


@pytest.fixture(scope="module")
def report(run: Run) -> ReportInput:
    return report_of(run.folder, by=["dwelling_grade"], level_titles=TITLES)


@pytest.fixture(scope="module")
def page(report: ReportInput) -> Page:
    return Page(report_page(report))


def test_the_report_shows_the_figures_of_the_run(run: Run, report: ReportInput, page: Page) -> None:
    headcount = compute(run.folder, MeasureRequest(measures=["headcount"])).value("headcount")
    assert report.statistics.value("headcount") == headcount
    assert f"{headcount:.1%}" in page.text("en")
    assert run.record.package.version_hash in page.text("en")
    assert run.record.snapshot.hash in page.text("zh-Hans")


def test_places_stand_under_their_parents_and_add_up(report: ReportInput) -> None:
    townships, villages, grades = report.places
    assert villages.parent_title is not None
    parents = {row.parent for row in villages.rows}
    assert parents == {row.name for row in townships.rows if row.merged == 1}
    people = report.statistics.value("people")
    for level in (townships, villages, grades):
        assert sum(row.weight for row in level.rows) == people


def test_five_households_are_explained_in_both_languages(run: Run, report: ReportInput, page: Page) -> None:
    assert len(report.worked) == 5
    assert {"poor", "not poor"} <= {household.status for household in report.worked}
    assert report.worked[0].reasons["zh"] != report.worked[0].reasons["en"]
    number = telling_households(open_run(run.folder), specification_for(run))[0]
    assert f"Household {number}" in page.text("en")
    assert f"第{number}户" in page.text("zh-Hans")


def test_the_page_of_a_real_run_is_sound(page: Page) -> None:
    assert not page.faults
    ids = [values["id"] for _, values in page.elements if "id" in values]
    assert len(ids) == len(set(ids))


def test_the_report_of_a_generated_county_says_that_it_is_invented(run: Run, page: Page) -> None:
    assert "Invented data" in page.text("en")
    assert "hearthline generate, seed 4" in page.text("zh-Hans")
    manifest = run.snapshot().manifest
    observed = {"household": {"size": SourceEntry(source="visit", file="households.csv")}}
    assert manifest.model_copy(update={"sources": manifest.sources | observed}).generated_by is None
    assert manifest.model_copy(update={"sources": {}}).generated_by is None


def test_people_listed_and_people_counted_are_told_apart(run: Run, page: Page) -> None:
    listed = run.record.counts["persons"]
    assert f"The data list {listed:,} people." in page.text("en")
    assert "people counted in" in page.text("en")
    assert f"数据中列出{listed:,}人。" in page.text("zh-Hans")


def test_the_public_form_names_no_household(run: Run) -> None:
    words = Page(report_page(report_of(run.folder, worked=[]))).text("en")
    assert "single households" not in words


def test_the_index_agrees_with_the_points_that_the_engine_counted(run: Run) -> None:
    points = run.record.indices["guarantees"]
    rows = pq.ParquetFile(run.paths("households")[0]).read(
        columns=["guarantees_points", "guarantees_points_unknown"]
    )
    pairs = list(zip(*(rows.column(name).to_pylist() for name in rows.column_names), strict=True))
    poor = [known for known, _ in pairs if known >= points.needed]
    answered = len(poor) + sum(known + unknown < points.needed for known, unknown in pairs)
    table = compute(run.folder, MeasureRequest(measures=["mpi"], weight="none"))
    assert table.value("h") == pytest.approx(len(poor) / answered, rel=1e-12)
    assert table.value("m0") == pytest.approx(sum(poor) / points.whole / answered, rel=1e-12)
