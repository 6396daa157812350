# SPDX-License-Identifier: Apache-2.0
"""Decides whether the chain of releases is whole: each is hashed anew, and held against the trail.

The chain alone does not show that its end was cut off or that it was built anew; the trail names the number
and the hash of each release, in chains of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hearthline.audit.models import AuditRow
from hearthline.releases.models import Release
from hearthline.releases.problems import CHAIN_BROKEN
from hearthline.releases.proposing import content_of
from hearthline.releases.rules import FIRST, hash_of

AT_ONCE = 50
PUBLISHED = "releases.publish"
REMEDY = CHAIN_BROKEN.remedy


@dataclass(frozen=True)
class Verdict:
    """How many releases were looked at, and what is wrong with the first that is not as published."""

    releases: int
    broken: int | None = None
    sentence: str = ""

    def demand_whole(self) -> None:
        """Raises ``releases.chain-broken`` with the first broken link."""
        if self.broken is not None:
            raise CHAIN_BROKEN.error(release=self.broken)


def verify_releases() -> Verdict:
    """Compute the chain of releases anew, and say which is its first broken link."""
    count = Release.objects.count()
    number, sentence = min(_faults(), default=(None, ""))
    return Verdict(count, number, sentence)


def _faults() -> Iterator[tuple[int, str]]:
    """The first fault of the chain, and the first that the trail shows, by the number of the release."""
    published = _published()
    expected, before = 1, FIRST
    for row in Release.objects.order_by("number").iterator(chunk_size=AT_ONCE):
        fault = _fault_of(row, expected, before, published)
        if fault:
            yield fault
            return
        expected, before = expected + 1, row.hash
    gone = [number for number in published if number >= expected]
    if gone:
        yield min(gone), f"Release {min(gone)} was published, as the trail says, and is no longer there."


def _fault_of(row: Release, expected: int, before: str, published: dict[int, str]) -> tuple[int, str] | None:
    if row.number != expected:
        return expected, f"Release {expected} is no longer there; the next one is {row.number}."
    if row.previous != before:
        return expected, f"Release {expected} does not follow on the one before it."
    if row.hash != hash_of(row.number, row.previous, content_of(row)):
        return expected, f"Release {expected}: what it says is not what was published."
    if published.get(expected, row.hash) != row.hash:
        return expected, f"Release {expected} is another than the trail says; the chain was built anew."
    return None


def _published() -> dict[int, str]:
    """The hash of each release by its number, as the trail has it."""
    facts = AuditRow.objects.filter(action=PUBLISHED).order_by("pk").values_list("facts", flat=True)
    return {int(one["number"]): str(one["hash"]) for one in facts if "number" in one and "hash" in one}
