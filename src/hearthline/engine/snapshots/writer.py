# SPDX-License-Identifier: Apache-2.0
"""Decides how a snapshot comes to be: partition by partition, checked, hashed, and there at once or never.

::

    with SnapshotWriter(folder, policy) as writer:
        for tables in partitions:            # {"household": ..., "person": ..., "income_line": ...}
            writer.write_partition(tables)   # or write(level, rows) several times, then end_partition()
        writer.write_areas(areas)            # before or after, once, if there are areas
        writer.seal(created=now)

Rows come numbered: household_id, person_id and so on count 1, 2, 3 ... through the whole snapshot,
households sorted by area_id, every other table by household_id, owners before what belongs to them.
Leaving the ``with`` block without sealing leaves nothing on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots.checks import OrderCheck, Written, conformed, refusal
from hearthline.engine.snapshots.manifest import (
    FORMAT,
    MANIFEST,
    SEAL,
    ColumnEntry,
    FileEntry,
    Manifest,
    PackageEntry,
    SourceEntry,
    TableEntry,
    seal_line,
)
from hearthline.engine.snapshots.partition import (
    NOBODY,
    ROWS_PER_HOUSEHOLD,
    Before,
    PartFile,
    PartitionEntry,
    PartitionWriter,
    Place,
    disk,
)
from hearthline.engine.snapshots.schema import packed_columns, schema_for, snapshot_levels
from hearthline.engine.snapshots.sealing import PartialFolder, write_private

HOUSEHOLDS_PER_PARTITION = 200_000


class SnapshotWriter:
    """Writes one snapshot to ``folder``; refuses one that exists unless ``replace`` is asked for."""

    def __init__(
        self,
        folder: Path,
        policy: Policy,
        *,
        files: Sequence[str] = (),
        design: Sequence[str] = (),
        replace: bool = False,
        household_limit: int = ROWS_PER_HOUSEHOLD,
    ) -> None:
        self._policy = policy
        self._source_files = list(files)
        self._files: dict[str, list[FileEntry]] = {level: [] for level in snapshot_levels(policy)}
        self._open: PartitionWriter | None = None
        self._partitions = 0
        self.before = Before()
        self._areas = 0
        with disk(folder):
            self._folder = PartialFolder(folder, replace=replace)
        self.place = Place(self._folder.path, folder, policy, tuple(design), household_limit)

    @property
    def levels(self) -> list[str]:
        """The levels a partition holds, owners first."""
        return list(self._files)

    def schema(self, level: str) -> pa.Schema:
        """The columns of the rows of ``level``."""
        return schema_for(self._policy, level, self.place.design)

    def write_partition(self, tables: Mapping[str, pa.Table]) -> None:
        """Write one whole partition; a level without an entry has no rows in it."""
        for level in sorted(tables, key=self._position):
            self.write(level, tables[level])
        self.end_partition()

    def write(self, level: str, rows: pa.Table) -> None:
        """Add rows to the open partition; a household's own row and its people come before the rest."""
        self._position(level)
        self._partition().write(level, rows)

    def end_partition(self) -> None:
        """Close the files of the open partition; the next rows begin another."""
        entry = self._partition().end()
        self._open = None
        self.adopt(entry)

    def adopt(self, entry: PartitionEntry) -> None:
        """Take in a partition that was written at ``place``, maybe by another process: the next in order."""
        if self._open is not None or (entry.number, entry.before) != (self._partitions, self.before):
            raise refusal(HOUSEHOLD, f"partition {entry.number} does not follow those before it")
        for level, file in entry.files.items():
            self._files[level].append(file)
        self._partitions += 1
        self.before = entry.after

    def write_areas(self, rows: pa.Table) -> None:
        """Write the table of areas: once, parents before children."""
        if AREA in self._files:
            raise refusal(AREA, "the areas were written before")
        rows = conformed(self._policy, AREA, rows, ())
        order = OrderCheck(self._policy, AREA, self.place.household_limit)
        order.follow(rows, Written(0, 0, 0, NOBODY))
        if pc.any(pc.greater_equal(rows.column("parent_id"), rows.column("area_id"))).as_py():
            raise refusal(AREA, "an area comes before the area it lies in")
        with disk(self.place.target):
            packed = packed_columns(self._policy, AREA)
            part = PartFile(self._folder.path, AREA, 0, rows.schema, packed)
            part.write(rows)
            self._files[AREA] = [part.entry(Written(0, 0, 0, NOBODY))]
        self._areas = order.rows

    def seal(
        self,
        *,
        created: datetime,
        sources: Mapping[str, Mapping[str, SourceEntry]] | None = None,
        counts: Mapping[str, int] | None = None,
        design: Mapping[str, str] | None = None,
        beside: Callable[[str], None] | None = None,
    ) -> str:
        """Write the manifest last, give the folder its name, and return the hash of the snapshot.

        ``beside`` is told the hash just before the folder gets its name, to put there what belongs to it.
        """
        if self._open is not None:
            raise refusal(HOUSEHOLD, "the last partition was not ended")
        if not self._partitions:
            raise refusal(HOUSEHOLD, "there is no household")
        self._check_areas()
        manifest = Manifest(
            format=FORMAT,
            package=PackageEntry(id=self._policy.id, version_hash=self._policy.version_hash),
            created=created.isoformat(),
            partitions=self._partitions,
            tables={level: self._table(level) for level in self._files},
            files=self._source_files,
            sources={level: dict(facts) for level, facts in (sources or {}).items()},
            weights={
                HOUSEHOLD: self._policy.household_weight,
                PERSON: self._policy.person_weight,
            },
            design=dict(design or {}),
            counts=dict(counts or {}),
        )
        with disk(self.place.target):
            data = (manifest.model_dump_json(indent=1) + "\n").encode()
            digest = write_private(self._folder.path / MANIFEST, data)
            write_private(self._folder.path / SEAL, seal_line(digest))
            if beside is not None:
                beside(digest)
            self._folder.publish()
        return digest

    def abandon(self) -> None:
        """Give up and leave nothing behind."""
        if self._open is not None:
            self._open.abandon()
            self._open = None
        self._folder.abandon()

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def _position(self, level: str) -> int:
        if level == AREA or level not in self._files:
            raise refusal(level, "the package has no such level, or it goes by another door")
        return self.levels.index(level)

    def _rows(self, level: str) -> int:
        return self._areas if level == AREA else self.before.rows.get(level, 0)

    def _partition(self) -> PartitionWriter:
        if self._open is None:
            self._open = PartitionWriter(self.place, self._partitions, self.before)
        return self._open

    def _check_areas(self) -> None:
        if self.before.greatest_area > self._areas:
            raise refusal(HOUSEHOLD, f"an area_id goes beyond the {self._areas} areas")

    def _table(self, level: str) -> TableEntry:
        columns = {
            name: ColumnEntry(
                type=fact.declared,
                scale=fact.type.scale,
                digits=fact.type.digits if fact.type.kind is Kind.NUMBER else 0,
                unit=str(fact.type.unit or "1"),
            )
            for name, fact in self._policy.facts.get(level, {}).items()
        }
        return TableEntry(rows=self._rows(level), columns=columns, files=self._files[level])
