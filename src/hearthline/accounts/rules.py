# SPDX-License-Identifier: Apache-2.0
"""Decides which roles there are, what each may do, how long a wrong sign-in waits and a right one lasts.

Apps above declare their own permissions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What an officer may be in an area."""

    VIEWER = "viewer"
    VILLAGE_OFFICER = "village_officer"
    ANALYST = "analyst"
    POLICY_DESIGNER = "policy_designer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


EVERYONE = frozenset(Role)
NEEDS_CODES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.POLICY_DESIGNER})
"""Roles that sign in with a one-time code besides the password."""


@dataclass(frozen=True)
class Permission:
    """A word such as ``registry.view_household``, and the roles that hold it in their area."""

    word: str
    roles: frozenset[Role]
    sentence: str


_PERMISSIONS: dict[str, Permission] = {}


def declare_permission(word: str, roles: Iterable[Role], sentence: str) -> Permission:
    """Enter a permission; ``sentence`` says in English what it lets an officer do."""
    if word in _PERMISSIONS:
        raise ValueError(f"permission {word} is declared twice")
    _PERMISSIONS[word] = Permission(word, frozenset(roles), sentence)
    return _PERMISSIONS[word]


def permissions() -> list[Permission]:
    """Every permission declared so far, by its word."""
    return [_PERMISSIONS[word] for word in sorted(_PERMISSIONS)]


GRANT_ROLES = declare_permission(
    "accounts.grant_roles", {Role.ADMINISTRATOR}, "Open accounts, grant and withdraw roles, end sign-ins."
)
VIEW_OFFICERS = declare_permission(
    "accounts.view_officers", {Role.ADMINISTRATOR, Role.AUDITOR}, "See who works here and in which role."
)
VIEW_AUDIT = declare_permission(
    "audit.view", {Role.AUDITOR, Role.ADMINISTRATOR}, "Read the trail of what was done and seen."
)
VIEW_JOBS = declare_permission(
    "jobs.view", EVERYONE - {Role.VIEWER}, "See the jobs of the area and their progress."
)
VIEW_AREAS = declare_permission("areas.view", EVERYONE, "See places and their figures.")
IMPORT_AREAS = declare_permission("areas.import", {Role.ADMINISTRATOR}, "Load the tree of places.")

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
"""Attempts are forgotten a day after the last one; nothing is ever locked for good."""
WINDOW = timedelta(minutes=1)
"""Over which the attempts of all unknown devices together are counted."""
LONGEST_SIGN_IN = timedelta(hours=12)
RENEWED_EVERY = timedelta(minutes=1)
"""A sign-in is seen again once a minute, not at every request."""
CODE_WITHIN = timedelta(minutes=5)
"""Between the password and the one-time code."""
ONE_TIME_PASSWORD_LASTS = timedelta(days=7)
_DOUBLINGS = 20


@dataclass(frozen=True)
class Attempts:
    """How often in a row it was tried without success, when last, and until when the next must wait."""

    count: int
    last_at: datetime
    wait_until: datetime


def wait_after(count: int) -> timedelta:
    """How long the next attempt waits after ``count`` in a row: 1, 2, 4 ... seconds, at most 15 minutes."""
    if count < 1:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(count - 1, _DOUBLINGS)), LONGEST_WAIT)


def with_another(attempts: Attempts, at: datetime) -> Attempts:
    """The same with one more attempt ``at``; old ones are forgotten."""
    count = 1 if at - attempts.last_at > FORGOTTEN_AFTER else attempts.count + 1
    return Attempts(count, at, at + wait_after(count))


def with_another_of_all(attempts: Attempts, at: datetime, rate: int) -> Attempts:
    """The same for all unknown devices together: ``rate`` attempts in a window, then wait for its end.

    ``last_at`` is the beginning of the window.
    """
    begun, count = attempts.last_at, attempts.count + 1
    if at - begun >= WINDOW:
        begun, count = at, 1
    return Attempts(count, begun, begun + WINDOW if count >= rate else at)


def name_of_account(username: str) -> str:
    """The name under which an account is kept: one form for what looks the same, in small letters."""
    return unicodedata.normalize("NFKC", username).strip().casefold()
