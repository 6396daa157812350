# SPDX-License-Identifier: Apache-2.0
"""Decides a snapshot of many small partitions: an invented county, cut into pieces of equal size."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import AREA
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.writer import SnapshotWriter
from hearthline.synthetic import generate

PACKAGE = "cn/2014-2020"


def parted_county(folder: Path, *, partitions: int, households: int) -> Path:
    """A snapshot at ``folder`` with ``partitions`` of ``households`` each."""
    policy = load_policy(PACKAGE)
    whole = folder.with_name(f"{folder.name}-whole")
    generate(policy, out=whole, households=partitions * households, seed=3, year=2017)
    source = open_snapshot(whole)
    tables = {level: pq.ParquetFile(source.path(level)).read() for level in source.levels}
    with SnapshotWriter(folder, policy) as writer:
        writer.write_areas(tables.pop(AREA))
        for number in range(partitions):
            first, last = number * households + 1, (number + 1) * households
            writer.write_partition(
                {
                    level: table.filter(
                        pc.and_(
                            pc.greater_equal(table["household_id"], first),
                            pc.less_equal(table["household_id"], last),
                        )
                    )
                    for level, table in tables.items()
                }
            )
        writer.seal(created=datetime(2018, 1, 1, tzinfo=UTC), sources=source.manifest.sources)
    return folder
