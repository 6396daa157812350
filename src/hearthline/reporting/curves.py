# SPDX-License-Identifier: Apache-2.0
"""Decides how curves and bars with intervals are drawn: lines on a plane, and points with their doubt.

A curve is told apart by its dashes and by its name in the legend, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

from hearthline.reporting.charts import BROAD, Drawing, Form, Scale, scale_for, width_of, wrapped
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.statistics.numerals import percent

Point = tuple[float, float]

_DASHES = {"solid": None, "long": "9 5", "short": "3 4"}
_HEAD = 34
_BASE = 318
_HEIGHT = 366
_LABEL = 220
_VALUE = 150
_ROW = 34
_NARROW_ROW = 52


@dataclass(frozen=True)
class Curve:
    """One line through points in the order of x; ``style`` is poor, second, third or soft."""

    label: str
    points: Sequence[Point]
    style: str = "poor"
    dashes: str = "solid"
    """solid, long or short."""


@dataclass(frozen=True)
class Band:
    """The ground between a lower and an upper line, such as an interval: (x, low, high)."""

    points: Sequence[tuple[float, float, float]]
    style: str = "poor"


@dataclass(frozen=True)
class Span:
    """One axis: its ends, its marks with their words, and its name."""

    low: float
    high: float
    marks: Sequence[tuple[float, str]]
    title: str = ""


@dataclass(frozen=True)
class Plane:
    """What curves are drawn on: two axes, and upright or level lines with a name."""

    across: Span
    up: Span
    upright: Sequence[tuple[float, str]] = field(default=())
    level: Sequence[tuple[float, str]] = field(default=())


def share_span(low: float, high: float, title: str = "") -> Span:
    """An axis of shares in percent, from zero (or the round number below) to a round end."""
    if low < 0:
        return amount_span(low, high, title, words=lambda value: percent(value, 0))
    scale = scale_for(high)
    return Span(0.0, scale.top, scale.marks(), title)


def cumulated_span(lowest: float, title: str = "") -> Span:
    """The axis of a Lorenz curve, 0 to 100 %; negative incomes let the curve dip below."""
    scale = scale_for(1)
    step = scale.top / scale.steps
    below = [(-step * place, percent(-step * place, 0)) for place in range(1, int(-lowest / step) + 1)]
    return Span(min(0.0, lowest), scale.top, [*below, *scale.marks()], title)


def amount_span(
    low: float, high: float, title: str = "", *, words: Callable[[float], str] | None = None
) -> Span:
    """An axis of amounts, cut at round numbers; it holds zero where amounts stand on both sides of it."""
    if high <= low:
        high = low + 1.0
    step = _round_step((high - low) / 5)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    say = words or (lambda value: f"{value:,.10g}")
    marks = [(step * place, say(step * place)) for place in range(first, last + 1)]
    return Span(step * first, step * last, marks, title)


def _round_step(size: float) -> float:
    power: float = 10.0 ** floor(log10(size))
    return next(part * power for part in (1.0, 2.0, 2.5, 5.0, 10.0) if part * power >= size - 1e-12 * power)


def curves(drawing: Drawing, plane: Plane, lines: Sequence[Curve], bands: Sequence[Band] = ()) -> Markup:
    """Lines on a plane, in both widths, with their names."""
    return drawing.both(curves_form(plane, lines, bands))


def curves_form(plane: Plane, lines: Sequence[Curve], bands: Sequence[Band] = ()) -> Form:
    """Lines on a plane for any width, such as that of a file."""
    return lambda width, name: _curves(width, plane, lines, bands)


def _curves(width: int, plane: Plane, lines: Sequence[Curve], bands: Sequence[Band]) -> tuple[int, Content]:
    left = 12 + max((width_of(label, 12) for _, label in plane.up.marks), default=0.0)
    right = width - 12.0

    def across(value: float) -> float:
        return left + (right - left) * (value - plane.across.low) / (plane.across.high - plane.across.low)

    def up(value: float) -> float:
        return _BASE - (_BASE - _HEAD) * (value - plane.up.low) / (plane.up.high - plane.up.low)

    parts: list[Content] = _plane(width, left, plane, across, up)
    for band in bands:
        above = [(across(x), up(high)) for x, _, high in band.points]
        below = [(across(x), up(low)) for x, low, _ in reversed(band.points)]
        parts.append(tag("path", class_=f"band {band.style}", d=_path([*above, *below]) + "Z"))
    for line in lines:
        drawn = _path([(across(x), up(y)) for x, y in line.points])
        parts.append(tag("path", class_=f"line {line.style}", d=drawn, stroke_dasharray=_DASHES[line.dashes]))
    return _HEIGHT, [*parts, *_names(lines, across, up, left, right)]


def _path(points: Sequence[Point]) -> str:
    return "".join(f"{'L' if place else 'M'}{x:.2f},{y:.2f}" for place, (x, y) in enumerate(points))


def _plane(
    width: int, left: float, plane: Plane, across: Callable[[float], float], up: Callable[[float], float]
) -> list[Content]:
    parts: list[Content] = []
    for value, label in plane.up.marks:
        y = up(value)
        parts.append(tag("line", class_="grid", x1=left, x2=width - 12.0, y1=y, y2=y))
        parts.append(tag("text", label, class_="soft", x=left - 7, y=y + 4, font_size=12, text_anchor="end"))
    parts += _marks_below(width, plane.across, across)
    parts.append(tag("text", plane.up.title, class_="soft", x=0, y=14, font_size=13))
    middle = (left + width - 12.0) / 2
    parts.append(
        tag(
            "text",
            plane.across.title,
            class_="soft",
            x=middle,
            y=_BASE + 42,
            font_size=13,
            text_anchor="middle",
        )
    )
    for value, label in plane.level:
        parts.append(tag("line", class_="mark", x1=left, x2=width - 12.0, y1=up(value), y2=up(value)))
        parts.append(
            tag(
                "text",
                label,
                class_="figure",
                x=width - 12.0,
                y=up(value) - 6,
                font_size=13,
                text_anchor="end",
            )
        )
    for value, label in plane.upright:
        x = across(value)
        fits = x + 7 + width_of(label, 13) < width
        parts.append(tag("line", class_="mark", x1=x, x2=x, y1=_HEAD - 8.0, y2=float(_BASE)))
        at, anchor = (x + 7, "start") if fits else (x - 7, "end")
        parts.append(tag("text", label, x=at, y=_HEAD + 4, font_size=13, text_anchor=anchor))
    return parts


def _marks_below(width: int, span: Span, across: Callable[[float], float]) -> list[Content]:
    parts: list[Content] = []
    reached = -1e9
    for value, label in span.marks:
        x = across(value)
        half = width_of(label, 12) / 2
        if x - half < reached:
            continue
        reached = x + half + 6
        at = min(max(x, half), width - half)
        parts.append(tag("line", class_="mark", x1=x, x2=x, y1=float(_BASE), y2=_BASE + 5.0))
        parts.append(
            tag("text", label, class_="soft", x=at, y=_BASE + 20, font_size=12, text_anchor="middle")
        )
    return parts


def _names(
    lines: Sequence[Curve],
    across: Callable[[float], float],
    up: Callable[[float], float],
    left: float,
    right: float,
) -> list[Content]:
    """A legend of short strokes in the upper left, each with the name of its line."""
    parts: list[Content] = []
    for place, line in enumerate(line for line in lines if line.label):
        y = _HEAD + 12.0 + 20 * place
        stroke = _path([(left + 10, y - 4), (left + 40, y - 4)])
        dashes = _DASHES[line.dashes]
        parts.append(tag("path", class_=f"line {line.style}", d=stroke, stroke_dasharray=dashes))
        parts.append(tag("text", line.label, class_="figure", x=left + 47, y=y, font_size=13))
    return parts


@dataclass(frozen=True)
class IntervalBar:
    """A figure with its interval; without one (None) the bar stands alone. ``share`` None: no figure."""

    label: str
    share: float | None
    low: float | None = None
    high: float | None = None


def interval_bars(
    drawing: Drawing,
    items: Sequence[IntervalBar],
    *,
    style: str = "second",
    words: Callable[[float], str] = percent,
    scale: Scale | None = None,
) -> Markup:
    """Horizontal bars from zero, each with the whisker of its interval, and both in words beside it."""
    return drawing.both(interval_form(items, style=style, words=words, scale=scale))


def interval_form(
    items: Sequence[IntervalBar],
    *,
    style: str = "second",
    words: Callable[[float], str] = percent,
    scale: Scale | None = None,
) -> Form:
    """Bars with intervals for any width, such as that of a file."""
    largest = max([max(item.share or 0.0, item.high or 0.0) for item in items], default=0.0)
    chosen = scale or scale_for(largest)
    return lambda width, name: _interval_bars(width, items, chosen, style, words)


def _interval_bars(
    width: int, items: Sequence[IntervalBar], scale: Scale, style: str, words: Callable[[float], str]
) -> tuple[int, Content]:
    narrow = width < BROAD
    start, row = (0.0, _NARROW_ROW) if narrow else (float(_LABEL), _ROW)
    room = width - start - _VALUE
    bottom = row * len(items)
    parts: list[Content] = []
    for place, (share, label) in enumerate(scale.marks()):
        x = start + room * share / scale.top
        if not narrow:
            parts.append(tag("line", class_="grid", x1=x, x2=x, y1=0, y2=float(bottom)))
        anchor = "middle" if place else "start"
        parts.append(tag("text", label, class_="soft", x=x, y=bottom + 17, font_size=12, text_anchor=anchor))
    for place, item in enumerate(items):
        middle = place * row + (36.0 if narrow else row / 2)
        parts += _interval_bar(item, middle, start, room / scale.top, style, words, narrow)
    return bottom + 24, parts


def _interval_bar(
    item: IntervalBar,
    middle: float,
    start: float,
    unit: float,
    style: str,
    words: Callable[[float], str],
    narrow: bool,
) -> list[Content]:
    lines = [item.label] if narrow else wrapped(item.label, _LABEL - 16, 14)
    first = middle - 17 if narrow else middle + 5 - 8 * (len(lines) - 1)
    parts: list[Content] = [
        tag("text", line, x=0, y=first + 16 * number, font_size=14) for number, line in enumerate(lines)
    ]
    if item.share is None:
        return [*parts, tag("text", "–", class_="figure", x=start + 7, y=middle + 5, font_size=14)]
    length = max(unit * item.share, 0.0)
    parts.append(tag("rect", class_=style, x=start, y=middle - 8, width=length, height=16, opacity=0.6))
    said = words(item.share)
    end = start + length
    beside: Content = None
    if item.low is not None and item.high is not None:
        low, high = start + unit * max(item.low, 0.0), start + unit * item.high
        parts.append(tag("line", class_="mark", x1=low, x2=high, y1=middle, y2=middle))
        parts += [tag("line", class_="mark", x1=x, x2=x, y1=middle - 5, y2=middle + 5) for x in (low, high)]
        beside = tag("tspan", f" {words(item.low)}–{words(item.high)}", class_="soft")
        end = max(end, high)
    parts.append(tag("text", said, beside, class_="figure", x=end + 7, y=middle + 5, font_size=13))
    return parts
