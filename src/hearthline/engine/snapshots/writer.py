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

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.types import MAX_ROWS_DIGITS, Kind
from hearthline.engine.snapshots.checks import OrderCheck, Written, conformed, numbers, refusal
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
from hearthline.engine.snapshots.problems import NO_SPACE
from hearthline.engine.snapshots.schema import HOUSEHOLD_ID, packed_columns, schema_for, snapshot_levels
from hearthline.engine.snapshots.sealing import PRIVATE_FOLDER, HashedFile, PartialFolder, write_private

HOUSEHOLDS_PER_PARTITION = 200_000
ROWS_PER_GROUP = 100_000
ROWS_PER_HOUSEHOLD = 10**MAX_ROWS_DIGITS
"""Of any table; the language relies on it where it says how many digits a sum can gain."""
NOBODY = pa.array([], pa.int64())


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
        self._design = tuple(design)
        self._source_files = list(files)
        self._orders = {
            level: OrderCheck(policy, level, household_limit) for level in (*snapshot_levels(policy), AREA)
        }
        self._files: dict[str, list[FileEntry]] = {level: [] for level in snapshot_levels(policy)}
        self._open: dict[str, _PartFile] = {}
        self._partitions = 0
        self._people: list[pa.Array] = []
        self._start = (1, 1)
        self._target = folder
        with self._disk():
            self._folder = PartialFolder(folder, replace=replace)

    @property
    def levels(self) -> list[str]:
        """The levels a partition holds, owners first."""
        return list(self._files)

    def schema(self, level: str) -> pa.Schema:
        """The columns of the rows of ``level``."""
        return schema_for(self._policy, level, self._design)

    def write_partition(self, tables: Mapping[str, pa.Table]) -> None:
        """Write one whole partition; a level without an entry has no rows in it."""
        for level in sorted(tables, key=self._position):
            self.write(level, tables[level])
        self.end_partition()

    def write(self, level: str, rows: pa.Table) -> None:
        """Add rows to the open partition; a household's own row and its people come before the rest."""
        self._position(level)
        rows = conformed(self._policy, level, rows, self._design if level == HOUSEHOLD else ())
        self._orders[level].follow(rows, self._written())
        if level == PERSON:
            self._people.append(numbers(rows, HOUSEHOLD_ID))
        with self._disk():
            self._part(level).write(rows)

    def end_partition(self) -> None:
        """Close the files of the open partition; the next rows begin another."""
        written = self._written()
        if written.last_household < written.first_household:
            raise refusal(HOUSEHOLD, f"partition {self._partitions} has no household")
        for level in snapshot_levels(self._policy):
            with self._disk():
                self._files[level].append(self._part(level).entry(written))
        self._open.clear()
        self._partitions += 1
        self._start = (self._rows(HOUSEHOLD) + 1, self._rows(PERSON) + 1)
        self._people = []

    def write_areas(self, rows: pa.Table) -> None:
        """Write the table of areas: once, parents before children."""
        if AREA in self._files:
            raise refusal(AREA, "the areas were written before")
        rows = conformed(self._policy, AREA, rows, ())
        self._orders[AREA].follow(rows, self._written())
        if pc.any(pc.greater_equal(rows.column("parent_id"), rows.column("area_id"))).as_py():
            raise refusal(AREA, "an area comes before the area it lies in")
        with self._disk():
            part = _PartFile(self._folder.path, AREA, 0, rows.schema, packed_columns(self._policy, AREA))
            part.write(rows)
            self._files[AREA] = [part.entry(Written(0, 0, 0, NOBODY))]

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
        if self._open:
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
        with self._disk():
            data = (manifest.model_dump_json(indent=1) + "\n").encode()
            digest = write_private(self._folder.path / MANIFEST, data)
            write_private(self._folder.path / SEAL, seal_line(digest))
            if beside is not None:
                beside(digest)
            self._folder.publish()
        return digest

    def abandon(self) -> None:
        """Give up and leave nothing behind."""
        for part in self._open.values():
            part.drop()
        self._open.clear()
        self._folder.abandon()

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            raise NO_SPACE.error(folder=str(self._target), why=why) from error

    def _position(self, level: str) -> int:
        if level == AREA or level not in self._files:
            raise refusal(level, "the package has no such level, or it goes by another door")
        return self.levels.index(level)

    def _rows(self, level: str) -> int:
        return self._orders[level].rows if level in self._orders else 0

    def _written(self) -> Written:
        people = pa.concat_arrays([NOBODY, *self._people])
        self._people = [people]
        return Written(self._start[0], self._rows(HOUSEHOLD), self._start[1], people)

    def _part(self, level: str) -> _PartFile:
        if level not in self._open:
            self._open[level] = _PartFile(
                self._folder.path,
                level,
                self._partitions,
                self.schema(level),
                packed_columns(self._policy, level),
            )
        return self._open[level]

    def _check_areas(self) -> None:
        areas = self._rows(AREA)
        if self._orders[HOUSEHOLD].last_area_seen > areas:
            raise refusal(HOUSEHOLD, f"an area_id goes beyond the {areas} areas")

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


class _PartFile:
    """One Parquet file being written."""

    def __init__(
        self, folder: Path, level: str, number: int, schema: pa.Schema, packed: Sequence[str]
    ) -> None:
        (folder / level).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        self._path = f"{level}/part-{number:05d}.parquet"
        self._file = HashedFile(folder / self._path)
        self._schema = schema
        self._writer = pq.ParquetWriter(
            self._file,
            schema,
            compression="zstd",
            use_dictionary=[name for name in schema.names if name not in packed],
            column_encoding=dict.fromkeys(packed, "DELTA_BINARY_PACKED"),
        )
        self._rows = 0

    def write(self, rows: pa.Table) -> None:
        """Add rows."""
        self._rows += rows.num_rows
        self._writer.write_table(rows, row_group_size=ROWS_PER_GROUP)

    def entry(self, written: Written) -> FileEntry:
        """Close the file and say what it holds."""
        self._writer.close()
        self._file.close()
        return FileEntry(
            path=self._path,
            rows=self._rows,
            bytes=self._file.size,
            sha256=self._file.sha256,
            first_household=written.first_household,
            last_household=written.last_household,
        )

    def drop(self) -> None:
        """Close the file, which is about to be removed."""
        self._file.discard()
        self._writer.close()
        self._file.close()
