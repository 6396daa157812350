# SPDX-License-Identifier: Apache-2.0
"""Decides how a trace is left, and how committed traces are chained and their heads published.

A trace is one row in the transaction of the change, or of the look. Writers never wait for one another: the
chains are made afterwards, by ``seal``, from rows that are committed.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.queries import (
    PublishedHead,
    last_links,
    last_published,
    line_of_head,
    line_of_row,
    unlinked_rows,
)
from hearthline.audit.rules import FIRST, chains_of, link_hash, plain, rows_hash

SEAL_AT_ONCE = 5_000
"""Rows of one transaction of the sealer."""
LATE = timedelta(days=1)
"""A row that is committed later than this after another was sealed is left for a sealing of the whole."""
HEADS_FOLDER = "audit-heads"


def record(
    *,
    by: AbstractBaseUser | None,
    on: date,
    action: str,
    subject: str,
    subject_id: int | str,
    area_path: str = "",
    facts: Mapping[str, object] | None = None,
) -> AuditRow:
    """Leave a trace of ``action`` (such as ``registry.observe``) on a subject. Call it in the transaction.

    ``facts`` is an allow-list of what explains the change; never a name, ID, phone or account of a person.
    """
    return AuditRow.objects.create(
        at=timezone.now(),
        on=on,
        officer_id=by.pk if by else None,
        officer_name=by.get_username() if by else "",
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        area_path=area_path,
        facts=plain(facts or {}),
    )


_IN_PLACES = """
insert into audit_auditrow (at, "on", officer_id, officer_name, action, subject, subject_id, area_path, facts)
select %s, %s, %s, %s, %s, %s, %s, """
_PLACES_GIVEN = {
    "postgresql": "place ->> 0, place -> 1 "
    "from jsonb_array_elements(%s::jsonb) with ordinality as given (place, n) order by n",
    "sqlite": "json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(%s) order by key",
}
"""One value for all places: a search of the country leaves fifty traces, and fifty rows of values to bind."""


def record_in_places(
    *,
    by: AbstractBaseUser | None,
    on: date,
    action: str,
    subject: str,
    subject_id: int | str,
    places: Mapping[str, Mapping[str, object]],
) -> None:
    """Leave a trace of one act in each of several places, with the facts of each, by one statement."""
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    who = (by.pk, by.get_username()) if by else (None, "")
    given = json.dumps([[area_path, plain(facts)] for area_path, facts in places.items()])
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_PLACES + _PLACES_GIVEN[connection.vendor],
            [at, on, *who, action, subject, str(subject_id), given],
        )


def record_batch(
    *,
    by: AbstractBaseUser | None,
    on: date,
    action: str,
    subject: str,
    subject_id: int | str,
    lines: Collection[str],
    area_path: str = "",
    facts: Mapping[str, object] | None = None,
) -> AuditRow:
    """Leave one trace of many rows: their number, and the SHA-256 of their lines in the order given."""
    batch = {"rows": len(lines), "sha256": rows_hash(lines)}
    return record(
        by=by,
        on=on,
        action=action,
        subject=subject,
        subject_id=subject_id,
        area_path=area_path,
        facts={**(facts or {}), **batch},
    )


@dataclass(frozen=True)
class Sealing:
    """What a sealing did: rows linked, and the new heads of the chains it made longer."""

    rows: int
    heads: tuple[PublishedHead, ...]


def seal(now: datetime, *, whole: bool = False) -> Sealing:
    """Chain all committed rows that have no link, each in the chain of its county.

    ``whole`` looks at every row, also at one that was committed more than a day after its neighbours.
    """
    floor = 0 if whole else _settled_before(now - LATE)
    rows, heads = 0, list[PublishedHead]()
    while True:
        with transaction.atomic():
            _one_sealer_at_a_time()
            batch = list(unlinked_rows(above=floor)[:SEAL_AT_ONCE])
            if batch:
                heads += _link(batch, now)
        rows += len(batch)
        if len(batch) < SEAL_AT_ONCE:
            newest = {head.chain: head for head in heads}
            return Sealing(rows, tuple(newest[chain] for chain in sorted(newest)))


def publish_heads(folder: Path) -> list[PublishedHead]:
    """Append the heads that ``folder`` does not hold yet to its file of the day; return them.

    The files are for others to keep: mail them, print them, put them on a page. Nothing in the database can
    prove that a chain was not cut or built anew; a head that was published can.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w", encoding="ascii") as lock:  # two workers, one file
        fcntl.flock(lock, fcntl.LOCK_EX)
        since = last_published(folder)
        new = [PublishedHead.of(head) for head in AuditHead.objects.filter(pk__gt=since).order_by("pk")]
        _append_heads(folder, new)
    return new


def _append_heads(folder: Path, new: Sequence[PublishedHead]) -> None:
    by_day: dict[str, list[str]] = {}
    for head in new:
        by_day.setdefault(head.sealed_at.date().isoformat(), []).append(line_of_head(head))
    for day, lines in by_day.items():
        file = folder / f"{day}.jsonl"
        torn = file.exists() and not file.read_bytes().endswith(b"\n")
        with file.open("a", encoding="ascii") as stream:
            if torn:  # the machine fell while it wrote: let the torn line stand alone
                stream.write("\n")
            stream.writelines(f"{line}\n" for line in lines)
            stream.flush()
            os.fsync(stream.fileno())


def seal_and_publish(now: datetime, *, whole: bool = False) -> Sealing:
    """Seal, then publish into the home folder: what the worker does every minute."""
    sealing = seal(now, whole=whole)
    publish_heads(Path(settings.HOME) / HEADS_FOLDER)
    return sealing


def _settled_before(moment: datetime) -> int:
    """The highest row linked by a sealing before ``moment``: what is below is linked or will never come."""
    head = AuditHead.objects.filter(sealed_at__lt=moment).order_by("-sealed_at", "-last_row").first()
    return head.last_row if head else 0


def _one_sealer_at_a_time() -> None:
    """Two sealers must not give one number twice; a lock on links keeps no writer of rows waiting."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_auditlink IN SHARE ROW EXCLUSIVE MODE")


def _link(rows: Sequence[AuditRow], now: datetime) -> list[PublishedHead]:
    chain_of = chains_of({row.area_path for row in rows})
    ends = last_links(set(chain_of.values()))
    links, touched = [], set()
    for row in rows:
        chain = chain_of[row.area_path]
        number, before = ends.get(chain, (0, FIRST))
        number += 1
        hashed = link_hash(before=before, chain=chain, number=number, line=line_of_row(row))
        links.append(AuditLink(row=row, chain=chain, number=number, hash=hashed))
        ends[chain] = (number, hashed)
        touched.add(chain)
    AuditLink.objects.bulk_create(links, batch_size=1000)
    heads = [
        AuditHead(
            chain=chain, number=ends[chain][0], hash=ends[chain][1], sealed_at=now, last_row=rows[-1].pk
        )
        for chain in sorted(touched)
    ]
    return [PublishedHead.of(head) for head in AuditHead.objects.bulk_create(heads)]
