# SPDX-License-Identifier: Apache-2.0
"""Decides how a table is published and withdrawn: one after the other, and nothing is ever forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.models import Area
from hearthline.areas.queries import get_area
from hearthline.audit.services import record
from hearthline.jobs.handlers import Work
from hearthline.jobs.models import Job
from hearthline.jobs.services import request_job
from hearthline.releases.models import Release, Withdrawal
from hearthline.releases.problems import NO_RELEASE, NOTHING_SEEN, OTHER_THAN_SEEN, WITHDRAWN_ALREADY
from hearthline.releases.proposing import Head, Proposal, check_chain, content_of, memory_of, proposal_of
from hearthline.releases.rules import MOST_COUNTS, PUBLISH_RELEASE, hash_of
from hearthline.releases.tallies import table_for
from hearthline.runs.queries import get_run
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject

PUBLISHING = "releases.publish"
"""The name of the job."""
STAGES = (
    gettext_noop("counting"),
    gettext_noop("protecting"),
    gettext_noop("attacking"),
    gettext_noop("recording"),
)
TOLD_EVERY = timedelta(milliseconds=500)
"""How often a job says how far it is within a stage, and asks whether it is to stop."""


def request_release(
    *,
    by: Officer,
    on: date,
    run_id: int,
    area_id: int,
    subject: Subject,
    method: Method,
    levels: Sequence[str],
    seen: str,
) -> Job:
    """Ask that a table is published as it was seen in its preview: ``seen`` is what names that.

    It is empty for a table that is too large for a preview, and for no other. Raises ``areas.not-found``,
    ``runs.no-run``, ``releases.nothing-seen``, and what ``releases.tallies`` raises.
    """
    scope = required_scope(by=by, permission=PUBLISH_RELEASE, on=on)
    area = get_area(area_id, scope.filter("path"))
    run = get_run(by=by, on=on, run_id=run_id)
    counts = len(table_for(run, area, levels, subject).counts.counts)
    if not seen and counts <= MOST_COUNTS:
        raise NOTHING_SEEN.error()
    payload = {
        "run": run.pk,
        "area": area.pk,
        "subject": subject.value,
        "method": method.value,
        "levels": list(levels),
        "seen": seen,
        "counts": counts,
    }
    return request_job(by=by, on=on, name=PUBLISHING, payload=payload, area_path=area.path)


def publish_release(work: Work) -> Mapping[str, object]:
    """The handler of ``releases.publish``; what it returns is the result of the job.

    The attack is done before the lock is taken. It holds if nothing was published meanwhile that touches
    the place; else it is done anew, however often. Raises ``releases.other-than-seen``, and what the gate
    and the preview raise.
    """
    if isinstance(work.cursor, dict):  # recorded just before a kill
        return work.cursor
    asked, by = work.job.payload, Officer.objects.get(pk=work.by.pk)
    progress = _Progress(work)
    while True:
        scope = required_scope(by=by, permission=PUBLISH_RELEASE, on=work.on)
        proposed = proposal_of(
            run=get_run(by=by, on=work.on, run_id=asked["run"]),
            area=get_area(asked["area"], scope.filter("path")),
            subject=Subject(asked["subject"]),
            method=Method(asked["method"]),
            levels=asked["levels"],
            progress=progress,
        )
        if asked["seen"] and proposed.seen != asked["seen"]:
            raise OTHER_THAN_SEEN.error()
        progress("recording", 0, 0)
        row = _recorded(work, proposed, by)
        if row is not None:
            return {"release": row.pk}


class _Progress:
    """Says how far a job is: at the begin of each stage, and from time to time within it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stage, self._told_at = "", timezone.now()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Raises ``jobs.cancelled``, ``jobs.lease-lost``, ``jobs.stopping``."""
        now = timezone.now()
        if stage != self._stage or now - self._told_at >= TOLD_EVERY:
            self._stage, self._told_at = stage, now
            self._work.advance(done=done, total=total, stage=stage)


def _recorded(work: Work, proposed: Proposal, by: Officer) -> Release | None:
    """The release with its trace and the end of its job, in one transaction; None where something was
    published meanwhile that the gate has not held it against, or the place has moved."""
    with transaction.atomic():
        _lock_releases()
        head = check_chain()
        area = Area.objects.get(pk=proposed.area.pk)
        if area.path != proposed.area.path or memory_of(area) != list(proposed.memory):
            return None
        row = _row(proposed, head, by, work.on)
        row.save(force_insert=True)
        record(
            by=by,
            on=work.on,
            action="releases.publish",
            subject="release",
            subject_id=row.pk,
            area_path=row.area_path,
            facts={"number": row.number, "hash": row.hash, "on": proposed.run.on.isoformat()},
        )
        work.advance(done=1, total=1, stage="recording", cursor={"release": row.pk})
    return row


def _lock_releases() -> None:
    """Nobody else publishes until this transaction ends, and no path of a release changes.

    SQLite has one writer at a time. On PostgreSQL others wait here, and then read anew.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE releases_release IN SHARE ROW EXCLUSIVE MODE")


def _row(proposed: Proposal, head: Head, by: Officer, on: date) -> Release:
    row = Release(
        number=head.number + 1,
        previous=head.hash,
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
