# SPDX-License-Identifier: Apache-2.0
"""Decides what an officer may see: his grants as ranges of paths, to filter every list in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.rules import Permission
from hearthline.areas.rules import AreaRange, range_of
from hearthline.base.problems import Kind, declare

NOT_PERMITTED = declare(
    "accounts.not-permitted",
    Kind.REFUSED,
    "your account has no role that may do this ({permission}).",
    "Ask an administrator of your area for the role, or sign in with another account.",
)
NOT_FOUND = declare(
    "accounts.not-found",
    Kind.NOT_FOUND,
    "there is nothing here that your account may see.",
    "Check the address, or look for it by search.",
)


@dataclass(frozen=True)
class Scope:
    """The places in which an officer holds a permission on a day; no range means everywhere or nowhere."""

    everywhere: bool
    ranges: tuple[AreaRange, ...]

    def filter(self, field: str = "area_path") -> Q:
        """The rows in scope, as a condition on the path in ``field``."""
        if self.everywhere:
            return Q()
        condition = Q(pk__in=[])
        for part in self.ranges:
            condition |= Q(**{f"{field}__gte": part.low, f"{field}__lt": part.high})
        return condition

    def covers(self, path: str) -> bool:
        """Whether the place of ``path`` is in scope."""
        return self.everywhere or any(part.low <= path < part.high for part in self.ranges)

    @property
    def empty(self) -> bool:
        """Whether the officer holds the permission nowhere."""
        return not self.everywhere and not self.ranges


def scope_of(*, by: Officer, permission: Permission, on: date) -> Scope:
    """Where ``by`` holds ``permission`` on a day. A grant without an area holds everywhere."""
    roles = [str(role) for role in permission.roles]
    grants = Grant.objects.filter(officer=by, role__in=roles, starts_on__lte=on).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )
    areas = list(grants.values_list("area_id", "area__path"))
    if not by.is_active:
        return Scope(everywhere=False, ranges=())
    if any(area is None for area, _ in areas):
        return Scope(everywhere=True, ranges=())
    return Scope(
        everywhere=False, ranges=tuple(range_of(path) for path in sorted({path for _, path in areas}))
    )


def required_scope(*, by: Officer, permission: Permission, on: date, path: str | None = None) -> Scope:
    """The same, refused where it is empty; a ``path`` outside it is not found.

    Raises ``accounts.not-permitted``, ``accounts.not-found``.
    """
    scope = scope_of(by=by, permission=permission, on=on)
    if scope.empty:
        raise NOT_PERMITTED.error(permission=permission.word)
    if path is not None and not scope.covers(path):
        raise NOT_FOUND.error()
    return scope
