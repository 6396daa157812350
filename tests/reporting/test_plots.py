# SPDX-License-Identifier: Apache-2.0
"""Decides whether the drawings of a run show its figures, in both languages."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from hearthline.engine.backends.runs import open_run
from hearthline.reporting.charts import Drawing
from hearthline.reporting.drawing_files import svg_text
from hearthline.reporting.phrases import phrases
from hearthline.reporting.plots import incidence_drawing, lorenz_drawing, parade_drawing
from hearthline.statistics.curves import drawn_columns
from hearthline.statistics.measures import compute_run
from hearthline.statistics.table import StatisticsTable
from tests.statistics import fake_runs


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> StatisticsTable:
    invented = fake_runs.write_run(tmp_path_factory.mktemp("plots"), fake_runs.households(400))
    return compute_run(
        open_run(invented.folder),
        fake_runs.specification(),
        by=["region", "area:1"],
        measures=["headcount", "gini"],
        further=drawn_columns(),
    )


def words(drawing: Drawing, form: object, language: str) -> str:
    root = ElementTree.fromstring(svg_text(drawing, form, language=language).encode())  # type: ignore[arg-type]  # a form
    return " | ".join("".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text"))


def test_the_lorenz_curve_names_the_gini_coefficient_and_half_of_the_people(figures: StatisticsTable) -> None:
    drawing, form = lorenz_drawing(figures, phrases("en"))
    gini = figures.value("gini")
    half = figures.value("income_share", item="50")
    assert gini is not None
    assert half is not None
    assert f"Gini {gini:.3f}" in words(drawing, form, "en")
    assert f"hold {100 * half:.1f}%" in drawing.description


def test_the_parade_carries_the_line(figures: StatisticsTable) -> None:
    drawing, form = parade_drawing(figures, phrases("zh"))
    assert "贫困线" in words(drawing, form, "zh")
    assert drawing.title.startswith("收入游行图")


def test_incidence_begins_with_the_poorest_group_and_says_every_share(figures: StatisticsTable) -> None:
    drawing, form = incidence_drawing(figures, "area:1", phrases("en"))
    said = words(drawing, form, "en")
    shares = {
        figures.group_label(group): share for group, share in figures.column("headcount", by="area:1").items()
    }
    order = sorted(shares, key=lambda name: -float(shares[name] or 0))
    assert said.index(order[0]) < said.index(order[1])
    for share in shares.values():
        assert f"{100 * float(share or 0):.1f}%" in said
    assert drawing.name == "incidence-area-1"


def test_a_group_that_is_unknown_is_drawn_as_unknown(figures: StatisticsTable) -> None:
    drawing, form = incidence_drawing(figures, "region", phrases("zh"))
    assert "未知" in words(drawing, form, "zh")


def test_drawings_are_named_so_that_any_file_system_takes_them(
    figures: StatisticsTable, tmp_path: Path
) -> None:
    drawing, _ = incidence_drawing(figures, "area:1", phrases("en"))
    (tmp_path / f"{drawing.name}.svg").write_text("x")
