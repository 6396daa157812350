# SPDX-License-Identifier: Apache-2.0
"""Decides how one partition is checked and written, knowing of the others only what came before it.

So several processes can write partitions of one snapshot at once, each its own::

    partition = PartitionWriter(place, number, before)
    partition.write("household", rows)  # then "person" and the rest, in as many pieces as one likes
    entry = partition.end()             # for ``SnapshotWriter.adopt``, in the order of the partitions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.types import MAX_ROWS_DIGITS
from hearthline.engine.snapshots.checks import OrderCheck, Written, conformed, numbers, refusal
from hearthline.engine.snapshots.manifest import FileEntry
from hearthline.engine.snapshots.problems import NO_SPACE
from hearthline.engine.snapshots.schema import HOUSEHOLD_ID, packed_columns, schema_for, snapshot_levels
from hearthline.engine.snapshots.sealing import PRIVATE_FOLDER, HashedFile

ROWS_PER_GROUP = 100_000
ROWS_PER_HOUSEHOLD = 10**MAX_ROWS_DIGITS
"""Of any table; the language relies on it where it says how many digits a sum can gain."""
NOBODY = pa.array([], pa.int64())


@dataclass(frozen=True)
class Place:
    """Where the partitions of a snapshot in the making go, and what their rows must be like."""

    folder: Path
    target: Path
    policy: Policy
    design: tuple[str, ...] = ()
    household_limit: int = ROWS_PER_HOUSEHOLD


@dataclass(frozen=True)
class Before:
    """What the partitions before one hold: how many rows of each level, and their last area."""

    rows: Mapping[str, int] = field(default_factory=dict)
    last_area: int = 0
    greatest_area: int = 0


@dataclass(frozen=True)
class PartitionEntry:
    """A partition that was written: its place among the others, and its files by level."""

    number: int
    before: Before
    after: Before
    files: Mapping[str, FileEntry]


class PartitionWriter:
    """Writes one partition of a snapshot."""

    def __init__(self, place: Place, number: int, before: Before) -> None:
        self._place = place
        self._number = number
        self._before = before
        self._orders = {
            level: OrderCheck(
                place.policy, level, place.household_limit, before.rows.get(level, 0), before.last_area
            )
            for level in snapshot_levels(place.policy)
        }
        self._open: dict[str, PartFile] = {}
        self._people: list[pa.Array] = []

    def write(self, level: str, rows: pa.Table) -> None:
        """Add rows; a household's own row and its people come before the rest."""
        policy, design = self._place.policy, self._place.design
        rows = conformed(policy, level, rows, design if level == HOUSEHOLD else ())
        self._orders[level].follow(rows, self._written())
        if level == PERSON:
            self._people.append(numbers(rows, HOUSEHOLD_ID))
        with disk(self._place.target):
            self._part(level).write(rows)

    def end(self) -> PartitionEntry:
        """Close the files of the partition and say what they hold."""
        written = self._written()
        if written.last_household < written.first_household:
            raise refusal(HOUSEHOLD, f"partition {self._number} has no household")
        with disk(self._place.target):
            files = {level: self._part(level).entry(written) for level in self._orders}
        self._open.clear()
        households = self._orders[HOUSEHOLD]
        after = Before(
            {level: order.rows for level, order in self._orders.items()},
            households.last_area,
            max(self._before.greatest_area, households.last_area_seen),
        )
        return PartitionEntry(self._number, self._before, after, files)

    def abandon(self) -> None:
        """Close the files, which are about to be removed."""
        for part in self._open.values():
            part.drop()
        self._open.clear()

    def _written(self) -> Written:
        people = pa.concat_arrays([NOBODY, *self._people])
        self._people = [people]
        first = self._before.rows.get(HOUSEHOLD, 0) + 1
        return Written(first, self._orders[HOUSEHOLD].rows, self._before.rows.get(PERSON, 0) + 1, people)

    def _part(self, level: str) -> PartFile:
        if level not in self._open:
            policy, design = self._place.policy, self._place.design
            self._open[level] = PartFile(
                self._place.folder,
                level,
                self._number,
                schema_for(policy, level, design),
                packed_columns(policy, level),
            )
        return self._open[level]


class PartFile:
    """One Parquet file being written: of a level, of a partition."""

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


@contextmanager
def disk(target: Path) -> Iterator[None]:
    """Where the disk fails, say for which snapshot."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise NO_SPACE.error(folder=str(target), why=why) from error
