# SPDX-License-Identifier: Apache-2.0
"""Decides whether figures are written so that people and programs can read them, and are documented."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from hearthline.engine.backends.runs import open_run
from hearthline.statistics.formats import aligned, width_of
from hearthline.statistics.measures import compute_run
from hearthline.statistics.reference import CHANGES, measures_page
from hearthline.statistics.registry import MEASURES
from hearthline.statistics.table import StatisticsTable
from hearthline.statistics.words import column_title, table_title
from tests.statistics import fake_runs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> StatisticsTable:
    folder = tmp_path_factory.mktemp("formats")
    run = fake_runs.write_run(folder, fake_runs.households(300))
    return compute_run(open_run(run.folder), fake_runs.specification(), by=["region"])


def test_the_text_names_the_versions_the_standard_and_the_line(table: StatisticsTable) -> None:
    text = table.to_text()
    assert "invented/2019" in text
    assert "2019-12-31" in text
    assert "National standard" in text
    assert "Poverty line = 3,218.00" in text
    assert "region: North" in text


def test_an_area_without_a_name_is_told_as_an_area(table: StatisticsTable) -> None:
    named = replace(table, area_names={"7": "Seven Springs"})
    assert named.value_label("area:1", "12") == "Area 12"
    assert named.value_label("area", "12", "zh") == "地区12"
    assert named.value_label("area:1", "7", "zh") == "Seven Springs"


def test_the_text_is_chinese_where_that_is_asked_for(table: StatisticsTable) -> None:
    text = table.to_text("zh")
    for words in ("合计", "贫困发生率", "人均纯收入", "因病", "饮水安全", "北部"):
        assert words in text


def test_columns_of_chinese_and_latin_words_stand_in_line() -> None:
    lines = aligned([["组", "n"], ["a", "1"], ["合计", "12"]], left=1).splitlines()
    assert {width_of(line) for line in lines} == {8}


def test_the_csv_holds_every_figure_once(table: StatisticsTable) -> None:
    rows = list(csv.DictReader(io.StringIO(table.to_csv())))
    keys = [(row["by"], row["region"], row["measure"], row["item"], row["figure"]) for row in rows]
    assert len(keys) == len(set(keys))
    total = next(row for row in rows if row["by"] == "total" and row["figure"] == "gap")
    assert float(total["value"]) == pytest.approx(table.value("gap"), rel=1e-11)
    assert any(row["region"] == "unknown" and row["by"] == "region" for row in rows)


def test_the_json_holds_the_versions_and_null_for_an_unknown_group(table: StatisticsTable) -> None:
    document = json.loads(table.to_json())
    assert document["package"] == "invented/2019"
    assert document["line"] == {"name": "poverty_line", "value": "3218.00"}
    groups = [row["group"] for part in document["tables"] for row in part["rows"]]
    assert {"region": None} in groups
    assert {} in groups


def test_every_column_and_table_has_a_title_in_both_languages(table: StatisticsTable) -> None:
    for part in table.tables:
        for language in ("en", "zh"):
            assert table_title(part.name, language)
            assert all(column_title(heading.name, language) for heading in part.headings)


def test_every_measure_says_its_exact_definition() -> None:
    texts = {name: measure.text for name, measure in MEASURES.items()}
    texts |= {name: inspect.getdoc(definition) or "" for name, (_, definition) in CHANGES.items()}
    for name, text in texts.items():
        assert re.search(r"^ {4}\S", text, re.MULTILINE), f"{name} states no formula"
        for part in ("Weights", "Ties", "uantile type", "on-positive incomes", "Error", "Source"):
            assert re.search(rf"\*\*[^*]*{part}[^*]*:\*\* \S|{part}:\*\*", text), (name, part)
        agrees = re.search(r"\*\*Agrees with:\*\* (.*)", text, re.DOTALL)
        assert agrees is not None, f"{name} names no package that it agrees with"
        assert re.search(r"`\w+(::\w+)?", agrees[1]), name


def test_the_reference_of_the_measures_is_current() -> None:
    page = ROOT / "docs" / "reference" / "measures.md"
    assert page.read_text(encoding="utf-8") == measures_page(), (
        "Run 'python -m hearthline.statistics.reference docs/reference/measures.md'."
    )
