# SPDX-License-Identifier: Apache-2.0
"""Decides what a request for statistics gives back: figures that can be asked for, printed and filed."""

from __future__ import annotations

from dataclasses import dataclass

from hearthline.statistics.figures import Figures
from hearthline.statistics.formats import csv_of, json_of, text_of


@dataclass(frozen=True)
class StatisticsTable(Figures):
    """All figures of one request. Ask for one by ``value`` or ``column``; print all by ``to_text``."""

    def to_text(self, language: str = "en") -> str:
        """Plain aligned tables for a terminal or a text file."""
        return text_of(self, language)

    def to_csv(self) -> str:
        """One figure a line, with its group, measure, item and the households behind it."""
        return csv_of(self)

    def to_json(self) -> str:
        """All figures with their provenance."""
        return json_of(self)
