# SPDX-License-Identifier: Apache-2.0
"""Decides which releases an officer sees, and what he may prepare, within his places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope, scope_of
from hearthline.areas.models import Area
from hearthline.areas.queries import get_area
from hearthline.areas.rules import paths_above
from hearthline.releases.models import Release
from hearthline.releases.problems import NO_RELEASE
from hearthline.releases.proposing import Proposal, proposal_of
from hearthline.releases.rules import MOST_COUNTS, PREPARE_RELEASE, PUBLISH_RELEASE, VIEW_RELEASES
from hearthline.runs.models import Run
from hearthline.runs.queries import get_run, runs_in
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject


def releases_in(*, by: Officer, on: date) -> QuerySet[Release]:
    """What was published of places that touch the officer's, the newest first.

    A withdrawn one is listed for those who prepare releases there, and for nobody else.
    """
    scope = required_scope(by=by, permission=VIEW_RELEASES, on=on)
    condition = scope.filter()
    for part in scope.ranges:
        condition |= Q(area_path__in=paths_above(part.low))
    rows = Release.objects.filter(condition)
    prepares = scope_of(by=by, permission=PREPARE_RELEASE, on=on)
    if not prepares.everywhere:  # the condition of everywhere is none: it would be lost beside "or"
        rows = rows.filter(Q(withdrawal=None) | prepares.filter())
    return (
        rows.select_related("area", "run", "run__version", "published_by", "withdrawal")
        .defer("told", "run__version__files", "run__record")
        .order_by("-number")
    )


def get_release(*, by: Officer, on: date, release_id: int) -> Release:
    """One of :func:`releases_in`. Raises ``releases.no-release``."""
    found = releases_in(by=by, on=on).filter(pk=release_id).first()
    if found is None:
        raise NO_RELEASE.error(release=release_id)
    return found


def get_release_to_withdraw(*, by: Officer, on: date, release_id: int) -> Release:
    """One that the officer may withdraw. Raises ``releases.no-release``."""
    scope = required_scope(by=by, permission=PUBLISH_RELEASE, on=on)
    found = releases_in(by=by, on=on).filter(scope.filter(), pk=release_id).first()
    if found is None:
        raise NO_RELEASE.error(release=release_id)
    return found


def runs_to_publish(*, by: Officer, on: date) -> list[Run]:
    """The runs a table may be made of, the newest first."""
    required_scope(by=by, permission=PREPARE_RELEASE, on=on)
    return list(runs_in(by=by, on=on)[:100])


def proposal(
    *,
    by: Officer,
    on: date,
    run_id: int,
    area_id: int,
    subject: Subject,
    method: Method,
    levels: Sequence[str],
) -> Proposal:
    """What of a table would be published of a place. Raises ``areas.not-found``, ``runs.no-run`` and what
    :func:`releases.proposing.proposal_of` raises."""
    scope = required_scope(by=by, permission=PREPARE_RELEASE, on=on)
    area: Area = get_area(area_id, scope.filter("path"))
    run = get_run(by=by, on=on, run_id=run_id)
    return proposal_of(run=run, area=area, subject=subject, method=method, levels=levels, most=MOST_COUNTS)
