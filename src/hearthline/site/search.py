# SPDX-License-Identifier: Apache-2.0
"""Decides which places a search finds: those in the reader's own whose name or code begins with the text."""

from __future__ import annotations

from django.db.models import Q

from hearthline.areas.models import Area
from hearthline.areas.queries import areas_named, level_title, ways_of

MOST_PLACES = 10
STEPS_TOLD = 3
"""How many places of the way to what was found are named."""


def places_named(text: str, where: Q) -> list[tuple[Area, str, str]]:
    """Open places with their level and the way to them."""
    found = areas_named(text, where, MOST_PLACES)
    ways = ways_of((area.path for area in found), STEPS_TOLD + 1)
    return [(area, level_title(area.level), " › ".join(ways[area.path][:-1])) for area in found]
