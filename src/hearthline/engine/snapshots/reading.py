# SPDX-License-Identifier: Apache-2.0
"""Decides how the rows of a snapshot are read back: a whole table, or one household with all it has."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.snapshots.opening import Snapshot
from hearthline.engine.snapshots.schema import AREA_ID, HOUSEHOLD_ID, PERSON_ID, decoded_row, id_column


@dataclass(frozen=True)
class HouseholdRows:
    """Everything a snapshot knows of one household, as values.

    A row of a table that belongs to person has the key ``__person``: the index of its person in
    ``tables["person"]``. ``places`` says per level and row which source file and line it came from.
    """

    household_id: int
    area_code: str | None
    household: dict[str, Value]
    area: dict[str, Value]
    tables: dict[str, list[dict[str, Value]]]
    places: dict[str, list[tuple[str | None, int | None]]]


def rows_of(snapshot: Snapshot, level: str, columns: list[str] | None = None) -> pa.Table:
    """All rows of a level in memory; for areas, tests and small snapshots."""
    parts = [pq.read_table(path, columns=columns, partitioning=None) for path in snapshot.paths(level)]
    return pa.concat_tables(parts)


def household_rows(snapshot: Snapshot, policy: Policy, household: int) -> HouseholdRows:
    """Read everything about one household."""
    snapshot.require(policy)
    part = snapshot.partition_of(household)
    tables: dict[str, list[dict[str, Value]]] = {}
    places: dict[str, list[tuple[str | None, int | None]]] = {}
    people: dict[Value, int] = {}
    head: dict[str, Value] = {}
    for level in [HOUSEHOLD, *(level.name for level in policy.record_levels())]:
        rows = _matching(snapshot, level, part, household)
        types = {name: fact.type for name, fact in policy.facts.get(level, {}).items()}
        tables[level] = [decoded_row(row, types) for row in rows]
        places[level] = [_place(snapshot, row) for row in rows]
        if level == HOUSEHOLD:
            head = rows[0]
        elif level == PERSON:
            people = {row[PERSON_ID]: index for index, row in enumerate(rows)}
        elif policy.levels[level].belongs_to == PERSON:
            for row, values in zip(rows, tables[level], strict=True):
                values["__person"] = people[row[PERSON_ID]]
    code, area = _area(snapshot, policy, head.get(AREA_ID))
    own = tables.pop(HOUSEHOLD)[0]
    return HouseholdRows(household, code, own, area, tables, places)


def _area(snapshot: Snapshot, policy: Policy, area_id: Value) -> tuple[str | None, dict[str, Value]]:
    types = {name: fact.type for name, fact in policy.facts.get(AREA, {}).items()}
    if not isinstance(area_id, int) or not snapshot.has_areas:
        return None, dict.fromkeys(types)
    wanted = [(AREA_ID, "==", area_id)]
    found = pq.read_table(snapshot.path(AREA), filters=wanted, partitioning=None)
    row: dict[str, Value] = found.to_pylist()[0]
    code = row["area_code"]
    return (code if isinstance(code, str) else None), decoded_row(row, types)


def _matching(snapshot: Snapshot, level: str, part: int, household: int) -> list[dict[str, Value]]:
    wanted = [(HOUSEHOLD_ID, "==", household)]
    rows = pq.read_table(snapshot.path(level, part), filters=wanted, partitioning=None)
    found: list[dict[str, Value]] = rows.sort_by(id_column(level)).to_pylist()
    return found


def _place(snapshot: Snapshot, row: dict[str, Value]) -> tuple[str | None, int | None]:
    index, line = row.get("source_file"), row.get("source_line")
    file = snapshot.manifest.files[index] if isinstance(index, int) else None
    return file, line if isinstance(line, int) else None
