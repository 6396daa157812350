# SPDX-License-Identifier: Apache-2.0
"""Decides which drawings a run gives as files: Lorenz curve, Pen's parade, and incidence by group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hearthline.engine.backends.runs import open_run
from hearthline.reporting.charts import Drawing, Form
from hearthline.reporting.curves import (
    Band,
    Curve,
    IntervalBar,
    Plane,
    amount_span,
    cumulated_span,
    curves_form,
    interval_form,
    share_span,
)
from hearthline.reporting.drawing_files import write_svg
from hearthline.reporting.phrases import Phrases, phrases
from hearthline.statistics import numerals
from hearthline.statistics.curves import DRAWN, drawn_columns
from hearthline.statistics.design import Precision
from hearthline.statistics.figures import Figures
from hearthline.statistics.formats import line_words
from hearthline.statistics.measures import compute_run, specification_for

_NAME = re.compile(r"[^\w-]+")
_MOST_BARS = 60
"""A drawing with more bars than this cannot be read; the first groups are drawn, and it says so."""


@dataclass(frozen=True)
class PlotRequest:
    """What is drawn: by which groups, of which welfare value and line, with intervals or without."""

    by: tuple[str, ...] = ()
    welfare: str | None = None
    line: str | None = None
    weight: str | None = None
    errors: bool = False


def plot_run(
    run_folder: Path, folder: Path, request: PlotRequest, *, language: str = "en", data: Path | None = None
) -> list[Path]:
    """Write every drawing that the run allows into a folder; the files, in order."""
    run = open_run(run_folder)
    specification = specification_for(run, welfare=request.welfare, line=request.line, weight=request.weight)
    has_welfare = specification.welfare is not None
    figures = compute_run(
        run,
        specification,
        by=request.by,
        measures=["headcount", *(["gini"] if has_welfare else [])],
        data=data,
        errors=request.errors,
        further=drawn_columns() if has_welfare else (),
    )
    say = phrases(language)
    written = [
        write_svg(folder / f"{drawing.name}.svg", drawing, form, language=language, note=note(figures, say))
        for drawing, form in [*(_curves(figures, say) if has_welfare else ()), *_incidence(figures, say)]
    ]
    return written


Drawn = tuple[Drawing, Form]
"""A drawing with what draws it."""


def note(figures: Figures, say: Phrases) -> str:
    """Which package, version and date the figures are of, and what their intervals are."""
    origin = figures.provenance
    said = say("plot_note", package=origin.package, version=origin.version_hash[:12], on=origin.on)
    return f"{said} {say('plot_intervals')}" if figures.sampling is not None else said


def _curves(figures: Figures, say: Phrases) -> Iterator[Drawn]:
    shares = _points(figures, "income_share")
    if shares:
        yield lorenz_drawing(figures, say)
    if _points(figures, "income"):
        yield parade_drawing(figures, say)


def _points(figures: Figures, name: str) -> list[tuple[float, float, Precision | None]]:
    """A curve of everybody: share of people, height, precision."""
    table = figures.find_table(DRAWN)
    if table is None:
        return []
    place = table.position(name)
    found = []
    for row in table.rows:
        height = row.figures[place]
        if row.group.names == () and height is not None and row.item is not None:
            precision = row.precisions[place] if row.precisions else None
            found.append((int(row.item) / 100, float(height), precision))
    return found


def lorenz_drawing(figures: Figures, say: Phrases) -> Drawn:
    """The Lorenz curve of everybody beside the line of equality, with its Gini coefficient."""
    points = _points(figures, "income_share")
    gini = figures.value("gini")
    drawing = Drawing(
        "lorenz",
        say("lorenz_title", name=_welfare(figures, say)),
        say(
            "lorenz_description",
            half=numerals.percent(points[len(points) // 2][1]),
            gini=numerals.index(gini),
        ),
    )
    lowest = min(0.0, *(height for _, height, _ in points))
    across, up = share_span(0, 1, say("axis_people")), cumulated_span(lowest, say("axis_income_share"))
    plane = Plane(across, up)
    curve = [(0.0, 0.0), *((share, height) for share, height, _ in points), (1.0, 1.0)]
    lines = [
        Curve(say("equality"), [(0.0, 0.0), (1.0, 1.0)], "soft", "short"),
        Curve(say("lorenz_curve", gini=_with_interval(figures)), curve, "poor"),
    ]
    return drawing, curves_form(plane, lines, _bands(points, "poor"))


def _with_interval(figures: Figures) -> str:
    gini, precision = numerals.index(figures.value("gini")), figures.precision("gini")
    if precision is None:
        return gini
    return f"{gini} ({numerals.index(precision.low)}–{numerals.index(precision.high)})"


def _bands(points: list[tuple[float, float, Precision | None]], style: str) -> list[Band]:
    sides = [(share, found.low, found.high) for share, _, found in points if found is not None]
    return [Band(sides, style)] if sides else []


def parade_drawing(figures: Figures, say: Phrases) -> Drawn:
    """Pen's parade up to the richest in a hundred, with the line where there is one for everybody."""
    points = _points(figures, "income")
    line = figures.specification.line
    level = []
    if line is not None and line.value is not None:
        level = [(float(line.value), line_words(figures, say.language))]
    heights = [height for _, height, _ in points]
    drawing = Drawing(
        "parade",
        say("parade_title", name=_welfare(figures, say)),
        say(
            "parade_description",
            low=numerals.amount(heights[9]),
            middle=numerals.amount(heights[49]),
            high=numerals.amount(heights[89]),
        ),
    )
    tops = [found.high for _, _, found in points if found is not None]
    top = max([*heights, *tops, *(value for value, _ in level)])
    plane = Plane(
        share_span(0, 1, say("axis_people_ranked")),
        amount_span(min(0.0, *heights), top, _welfare(figures, say)),
        level=level,
    )
    curve = Curve("", [(share, height) for share, height, _ in points], "second")
    return drawing, curves_form(plane, [curve], _bands(points, "second"))


def _incidence(figures: Figures, say: Phrases) -> Iterator[Drawn]:
    for by in dict.fromkeys(group.by for group in figures.groups if group.by):
        yield incidence_drawing(figures, by, say)


def incidence_drawing(figures: Figures, by: str, say: Phrases) -> Drawn:
    """The headcount of every group of a breakdown, the poorest first, with its interval."""
    found = figures.column("headcount", by=by)
    ordered = sorted(found, key=lambda group: -(found[group] or 0.0))
    chosen = ordered[:_MOST_BARS]
    names = " × ".join(
        say("areas") if name.startswith("area") else figures.specification.label(name, say.language)
        for name in by.split("*")
    )
    bars = []
    for group in chosen:
        share, precision = found[group], figures.precision("headcount", **group.keys)
        bars.append(
            IntervalBar(
                figures.group_label(group, say.language),
                None if share is None else float(share),
                precision.low if precision else None,
                precision.high if precision else None,
            )
        )
    title = say("incidence_title", by=names)
    if len(ordered) > len(chosen):
        title = say("incidence_title_first", by=names, number=len(chosen), all=f"{len(ordered):,}")
    whole = numerals.percent(figures.value("headcount"))
    drawing = Drawing(
        f"incidence-{_NAME.sub('-', by)}",
        title,
        say("incidence_description", whole=whole, number=len(ordered)),
    )
    return drawing, interval_form(bars, style="poor")


def _welfare(figures: Figures, say: Phrases) -> str:
    return figures.specification.label(figures.specification.welfare or "", say.language)
