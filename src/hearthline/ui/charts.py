# SPDX-License-Identifier: Apache-2.0
"""Decides how charts are drawn on pages: SVG without a style of its own, always with the table behind it.

The drawing is hidden from those who hear the page; the table says the same and carries the links.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from hearthline.reporting.charts import scale_for, width_of
from hearthline.reporting.markup import Markup, tag
from hearthline.ui.parts import Bars, Series, Shares

_WIDE = 100.0
_BAR_HEIGHT = 14
_SHARES_HEIGHT = 28
_HALF = 2.0


def bar_drawings(chart: Bars, name: str) -> list[Markup]:
    """One bar for each item, all to the same scale; ``name`` is unique in the page."""
    tops = [(item.value or 0.0) + item.doubt for item in chart.items]
    top = chart.top or max(tops, default=0.0) or 1.0
    return [
        _bar(_WIDE * (item.value or 0.0) / top, _WIDE * item.doubt / top, chart.style, f"{name}-{place}")
        for place, item in enumerate(chart.items)
    ]


def _bar(length: float, doubt: float, style: str, name: str) -> Markup:
    """Drawn in per cent of its cell, so that hatching and edges are not stretched with it."""
    length = max(0.0, min(length, _WIDE))
    doubt = max(0.0, min(doubt, _WIDE - length))
    parts = [
        tag("rect", class_="rail", x=0, y=6, width="100%", height=2),
        tag("rect", class_=style, x=0, y=0, width=f"{length:.2f}%", height=_BAR_HEIGHT),
    ]
    if doubt:
        fill = f"url(#{name}-hatch)"
        width = f"{doubt:.2f}%"
        parts += [_hatching(name), tag("rect", x=f"{length:.2f}%", y=0, width=width, height=14, fill=fill)]
    return tag(
        "svg", parts, class_="bar", width="100%", height=_BAR_HEIGHT, aria_hidden="true", focusable="false"
    )


def shares_drawing(chart: Shares, name: str) -> Markup:
    """One bar divided into the parts of a whole."""
    whole = sum(part.value for part in chart.parts) or 1.0
    drawn = [_hatching(name)]
    at = 0.0
    for part in chart.parts:
        length = _WIDE * part.value / whole
        fill = f"url(#{name}-hatch)" if part.style == "doubt" else None
        drawn.append(
            tag(
                "rect",
                class_=part.style,
                x=f"{at:.3f}%",
                y=0,
                width=f"{length:.3f}%",
                height=_SHARES_HEIGHT,
                fill=fill,
            )
        )
        if at and length:
            drawn.append(tag("rect", class_="gap", x=f"{at:.3f}%", y=0, width=2, height=_SHARES_HEIGHT))
        at += length
    return tag(
        "svg",
        drawn,
        class_="shares",
        width="100%",
        height=_SHARES_HEIGHT,
        aria_hidden="true",
        focusable="false",
    )


def swatch(style: str, name: str) -> Markup:
    """A small square of a legend; ``name`` is unique in the page."""
    fill = f"url(#{name}-hatch)" if style == "doubt" else None
    square = tag("rect", class_=style, width=14, height=14, fill=fill)
    hatching = _hatching(name) if fill else None
    return tag("svg", hatching, square, class_="swatch", width=14, height=14, aria_hidden="true")


def series_drawing(chart: Series, name: str) -> Markup:
    """Columns over periods, stacked from their parts; once for the desk and once for the phone."""
    return Markup(
        _series(chart, f"{name}-broad", 720, "broad") + _series(chart, f"{name}-narrow", 330, "narrow")
    )


def _series(chart: Series, name: str, width: int, form: str) -> Markup:
    height, base, head = 230, 200, 10
    totals = [sum(point.values) for point in chart.points]
    top, steps = _round_top(max(totals, default=0.0))
    scale = [top * step / steps for step in range(steps + 1)]
    left = max(58, ceil(max(width_of(_scale_words(value), 12) for value in scale)) + 12)
    drawn = [
        part for value in scale for part in _grid_line(value, base - (base - head) * value / top, left, width)
    ]
    room = (width - left) / max(len(chart.points), 1)
    for place, point in enumerate(chart.points):
        x, y = left + place * room + room * 0.18, float(base)
        for style, value in zip(chart.styles, point.values, strict=False):
            length = (base - head) * value / top
            y -= length
            drawn.append(tag("rect", class_=style, x=x, y=y, width=room * 0.64, height=max(length, 0.0)))
        if place % _every(chart, room) == 0:
            middle = left + (place + 1 / _HALF) * room
            words = str(point.label)
            drawn.append(tag("text", words, x=middle, y=base + 18, font_size=13, text_anchor="middle"))
    return tag(
        "svg",
        drawn,
        class_=f"series {form}",
        viewbox=f"0 0 {width} {height}",
        aria_hidden="true",
        focusable="false",
        id=name,
    )


def _every(chart: Series, room: float) -> int:
    """Every which period is named, so that names do not run into each other."""
    widest = max((width_of(str(point.label), 13) for point in chart.points), default=0.0)
    return max(ceil((widest + 6) / room), 1)


def _scale_words(value: float) -> str:
    return f"{value:,.0f}"


def _grid_line(value: float, y: float, left: int, width: int) -> Sequence[Markup]:
    return (
        tag("line", class_="grid", x1=left, x2=width, y1=y, y2=y),
        tag("text", _scale_words(value), class_="soft", x=left - 8, y=y + 4, font_size=12, text_anchor="end"),
    )


def _round_top(largest: float) -> tuple[float, int]:
    """The smallest round end of a scale that holds a value, and its steps."""
    if largest <= 0:
        return 1.0, 1
    size = 1.0
    while largest / size > 1:
        size *= 10
    scale = scale_for(largest / size)
    return scale.top * size, scale.steps


def _hatching(name: str) -> Markup:
    stripe = tag("line", class_="hatch", x1=0, x2=0, y1=0, y2=6)
    ground = tag("rect", class_="hatched", width=6, height=6)
    pattern = tag(
        "pattern",
        [ground, stripe],
        id=f"{name}-hatch",
        width=6,
        height=6,
        patternunits="userSpaceOnUse",
        patterntransform="rotate(45)",
    )
    return tag("defs", pattern)
