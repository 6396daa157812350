# SPDX-License-Identifier: Apache-2.0
"""Decides the course of an import: every row read is accepted or refused, and a snapshot appears at the end.

Rows wait in memory and in a private folder beside the target. The refused rows and the private keys are
in place before the snapshot gets its name, so that a snapshot that is there is complete; the keys name
the hash of their snapshot, so that after a kill in between they are not taken for those of the old one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import duckdb
import pyarrow as pa

from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.snapshots import SourceEntry, open_snapshot
from hearthline.engine.snapshots.problems import EXISTS
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.engine.snapshots.writer import SnapshotWriter
from hearthline.intake import problems
from hearthline.intake.areas import AreaBook
from hearthline.intake.assembling import Assembly
from hearthline.intake.identity import write_identities
from hearthline.intake.linking import link
from hearthline.intake.maps import read_map
from hearthline.intake.planning import EntryPlan, Plan, planned
from hearthline.intake.readers import Reader, opened
from hearthline.intake.readers.chunks import places_of
from hearthline.intake.rejections import write_rejections
from hearthline.intake.rows import RowReader
from hearthline.intake.staging import Staging

_READING_SHARE = 0.7
_LINKING_SHARE = 0.8

_COUNT_REFUSED = "select entry, file, count(*) from refused group by all"
_COUNT_REASONS = """
select k.code, coalesce(arg_min(x.reason, x._rid), arg_min(x.reason, x.line)), count(*) as n
from refused x join kinds k on k.kind = x.kind
group by k.code order by n desc, k.code
"""


@dataclass(frozen=True)
class Progress:
    """How far an import is: its stage, rows so far, rows per second, seconds left (None: not known yet)."""

    stage: str
    file: str
    rows: int
    share: float
    rate: float
    seconds_left: float | None


@dataclass(frozen=True)
class FileReport:
    """What became of the rows of one file: ``read`` is always ``accepted`` plus ``refused``."""

    file: str
    level: str
    read: int
    accepted: int
    refused: int


@dataclass(frozen=True)
class Reason:
    """Why rows were refused: the code, the sentence of the first, and how many."""

    code: str
    example: str
    rows: int


@dataclass(frozen=True)
class ImportReport:
    """The summary of an import."""

    snapshot: Path
    hash: str
    files: tuple[FileReport, ...]
    rows: dict[str, int]
    reasons: tuple[Reason, ...]
    rejected: Path
    keys: Path
    seconds: float
    identity: Path | None = None


Tell = Callable[[Progress], None]


def import_files(
    policy: Policy,
    map_path: Path,
    files: Sequence[Path],
    out: Path,
    *,
    progress: Tell | None = None,
    replace: bool = False,
    created: datetime | None = None,
) -> ImportReport:
    """Make the snapshot ``out`` of ``files`` by the map; beside it, the refused rows and the private keys."""
    plan = planned(read_map(map_path), policy)
    matched = _matched(plan, files)
    out = out.absolute()
    if out in [file.absolute() for file in files]:
        raise problems.INSIDE_INPUT.error(out=str(out))
    if os.path.lexists(out) and not replace:
        raise EXISTS.error(folder=str(out))
    course = _Course(plan, files, progress)
    with _room(out), PartialFolder(out, replace=True, purpose=".work-") as work:
        size = sum(path.stat().st_size for _, _, path in matched if path.is_file())
        staging = Staging(work.path, plan, [file.name for file in files], size)
        try:
            report = course.run(
                staging, matched, work.path, out, created or datetime.now(UTC), replace=replace
            )
        finally:
            staging.close()
        identity = write_identities(plan.map, files, open_snapshot(out, verify=False))
    return replaced(report, identity=identity)


@contextmanager
def _room(out: Path) -> Iterator[None]:
    """Tell a full disk, a folder that may not be written and a lack of memory in a sentence."""
    try:
        yield
    except OSError as error:
        raise problems.NO_ROOM.error(out=str(out), why=error.strerror or str(error)) from error
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise problems.NO_ROOM.error(out=str(out), why=str(error).splitlines()[0]) from error


def _matched(plan: Plan, files: Sequence[Path]) -> list[tuple[EntryPlan, int, Path]]:
    """Which file is read for which entry, in the order of the map."""
    names = [file.name for file in files]
    for name in names:
        if names.count(name) > 1:
            raise problems.SAME_NAME.error(file=name)
    found = [
        (entry, number, file)
        for entry in plan.entries
        for number, file in enumerate(files)
        if any(fnmatchcase(file.name, pattern) for pattern in entry.rule.files)
    ]
    for entry in plan.entries:
        if entry not in [match[0] for match in found]:
            raise problems.ENTRY_UNUSED.error(files=entry.rule.named)
    for file in files:
        if file not in [match[2] for match in found]:
            raise problems.FILE_UNMAPPED.error(file=file.name)
    return found


class _Course:
    """One import under way."""

    def __init__(self, plan: Plan, files: Sequence[Path], tell: Tell | None) -> None:
        self._plan = plan
        self._files = list(files)
        self._tell = tell
        self._start = time.monotonic()
        self._rows = 0
        self._read: dict[tuple[int, int], int] = {}

    def run(
        self,
        staging: Staging,
        matched: list[tuple[EntryPlan, int, Path]],
        work: Path,
        out: Path,
        created: datetime,
        *,
        replace: bool,
    ) -> ImportReport:
        """Read, link, write, publish."""
        book = AreaBook()
        self._read_all(staging, matched, book)
        pa.default_memory_pool().release_unused()
        self._say("linking", "", _READING_SHARE)
        link(staging, book)
        rejected, keys = out.with_name(f"{out.name}.rejected.csv"), out.with_name(f"{out.name}.keys.parquet")
        reasons = self._reasons(staging)
        write_rejections(rejected, staging.connection)
        assembly = Assembly(staging)
        assembly.number()
        if not assembly.households:
            raise problems.NOTHING_ACCEPTED.error(
                read=sum(self._read.values()),
                rejected=rejected.name,
                reason=reasons[0].example if reasons else "the files hold no household.",
            )
        reports = self._reports(staging)
        with SnapshotWriter(
            out,
            self._plan.policy,
            files=[file.name for file in self._files],
            design=self._plan.design,
            replace=replace,
        ) as writer:
            assembly.write(writer, self._written(sum(assembly.rows.values())))

            def put_keys(digest: str) -> None:
                assembly.write_keys(work / "keys.parquet", digest)
                os.replace(work / "keys.parquet", keys)

            digest = writer.seal(
                created=created,
                sources=self._sources(matched),
                counts=_counts(reports),
                design=self._design(),
                beside=put_keys,
            )
        self._say("done", "", 1.0)
        seconds = time.monotonic() - self._start
        return ImportReport(out, digest, reports, assembly.rows, reasons, rejected, keys, seconds)

    def _read_all(self, staging: Staging, matched: list[tuple[EntryPlan, int, Path]], book: AreaBook) -> None:
        """Open every file before any is read, so that a missing column is told at once."""
        readers: list[Reader] = []
        sizes = [max(path.stat().st_size, 1) if path.is_file() else 1 for _, _, path in matched]
        for entry, _, path in matched:
            reader = opened(path, entry.rule, self._plan.map.limits)
            places_of(path, reader.headings(), entry.columns())
            readers.append(reader)
        self._read = {(entry.number, number): 0 for entry, number, _ in matched}
        done = 0
        for (entry, number, path), reader, size in zip(matched, readers, sizes, strict=True):
            rows = RowReader(entry, book, staging.kinds)
            for chunk in reader.chunks(entry.columns(), entry.doubles()):
                staged = rows.staged(chunk, number, self._rows)
                staging.add(entry, staged)
                count = len(chunk.lines) + len(chunk.faults)
                self._rows += len(chunk.lines)
                self._read[entry.number, number] += count
                share = (done + size * chunk.share) / sum(sizes)
                self._say("reading", path.name, share * _READING_SHARE)
            done += size

    def _written(self, total: int) -> Callable[[int], None]:
        done = 0

        def told(rows: int) -> None:
            nonlocal done
            done += rows
            share = _LINKING_SHARE + (1 - _LINKING_SHARE) * done / max(total, 1)
            self._say("writing", "", min(share, 0.999))

        return told

    def _say(self, stage: str, file: str, share: float) -> None:
        if self._tell is None:
            return
        seconds = max(time.monotonic() - self._start, 1e-6)
        left = seconds * (1 - share) / share if share > 0 and seconds > 0.5 else None
        self._tell(Progress(stage, file, self._rows, share, self._rows / seconds, left))

    def _reasons(self, staging: Staging) -> tuple[Reason, ...]:
        found = staging.connection.execute(_COUNT_REASONS).fetchall()
        return tuple(Reason(code, example, rows) for code, example, rows in found)

    def _reports(self, staging: Staging) -> tuple[FileReport, ...]:
        refused = {
            (entry, file): rows for entry, file, rows in staging.connection.execute(_COUNT_REFUSED).fetchall()
        }
        reports = []
        for (entry, file), read in self._read.items():
            lost = refused.get((entry, file), 0)
            level = self._plan.entries[entry].level
            reports.append(FileReport(self._files[file].name, level, read, read - lost, lost))
        return tuple(reports)

    def _sources(self, matched: list[tuple[EntryPlan, int, Path]]) -> dict[str, dict[str, SourceEntry]]:
        sources: dict[str, dict[str, SourceEntry]] = {}
        for entry, _, path in matched:
            day = entry.rule.observed_on
            for plan in entry.facts:
                sources.setdefault(entry.level, {}).setdefault(
                    plan.fact.name,
                    SourceEntry(
                        source=entry.rule.source,
                        file=path.name,
                        column=", ".join(plan.columns) or None,
                        date=day.isoformat() if day else None,
                    ),
                )
        return sources

    def _design(self) -> dict[str, str]:
        entries = self._plan.listing(HOUSEHOLD)
        return {name: ", ".join(columns) for entry in entries for name, columns in entry.design.items()}


def _counts(reports: Sequence[FileReport]) -> dict[str, int]:
    return {
        "read": sum(report.read for report in reports),
        "accepted": sum(report.accepted for report in reports),
        "refused": sum(report.refused for report in reports),
    }
