# SPDX-License-Identifier: Apache-2.0
"""Decides the page of permissions: every word that a service knows, and the roles that hold it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hearthline.accounts.rules import NEEDS_CODES, Permission, Role

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "reference" / "permissions.md"
OPENING: Final = (
    "# Permissions",
    "",
    "What an officer may do in a service. A permission is a word declared beside the services that ask for",
    "it; a role holds some of them; a grant gives an officer a role in a place and all within it, from one",
    "day to another. What lies outside is “not found”, in pages, lists, files and searches alike. Why it is",
    "cut so: [who may see what](../explanation/who-may-see-what.md).",
    "",
)


def page(found: list[Permission]) -> str:
    """Every permission with its sentence, and a column for each role."""
    roles = list(Role)
    lines = [
        *OPENING,
        f"| permission | what it allows | {' | '.join(words(role) for role in roles)} |",
        f"|---|---|{'|'.join(':-:' for _ in roles)}|",
    ]
    for permission in found:
        marks = " | ".join("✓" if role in permission.roles else "" for role in roles)
        lines.append(f"| `{permission.word}` | {permission.sentence} | {marks} |")
    codes = ", ".join(words(role) for role in roles if role in NEEDS_CODES)
    return "\n".join([*lines, "", f"With a one-time code besides the password: {codes}."]) + "\n"


def words(role: Role) -> str:
    """A role in words."""
    return role.value.replace("_", " ")
