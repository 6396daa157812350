# SPDX-License-Identifier: Apache-2.0
"""Decides which places a search finds: those in the reader's own whose name or code begins with the text."""

from __future__ import annotations

from django.db.models import CharField, Q, QuerySet

from hearthline.accounts.queries import Scope, given_scope
from hearthline.areas.models import Area
from hearthline.areas.queries import level_title, ways_of
from hearthline.asking import Asked, Given
from hearthline.registry.finding import LAST

MOST_PLACES = 10
STEPS_TOLD = 3
"""How many places of the way to what was found are named."""


def places_named(text: str, scope: Scope) -> list[tuple[Area, str, str]]:
    """Open places in scope with their level and the way to them, the highest first."""
    found = _NAMED.rows(scope.shape, **scope.bounds, begin=text, end=text + LAST)
    ways = ways_of((area.path for area in found), STEPS_TOLD + 1)
    return [(area, level_title(area.level), " › ".join(ways[area.path][:-1])) for area in found]


def _named(shape: int | None) -> QuerySet[Area]:
    begin, end = Given("begin", CharField()), Given("end", CharField())
    named = Q(name__gte=begin, name__lt=end) | Q(code__gte=begin, code__lt=end)
    rows = Area.objects.filter(given_scope(shape, "path"), named, closed_on__isnull=True)
    return rows.order_by("depth", "code")[:MOST_PLACES]


_NAMED = Asked(_named)
