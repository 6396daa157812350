# SPDX-License-Identifier: Apache-2.0
"""Decides which places a search finds: those in the reader's own whose name or code begins with the text."""

from __future__ import annotations

from django.db.models import Q

from hearthline.areas.models import Area
from hearthline.areas.queries import areas_named, level_title, trails_of

MOST_PLACES = 10


def places_named(text: str, where: Q) -> list[tuple[Area, str, str]]:
    """Open places with their level and the way to them."""
    found = areas_named(text, where, MOST_PLACES)
    trails = trails_of(area.path for area in found)
    return [
        (area, level_title(area.level), " › ".join(step.name for step in trails[area.path][:-1][-3:]))
        for area in found
    ]
