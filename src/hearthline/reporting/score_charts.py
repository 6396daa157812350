# SPDX-License-Identifier: Apache-2.0
"""Decides how the errors of a score are drawn: whom it reaches, and what it told and found."""

from __future__ import annotations

from pathlib import Path

from hearthline.engine.rules.data_sheet import DataSheet
from hearthline.engine.rules.policy import Policy, Score
from hearthline.engine.rules.types import Text
from hearthline.engine.rules.wording import said
from hearthline.reporting.charts import Drawing, Form
from hearthline.reporting.curves import Curve, Plane, amount_span, curves_form, share_span
from hearthline.reporting.drawing_files import write_svg
from hearthline.reporting.markup import Markup

WORDS: dict[str, Text] = {
    "curve": {"en": "Whom it reaches", "zh": "覆盖与误选曲线"},
    "about_curve": {
        "en": "As more people are chosen by the score: the share of the poor reached, the others taken in.",
        "zh": "按评分选取更多人口时，覆盖的贫困人口比重和误选的非贫困人口比重。",
    },
    "chosen": {"en": "share of people chosen", "zh": "选取人口比重"},
    "reached": {"en": "of the poor, reached", "zh": "贫困人口覆盖率"},
    "leaked": {"en": "of the others, taken in", "zh": "非贫困人口误选比重"},
    "chance": {"en": "chosen by lot", "zh": "随机抽取"},
    "calibration": {"en": "What it told and what was found", "zh": "预期与实际"},
    "about_calibration": {
        "en": "For tenths of people by the score: what it told across, what was found upward.",
        "zh": "按评分十等分：横轴为预期，纵轴为实际。",
    },
    "told": {"en": "told", "zh": "预期"},
    "found": {"en": "found", "zh": "实际"},
    "agreement": {"en": "told and found alike", "zh": "两者相等"},
}


def _curve(score: Score, sheet: DataSheet, language: str) -> tuple[Drawing, Form]:
    def say(key: str) -> str:
        return said(WORDS[key], language)

    reached = [(float(point.chosen), float(point.reached)) for point in sheet.curve]
    leaked = [(float(point.chosen), float(point.leaked)) for point in sheet.curve]
    plane = Plane(share_span(0, 1, say("chosen")), share_span(0, 1))
    lines = [
        Curve(say("reached"), reached, "poor"),
        Curve(say("leaked"), leaked, "second", "long"),
        Curve(say("chance"), [(0, 0), (1, 1)], "soft", "short"),
    ]
    drawing = Drawing(f"{score.name}-curve", say("curve"), say("about_curve"))
    return drawing, curves_form(plane, lines)


def _calibration(score: Score, sheet: DataSheet, language: str) -> tuple[Drawing, Form]:
    def say(key: str) -> str:
        return said(WORDS[key], language)

    points = [(float(band.told), float(band.found)) for band in sheet.calibration]
    top = max(max(told, found) for told, found in points)
    plane = Plane(amount_span(0, top, say("told")), amount_span(0, top, say("found")))
    lines = [
        Curve(say("found"), points, "poor"),
        Curve(say("agreement"), [(0, 0), (top, top)], "soft", "short"),
    ]
    drawing = Drawing(f"{score.name}-calibration", say("calibration"), say("about_calibration"))
    return drawing, curves_form(plane, lines)


def charts_of(score: Score, language: str) -> list[tuple[Drawing, Form]]:
    """The charts of a score; none without a data sheet."""
    if score.sheet is None or not score.sheet.calibration:
        return []
    return [_curve(score, score.sheet, language), _calibration(score, score.sheet, language)]


def chart_markup(score: Score, language: str) -> list[Markup]:
    """The charts of a score as they stand in a page."""
    return [drawing.both(form) for drawing, form in charts_of(score, language)]


def write_charts(policy: Policy, folder: Path, language: str) -> list[Path]:
    """The charts of every score of a package as files; says beneath that a score is a lead."""
    return [
        write_svg(
            folder / f"{drawing.name}.svg", drawing, form, language=language, note=said(score.label, language)
        )
        for score in policy.scores.values()
        for drawing, form in charts_of(score, language)
    ]
