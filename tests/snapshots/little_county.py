# SPDX-License-Identifier: Apache-2.0
"""Decides the rows of the little county that the snapshot tests write: a few villages, by arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.writer import SnapshotWriter

CREATED = datetime(2014, 12, 31, 12, tzinfo=UTC)
PEOPLE = 3
"""Every household has as many people, and one income line per person."""


def households(first: int, last: int, per_area: int = 10) -> pa.Table:
    """Households ``first`` to ``last``, ten to a village."""
    ids = list(range(first, last + 1))
    return pa.table(
        {
            "household_id": ids,
            "area_id": [2 + (number - 1) // per_area for number in ids],
            "source_file": pa.array([0] * len(ids), pa.int16()),
            "source_line": pa.array([number + 1 for number in ids], pa.int32()),
            "size": [PEOPLE] * len(ids),
            "income": [number * 10_050 - 20_000 for number in ids],
            "grade": [None if number % 7 == 0 else "ABD"[number % 3] for number in ids],
            "piped": [number % 2 == 0 for number in ids],
        }
    )


def people(first: int, last: int) -> pa.Table:
    """Three people to a household, numbered through."""
    owners = [number for number in range(first, last + 1) for _ in range(PEOPLE)]
    start = (first - 1) * PEOPLE + 1
    return pa.table(
        {
            "person_id": list(range(start, start + len(owners))),
            "household_id": owners,
            "age": [(start + index) % 100 for index in range(len(owners))],
        }
    )


def lines(first: int, last: int) -> pa.Table:
    """One income line per person of the household."""
    table = people(first, last)
    return pa.table(
        {
            "income_line_id": table["person_id"],
            "household_id": table["household_id"],
            "amount": [100 * number.as_py() for number in table["person_id"]],
        }
    )


def claims(first: int, last: int) -> pa.Table:
    """One claim per person."""
    table = people(first, last)
    return pa.table(
        {
            "claim_id": table["person_id"],
            "household_id": table["household_id"],
            "person_id": table["person_id"],
            "paid": [7 * number.as_py() for number in table["person_id"]],
        }
    )


def areas(count: int) -> pa.Table:
    """A county and its villages."""
    ids = list(range(1, count + 2))
    return pa.table(
        {
            "area_id": ids,
            "parent_id": pa.array([None] + [1] * count, pa.int64()),
            "area_code": [f"36{number:04d}" for number in ids],
            "area_name": ["County"] + [f"Village {number}" for number in ids[1:]],
            "depth": [0] + [1] * count,
            "dry": [number % 2 == 0 for number in ids],
        }
    )


def partition(first: int, last: int) -> dict[str, pa.Table]:
    """All tables of a run of households."""
    return {
        "household": households(first, last),
        "person": people(first, last),
        "income_line": lines(first, last),
        "claim": claims(first, last),
    }


def written_county(
    folder: Path, policy: Policy, count: int = 60, per_partition: int = 20, *, replace: bool = False
) -> Snapshot:
    """The county as a sealed snapshot."""
    with SnapshotWriter(folder, policy, files=["households.csv"], replace=replace) as writer:
        for first in range(1, count + 1, per_partition):
            writer.write_partition(partition(first, min(first + per_partition - 1, count)))
        writer.write_areas(areas(count // 10 + 1))
        writer.seal(created=CREATED)
    return open_snapshot(folder)
