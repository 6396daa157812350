# SPDX-License-Identifier: Apache-2.0
"""Decides what the security tests begin with: a standing county with things of every kind in four places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.service.county import County, county, settings_of, standing_county
from tests.service.security.planting import Planted, name_neighbour, plant
from tests.service.security.world import World, build_world

__all__ = ["county", "planted", "standing_county", "standing_world", "world"]


@pytest.fixture(scope="package")
def standing_world(standing_county: County, django_db_blocker: DjangoDbBlocker) -> tuple[World, Planted]:
    """The things, officers and canaries, for all tests of this folder."""
    with django_db_blocker.unblock(), settings_of(standing_county.home):
        planted = plant(standing_county)
        found = build_world(replace(standing_county, run=planted.run))
        name_neighbour(found.sites["other"].household)
    return found, planted


@pytest.fixture
def world(county: County, standing_world: tuple[World, Planted]) -> World:
    """The same with the county's home; what a test changes is rolled back."""
    return standing_world[0]


@pytest.fixture
def planted(county: County, standing_world: tuple[World, Planted]) -> Planted:
    """The household of the canaries in it."""
    return standing_world[1]
