# SPDX-License-Identifier: Apache-2.0
"""Decides what an officer may see: his grants as ranges of paths, to filter every list in SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from hearthline.accounts.models import Grant, Officer, SignIn
from hearthline.accounts.rules import (
    GRANT_ROLES,
    LONGEST_SIGN_IN,
    NEEDS_CODES,
    VIEW_OFFICERS,
    Permission,
    permissions,
)
from hearthline.areas.models import Area
from hearthline.areas.rules import PATH_STEP, AreaRange, range_of
from hearthline.asking import Asked, Given
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
BEYOND_REACH = declare(
    "accounts.beyond-reach",
    Kind.REFUSED,
    "{username} also has a role outside the area that you administer.",
    "Ask an administrator of an area that holds all roles of this officer.",
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

    @property
    def shape(self) -> int | None:
        """How many ranges a query by :func:`given_scope` needs; None everywhere."""
        return None if self.everywhere else len(self.ranges)

    @property
    def lows(self) -> list[str] | None:
        """The paths at which the scope begins; None for the whole tree."""
        return None if self.everywhere else [part.low for part in self.ranges]

    @property
    def bounds(self) -> dict[str, str]:
        """The values of such a query."""
        lows = {f"low_{place}": part.low for place, part in enumerate(self.ranges)}
        return lows | {f"high_{place}": part.high for place, part in enumerate(self.ranges)}

    def covers(self, path: str) -> bool:
        """Whether the place of ``path`` is in scope."""
        return self.everywhere or any(part.low <= path < part.high for part in self.ranges)

    def covers_area(self, area: Area | None) -> bool:
        """The same of a place; None is the whole country."""
        return self.everywhere if area is None else self.covers(area.path)

    @property
    def empty(self) -> bool:
        """Whether the officer holds the permission nowhere."""
        return not self.everywhere and not self.ranges


def given_scope(shape: int | None, field: str = "area_path") -> Q:
    """What :meth:`Scope.filter` is, in a query that is built once for all scopes of a shape."""
    if shape is None:
        return Q()
    condition = Q(pk__in=[])
    for place in range(shape):
        low, high = Given(f"low_{place}", CharField()), Given(f"high_{place}", CharField())
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return condition


@dataclass(frozen=True)
class Held:
    """A role that holds on a day, and the path of its place (None: everywhere)."""

    role: str
    path: str | None


def holding(on: date | Given) -> Q:
    """The grants that hold on a day."""
    return (
        Q(starts_on__lte=on)
        & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
    )


def not_over(on: date) -> Q:
    """The grants that hold on a day or will hold later."""
    return (Q(ends_on__isnull=True) | Q(ends_on__gte=on)) & (
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on)
    )


_GRANTS_HELD: Asked[tuple[str, str | None]] = Asked(
    lambda: Grant.objects.filter(
        holding(Given("on", DateField())), officer_id=Given("officer", BigIntegerField())
    ).values_list("role", "area__path")
)


def roles_held(by: Officer, on: date) -> Sequence[Held]:
    """What ``by`` holds on a day; asked once a request (``Officer.remembers``)."""
    if by.remembers is not None and on in by.remembers:
        return [Held(role, path) for role, path in by.remembers[on]]
    if not by.is_active:
        return []
    found = _GRANTS_HELD.rows(on=on, officer=by.pk)
    if by.remembers is not None:
        by.remembers[on] = found
    return [Held(role, path) for role, path in found]


def scope_of(*, by: Officer, permission: Permission, on: date) -> Scope:
    """Where ``by`` holds ``permission`` on a day. A grant without an area holds everywhere."""
    paths = {held.path for held in roles_held(by, on) if held.role in permission.roles}
    if None in paths:
        return Scope(everywhere=True, ranges=())
    return Scope(everywhere=False, ranges=tuple(range_of(path) for path in sorted(filter(None, paths))))


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


def permissions_of(by: Officer, on: date) -> frozenset[str]:
    """The words of all that ``by`` may do anywhere on a day, for menus."""
    roles = {held.role for held in roles_held(by, on)}
    return frozenset(found.word for found in permissions() if roles & found.roles)


def needs_codes(by: Officer, on: date) -> bool:
    """Whether a role that ``by`` holds asks for one-time codes that he has not set up."""
    if not settings.REQUIRE_TOTP or by.sealed_totp is not None:
        return False
    return any(held.role in NEEDS_CODES for held in roles_held(by, on))


def place_of(officer: Officer, on: date) -> str:
    """The path of the smallest place that holds every role of an officer; "" for the whole country."""
    paths = [held.path or "" for held in roles_held(officer, on)]
    if not paths:
        return ""
    first, last = min(paths), max(paths)
    common = next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
    length = min(len(first), len(last)) if common is None else common
    return first[: length - length % PATH_STEP]


def officers_in(*, by: Officer, on: date) -> QuerySet[Officer]:
    """The officers that have, or had, a role in the area of ``by``. Raises ``accounts.not-permitted``."""
    scope = required_scope(by=by, permission=VIEW_OFFICERS, on=on)
    if scope.everywhere:
        return Officer.objects.all()
    here = Grant.objects.filter(scope.filter("area__path"), officer=OuterRef("pk"))
    return Officer.objects.filter(Exists(here))


def get_officer(*, by: Officer, on: date, officer_id: int) -> Officer:
    """One of :func:`officers_in`. Raises ``accounts.not-permitted``, ``accounts.not-found``."""
    found = officers_in(by=by, on=on).filter(pk=officer_id).first()
    if found is None:
        raise NOT_FOUND.error()
    return found


class Reach(Enum):
    """How much of an officer an administrator has in hand: every role he holds, some, or none."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


def reach_of(*, by: Officer, on: date, officer: Officer) -> Reach:
    """How much of an officer ``by`` administers."""
    scope = scope_of(by=by, permission=GRANT_ROLES, on=on)
    if scope.everywhere:
        return Reach.WHOLE
    here = Grant.objects.filter(officer=officer).select_related("area")
    if not here.filter(scope.filter("area__path")).exists():
        return Reach.NONE
    whole = all(scope.covers_area(grant.area) for grant in here.filter(not_over(on)))
    return Reach.WHOLE if whole else Reach.PART


def get_officer_to_manage(*, by: Officer, on: date, officer_id: int) -> Officer:
    """One of :func:`officers_in`, all of whose roles lie in the area that ``by`` administers.

    Else an administrator of a township could make himself the owner of a provincial account.
    Raises ``accounts.not-permitted``, ``accounts.not-found``, ``accounts.beyond-reach``.
    """
    required_scope(by=by, permission=GRANT_ROLES, on=on)
    officer = get_officer(by=by, on=on, officer_id=officer_id)
    reach = reach_of(by=by, on=on, officer=officer)
    if reach is Reach.NONE:
        raise NOT_FOUND.error()
    if reach is Reach.PART:
        raise BEYOND_REACH.error(username=officer.username)
    return officer


def grants_in(*, by: Officer, on: date) -> QuerySet[Grant]:
    """Who holds, held or will hold which role in the area of ``by``; each with its ``state`` on a day.

    Raises ``accounts.not-permitted``.
    """
    scope = required_scope(by=by, permission=VIEW_OFFICERS, on=on)
    return with_state(Grant.objects.filter(scope.filter("area__path")), on)


def with_state(grants: QuerySet[Grant], on: date) -> QuerySet[Grant]:
    """Grants with officer, place and ``state``: holds, later, ended, or closed with its account."""
    state = Case(
        When(officer__is_active=False, then=Value("closed")),
        When(holding(on), then=Value("holds")),
        When(not_over(on), then=Value("later")),
        default=Value("ended"),
        output_field=CharField(),
    )
    return grants.select_related("officer", "area").annotate(state=state)


def grants_of(*, by: Officer, on: date, officer: Officer) -> QuerySet[Grant]:
    """The grants of an officer, newest first: all of one's own, else those in the area of ``by``."""
    grants = with_state(Grant.objects.filter(officer=officer), on).order_by("-starts_on", "-pk")
    if officer.pk == by.pk:
        return grants
    scope = required_scope(by=by, permission=VIEW_OFFICERS, on=on)
    return grants.filter(scope.filter("area__path"))


def get_grant(*, by: Officer, on: date, grant_id: int) -> Grant:
    """A grant where ``by`` administers. Raises ``accounts.not-permitted``, ``accounts.not-found``."""
    scope = required_scope(by=by, permission=GRANT_ROLES, on=on)
    found = Grant.objects.filter(scope.filter("area__path"), pk=grant_id).select_related("area", "officer")
    grant = found.first()
    if grant is None:
        raise NOT_FOUND.error()
    return grant


def areas_to_grant(*, by: Officer, on: date) -> QuerySet[Area]:
    """The open places in which ``by`` may grant roles, from the top. Raises ``accounts.not-permitted``."""
    scope = required_scope(by=by, permission=GRANT_ROLES, on=on)
    return Area.objects.filter(scope.filter("path"), closed_on__isnull=True).order_by("path")


def hash_of(secret: str) -> str:
    """What is kept of a session key or a device cookie: SHA-256, since both are long and random."""
    return hashlib.sha256(secret.encode()).hexdigest()


def idle_limit() -> timedelta:
    """How long a sign-in lasts without a request."""
    return timedelta(minutes=settings.IDLE_MINUTES)


def living(at: datetime) -> Q:
    """The sign-ins that are neither ended, nor idle, nor too old."""
    return _living(at - idle_limit(), at - LONGEST_SIGN_IN)


def _living(seen: datetime | Given, started: datetime | Given) -> Q:
    return Q(ended_at__isnull=True, seen_at__gt=seen, started_at__gt=started)


_LIVING_SIGN_IN = Asked(
    lambda: SignIn.objects.filter(
        _living(Given("seen", DateTimeField()), Given("started", DateTimeField())),
        session_hash=Given("session", CharField()),
        officer__is_active=True,
    ).select_related("officer")
)


def find_living_sign_in(*, session_key: str, at: datetime) -> SignIn | None:
    """The sign-in of a session with its officer, if both still hold."""
    return _LIVING_SIGN_IN.find(
        seen=at - idle_limit(), started=at - LONGEST_SIGN_IN, session=hash_of(session_key)
    )


def find_open_officer(officer_id: int) -> Officer | None:
    """An officer who is signing in, and is nobody's to scope yet; None once the account is closed."""
    return Officer.objects.filter(pk=officer_id, is_active=True).first()


def sign_ins_of(*, by: Officer, on: date, officer: Officer, at: datetime) -> QuerySet[SignIn]:
    """The living sign-ins of an officer: one's own, or of one whom ``by`` may see, newest first."""
    if officer.pk != by.pk:
        get_officer(by=by, on=on, officer_id=officer.pk)
    return SignIn.objects.filter(living(at), officer=officer).order_by("-seen_at", "-pk")
