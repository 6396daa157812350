# SPDX-License-Identifier: Apache-2.0
"""Decides what a chart is as a file of its own: one SVG that needs no style sheet, font or network."""

from __future__ import annotations

from pathlib import Path

from hearthline.base.problems import Kind, declare
from hearthline.reporting.charts import BROAD, Drawing, Form
from hearthline.reporting.markup import Markup, tag

CANNOT_WRITE = declare(
    "drawing.cannot-write",
    Kind.REFUSED,
    "The drawing {path} cannot be written: {reason}.",
    "Name a folder that exists, or can be made, and that you may write to.",
)

_STYLE = """
text { font-family: "Noto Sans", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif;
  fill: #1a2029; }
.soft { fill: #545d69; }
.figure { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
.poor { fill: #b4442a; }
.second { fill: #2f6475; }
.third { fill: #a9802a; }
.rest { fill: #d5dad9; }
.doubt { fill: #7b7f86; }
.ground { fill: #ffffff; }
.grid { stroke: #d8d3c7; stroke-width: 1; }
.mark { stroke: #1a2029; stroke-width: 1.5; }
.hatch { stroke: #7b7f86; stroke-width: 2.4; }
.line { fill: none; stroke-width: 2.4; }
.line.poor { stroke: #b4442a; }
.line.second { stroke: #2f6475; }
.line.third { stroke: #a9802a; }
.line.soft { stroke: #545d69; stroke-width: 1.5; }
.band { opacity: 0.18; }
"""
_MARGIN = 20
_TITLE = 34
_NOTE = 26


def svg_text(drawing: Drawing, form: Form, *, language: str, note: str = "") -> str:
    """A chart as a whole SVG document: its title above it, a note below."""
    height, content = form(BROAD, drawing.name)
    whole = height + _TITLE + (_NOTE if note else 0) + 2 * _MARGIN
    width = BROAD + 2 * _MARGIN
    below = tag("text", note, class_="soft", x=_MARGIN, y=whole - _MARGIN, font_size=11) if note else None
    document = tag(
        "svg",
        tag("title", drawing.title, id="title"),
        tag("desc", drawing.description, id="description"),
        tag("style", Markup(_STYLE)),
        tag("rect", class_="ground", width=width, height=whole),
        tag("text", drawing.title, x=_MARGIN, y=_MARGIN + 14, font_size=16, font_weight=600),
        tag("g", content, transform=f"translate({_MARGIN} {_MARGIN + _TITLE})"),
        below,
        xmlns="http://www.w3.org/2000/svg",
        lang="zh-Hans" if language == "zh" else "en",
        width=width,
        height=whole,
        viewbox=f"0 0 {width} {whole}",
        role="img",
        aria_labelledby="title description",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def write_svg(path: Path, drawing: Drawing, form: Form, *, language: str, note: str = "") -> Path:
    """Write a chart as an SVG file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg_text(drawing, form, language=language, note=note), encoding="utf-8")
    except OSError as error:
        raise CANNOT_WRITE.error(path=path, reason=error.strerror or str(error)) from error
    return path
