# SPDX-License-Identifier: Apache-2.0
"""Decides how a path names a place and all that lies within it."""

from __future__ import annotations

from dataclasses import dataclass

PATH_STEP = 9
"""Digits of one step of a path: the number of an area, filled with zeros."""
PATH_LENGTH = 12 * PATH_STEP
"""The deepest tree has twelve levels."""


@dataclass(frozen=True)
class AreaRange:
    """Paths from ``low`` up to and without ``high``."""

    low: str
    high: str


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
