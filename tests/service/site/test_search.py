# SPDX-License-Identifier: Apache-2.0
"""Decides that a search finds the places of the reader by the beginning of their name or code."""

from __future__ import annotations

import pytest

from hearthline.accounts.queries import Scope
from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.site.search import places_named

pytestmark = pytest.mark.django_db


def named(text: str, place: Area | None = None) -> list[str]:
    """The names of what is found from everywhere, or from one place."""
    scope = Scope(place is None, (range_of(place.path),) if place else ())
    return [area.name for area, _level, _way in places_named(text, scope)]


def test_a_place_is_found_by_the_beginning_of_its_name_or_code(places: dict[str, Area]) -> None:
    assert named("青山") == ["青山省", "青山市"]
    assert named("5101020") == ["河口镇", "渡头村"]
    assert named("青山", places["510102"]) == []
    assert named("5101020", places["510102"]) == ["河口镇", "渡头村"]
