# SPDX-License-Identifier: Apache-2.0
"""Decides how a published figure is said in words: number, bound, unit, time and conflicts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hearthline.engine.rules.published import SERIES_UNITS, Figure, Rival, Series
from hearthline.engine.rules.types import Text
from hearthline.engine.rules.wording import said

_BOUNDS: dict[str, Text] = {
    "exact": {"en": "{}", "zh": "{}"},
    "about": {"en": "about {}", "zh": "约{}"},
    "more_than": {"en": "more than {}", "zh": "{}以上"},
    "at_least": {"en": "at least {}", "zh": "不少于{}"},
}
_CONFLICT: Text = {"en": "not taken: {value} ({source}); {why}", "zh": "未采用：{value}（{source}）；{why}"}
_NO_NUMBER: Text = {"en": "no number", "zh": "无数值"}
_END_OF: Text = {"en": "end of {}", "zh": "{}年末"}
_YEAR: Text = {"en": "{}", "zh": "{}年"}
_YEARS: Text = {"en": "{}–{}", "zh": "{}—{}年"}


class SeriesWords:
    """Says the figures of one series in one language."""

    def __init__(self, series: Series, language: str) -> None:
        self._series = series
        self._language = language

    @property
    def unit(self) -> str:
        """The unit of the numbers."""
        return said(SERIES_UNITS[self._series.unit], self._language)

    def number(self, value: Decimal) -> str:
        """A number with separators of thousands, and its unit."""
        text = f"{value:,f}"
        if self._series.unit.startswith("percent") or self._language == "zh":
            return f"{text} {self.unit}" if self.unit.startswith("%") else text + self.unit
        return f"{text} {self.unit}".strip()

    def value(self, figure: Figure) -> str:
        """The number of a figure with what the source says before it."""
        return said(_BOUNDS[figure.bound], self._language).format(self.number(figure.value))

    def time(self, figure: Figure) -> str:
        """The day or the time a figure speaks of, as people say it."""
        start, end = figure.start, figure.end
        if start == end:
            if (end.month, end.day) == (12, 31):
                return said(_END_OF, self._language).format(end.year)
            return end.isoformat()
        if start == date(start.year, 1, 1) and end == date(end.year, 12, 31):
            if start.year == end.year:
                return said(_YEAR, self._language).format(start.year)
            return said(_YEARS, self._language).format(start.year, end.year)
        return f"{start.isoformat()} – {end.isoformat()}"

    def place(self, figure: Figure) -> str:
        """The part of the country; empty for the whole."""
        return "" if figure.place is None else said(self._series.places[figure.place], self._language)

    def conflict(self, rival: Rival) -> str:
        """A statement that was not taken, and why."""
        value = said(_NO_NUMBER, self._language) if rival.value is None else self.number(rival.value)
        source, why = said(rival.source, self._language), said(rival.why, self._language)
        return said(_CONFLICT, self._language).format(value=value, source=source, why=why)
