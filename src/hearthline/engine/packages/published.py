# SPDX-License-Identifier: Apache-2.0
"""Decides the published figures of a package: each day and place once, in order, in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.layers import Entry, ReadLayer, merged
from hearthline.engine.packages.problems import BAD_SERIES, UNKNOWN_REFERENCE
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.series import FigureEntry, RivalEntry, SeriesEntry, SeriesFile
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.published import SERIES_UNITS, Figure, Rival, Series
from hearthline.engine.rules.vocabulary import nearest_hint


def series_of(layers: Sequence[ReadLayer], settings: Settings, faults: Faults) -> dict[str, Series]:
    """Every series of the effective package; a layer replaces a whole series."""
    entries = merged([read.entries("series", _picked) for read in layers], faults)
    return {name: _Reader(entry, settings, faults).series() for name, entry in entries.items()}


def _picked(model: BaseModel) -> Mapping[str, SeriesEntry | Removal]:
    return model.root if isinstance(model, SeriesFile) else {}


class _Reader:
    """Reads one series."""

    def __init__(self, entry: Entry[SeriesEntry], settings: Settings, faults: Faults) -> None:
        self._entry = entry
        self._settings = settings
        self._faults = faults

    def series(self) -> Series:
        written = self._entry.model
        self._check("label", written.label)
        self._check("base", written.base)
        for name, words in written.places.items():
            self._check(name, words, "places", name)
        if written.unit not in SERIES_UNITS:
            hint = f"Write one of {', '.join(SERIES_UNITS)}."
            self._refuse(f"it is in '{written.unit}', which is no unit of a series", hint, "unit")
        figures = [self._figure(index, figure) for index, figure in enumerate(written.figures)]
        self._check_once(figures)
        return Series(
            name=self._entry.name,
            label=written.label,
            unit=written.unit,
            base=written.base,
            places=written.places,
            figures=tuple(sorted(figures, key=lambda each: (each.end, each.start, each.place or ""))),
            origin=self._entry.origin,
        )

    def _figure(self, index: int, figure: FigureEntry) -> Figure:
        start, end = self._span(index, figure)
        if figure.place is not None and figure.place not in self._entry.model.places:
            hint = nearest_hint(figure.place, self._entry.model.places)
            place = self._entry.place("figures", index, "place")
            noun = f"a place under places of {self._entry.name}"
            self._faults.add(UNKNOWN_REFERENCE.error(place, name=figure.place, noun=noun, hint=hint))
        if figure.note is not None:
            self._check("note", figure.note, "figures", index, "note")
        return Figure(
            start=start,
            end=end,
            place=figure.place,
            value=figure.value,
            bound=figure.bound,
            source=self._settings.checked_source(
                figure.source, lambda *p: self._entry.place("figures", index, *p), self._faults
            ),
            fills_gap=figure.fills_gap,
            computed=figure.computed,
            conflicts=tuple(self._rival(index, number, figure) for number in range(len(figure.conflicts))),
            note=figure.note or {},
        )

    def _rival(self, index: int, number: int, figure: FigureEntry) -> Rival:
        rival: RivalEntry = figure.conflicts[number]
        path = ("figures", index, "conflicts", number)
        self._check("why", rival.why, *path, "why")
        if rival.value == figure.value:
            reason = f"{rival.value:f} is said to contradict the same number"
            self._refuse(reason, "Leave it out, or correct one of the two.", *path, "value")
        source = self._settings.checked_source(
            rival.source, lambda *p: self._entry.place(*path, *p), self._faults
        )
        return Rival(rival.value, source, rival.why)

    def _span(self, index: int, figure: FigureEntry) -> tuple[date, date]:
        path = ("figures", index)
        if figure.at is not None and figure.start is None and figure.end is None:
            return figure.at, figure.at
        if figure.at is not None or figure.start is None or figure.end is None:
            hint = "Write at, or both from and to."
            self._refuse("a figure does not say for which day or which time it holds", hint, *path)
        elif figure.end < figure.start:
            self._refuse("a figure ends before it begins", "Exchange from and to.", *path, "to")
        start = figure.start or figure.at or date.min
        return start, figure.end or start

    def _check_once(self, figures: Sequence[Figure]) -> None:
        seen: set[tuple[date, date, str | None]] = set()
        for index, figure in enumerate(figures):
            key = (figure.start, figure.end, figure.place)
            if key in seen:
                hint = "Keep one as the figure, and the other among its conflicts."
                self._refuse("two figures speak of the same time and place", hint, "figures", index)
            seen.add(key)

    def _check(self, key: str, words: Mapping[str, str], *path: str | int) -> None:
        where = path or (key,)

        def place(*further: str | int) -> Place:
            return self._entry.key_place(*where, *further)

        self._settings.check_words(words, key, place, self._faults)

    def _refuse(self, reason: str, hint: str, *path: str | int) -> None:
        place = self._entry.place(*path)
        self._faults.add(BAD_SERIES.error(place, name=self._entry.name, reason=reason, hint=hint))
