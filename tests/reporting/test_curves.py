# SPDX-License-Identifier: Apache-2.0
"""Decides whether curves and intervals stand where their figures say, and a file of a chart is whole."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.reporting.charts import BROAD, Drawing
from hearthline.reporting.curves import (
    Band,
    Curve,
    IntervalBar,
    Plane,
    Span,
    amount_span,
    cumulated_span,
    curves,
    curves_form,
    interval_bars,
    interval_form,
    share_span,
)
from hearthline.reporting.drawing_files import svg_text, write_svg

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = Drawing("chart", "Lorenz <curve>", "Half of the people hold a quarter.")
HALF = Plane(share_span(0, 1, "People"), share_span(0, 1, "Income"), upright=[(0.5, "half")])


def document(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode())


def test_a_file_of_a_chart_says_its_title_and_what_it_shows_before_anything_else() -> None:
    form = curves_form(HALF, [Curve("Income", [(0, 0), (0.5, 0.25), (1, 1)])])
    root = document(svg_text(DRAWING, form, language="zh", note="来源"))
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == "Lorenz <curve>"
    assert root.attrib["lang"] == "zh-Hans"
    assert root.attrib["role"] == "img"
    assert "来源" in [text.text for text in root.iter(f"{SVG}text")]


def test_a_curve_goes_through_its_points_from_corner_to_corner() -> None:
    form = curves_form(HALF, [Curve("", [(0, 0), (0.5, 0.25), (1, 1)])])
    root = document(svg_text(DRAWING, form, language="en"))
    path = next(found for found in root.iter(f"{SVG}path") if found.attrib["class"] == "line poor")
    points = [tuple(map(float, part.split(","))) for part in path.attrib["d"][1:].split("L")]
    (x0, y0), (x1, y1), (x2, y2) = points
    assert x1 == pytest.approx((x0 + x2) / 2, abs=0.01)
    assert y1 == pytest.approx(y0 + (y2 - y0) / 4, abs=0.01)
    assert x2 == BROAD - 12


def test_a_band_closes_between_its_lower_and_upper_line() -> None:
    drawn = curves(DRAWING, HALF, [], [Band([(0, 0.1, 0.2), (1, 0.8, 0.9)])])
    assert drawn.count('class="band poor"') == 2
    assert "Z" in drawn


def test_an_interval_is_drawn_to_the_scale_of_its_bar_and_said_in_words() -> None:
    form = interval_form([IntervalBar("North & West", 0.2, 0.1, 0.4), IntervalBar("South", None)])
    root = document(svg_text(DRAWING, form, language="en"))
    bar = next(found for found in root.iter(f"{SVG}rect") if found.attrib["class"] == "second")
    whisker = next(
        found
        for found in root.iter(f"{SVG}line")
        if found.attrib["class"] == "mark" and found.attrib["y1"] == found.attrib["y2"]
    )
    start, length = float(bar.attrib["x"]), float(bar.attrib["width"])
    assert float(whisker.attrib["x1"]) == pytest.approx(start + length / 2, abs=0.01)
    assert float(whisker.attrib["x2"]) == pytest.approx(start + 2 * length, abs=0.01)
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "20.0% 10.0%–40.0%" in words
    assert "North & West" in words


def test_a_bar_without_an_interval_has_no_whisker() -> None:
    drawn = interval_bars(DRAWING, [IntervalBar("North", 0.2)])
    assert 'class="mark"' not in drawn


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [(0, 9.3, (0, 10)), (-3.1, 4.9, (-4, 6)), (1200, 18_700, (0, 20_000)), (5, 5, (5, 6))],
)
def test_an_axis_ends_at_round_numbers_that_hold_all_its_values(
    low: float, high: float, ends: tuple[float, float]
) -> None:
    span = amount_span(low, high)
    assert (span.low, span.high) == pytest.approx(ends)
    assert span.marks[0][0] == span.low
    assert span.marks[-1][0] == span.high


def test_an_axis_of_growth_holds_the_zero_between_loss_and_gain() -> None:
    span = share_span(-0.031, 0.049)
    assert any(value == pytest.approx(0) for value, _ in span.marks)
    assert isinstance(span, Span)


@pytest.mark.parametrize(
    ("lowest", "first"), [(0.0, "0%"), (-0.004, "0%"), (-0.19, "0%"), (-0.31, "-20%"), (-0.4, "-40%")]
)
def test_the_axis_of_a_lorenz_curve_is_marked_from_zero_and_holds_the_dip_of_negative_incomes(
    lowest: float, first: str
) -> None:
    span = cumulated_span(lowest)
    marks = sorted(span.marks)
    assert (span.low, span.high) == (lowest, 1)
    assert (marks[0][1].replace("\u2212", "-"), marks[-1][1]) == (first, "100%")
    assert all(lowest <= value <= 1 for value, _ in marks)


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "plots").write_text("a file stands here")
    form = curves_form(HALF, [])
    with pytest.raises(HearthlineError) as refused:
        write_svg(tmp_path / "plots" / "lorenz.svg", DRAWING, form, language="en")
    assert refused.value.problem.code == "drawing.cannot-write"
