# SPDX-License-Identifier: Apache-2.0
"""Decides how a snapshot follows a change of a few partitions: those are written anew, the others are shared.

::

    visits = pa.concat_tables([rows of partition 7, the new ones])     # sorted by household, without visit_id
    update_snapshot(open_snapshot(folder, verify=False), policy, out, {7: {"visit": visits}}, created=now)

The new snapshot is whole on its own: files that did not change get a further name there, or are copied where
the disk has no such thing. Neither is read, and a screening that goes on from an earlier run reads only the
partitions whose files differ. Households keep their numbers and areas, since the numbers go through the whole
snapshot; where households come, go or move, take a new one. Rows of other tables may be more or fewer: they
take numbers after all that are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.snapshots.checks import refusal
from hearthline.engine.snapshots.manifest import (
    MANIFEST,
    SEAL,
    FileEntry,
    Manifest,
    SourceEntry,
    TableEntry,
    seal_line,
)
from hearthline.engine.snapshots.opening import Snapshot
from hearthline.engine.snapshots.partition import Before, PartitionWriter, Place, disk
from hearthline.engine.snapshots.problems import DAMAGED
from hearthline.engine.snapshots.schema import (
    AREA_ID,
    DESIGN_COLUMNS,
    HOUSEHOLD_ID,
    id_column,
    snapshot_levels,
)
from hearthline.engine.snapshots.sealing import PRIVATE_FOLDER, PartialFolder, shared_file, write_private

Changes = Mapping[int, Mapping[str, pa.Table]]
"""For each partition that changes, the whole new table of each level that does."""


def update_snapshot(
    earlier: Snapshot,
    policy: Policy,
    out: Path,
    changes: Changes,
    *,
    created: datetime,
    sources: Mapping[str, Mapping[str, SourceEntry]] | None = None,
) -> str:
    """Write the snapshot that ``changes`` make of an earlier one; gives its hash.

    Raises ``snapshot.bad-table`` where rows do not fit, ``snapshot.damaged`` where a file that is read is
    not what was sealed, and leaves nothing then.
    """
    earlier.require(policy)
    with disk(out), PartialFolder(out, replace=False) as folder:
        update = _Update(earlier, policy, folder.path, out)
        tables = update.tables(changes)
        said: dict[str, object] = {"created": created.isoformat(), "tables": tables}
        if sources is not None:
            said["sources"] = {level: dict(facts) for level, facts in sources.items()}
        manifest: Manifest = earlier.manifest.model_copy(update=said)
        data = (manifest.model_dump_json(indent=1) + "\n").encode()
        digest = write_private(folder.path / MANIFEST, data)
        write_private(folder.path / SEAL, seal_line(digest))
        folder.publish()
    return digest


class _Update:
    """One update on its way: what is shared, what is written, which numbers are used."""

    def __init__(self, earlier: Snapshot, policy: Policy, folder: Path, out: Path) -> None:
        self._earlier = earlier
        self._policy = policy
        self._folder = folder
        self._out = out
        self._used: dict[str, int] = {}

    def tables(self, changes: Changes) -> dict[str, TableEntry]:
        """Lay down every file, and say so as a manifest does."""
        entries = {level: list(table.files) for level, table in self._earlier.manifest.tables.items()}
        for number in sorted(changes):
            if not 0 <= number < self._earlier.partitions:
                raise refusal(HOUSEHOLD, f"there is no partition {number}")
            for level, entry in self._write(number, changes[number]).items():
                entries[level][number] = entry
        for level, files in entries.items():
            (self._folder / level).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            for number, entry in enumerate(files):
                if level == AREA or number not in changes:
                    self._share(entry)
        return {
            level: table.model_copy(
                update={"files": entries[level], "rows": sum(file.rows for file in entries[level])}
            )
            for level, table in self._earlier.manifest.tables.items()
        }

    def _share(self, entry: FileEntry) -> None:
        source = self._earlier.folder / entry.path
        if not shared_file(source, self._folder / entry.path, entry.sha256):
            raise DAMAGED.error(folder=str(self._earlier.folder), what=f"{entry.path} is not what was sealed")

    def _write(self, number: int, given: Mapping[str, pa.Table]) -> Mapping[str, FileEntry]:
        levels = snapshot_levels(self._policy)
        for level in given:
            if level not in levels:
                raise refusal(level, "the package has no such level, or it has no partitions")
        held = {level: self._held(level, number) for level in levels}
        rows = {level: self._numbered(level, given.get(level), held[level]) for level in levels}
        self._same_households(rows[HOUSEHOLD], held[HOUSEHOLD])
        design = tuple(name for name in DESIGN_COLUMNS if name in held[HOUSEHOLD].column_names)
        place = Place(self._folder, self._out, self._policy, design)
        before = Before({level: _first(rows[level], level) - 1 for level in levels})
        partition = PartitionWriter(place, number, before)
        try:
            for level in levels:
                partition.write(level, rows[level])
            return partition.end().files
        finally:
            partition.abandon()

    def _held(self, level: str, number: int) -> pa.Table:
        return pq.ParquetFile(self._earlier.path(level, number)).read()

    def _numbered(self, level: str, given: pa.Table | None, held: pa.Table) -> pa.Table:
        """The rows with numbers that no other row has: those of before, or such as come after all."""
        if given is None:
            return held
        key = id_column(level)
        if key in given.column_names:
            self._check_numbers(level, given, held)
            return given
        if level == PERSON or given.num_rows == held.num_rows:
            if given.num_rows != held.num_rows:
                raise refusal(level, f"{key} is missing, and rows of other tables may name it")
            return given.add_column(0, key, held.column(key))
        first = self._highest(level) + 1
        self._used[level] = first + given.num_rows - 1
        return given.add_column(0, key, pa.array(range(first, first + given.num_rows), pa.int64()))

    def _check_numbers(self, level: str, given: pa.Table, held: pa.Table) -> None:
        key = id_column(level)
        if given.num_rows == 0:
            return
        first, last = given.column(key)[0].as_py(), given.column(key)[-1].as_py()
        if held.num_rows and held.column(key)[0].as_py() <= first <= last <= held.column(key)[-1].as_py():
            return
        if first <= self._highest(level):
            raise refusal(level, f"{key} {first} may be another row's: count on from {self._highest(level)}")
        self._used[level] = last

    def _highest(self, level: str) -> int:
        """The highest number a row of a level has, by what its files say of themselves."""
        if level not in self._used:
            found = [0]
            for path in self._earlier.paths(level):
                with pq.ParquetFile(path) as file:
                    groups = [file.metadata.row_group(place) for place in range(file.num_row_groups)]
                    found += [
                        group.column(place).statistics.max
                        for group in groups
                        for place in range(group.num_columns)
                        if group.column(place).path_in_schema == id_column(level) and group.num_rows
                    ]
            self._used[level] = max(found)
        return self._used[level]

    def _same_households(self, rows: pa.Table, held: pa.Table) -> None:
        for name in (HOUSEHOLD_ID, AREA_ID):
            if name not in rows.column_names or not rows.column(name).equals(held.column(name)):
                raise refusal(
                    HOUSEHOLD, f"{name} is not as it was: an update keeps households in their places"
                )


def _first(rows: pa.Table, level: str) -> int:
    return int(rows.column(id_column(level))[0].as_py()) if rows.num_rows else 1
