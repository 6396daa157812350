# SPDX-License-Identifier: Apache-2.0
"""Decides what the tests of the register begin with: a package in force, officers, and one family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.policy.models import Activation, PackageVersion
from hearthline.registry.models import Household, Person
from hearthline.registry.services import add_member, open_household
from tests.service.packages import published

TODAY = date(2017, 12, 31)
PACKAGE = "cn/2014-2020"
Hire = Callable[..., Officer]


def activated(version: PackageVersion, area: Area, by: Officer) -> None:
    """Put a version in force in an area."""
    Activation.objects.create(
        version=version,
        area=area,
        area_path=area.path,
        starts_on=date(2014, 1, 1),
        activated_at=timezone.now(),
        activated_by=by,
    )


@dataclass(frozen=True)
class Office:
    """The county with a package in force, its officers, and a family of two."""

    places: dict[str, Area]
    version: PackageVersion
    village: Officer
    analyst: Officer
    administrator: Officer
    household: Household
    head: Person
    child: Person


@pytest.fixture
def office(places: dict[str, Area], hire: Hire) -> Office:
    """A county office at work."""
    administrator = hire(Role.ADMINISTRATOR, places["510101"])
    village = hire(Role.VILLAGE_OFFICER, places["510101001"])
    analyst = hire(Role.ANALYST, places["510101"])
    version = published(PACKAGE, administrator)
    activated(version, places["51"], administrator)
    household = open_household(
        by=village, on=TODAY, area_id=places["510101001001"].pk, number="510101001001-0007"
    )
    head = add_member(
        by=village,
        on=TODAY,
        household_id=household.pk,
        name="仇小丽",
        identity={"national_id": "99010119800101002X", "phone": "13900000001", "account": "6222 0001"},
        is_head=True,
    )
    child = add_member(by=village, on=TODAY, household_id=household.pk, name="欧阳明")
    household.refresh_from_db()
    return Office(places, version, village, analyst, administrator, household, head, child)
