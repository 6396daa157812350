# SPDX-License-Identifier: Apache-2.0
"""Decides how the growth-incidence curve is drawn: growth by percentile, with that of the mean beside it."""

from __future__ import annotations

from pathlib import Path

from hearthline.reporting.charts import Drawing, Form
from hearthline.reporting.curves import Band, Curve, Plane, curves_form, share_span
from hearthline.reporting.drawing_files import write_svg
from hearthline.reporting.phrases import Phrases, phrases
from hearthline.statistics.change_formats import rate_words
from hearthline.statistics.growth import Growth


def growth_drawing(growth: Growth, say: Phrases) -> tuple[Drawing, Form]:
    """The curve from the second percentile up to the ninety-eighth: the ends say little in any sample."""
    points = [point for point in growth.points if 2 <= point.place <= 98 and point.growth is not None]
    curve = [(point.place / 100, float(point.growth or 0.0)) for point in points]
    sides = [
        (point.place / 100, point.precision.low, point.precision.high)
        for point in points
        if point.precision is not None
    ]
    heights = [0.0, *(height for _, height in curve), *(end for side in sides for end in side[1:])]
    if growth.mean is not None:
        heights.append(growth.mean)
    lines = [Curve(say("growth_curve"), curve, "second")]
    if growth.mean is not None:
        mean = [(0.0, growth.mean), (1.0, growth.mean)]
        lines.append(Curve(say("growth_mean", mean=rate_words(growth.mean)), mean, "poor", "long"))
    drawing = Drawing(
        "growth",
        say("growth_title", earlier=growth.earlier.on, later=growth.later.on),
        say(
            "growth_description",
            low=rate_words(growth.at(10).growth),
            middle=rate_words(growth.at(50).growth),
            high=rate_words(growth.at(90).growth),
            mean=rate_words(growth.mean),
        ),
    )
    low, high = min(heights), max(heights)
    up = share_span(low, high if high > low else low + 0.01, say("growth_axis"))
    plane = Plane(share_span(0, 1, say("axis_people")), up, level=[(0.0, "")] if low < 0 else [])
    return drawing, curves_form(plane, lines, [Band(sides, "second")] if sides else [])


def write_growth(folder: Path, growth: Growth, *, language: str) -> Path:
    """Write the curve as a file into a folder."""
    drawing, form = growth_drawing(growth, phrases(language))
    note = f"{growth.earlier.package} {growth.earlier.on} → {growth.later.package} {growth.later.on}"
    return write_svg(folder / f"{drawing.name}.svg", drawing, form, language=language, note=note)
