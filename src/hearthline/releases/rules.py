# SPDX-License-Identifier: Apache-2.0
"""Decides who may prepare, publish and read a release, and which releases speak of the same places."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from hearthline.accounts.rules import EVERYONE, Role, declare_permission

VIEW_RELEASES = declare_permission(
    "releases.view", EVERYONE, "Read the tables that were published of an area, and take them as files."
)
PREPARE_RELEASE = declare_permission(
    "releases.prepare",
    {Role.ANALYST, Role.ADMINISTRATOR},
    "See what of a table would be published of an area and what hidden, and why; read what was withdrawn.",
)
PUBLISH_RELEASE = declare_permission(
    "releases.publish", {Role.ADMINISTRATOR}, "Publish a table of an area, and withdraw one."
)

FIRST = "0" * 64
"""What the first release names as the one before it."""


def touching(path: str, paths: Iterable[str]) -> set[str]:
    """Of the paths of releases those that speak of ``path``, above or within it, or of what such ones do.

    A county's table and its neighbour's meet in the table of their province.
    """
    found, edge, left = {path}, [path], set(paths)
    while edge:
        one = edge.pop()
        near = {other for other in left if other.startswith(one) or one.startswith(other)}
        left -= near
        edge.extend(near - found)
        found |= near
    return found & set(paths)


def hash_of(number: int, previous: str, content: Mapping[str, object]) -> str:
    """What a release is named by: a SHA-256 over its number, the hash before it, and all it told."""
    text = json.dumps([number, previous, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


MOST_COUNTS = 6_000
"""Counts of one table that are tried for a preview, while its page waits."""
FEW_COUNTS = 500
"""Counts of one table that is published while the page waits: its job is done where it is asked for."""
