# SPDX-License-Identifier: Apache-2.0
"""Decides whether the charts on a terminal say what the figures say, in both languages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from hearthline.engine.backends.runs import open_run
from hearthline.reporting.terminal import blocks, print_summary
from hearthline.statistics.distribution import Distribution, distribution_of
from hearthline.statistics.measures import compute_run
from hearthline.statistics.numerals import percent
from hearthline.statistics.table import StatisticsTable
from tests.statistics import fake_runs


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[StatisticsTable, Distribution | None]:
    folder: Path = tmp_path_factory.mktemp("terminal")
    run = open_run(fake_runs.write_run(folder, fake_runs.households(500)).folder)
    specification = fake_runs.specification()
    return compute_run(run, specification, by=["region", "area:1"]), distribution_of(run, specification)


def printed(measured: tuple[StatisticsTable, Distribution | None], by: str, language: str) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_summary(console, measured[0], by=by, distribution=measured[1], language=language)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(("language", "words"), [("en", "Safe housing"), ("zh", "住房安全")])
def test_every_figure_stands_beside_its_bar(
    measured: tuple[StatisticsTable, Distribution | None], language: str, words: str
) -> None:
    text = printed(measured, "region", language)
    statistics = measured[0]
    assert words in text
    for name in fake_runs.CRITERIA:
        assert percent(statistics.value("not_met", item=name)) in text
    for figure in statistics.column("headcount", by="region").values():
        assert percent(figure) in text
    assert "░" in text, "what is unknown has a sign of its own"
    assert "3,218" in text


def test_no_line_is_wider_than_the_terminal(
    measured: tuple[StatisticsTable, Distribution | None],
) -> None:
    for language in ("en", "zh"):
        for line in printed(measured, "area:1", language).splitlines():
            assert cell_len(line.rstrip()) <= 100


def test_places_stand_by_their_names(measured: tuple[StatisticsTable, Distribution | None]) -> None:
    assert "Place T1" in printed(measured, "area:1", "en")


def test_a_bar_is_exact_to_an_eighth_and_never_nothing_for_something() -> None:
    assert blocks(1.0, 1.0, 4) == "████"
    assert blocks(0.5, 1.0, 4) == "██"
    assert blocks(0.001, 1.0, 4) == "▏"
    assert blocks(0.0, 1.0, 4) == ""
