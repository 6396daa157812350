# SPDX-License-Identifier: Apache-2.0
"""Decides the charts of a simulation: the cliff, and the sensitivity curve."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hearthline.reporting.charts import Drawing, Form
from hearthline.reporting.curves import Curve, Plane, Span, amount_span, curves_form
from hearthline.reporting.drawing_files import write_svg
from hearthline.simulation.measures import BANDS, FARTHEST
from hearthline.simulation.what_if import Simulation

Chart = tuple[Drawing, Form]

_WORDS: dict[str, Mapping[str, str]] = {
    "en": {
        "cliff": "Mean benefit per person by distance to the line",
        "cliff_said": "Two lines, before and after the change, of the mean benefit per person from the "
        "poorest to those at twice the line; the step at zero is the cliff.",
        "before": "before",
        "after": "after",
        "line": "the line",
        "distance": "distance to the line, % of it",
        "curve": "Poor people by the value of {parameter}",
        "curve_said": "A line of the number of people who would be poor, as {parameter} goes from {low} "
        "to {high}.",
        "people": "people",
        "now": "as set",
    },
    "zh": {
        "cliff": "按与标准线距离的人均补助",
        "cliff_said": "原方案与新方案两条线，从最贫困到标准线两倍处的人均补助；零点处的落差即悬崖效应。",
        "before": "原方案",
        "after": "新方案",
        "line": "标准线",
        "distance": "与标准线距离（占标准线%）",
        "curve": "{parameter}取不同值时的贫困人口",
        "curve_said": "{parameter}从{low}到{high}变化时的贫困人口曲线。",
        "people": "人",
        "now": "所设值",
    },
}


def cliff_chart(simulation: Simulation, language: str) -> Chart | None:
    """The mean benefit by distance to the line, before and after, where both were asked for."""
    if not simulation.bands:
        return None
    words, scale = _WORDS[language], 10**simulation.changed.policy.minor_digits
    lines = []
    top = 0.0
    for side, style, dashes in (("before", "second", "long"), ("after", "poor", "solid")):
        points = []
        for band in simulation.bands[side]:
            if band.benefit is not None and -FARTHEST <= band.place < FARTHEST - 1:
                height = band.benefit / scale
                points += [(100 * band.place / BANDS, height), (100 * (band.place + 1) / BANDS, height)]
                top = max(top, height)
        lines.append(Curve(words[side], points, style, dashes))
    marks = [(float(place), f"{place:+d}%" if place else "0") for place in (-100, -50, 0, 50, 100)]
    across = Span(-100.0, 100.0, marks, words["distance"])
    plane = Plane(across, amount_span(0.0, top), upright=((0.0, words["line"]),))
    drawing = Drawing("cliff", words["cliff"], words["cliff_said"])
    return drawing, curves_form(plane, lines)


def curve_chart(simulation: Simulation, language: str) -> Chart | None:
    """How many people would be poor at each value of the parameter, where it was asked for."""
    if simulation.curve is None or not simulation.points:
        return None
    words = _WORDS[language]
    parameter = simulation.changed.policy.parameters[simulation.curve.parameter]
    label = parameter.label.get(language) or parameter.name
    points = [(float(point.value), point.people) for point in simulation.points]
    low, high = points[0][0], points[-1][0]
    across = amount_span(low, high, label)
    plane = Plane(across, amount_span(0.0, max(people for _, people in points), words["people"]))
    said = words["curve_said"].format(parameter=label, low=f"{low:,g}", high=f"{high:,g}")
    drawing = Drawing("sensitivity", words["curve"].format(parameter=label), said)
    return drawing, curves_form(plane, [Curve(words["people"], points)])


def write_charts(simulation: Simulation, folder: Path, language: str) -> list[Path]:
    """Write the charts that there are as SVG files, named cliff.svg and sensitivity.svg."""
    later = simulation.difference.later
    note = f"{later.package} {later.version_hash[:12]} · {later.on} · {later.snapshot_hash[:12]}"
    charts = (cliff_chart(simulation, language), curve_chart(simulation, language))
    return [
        write_svg(folder / f"{drawing.name}.svg", drawing, form, language=language, note=note)
        for drawing, form in filter(None, charts)
    ]
