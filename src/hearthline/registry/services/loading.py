# SPDX-License-Identifier: Apache-2.0
"""Decides how a snapshot enters the register: chunk by chunk, each a transaction with its cursor and trace.

A worker that is killed leaves whole chunks; the next one goes on behind the last of them. The same rows a
second time change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare
from hearthline.base.sealing import keys_of
from hearthline.engine.rules.policy import AREA, Policy
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.identities import check_identities
from hearthline.engine.snapshots.reading import rows_of
from hearthline.jobs.services import Work
from hearthline.policy.queries import policy_of
from hearthline.registry.identities import Sealer
from hearthline.registry.loading.bringing import Bringing
from hearthline.registry.loading.checking import REASONS, Place
from hearthline.registry.loading.chunks import Chunk, Reading
from hearthline.registry.loading.known import AREAS
from hearthline.registry.loading.register import Counts, Register, Written, sealed_people
from hearthline.registry.loading.writing import count_anew, found_among, make_room
from hearthline.registry.models import Observation, RegisterImport
from hearthline.registry.services.caches import refresh_areas, refresh_households

UNDONE = declare(
    "registry.import-undone",
    Kind.REFUSED,
    "the import {title} was undone.",
    "Ask for a new import of the same files if they are to be loaded after all.",
)
HOUSEHOLDS_AT_ONCE = {"postgresql": 5_000, "sqlite": 2_000}
"""Households of one transaction: SQLite has one writer, whom others wait for."""
MOST_TOLD = 1_000
_CODES_AT_ONCE = 500


@dataclass(frozen=True)
class Files:
    """Where the snapshot of an import is, who is in it, and the keys of its source, where there are any."""

    snapshot: Path
    identities: Path
    keys: Path | None
    work: Path


def load_snapshot(work: Work, imported: RegisterImport, files: Files) -> dict[str, object]:
    """Bring a snapshot into the register; what became of it. Goes on where the cursor of ``work`` says."""
    snapshot = open_snapshot(files.snapshot)
    policy = policy_of(imported.version)
    snapshot.require(policy)
    check_identities(files.identities, snapshot.hash)
    _note_sources(imported, snapshot)
    area = imported.area
    loading = _Loading(work, imported, policy, _bringing(imported, timezone.now()))
    with Reading(
        snapshot,
        files.identities,
        files.keys,
        policy,
        work=files.work,
        places=places_within(snapshot, area),
        own=Place(area.pk, area.path),
        prefix=area.code,
    ) as reading:
        loading.areas(reading)
        counts = loading.households(reading, snapshot.households)
        if counts.new_households:
            count_anew()
        return _report(reading, counts, snapshot)


def places_within(snapshot: Snapshot, area: Area) -> dict[str, Place]:
    """The open places within ``area`` that the codes of the snapshot name."""
    if not snapshot.has_areas:
        return {}
    codes = [code for code in rows_of(snapshot, AREA, ["area_code"])["area_code"].to_pylist() if code]
    within = range_of(area.path)
    found: dict[str, Place] = {}
    for start in range(0, len(codes), _CODES_AT_ONCE):
        rows = Area.objects.filter(
            code__in=codes[start : start + _CODES_AT_ONCE],
            closed_on__isnull=True,
            path__gte=within.low,
            path__lt=within.high,
        )
        found |= {code: Place(pk, path) for code, pk, path in rows.values_list("code", "pk", "path")}
    return found


def _bringing(imported: RegisterImport, now: datetime) -> Bringing:
    return Bringing(
        import_id=imported.pk,
        officer_id=imported.requested_by_id,
        recorded_at=now,
        observed_on=imported.observed_on,
        source=imported.source,
        area_path=imported.area_path,
    )


def _note_sources(imported: RegisterImport, snapshot: Snapshot) -> None:
    """Keep the names of the files, and the source and day of each fact, before a row refers to them."""
    if imported.files is None:
        imported.files = list(snapshot.manifest.files)
        RegisterImport.objects.filter(pk=imported.pk).update(files=imported.files)
    if imported.sources:
        return
    imported.sources = {
        level: {
            fact: [entry.source or "", entry.date or ""]
            for fact, entry in facts.items()
            if entry.source or entry.date
        }
        for level, facts in snapshot.manifest.sources.items()
    }
    RegisterImport.objects.filter(pk=imported.pk).update(sources=imported.sources)


class _Loading:
    """One import being loaded."""

    def __init__(self, work: Work, imported: RegisterImport, policy: Policy, bringing: Bringing) -> None:
        self._work = work
        self._imported = imported
        self._policy = policy
        self._bringing = bringing
        self._sealer = Sealer(keys_of(settings.KEY_FILE))
        self._register = Register(bringing, self._sealer)
        self._all_new = True
        cursor = work.cursor
        self._cursor: Mapping[str, object] = cursor if isinstance(cursor, dict) else {}

    def areas(self, reading: Reading) -> None:
        """Write what is said of places, where it differs from what an import said before."""
        if self._cursor.get("areas"):
            return
        rows = reading.areas()
        known: dict[int, str] = dict(found_among(AREAS, [row[0] for row in rows]))
        new = [row for row in rows if known.get(row[0]) != row[3]]
        with transaction.atomic():
            self._demand_standing()
            Observation.objects.bulk_create([self._of_area(row) for row in new], batch_size=500)
            for start in range(0, len(new), _CODES_AT_ONCE):
                refresh_areas(self._policy, [row[0] for row in new[start : start + _CODES_AT_ONCE]])
            self._trace("registry.import_areas", {"areas": len(new)})
            self._save(0, reading.snapshot.households, Counts())

    def _of_area(self, row: Sequence[str | int]) -> Observation:
        number, _, facts, digest = row
        return Observation(
            area_id=int(number),
            facts=json.loads(str(facts)),
            source=self._bringing.source,
            observed_on=self._bringing.observed_on,
            recorded_at=self._bringing.recorded_at,
            officer_id=self._bringing.officer_id,
            brought_by_id=self._bringing.import_id,
            digest=str(digest),
        )

    def households(self, reading: Reading, total: int) -> Counts:
        """Write every household that is still to come."""
        after, saved = self._cursor.get("after", 0), self._cursor.get("counts", {})
        counts = Counts(**saved) if isinstance(saved, dict) else Counts()
        first = int(after) + 1 if isinstance(after, int) else 1
        size = HOUSEHOLDS_AT_ONCE[connection.vendor]
        with ThreadPoolExecutor(1, thread_name_prefix="reading") as ahead:
            coming = ahead.submit(self._prepared, reading, first, size)
            while first <= total:
                chunk = coming.result()
                first = chunk.last + 1
                if first <= total:
                    coming = ahead.submit(self._prepared, reading, first, size)
                self._write(chunk, total, counts)
        return counts

    def _prepared(self, reading: Reading, first: int, size: int) -> Chunk:
        """The next chunk, made ready while the database writes the one before."""
        chunk = reading.chunk(first, size)
        people = sealed_people(chunk.people, self._sealer) if self._all_new else chunk.people
        return Chunk(chunk.first, chunk.last, chunk.households, people)

    def _write(self, chunk: Chunk, total: int, counts: Counts) -> None:
        before = counts.new_households
        with transaction.atomic():
            self._demand_standing()
            make_room()
            written = self._register.write(chunk, counts)
            self._refresh(written)
            self._trace(
                "registry.import_batch",
                {
                    "first": chunk.first,
                    "last": chunk.last,
                    "households": chunk.households.num_rows,
                    "people": chunk.people.num_rows,
                    "observations": written.observations,
                    "hash": written.hash,
                },
            )
            self._save(chunk.last, total, counts)
        self._all_new = counts.new_households > before

    def _refresh(self, written: Written) -> None:
        for start in range(0, len(written.touched), _CODES_AT_ONCE):
            refresh_households(self._policy, written.touched[start : start + _CODES_AT_ONCE])

    def _demand_standing(self) -> None:
        """Hold the import in place, and stop where it was undone."""
        row = RegisterImport.objects.select_for_update().get(pk=self._imported.pk)
        if row.undone_at is not None:
            raise UNDONE.error(title=row.title)

    def _save(self, done: int, total: int, counts: Counts) -> None:
        cursor = {"areas": True, "after": done, "counts": counts.stored()}
        self._work.advance(done=done, total=total, stage=gettext_noop("loading"), cursor=cursor)

    def _trace(self, action: str, facts: dict[str, object]) -> None:
        record(
            by=self._work.by,
            on=self._work.on,
            action=action,
            subject="import",
            subject_id=self._imported.pk,
            area_path=self._imported.area_path,
            facts=facts,
        )


def _report(reading: Reading, counts: Counts, snapshot: Snapshot) -> dict[str, object]:
    """What became of the rows, as a report keeps it: never a name or an ID number."""
    sentences = {problem.code: problem for problem in REASONS}
    listed = [
        *reading.refused(MOST_TOLD),
        *((number, str(code), str(value), None, None) for number, code, value in counts.refused),
    ]
    refused = [
        {
            "file": snapshot.manifest.files[file] if file is not None else "",
            "line": line,
            "value": value,
            "code": code,
            "reason": sentences[code].error(value=value).message,
            "remedy": sentences[code].remedy,
        }
        for _, code, value, file, line in listed
    ]
    same = reading.same_ids(MOST_TOLD)
    held: dict[str, list[int]] = {}
    for code, households, people in reading.refused_counts():
        held[code] = [households, people or 0]
    return {
        "households": snapshot.households,
        "people": snapshot.rows("person"),
        "counts": {
            name: value
            for name, value in counts.stored().items()
            if name not in ("refused", "same_id_people")
        },
        "kept_out": held,
        "refused": refused,
        "same_id_in_files": same,
        "same_id_in_place": [number for number in counts.same_id_people if number not in same],
    }
