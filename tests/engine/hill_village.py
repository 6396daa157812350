# SPDX-License-Identifier: Apache-2.0
"""Decides a small fictional village: a package of every kind of rule, and a snapshot in two partitions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import SourceEntry
from hearthline.engine.snapshots.writer import SnapshotWriter

ON = date(2014, 12, 31)

PACKAGE = Path(__file__).parent / "hill_2014"


def write_snapshot(folder: Path, policy: Policy) -> Path:
    """Six households in two partitions; amounts are in fen. Household 5 lies in no area."""
    born = {"child": date(2004, 6, 1), "adult": date(1980, 1, 1)}
    writer = SnapshotWriter(folder, policy, files=["visits.csv"])
    writer.write_areas(
        _table(
            writer,
            "area",
            [
                {
                    "area_id": 1,
                    "parent_id": None,
                    "area_code": "HV",
                    "area_name": "Hill",
                    "depth": 0,
                    "dry": False,
                },
                {
                    "area_id": 2,
                    "parent_id": 1,
                    "area_code": "HV1",
                    "area_name": "Dry",
                    "depth": 1,
                    "dry": True,
                },
            ],
        )
    )
    first: dict[str, list[dict[str, object]]] = {
        "household": [
            {"household_id": 1, "area_id": 1, "size": 3, "grade": "A", "source_file": 0, "source_line": 2},
            {"household_id": 2, "area_id": 1, "size": 2, "grade": "D", "source_file": 0, "source_line": 3},
            {"household_id": 3, "area_id": 2, "size": 1, "grade": None},
        ],
        "person": [
            {"person_id": 1, "household_id": 1, "birth_date": born["child"], "in_school": True},
            {"person_id": 2, "household_id": 1, "birth_date": born["adult"], "in_school": None},
            {"person_id": 3, "household_id": 2, "birth_date": born["child"], "in_school": False},
            {"person_id": 4, "household_id": 3, "birth_date": None, "in_school": None},
        ],
        "income_line": [
            {"income_line_id": 1, "household_id": 1, "amount": 840_000, "received_on": date(2014, 3, 1)},
            {"income_line_id": 2, "household_id": 2, "amount": 559_999, "received_on": date(2014, 12, 31)},
            {"income_line_id": 3, "household_id": 2, "amount": 900_000, "received_on": date(2013, 12, 31)},
            {"income_line_id": 4, "household_id": 3, "amount": None, "received_on": date(2014, 5, 1)},
        ],
        "claim": [
            {"claim_id": 1, "household_id": 1, "person_id": 2, "paid": 12_345},
            {"claim_id": 2, "household_id": 2, "person_id": 3, "paid": None},
        ],
    }
    second: dict[str, list[dict[str, object]]] = {
        "household": [
            {"household_id": 4, "area_id": 2, "size": 2, "grade": "D"},
            {"household_id": 5, "area_id": None, "size": 4, "grade": "D"},
            {"household_id": 6, "area_id": None, "size": 4, "grade": None},
        ],
        "person": [{"person_id": 5, "household_id": 4, "birth_date": born["adult"], "in_school": None}],
        "income_line": [
            {"income_line_id": 5, "household_id": 4, "amount": 560_000, "received_on": date(2014, 1, 1)}
        ],
    }
    for tables in (first, second):
        writer.write_partition({level: _table(writer, level, rows) for level, rows in tables.items()})
    visited = SourceEntry(source="visit", file="visits.csv", date="2014-12-20")
    writer.seal(created=datetime(2015, 1, 1, tzinfo=UTC), sources={"household": {"grade": visited}})
    return folder


def _table(writer: SnapshotWriter, level: str, rows: list[dict[str, object]]) -> pa.Table:
    schema = writer.schema(level)
    whole = [{name: row.get(name) for name in schema.names} for row in rows]
    return pa.Table.from_pylist(whole, schema=schema)
