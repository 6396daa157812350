# SPDX-License-Identifier: Apache-2.0
"""Decides that a grant reaches its area, all within it, and nothing else, on its days alone."""

from __future__ import annotations

from datetime import date

import pytest

from hearthline.accounts.models import Grant
from hearthline.accounts.queries import Scope, required_scope, scope_of
from hearthline.accounts.rules import GRANT_ROLES, VIEW_AREAS, Role
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError

from .conftest import TODAY, Hire


def seen(scope: Scope) -> set[str]:
    """The codes of the places that a scope lets through."""
    return set(Area.objects.filter(scope.filter("path")).values_list("code", flat=True))


def test_a_township_officer_sees_the_township_and_its_villages(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VILLAGE_OFFICER, places["510101001"])
    scope = scope_of(by=officer, permission=VIEW_AREAS, on=TODAY)
    assert seen(scope) == {"510101001", "510101001001", "510101001002"}
    assert scope.covers(places["510101001002"].path)
    assert not scope.covers(places["510101"].path)


def test_a_grant_that_has_ended_reaches_nothing(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.ANALYST, places["51"])
    Grant.objects.filter(officer=officer).update(ends_on=date(2016, 12, 31))
    assert scope_of(by=officer, permission=VIEW_AREAS, on=TODAY).empty


def test_a_closed_account_reaches_nothing(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.ANALYST)
    officer.is_active = False
    assert scope_of(by=officer, permission=VIEW_AREAS, on=TODAY).empty


def test_a_role_without_the_permission_is_refused_and_a_place_outside_is_not_found(
    places: dict[str, Area], hire: Hire
) -> None:
    viewer = hire(Role.VIEWER, places["510101"])
    with pytest.raises(HearthlineError, match="no role that may do this"):
        required_scope(by=viewer, permission=GRANT_ROLES, on=TODAY)
    with pytest.raises(HearthlineError, match="nothing here"):
        required_scope(by=viewer, permission=VIEW_AREAS, on=TODAY, path=places["510102"].path)
