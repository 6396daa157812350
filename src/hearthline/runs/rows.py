# SPDX-License-Identifier: Apache-2.0
"""Decides how one household is read from a snapshot within a web request: one group of rows per table.

Files are hashed once in a process (``Snapshot.path``); their footers are kept. A service's snapshot has small
groups of rows, sorted by household, so that little is read for one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.reading import HouseholdRows
from hearthline.engine.snapshots.schema import AREA_ID, HOUSEHOLD_ID, PERSON_ID, decoded_row
from hearthline.runs.problems import KEYS_MISSING
from hearthline.runs.taking import keys_path

ROW_OWNER = "__person"
"""In a row of a table that belongs to person: the index of its person."""


@dataclass(frozen=True)
class Found:
    """The rows of one household, and the numbers of its people in the snapshot, in their order."""

    rows: HouseholdRows
    people: tuple[int, ...]
    area_id: int | None


class _Groups:
    """One Parquet file with the first and last value of a sorted column in each of its groups."""

    def __init__(self, path: Path, column: str, only: tuple[str, str] | None = None) -> None:
        self.file = pq.ParquetFile(path, memory_map=True)
        names = self.file.schema_arrow.names
        place = names.index(column)
        self.lasts: list[int] = []
        self._groups: list[int] = []
        self._column = column
        metadata = self.file.metadata
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            if only and group.column(names.index(only[0])).statistics.min != only[1]:
                continue
            self._groups.append(number)
            self.lasts.append(group.column(place).statistics.max)

    def rows(self, value: int, until: int | None = None, columns: list[str] | None = None) -> pa.Table:
        """The rows with this value, or with values up to ``until``."""
        until = value if until is None else until
        parts = []
        place = bisect_left(self.lasts, value)
        while place < len(self._groups):
            group = self.file.read_row_group(self._groups[place], columns=columns, use_threads=False)
            keys = group[self._column].to_numpy()
            low, high = keys.searchsorted(value), keys.searchsorted(until, side="right")
            parts.append(group.slice(low, high - low))
            if self.lasts[place] > until:
                break
            place += 1
        return pa.concat_tables(parts) if parts else self.file.schema_arrow.empty_table()


class SnapshotReader:
    """Reads households of one snapshot; keep it, it remembers the footers of the files."""

    def __init__(self, snapshot: Snapshot, policy: Policy) -> None:
        self._snapshot, self._policy = snapshot, policy
        self._files: dict[Path, _Groups] = {}
        self._types = {
            level: {name: fact.type for name, fact in facts.items()} for level, facts in policy.facts.items()
        }

    def household(self, number: int) -> Found:
        """Everything about one household."""
        part = self._snapshot.partition_of(number)
        (head,) = self._rows(HOUSEHOLD, part, number)
        people = self._rows(PERSON, part, number) if PERSON in self._policy.levels else []
        places = {row[PERSON_ID]: index for index, row in enumerate(people)}
        tables: dict[str, list[dict[str, Value]]] = {}
        for level in self._policy.record_levels():
            rows = people if level.name == PERSON else self._rows(level.name, part, number)
            tables[level.name] = [decoded_row(row, self._types.get(level.name, {})) for row in rows]
            if level.belongs_to == PERSON:
                for row, values in zip(rows, tables[level.name], strict=True):
                    values[ROW_OWNER] = places[row[PERSON_ID]]
        area_id = head[AREA_ID]
        code, area = self._area(area_id if isinstance(area_id, int) else None)
        own = decoded_row(head, self._types[HOUSEHOLD])
        found = HouseholdRows(number, code, own, area, tables, {})
        numbers = tuple(int(str(row[PERSON_ID])) for row in people)
        return Found(found, numbers, area_id if isinstance(area_id, int) else None)

    def keys_of_people(self, people: tuple[int, ...]) -> list[int]:
        """The persons whom numbers of the snapshot mean, in the same order."""
        if not people:
            return []
        path = keys_path(self._snapshot.folder)
        if not path.is_file():
            raise KEYS_MISSING.error(file=path.name)
        if path not in self._files:
            self._files[path] = _Groups(path, "id", only=("level", PERSON))
        found = self._files[path].rows(min(people), max(people), ["source_key", "id"])
        keys = dict(zip(found["id"].to_pylist(), found["source_key"].to_pylist(), strict=True))
        return [int(keys[number]) for number in people]

    @cached_property
    def _areas(self) -> pa.Table:
        return pq.read_table(self._snapshot.path(AREA), partitioning=None)

    def _area(self, area_id: int | None) -> tuple[str | None, dict[str, Value]]:
        types = self._types.get(AREA, {})
        if area_id is None or not self._snapshot.has_areas:
            return None, dict.fromkeys(types)
        place = pc.index(self._areas[AREA_ID], area_id).as_py()
        (row,) = self._areas.slice(place, 1).to_pylist()
        return row["area_code"], decoded_row(row, types)

    def _rows(self, level: str, part: int, number: int) -> list[dict[str, Value]]:
        path = self._snapshot.path(level, part)
        if path not in self._files:
            self._files[path] = _Groups(path, HOUSEHOLD_ID)
        rows: list[dict[str, Value]] = self._files[path].rows(number).to_pylist()
        return rows
