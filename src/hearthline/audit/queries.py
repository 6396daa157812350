# SPDX-License-Identifier: Apache-2.0
"""Decides what may be read of the trail: by place, subject, officer or action, the newest first, in pages.

This app stands below accounts, so it does not ask who reads: the caller passes ``where``, his scope as
``Scope.filter("area_path")`` gives it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Exists, OuterRef, Q, QuerySet

from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.rules import canonical
from hearthline.base.problems import Kind, Place, declare

NO_HEADS = declare(
    "audit.no-heads",
    Kind.NOT_FOUND,
    "there is no file of published heads {file}.",
    "Name a file, or the folder of files, that was kept outside the database.",
)
BAD_HEADS = declare(
    "audit.bad-heads",
    Kind.BAD_INPUT,
    "this line is no head of an audit chain.",
    "Use the file as it was published; if it was changed, ask for another copy of it.",
)


@dataclass(frozen=True)
class PublishedHead:
    """The end of a chain as it is published; ``head`` is its number in the database."""

    head: int
    chain: str
    number: int
    hash: str
    sealed_at: datetime

    @classmethod
    def of(cls, head: AuditHead) -> PublishedHead:
        """The head of a row."""
        return cls(head.pk, head.chain, head.number, head.hash, head.sealed_at)


@dataclass(frozen=True)
class Wanted:
    """Which traces are asked for; an empty field asks for any. ``before`` is the key of the page."""

    subject: str = ""
    subject_id: str = ""
    officer_id: int | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def rows_in(where: Q, wanted: Wanted | None = None) -> QuerySet[AuditRow]:
    """The traces in scope that are asked for, the newest first; slice it, then ask again with ``before``."""
    asked = wanted or Wanted()
    rows = AuditRow.objects.filter(where)
    if asked.subject:
        rows = rows.filter(subject=asked.subject)
    if asked.subject_id:
        rows = rows.filter(subject_id=asked.subject_id)
    if asked.officer_id is not None:
        rows = rows.filter(officer_id=asked.officer_id)
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(at__lt=asked.until)
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return rows.order_by("-pk")


def looks_at(subject: str, subject_id: int | str, where: Q) -> QuerySet[AuditRow]:
    """Who looked at a subject, and what was done to it, the newest first."""
    return rows_in(where, Wanted(subject=subject, subject_id=str(subject_id)))


def actions_known() -> list[str]:
    """Every action that stands in the trail, for a list to choose from."""
    return list(AuditRow.objects.order_by("action").values_list("action", flat=True).distinct())


def line_of_row(row: AuditRow) -> str:
    """The canonical line of a row."""
    return canonical(
        number=row.pk,
        at=row.at,
        on=row.on,
        officer=row.officer_id,
        officer_name=row.officer_name,
        action=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        area_path=row.area_path,
        facts=row.facts,
    )


def unlinked_rows(*, above: int = 0) -> QuerySet[AuditRow]:
    """Committed rows that no chain holds yet, in order."""
    linked = AuditLink.objects.filter(row=OuterRef("pk"))
    return AuditRow.objects.filter(~Exists(linked), pk__gt=above).order_by("pk")


def last_links(chains: Collection[str]) -> dict[str, tuple[int, str]]:
    """Number and hash of the last link of each chain that has one."""
    ends = {}
    for chain in chains:  # one step into the index each; a grouping would read every link
        link = AuditLink.objects.filter(chain=chain).order_by("-number").first()
        if link is not None:
            ends[chain] = (link.number, link.hash)
    return ends


def line_of_head(head: PublishedHead) -> str:
    """A head as one line of a published file."""
    return json.dumps(
        {
            "head": head.head,
            "chain": head.chain,
            "number": head.number,
            "hash": head.hash,
            "sealed_at": head.sealed_at.isoformat(),
        }
    )


def published_heads(place: Path) -> Iterator[PublishedHead]:
    """The heads of a published file, or of every file of a folder. Raises ``audit.bad-heads``.

    A line torn by a fall of the machine at the end of a file counts for nothing.
    """
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files or not files[0].is_file():
        raise NO_HEADS.error(file=place.name)
    for file in files:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
        for number, line in enumerate(lines, start=1):
            head = _head_in(line)
            if head is not None:
                yield head
            elif line.startswith("{") and line.endswith("}"):
                raise BAD_HEADS.error(Place(file.name, number))


def last_published(folder: Path) -> int:
    """The number of the newest head that the files of a folder hold; 0 if none."""
    heads = (
        _head_in(line)
        for file in sorted(folder.glob("*.jsonl"))[-2:]
        for line in file.read_text(encoding="ascii", errors="replace").splitlines()
    )
    return max((head.head for head in heads if head), default=0)


def _head_in(line: str) -> PublishedHead | None:
    try:
        document = json.loads(line)
        return PublishedHead(
            int(document["head"]),
            str(document["chain"]),
            int(document["number"]),
            str(document["hash"]),
            datetime.fromisoformat(document["sealed_at"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
