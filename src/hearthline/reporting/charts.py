# SPDX-License-Identifier: Apache-2.0
"""Decides how charts are drawn: plain SVG inside the page, in a broad and a narrow form.

Each drawing has a title and a description for those who do not see it, takes its colours from the
style sheet, and stands beside a table of the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10

from hearthline.reporting.markup import Content, Markup, tag
from hearthline.statistics.numerals import percent

BROAD = 720
NARROW = 340
"""The widths for which a chart is drawn; the style sheet shows the one that fits."""

_LABEL = 250
_VALUE = 92
_ROW = 34
_NARROW_ROW = 50
_NARROW_MIDDLE = 33
_BAR = 16
_LATIN = 0.53
"""The mean width of a Latin letter as a part of the size of type; a Chinese character takes 1."""


@dataclass(frozen=True)
class Bar:
    """One bar: a share, and beside it the share that is unknown."""

    label: str
    share: float | None
    doubt: float = 0.0


@dataclass(frozen=True)
class Segment:
    """A part of a divided bar; ``style`` is a class of the style sheet: poor, rest, second or doubt."""

    label: str
    share: float
    style: str


Form = Callable[[int, str], tuple[int, Content]]
"""What draws a chart for a width and a name in the page: its height and its content."""


@dataclass(frozen=True)
class Drawing:
    """The frame of one chart: its name in the page, its title and what it shows in a sentence."""

    name: str
    title: str
    description: str

    def both(self, draw: Form) -> Markup:
        """The chart in both widths; ``draw`` gives its height and content for a width and a name."""
        return Markup(self._svg(BROAD, "broad", draw) + self._svg(NARROW, "narrow", draw))

    def _svg(self, width: int, form: str, draw: Form) -> Markup:
        name = f"{self.name}-{form}"
        height, content = draw(width, name)
        return tag(
            "svg",
            tag("title", self.title, id=f"{name}-title"),
            tag("desc", self.description, id=f"{name}-desc"),
            content,
            class_=form,
            viewbox=f"0 0 {width} {height}",
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
        )


def bars(drawing: Drawing, items: Sequence[Bar], *, style: str = "poor") -> Markup:
    """Horizontal bars from zero, one a line, with what is unknown hatched after them."""
    scale = scale_for(max([(item.share or 0.0) + item.doubt for item in items], default=0.0))
    return drawing.both(lambda width, name: _bars(width, name, items, scale, style))


def _bars(width: int, name: str, items: Sequence[Bar], scale: Scale, style: str) -> tuple[int, Content]:
    narrow = width < BROAD
    start = 0 if narrow else _LABEL
    room = width - start - _VALUE
    row = _NARROW_ROW if narrow else _ROW
    height = row * len(items) + 22
    # A narrow chart has its labels above the bars, where a line through all of it would cross them.
    middles = [place * row + _NARROW_MIDDLE for place in range(len(items))]
    spans = [(middle - _BAR / 2 - 4, middle + _BAR / 2 + 4) for middle in middles]
    spans = spans if narrow else [(0.0, float(height - 22))]
    parts: list[Content] = [_hatching(name), _share_grid(start, room, height - 22, scale, spans)]
    for place, item in enumerate(items):
        parts.append(_bar(item, place * row, start, room, scale.top, style, name, narrow))
    return height, parts


def _bar(
    item: Bar, y: int, start: int, room: int, top: float, style: str, name: str, narrow: bool
) -> list[Content]:
    parts: list[Content] = []
    lines = [item.label] if narrow else wrapped(item.label, _LABEL - 16, 14)
    middle = y + (_NARROW_MIDDLE if narrow else _ROW / 2)
    first = y + 18 if narrow else middle + 5 - 8 * (len(lines) - 1)
    for number, line in enumerate(lines):
        parts.append(tag("text", line, x=0, y=first + 16 * number, font_size=14))
    length = room * (item.share or 0.0) / top if top else 0.0
    doubt = room * item.doubt / top if top else 0.0
    bar = middle - _BAR / 2
    parts.append(tag("rect", class_=style, x=start, y=bar, width=max(length, 0.0), height=_BAR))
    if doubt:
        fill = f"url(#{name}-hatch)"
        parts.append(tag("rect", x=start + length, y=bar, width=doubt, height=_BAR, fill=fill))
    at = start + length + doubt + 7
    beside = tag("tspan", f" +{percent(item.doubt)}", class_="soft") if item.doubt else None
    parts.append(tag("text", percent(item.share), beside, class_="figure", x=at, y=middle + 5, font_size=14))
    return parts


def _share_grid(
    start: int, room: int, bottom: int, scale: Scale, spans: Sequence[tuple[float, float]]
) -> list[Content]:
    """The lines of the shares, drawn over the spans alone, and their words below."""
    parts: list[Content] = []
    for place, (share, label) in enumerate(scale.marks()):
        x = start + room * share / scale.top
        parts += [tag("line", class_="grid", x1=x, x2=x, y1=top, y2=end) for top, end in spans]
        anchor = "middle" if place else "start"
        parts.append(tag("text", label, class_="soft", x=x, y=bottom + 17, font_size=12, text_anchor=anchor))
    return parts


def divided(drawing: Drawing, segments: Sequence[Segment]) -> Markup:
    """One bar divided into parts that make a whole."""
    return drawing.both(lambda width, name: _divided(width, name, segments))


def _divided(width: int, name: str, segments: Sequence[Segment]) -> tuple[int, Content]:
    parts: list[Content] = [_hatching(name)]
    x = 0.0
    for segment in segments:
        length = width * segment.share
        if segment.style == "doubt":
            fill = f"url(#{name}-hatch)"
            parts.append(tag("rect", x=x, y=0, width=length, height=30, fill=fill))
        else:
            parts.append(tag("rect", class_=segment.style, x=x, y=0, width=length, height=30))
        if x:
            parts.append(tag("rect", class_="ground", x=x - 0.75, y=0, width=1.5, height=30))
        x += length
    return 30, parts


@dataclass(frozen=True)
class Column:
    """One column of a histogram, from an edge to the next; ``poor`` stands below the line."""

    start: float
    end: float
    share: float
    poor: bool
    open: bool = False


@dataclass(frozen=True)
class Axis:
    """The horizontal axis: where marks stand with their words, and the line with its words."""

    marks: Sequence[tuple[float, str]]
    line: float
    line_label: str
    beyond: str = ""
    """What stands under the last, open column."""


def histogram(drawing: Drawing, columns: Sequence[Column], axis: Axis) -> Markup:
    """Columns of shares along an amount, those below the line in another colour, and the line."""
    return drawing.both(lambda width, name: _histogram(width, columns, axis))


def _histogram(width: int, columns: Sequence[Column], axis: Axis) -> tuple[int, Content]:
    left, head, base, height = 40, 30, 262, 292
    low, high = columns[0].start, columns[-1].end
    scale = scale_for(max(column.share for column in columns))

    def across(value: float) -> float:
        return left + (width - left) * (value - low) / (high - low)

    def up(share: float) -> float:
        return base - (base - head) * share / scale.top

    parts: list[Content] = []
    for share, label in scale.marks():
        y = up(share)
        parts.append(tag("line", class_="grid", x1=left, x2=width, y1=y, y2=y))
        parts.append(tag("text", label, class_="soft", x=left - 7, y=y + 4, font_size=12, text_anchor="end"))
    for column in columns:
        x, edge = across(column.start), across(column.end)
        style = "poor" if column.poor else "second"
        parts.append(
            tag(
                "rect",
                class_=style,
                x=x + 0.75,
                y=up(column.share),
                width=max(edge - x - 1.5, 0.5),
                height=base - up(column.share),
                opacity=0.55 if column.open else None,
            )
        )
    return height, [*parts, *_marks(width, axis, across, base), *_line(width, axis, across, head, base)]


def _marks(width: int, axis: Axis, across: Callable[[float], float], base: int) -> list[Content]:
    parts: list[Content] = []
    if axis.beyond:
        parts.append(
            tag("text", axis.beyond, class_="soft", x=width, y=base + 20, font_size=12, text_anchor="end")
        )
    reached, end = -1e9, width - width_of(axis.beyond, 12) - 8
    for value, label in axis.marks:
        x = across(value)
        half = width_of(label, 12) / 2
        if x - half < reached or x + half > end:
            continue
        reached = x + half + 8
        parts.append(tag("line", class_="mark", x1=x, x2=x, y1=base, y2=base + 5))
        parts.append(tag("text", label, class_="soft", x=x, y=base + 20, font_size=12, text_anchor="middle"))
    return parts


def _line(width: int, axis: Axis, across: Callable[[float], float], head: int, base: int) -> list[Content]:
    x = across(axis.line)
    room_right = x + 8 + width_of(axis.line_label, 14) < width
    at, anchor = (x + 7, "start") if room_right else (x - 7, "end")
    label = tag("text", axis.line_label, x=at, y=16, font_size=14, text_anchor=anchor, font_weight=600)
    return [tag("line", class_="mark", x1=x, x2=x, y1=4, y2=base), label]


def inline_bar(share: float, top: float) -> Markup:
    """A bar in a cell of a table, beside its number; it says nothing new to those who hear the page."""
    length = 100 * share / top if top else 0.0
    return tag(
        "svg",
        tag("rect", class_="rest", x=0, y=4, width=100, height=2),
        tag("rect", class_="poor", x=0, y=0, width=float(length), height=10),
        class_="inline",
        viewbox="0 0 100 10",
        preserveaspectratio="none",
        aria_hidden="true",
        focusable="false",
    )


def swatch(style: str, name: str) -> Markup:
    """A small square of a legend; ``name`` is unique in the page."""
    if style == "doubt":
        square = tag("rect", width=16, height=16, fill=f"url(#{name}-hatch)")
        return tag("svg", _hatching(name), square, viewbox="0 0 16 16", aria_hidden="true")
    return tag("svg", tag("rect", class_=style, width=16, height=16), viewbox="0 0 16 16", aria_hidden="true")


def _hatching(name: str) -> Markup:
    stripe = tag("line", class_="hatch", x1=0, x2=0, y1=0, y2=6)
    pattern = tag(
        "pattern",
        stripe,
        id=f"{name}-hatch",
        width=6,
        height=6,
        patternunits="userSpaceOnUse",
        patterntransform="rotate(45)",
    )
    return tag("defs", pattern)


@dataclass(frozen=True)
class Scale:
    """An axis of shares: where it ends, and into how many equal steps it is cut."""

    top: float
    steps: int

    def marks(self) -> list[tuple[float, str]]:
        """The shares at the steps, with their words."""
        digits = 0 if self.top / self.steps > 0.0099 else 1
        return [
            (self.top * step / self.steps, percent(self.top * step / self.steps, digits))
            for step in range(self.steps + 1)
        ]


_LEAST_TOP = 0.01
_SCALES = ((1, 5), (2, 4), (4, 4), (5, 5), (6, 3), (8, 4), (10, 5))
"""Ends of an axis as multiples of a power of ten, each with steps that are round numbers."""


def scale_for(largest: float) -> Scale:
    """The smallest round scale that holds a share."""
    largest = max(largest, _LEAST_TOP)
    power = 10.0 ** ceil(log10(largest) - 1)
    multiple, steps = next(part for part in _SCALES if part[0] * power >= largest - 1e-12)
    return Scale(1.0, 5) if multiple * power > 1 else Scale(multiple * power, steps)


def width_of(text: str, size: float) -> float:
    """About how wide a text is in a size of type."""
    return sum(size if ord(letter) > 0x2E7F else size * _LATIN for letter in text)


def wrapped(text: str, room: float, size: float) -> list[str]:
    """A text in one or two lines that fit; Latin breaks at spaces, Chinese anywhere."""
    if width_of(text, size) <= room:
        return [text]
    pieces = text.split(" ") if " " in text else list(text)
    joint = " " if " " in text else ""
    first = pieces[0]
    taken = 1
    while taken < len(pieces) and width_of(first + joint + pieces[taken], size) <= room:
        first += joint + pieces[taken]
        taken += 1
    rest = joint.join(pieces[taken:])
    while rest and width_of(rest, size) > room:
        rest = rest.rstrip("…")[:-1] + "…"
    return [first, rest] if rest else [first]
