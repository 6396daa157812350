# SPDX-License-Identifier: Apache-2.0
"""Decides how the published figures of a package are printed: text, CSV or JSON, with the pace computed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from hearthline.engine.packages.series_words import SeriesWords
from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.published import Figure, Series
from hearthline.engine.rules.types import Text
from hearthline.engine.rules.wording import said
from hearthline.statistics.pace import Pace, paces

COLUMNS = (
    "series",
    "from",
    "to",
    "place",
    "value",
    "unit",
    "bound",
    "taken",
    "mark",
    "base",
    "source",
    "note",
)
"""Of the CSV: one line a figure, and one for each statement it was chosen over, with ``taken`` no."""

MARKS: dict[str, Text] = {
    "fills_gap": {"en": "fills a gap", "zh": "补缺"},
    "computed": {"en": "computed", "zh": "推算"},
}
_PACE: Text = {"en": "Pace, computed from the figures", "zh": "减贫进度（由上列数据计算）"}
_YEAR: Text = {
    "en": ("end of {year}: {fall} people since {since}, {share} of them; {yearly} a year{points}{earlier}"),
    "zh": "{year}年末：较{since}年减少{fall}人，降幅{share}；年均{yearly}人{points}{earlier}",
}
_POINTS: Text = {"en": "; {} points", "zh": "；下降{}个百分点"}
_EARLIER: Text = {"en": "; {} times the {} a year of {}", "zh": "；为{2}年年均{1}人的{0}倍"}


def mark_of(figure: Figure, language: str) -> str:
    """What marks a figure: that it fills a gap, or was computed from others."""
    return ", ".join(said(text, language) for name, text in MARKS.items() if getattr(figure, name))


def series_text(policy: Policy, language: str = "en", only: str | None = None) -> str:
    """Every series, or one, for people: number, time, source, what it was chosen over; then the pace."""
    lines: list[str] = []
    for series in _chosen(policy, only):
        lines += [f"{said(series.label, language)} ({series.name})", f"  {said(series.base, language)}"]
        lines += [f"  {line}" for line in _figure_lines(series, language)]
    if only is None:
        lines += _pace_lines(policy, language)
    return "\n".join(lines) + "\n"


def _chosen(policy: Policy, only: str | None) -> Iterable[Series]:
    return policy.series.values() if only is None else [policy.series[only]]


def _figure_lines(series: Series, language: str) -> Iterator[str]:
    words = SeriesWords(series, language)
    for figure in series.figures:
        when = ", ".join(part for part in (words.time(figure), words.place(figure)) if part)
        mark = mark_of(figure, language)
        yield f"{when}: {words.value(figure)} — {said(figure.source, language)}{f' [{mark}]' if mark else ''}"
        if figure.note:
            yield f"  {said(figure.note, language)}"
        yield from (f"  ! {words.conflict(rival)}" for rival in figure.conflicts)


def _pace_lines(policy: Policy, language: str) -> Iterator[str]:
    found = paces(policy.series)
    if found:
        yield said(_PACE, language)
    for pace in found:
        points = "" if pace.points is None else said(_POINTS, language).format(decimal(pace.points, 1))
        earlier = "".join(
            said(_EARLIER, language).format(
                decimal(each.times, 2),
                decimal(Fraction(each.figure.value), 0),
                f"{each.figure.start.year}–{each.figure.end.year}",
            )
            for each in pace.earlier
        )
        yield "  " + said(_YEAR, language).format(
            year=pace.year,
            since=pace.since,
            fall=decimal(pace.fall, 0),
            share=f"{decimal(pace.share * 100, 1)} %",
            yearly=decimal(pace.yearly, 0),
            points=points,
            earlier=earlier,
        )


def decimal(value: Fraction, places: int) -> str:
    """A number with separators of thousands, rounded half away from zero."""
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    head, tail = divmod(whole, 10**places)
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{head:,}.{tail:0{places}d}" if places else f"{sign}{head:,}"


def series_csv(policy: Policy, language: str = "en", only: str | None = None) -> str:
    """One line a figure, and one for each statement it was chosen over."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for series in _chosen(policy, only):
        for figure in series.figures:
            place = figure.place or ""
            shared = [series.name, figure.start.isoformat(), figure.end.isoformat(), place]
            base, source = said(series.base, language), said(figure.source, language)
            note, mark = said(figure.note, language) if figure.note else "", mark_of(figure, language)
            value = f"{figure.value:f}"
            writer.writerow([*shared, value, series.unit, figure.bound, "yes", mark, base, source, note])
            for rival in figure.conflicts:
                other = "" if rival.value is None else f"{rival.value:f}"
                source, why = said(rival.source, language), said(rival.why, language)
                writer.writerow([*shared, other, series.unit, "", "no", "", base, source, why])
    return out.getvalue()


def series_json(policy: Policy, language: str = "en", only: str | None = None) -> str:
    """All figures with source, base and conflicts, and the pace; exact numbers as texts."""
    data: dict[str, object] = {
        "package": policy.id,
        "version": policy.version_hash,
        "series": [_series_data(series, language) for series in _chosen(policy, only)],
    }
    if only is None:
        data["pace"] = [_pace_data(pace) for pace in paces(policy.series)]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _series_data(series: Series, language: str) -> dict[str, object]:
    return {
        "name": series.name,
        "label": said(series.label, language),
        "unit": series.unit,
        "base": said(series.base, language),
        "figures": [
            {
                "from": figure.start.isoformat(),
                "to": figure.end.isoformat(),
                "place": figure.place,
                "value": f"{figure.value:f}",
                "bound": figure.bound,
                "fills_gap": figure.fills_gap,
                "computed": figure.computed,
                "source": said(figure.source, language),
                "note": said(figure.note, language) if figure.note else None,
                "conflicts": [
                    {
                        "value": None if rival.value is None else f"{rival.value:f}",
                        "source": said(rival.source, language),
                        "why": said(rival.why, language),
                    }
                    for rival in figure.conflicts
                ],
            }
            for figure in series.figures
        ],
    }


def _pace_data(pace: Pace) -> dict[str, object]:
    return {
        "year": pace.year,
        "since": pace.since,
        "fall": _plain(pace.fall, 0),
        "share_percent": _plain(pace.share * 100, 1),
        "yearly": _plain(pace.yearly, 0),
        "points": None if pace.points is None else _plain(pace.points, 1),
        "times": {
            f"{each.figure.start.year}-{each.figure.end.year}": _plain(each.times, 2) for each in pace.earlier
        },
    }


def _plain(value: Fraction, places: int) -> str:
    return decimal(value, places).replace(",", "")
