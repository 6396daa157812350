# SPDX-License-Identifier: Apache-2.0
"""Decides how a path names a place and all that lies within it, and which levels of places there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PATH_STEP = 9
"""Digits of one step of a path: the number of an area, filled with zeros."""
PATH_LENGTH = 12 * PATH_STEP
"""The deepest tree has twelve levels."""

LEVELS = ("province", "prefecture", "county", "township", "village")
"""The levels of places from the top down, where the settings name no others (``AREA_LEVELS``)."""
LEVEL_TITLES = {
    "country": _("Country"),
    "province": _("Province"),
    "prefecture": _("Prefecture"),
    "county": _("County"),
    "township": _("Township"),
    "village": _("Village"),
    "group": _("Villager group"),
}
"""How pages name the levels that this house knows; another level is shown as its own word."""


@dataclass(frozen=True)
class AreaRange:
    """Paths from ``low`` up to and without ``high``."""

    low: str
    high: str

    def holds(self, path: str) -> bool:
        """Whether the place of ``path`` is the place of the range or lies within it."""
        return self.low <= path < self.high


def step_of(number: int) -> str:
    """The step of the area with this number: nine digits."""
    return f"{number:0{PATH_STEP}d}"


def range_of(path: str) -> AreaRange:
    """The range of all paths of a place and what lies within it."""
    stem, last = path[:-PATH_STEP], path[-PATH_STEP:]
    return AreaRange(path, stem + step_of(int(last) + 1))


def paths_above(path: str) -> list[str]:
    """The paths from the top down to ``path`` itself."""
    return [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]


def lies_below(level: str, upper: str, levels: Sequence[str]) -> bool:
    """Whether a place of ``level`` may lie directly within a place of ``upper``; a level may be skipped."""
    return levels.index(level) > levels.index(upper)
