# SPDX-License-Identifier: Apache-2.0
"""Decides how the register of an area becomes a sealed snapshot, with a private key file beside it.

The snapshot holds opaque numbers and the dictionary's facts, nothing else. Which household and person a
number means stands in ``<SNAPSHOT>.keys.parquet``, which stays with the service.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.areas.models import Area
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.snapshots import KEYS_OF
from hearthline.engine.snapshots.sealing import PRIVATE_FILE
from hearthline.engine.snapshots.writer import SnapshotWriter
from hearthline.registry.models import RegisterImport
from hearthline.runs.chunks import Chunks, Counted, area_table, workshop
from hearthline.runs.problems import NOBODY
from hearthline.runs.register import START, Position, Register, one_state
from hearthline.runs.resolving import RESOLVED, Resolver

MEMORY = "400MB"
HOUSEHOLDS_AT_ONCE = 10_000
"""Households in memory at a time."""
HOUSEHOLDS_PER_PARTITION = 50_000
HOUSEHOLDS_PER_GROUP = 250
"""Households that are read together when the reasons of one of them are asked for."""
KEYS_PER_GROUP = 5_000
KEYS = pa.schema([("level", pa.string()), ("source_key", pa.string()), ("id", pa.int64())])
Progress = Callable[[int], None]
"""Called with the households read so far."""


@dataclass(frozen=True)
class Taken:
    """A snapshot that was taken: its hash and what was seen on the way."""

    folder: Path
    hash: str
    counted: Counted

    @property
    def households(self) -> int:
        """The households in it."""
        return self.counted.rows[HOUSEHOLD]

    @property
    def people(self) -> int:
        """The people in it."""
        return self.counted.rows.get(PERSON, 0)


def keys_path(folder: Path) -> Path:
    """Where it is written whom the numbers of a snapshot mean."""
    return folder.with_name(f"{folder.name}.keys.parquet")


def spill_beside(folder: Path) -> Path:
    """Where work on a snapshot puts what memory does not hold: in the same private folder."""
    return folder.with_name(f".{folder.name}.spill")


def take_snapshot(
    policy: Policy,
    folder: Path,
    *,
    area: Area,
    as_of: date,
    known_at: datetime,
    current: bool,
    progress: Progress | None = None,
) -> Taken:
    """Copy the register of an area as of a day, as it was known at a moment, into a new sealed folder.

    ``current``: the day is today and the moment now, so the cache of current values may be read. Raises
    ``runs.nobody``; leaves nothing behind where it fails.
    """
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        one_state() as cursor,
        SnapshotWriter(folder, policy) as writer,
        workshop(MEMORY, spill_beside(folder)) as database,
        _KeyFile(keys_path(folder)) as keys,
    ):
        register = Register(cursor, area.path, as_of, known_at, current)
        taking = _Taking(register, policy, writer, database, keys)
        taking.households(progress)
        if not taking.counted.rows[HOUSEHOLD]:
            raise NOBODY.error(area=area.name, as_of=as_of)
        digest = writer.seal(
            created=known_at,
            counts={"left_out": taking.counted.left_out, "unfit": taking.counted.unfit},
            beside=keys.publish,
        )
    return Taken(folder, digest, taking.counted)


class _Taking:
    """One snapshot being taken."""

    def __init__(
        self,
        register: Register,
        policy: Policy,
        writer: SnapshotWriter,
        database: duckdb.DuckDBPyConnection,
        keys: _KeyFile,
    ) -> None:
        self._register, self._policy, self._writer, self.keys = register, policy, writer, keys
        self._resolver = None
        if not register.current:
            sources = dict(RegisterImport.objects.exclude(sources={}).values_list("pk", "sources"))
            self._resolver = Resolver(database, policy, sources, register.as_of)
        areas = register.areas()
        numbers = pa.array(range(1, areas.num_rows + 1), pa.int64())
        facts = register.area_facts()
        if self._resolver is not None:
            facts = self._resolver.resolved(AREA, register.area_observations())
        writer.write_areas(area_table(database, policy, areas, facts))
        self._chunks = Chunks(database, policy, pa.table({"path": areas["path"], "area_id": numbers}))
        keys.add(
            pa.table(
                {"level": [AREA] * areas.num_rows, "source_key": areas["pk"].cast(pa.string()), "id": numbers}
            )
        )

    @property
    def counted(self) -> Counted:
        """What was seen so far."""
        return self._chunks.counted

    def households(self, progress: Progress | None) -> None:
        """Read and write every household, a stretch at a time."""
        begun = 0
        for households, people in self._stretches():
            tables = self._chunks.tables(households, people)
            for keys in self._chunks.whom():
                self.keys.add(keys)
            for part in _groups(tables):
                for level, rows in part.items():
                    self._writer.write(level, rows)
            written = self.counted.rows[HOUSEHOLD]
            if written - begun >= HOUSEHOLDS_PER_PARTITION:
                self._writer.end_partition()
                begun = written
            if progress is not None:
                progress(written)
        if self.counted.rows[HOUSEHOLD] > begun:
            self._writer.end_partition()

    def _stretches(self) -> Iterator[tuple[pa.Table, pa.Table]]:
        at: Position = START
        while True:
            households = self._register.households(at, HOUSEHOLDS_AT_ONCE)
            if not households.num_rows:
                return
            last = households.slice(households.num_rows - 1).to_pylist()[0]
            until = (last["path"], last["number"])
            people = self._register.people(at, until)
            if self._resolver is not None:
                seen = self._register.observations(at, until)
                of_people = self._register.observations_of_people(at, until)
                households = _with(households, self._resolver.resolved(HOUSEHOLD, seen))
                people = _with(people, self._resolver.resolved(PERSON, of_people))
            yield households, people
            if households.num_rows < HOUSEHOLDS_AT_ONCE:
                return
            at = until


def _with(rows: pa.Table, documents: pa.Table) -> pa.Table:
    """The rows with the documents that were worked out for them, in the same order."""
    places = {pk: index for index, pk in enumerate(documents["pk"].to_pylist())}
    taken = pa.array([places.get(pk) for pk in rows["pk"].to_pylist()], pa.int64())
    for name in RESOLVED.names[1:]:
        column = documents[name].combine_chunks().take(taken)
        rows = rows.set_column(rows.schema.get_field_index(name), name, column)
    return rows


def _groups(tables: dict[str, pa.Table]) -> Iterator[dict[str, pa.Table]]:
    """Whole households, a few at a time: each becomes a group of rows that can be read alone."""
    if not tables[HOUSEHOLD].num_rows:
        return
    owners = {level: table["household_id"].to_numpy() for level, table in tables.items()}
    first, last = int(owners[HOUSEHOLD][0]), int(owners[HOUSEHOLD][-1])
    for start in range(first, last + 1, HOUSEHOLDS_PER_GROUP):
        part = {}
        for level, table in tables.items():
            low, high = np.searchsorted(owners[level], (start, start + HOUSEHOLDS_PER_GROUP))
            if high > low:
                part[level] = table.slice(low, high - low)
        yield part


class _KeyFile:
    """The private file of keys, written under a temporary name and published just before the snapshot."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f"{path.name}.partial")
        self._partial.unlink(missing_ok=True)  # of an attempt that died
        descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        self._file = os.fdopen(descriptor, "wb")
        self._writer = pq.ParquetWriter(self._file, KEYS, compression="zstd")

    def add(self, keys: pa.Table) -> None:
        """Add the keys of one level."""
        self._writer.write_table(keys.cast(KEYS), row_group_size=KEYS_PER_GROUP)

    def publish(self, digest: str) -> None:
        """Name the snapshot the keys belong to, and give the file its name."""
        self._writer.add_key_value_metadata({KEYS_OF.decode(): digest})
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._partial.replace(self._path)

    def __enter__(self) -> _KeyFile:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no partial file behind."""
        self._writer.close()
        self._file.close()
        self._partial.unlink(missing_ok=True)
