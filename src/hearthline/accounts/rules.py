# SPDX-License-Identifier: Apache-2.0
"""Decides which roles there are and what each may do; apps above declare their own permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
