# SPDX-License-Identifier: Apache-2.0
"""Decides that a release that was changed, removed or put in the place of another is named by the doctor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.base.problems import HearthlineError
from hearthline.releases.models import Release
from hearthline.releases.proposing import content_of
from hearthline.releases.rules import FIRST, hash_of
from hearthline.releases.verifying import Verdict, verify_releases
from hearthline.site.doctor import LOOKS
from tests.service.conftest import TODAY, Hire, lifted_triggers
from tests.service.releases.little import run_of

LAST = 3


def rechained() -> None:
    """Give every release the hash that fits what it now says, as one would who hides a change."""
    before = FIRST
    for row in Release.objects.order_by("number"):
        row.previous, row.hash = before, hash_of(row.number, before, content_of(row))
        Release.objects.filter(pk=row.pk).update(previous=row.previous, hash=row.hash)
        before = row.hash


def changed(number: int) -> None:
    Release.objects.filter(number=number).update(table={"rows": [["poor", 1]]})


def rebuilt() -> None:
    changed(1)
    rechained()


@pytest.fixture
def releases(places: dict[str, Area], hire: Hire) -> None:
    """Three releases of one county, each with its trace."""
    chief = hire(Role.ADMINISTRATOR, places["510101"])
    run, before = run_of(places, chief), FIRST
    for number in range(1, LAST + 1):
        row = Release(
            number=number, previous=before, run=run, area=run.area, area_path=run.area.path, subject="status",
            method="suppress", levels=["county"], told={"number": number}, table={"rows": []},
            published_on=TODAY, published_at=timezone.now(), published_by=chief,
        )  # fmt: skip
        before = row.hash = hash_of(number, before, content_of(row))
        row.save(force_insert=True)
        record(
            by=chief, on=TODAY, action="releases.publish", subject="release", subject_id=row.pk,
            area_path=row.area_path, facts={"number": number, "hash": row.hash},
        )  # fmt: skip


def test_whole_releases_are_counted_and_nothing_is_said(releases: None) -> None:
    assert verify_releases() == Verdict(LAST)
    assert not list(LOOKS["The chain of releases"]())


@pytest.mark.parametrize(
    ("harm", "broken", "words"),
    [
        (lambda: changed(2), 2, "what it says is not what was published"),
        (lambda: Release.objects.filter(number=2).delete(), 2, "is no longer there; the next one is 3"),
        (lambda: Release.objects.filter(number=LAST).delete(), LAST, "as the trail says"),
        (lambda: Release.objects.filter(number=2).update(previous=FIRST), 2, "does not follow"),
        (rebuilt, 1, "the chain was built anew"),
    ],
)
def test_the_first_broken_link_is_named_with_what_to_do(
    releases: None, harm: Callable[[], object], broken: int, words: str
) -> None:
    with lifted_triggers():
        harm()
    verdict = verify_releases()
    assert verdict.broken == broken
    assert words in verdict.sentence
    [complaint] = LOOKS["The chain of releases"]()
    assert complaint.sentence == verdict.sentence
    assert "backup" in complaint.remedy
    with pytest.raises(HearthlineError) as refused:
        verdict.demand_whole()
    assert refused.value.code == "releases.chain-broken"
