# SPDX-License-Identifier: Apache-2.0
"""Decides which places a search finds: those in the reader's own whose name or code begins with the text."""

from __future__ import annotations

from django.db.models import Q

from hearthline.areas.models import Area
from hearthline.areas.queries import level_title, trails_of

MOST_PLACES = 10
_LAST = "\U0010ffff"


def places_named(text: str, where: Q) -> list[tuple[Area, str, str]]:
    """Open places with their level and the way to them; ranges, so that an index serves them."""
    by_name = Q(name__gte=text, name__lt=text + _LAST)
    by_code = Q(code__gte=text, code__lt=text + _LAST)
    condition = by_code if text.isdigit() else by_name
    found = list(
        Area.objects.filter(where, condition, closed_on__isnull=True).order_by("depth", "code")[:MOST_PLACES]
    )
    trails = trails_of(area.path for area in found)
    return [
        (area, level_title(area.level), " › ".join(step.name for step in trails[area.path][:-1][-3:]))
        for area in found
    ]
