# SPDX-License-Identifier: Apache-2.0
"""Decides what a test knows of one service: whom it serves, where, and how it is called on a site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils import timezone

from hearthline.accounts import queries as accounts
from hearthline.accounts.models import Officer
from hearthline.accounts.rules import (
    GRANT_ROLES,
    VIEW_AREAS,
    VIEW_OFFICERS,
    Permission,
    Role,
)
from hearthline.registry.rules import (
    IMPORT_REGISTER,
    VIEW_HOUSEHOLD,
)
from tests.service.security.world import PLACES, Site, World

TODAY = timezone.localdate
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OWN = frozenset({"own"})
SCREENED = frozenset({"own", "sibling"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """How a service is called on the thing of a site. Of ``needs`` the first is asked before the place."""

    do: Callable[[Officer, Site, World], object]
    needs: tuple[Permission, ...] = ()
    lists: Callable[[object, Site], bool] | None = None
    """Of a query that lists: whether the thing of the site is among what it gave."""
    reach: frozenset[str] = OWN
    """The places that are in the scope of an officer of the township."""
    where: frozenset[str] = frozenset(PLACES)
    hides: bool = False
    """The caller passes the scope, so a role without the permission finds nothing."""

    def expected(self, role: Role, station: str, place: str) -> str:
        """ "done", "not permitted" or "not found"."""
        if self.needs and role not in self.needs[0].roles:
            return "not found" if self.hides else "not permitted"
        if self.lists is None and not self.within(station, place):
            return "not found"
        return "done" if all(role in one.roles for one in self.needs) else "not permitted"

    def within(self, station: str, place: str) -> bool:
        """Whether the thing of a place is in the scope of an officer of a station."""
        return place in self.where and (station == "everywhere" or place in self.reach)


def of_officer(service: Callable[..., object], **more: object) -> Callable[[Officer, Site, World], object]:
    return lambda by, to, world: service(by=by, on=TODAY(), officer_id=to.officer.pk, **more)


def within_of(by: Officer, permission: Permission, field: str) -> Q:
    return accounts.scope_of(by=by, permission=permission, on=TODAY()).filter(field)


def in_list(given: object, wanted: object) -> bool:
    return wanted in list(given)  # type: ignore[call-overload]  # a queryset or a list


MANAGES, READS = (GRANT_ROLES,), (VIEW_OFFICERS,)
HOUSEHOLD, IMPORT = (VIEW_HOUSEHOLD,), (IMPORT_REGISTER,)
RUN_REACH = frozenset({"own", "parent"})
REASON = "complaint 17 of this week"


def is_everywhere(by: Officer) -> bool:
    return accounts.scope_of(by=by, permission=VIEW_AREAS, on=TODAY()).everywhere
