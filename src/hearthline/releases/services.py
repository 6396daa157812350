# SPDX-License-Identifier: Apache-2.0
"""Decides how a table is published and withdrawn: one after the other, and nothing is ever forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.queries import get_area
from hearthline.audit.services import record
from hearthline.releases.models import Release, Withdrawal
from hearthline.releases.problems import NO_RELEASE, OTHER_THAN_SEEN, WITHDRAWN_ALREADY
from hearthline.releases.proposing import Head, Proposal, check_chain, content_of, proposal_of
from hearthline.releases.rules import PUBLISH_RELEASE, hash_of
from hearthline.runs.queries import get_run
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject


def publish_table(
    *,
    by: Officer,
    on: date,
    run_id: int,
    area_id: int,
    subject: Subject,
    method: Method,
    levels: Sequence[str],
    seen: str,
) -> Release:
    """Publish a table as it was seen in its preview: ``seen`` is what names that (``Proposal.seen``).

    The attack is done before the lock is taken, and holds if no release has come meanwhile. Raises
    ``releases.other-than-seen``, and what the preview raises.
    """
    scope = required_scope(by=by, permission=PUBLISH_RELEASE, on=on)
    area = get_area(area_id, scope.filter("path"))
    run = get_run(by=by, on=on, run_id=run_id)
    proposed = proposal_of(run=run, area=area, subject=subject, method=method, levels=levels)
    if proposed.seen != seen:
        raise OTHER_THAN_SEEN.error()
    with transaction.atomic():
        if _locked_head() != proposed.head:
            raise OTHER_THAN_SEEN.error()
        row = _row(proposed, by, on)
        row.save(force_insert=True)
        record(
            by=by,
            on=on,
            action="releases.publish",
            subject="release",
            subject_id=row.pk,
            area_path=row.area_path,
            facts={"number": row.number, "hash": row.hash, "on": run.on.isoformat()},
        )
    return row


def _locked_head() -> Head:
    """The end of the chain, which nobody else lengthens until this transaction ends.

    SQLite has one writer at a time. PostgreSQL waits for the lock on the last release, then looks anew; two
    first releases at once are kept apart by their number, which is unique.
    """
    Release.objects.select_for_update().order_by("-number").first()
    return check_chain()


def _row(proposed: Proposal, by: Officer, on: date) -> Release:
    row = Release(
        number=proposed.head.number + 1,
        previous=proposed.head.hash,
        run=proposed.run,
        area=proposed.area,
        area_path=proposed.area.path,
        subject=proposed.subject.value,
        method=proposed.method.value,
        levels=list(proposed.levels),
        told=proposed.told,
        table=proposed.shown,
        published_on=on,
        published_at=timezone.now(),
        published_by=by,
    )
    row.hash = hash_of(row.number, row.previous, content_of(row))
    return row


def withdraw_release(*, by: Officer, on: date, release_id: int, reason: str) -> Withdrawal:
    """Offer a release no more. It stays on record, and the gate goes on remembering it.

    Raises ``releases.no-release``, ``releases.withdrawn-already``.
    """
    scope = required_scope(by=by, permission=PUBLISH_RELEASE, on=on)
    with transaction.atomic():
        row = Release.objects.select_for_update().filter(scope.filter(), pk=release_id).first()
        if row is None:
            raise NO_RELEASE.error(release=release_id)
        if Withdrawal.objects.filter(release=row).exists():
            raise WITHDRAWN_ALREADY.error(release=row.number)
        withdrawal = Withdrawal.objects.create(
            release=row, reason=reason, withdrawn_on=on, withdrawn_at=timezone.now(), withdrawn_by=by
        )
        record(
            by=by,
            on=on,
            action="releases.withdraw",
            subject="release",
            subject_id=row.pk,
            area_path=row.area_path,
            facts={"number": row.number, "reason": reason},
        )
    return withdrawal
