# SPDX-License-Identifier: Apache-2.0
"""Writes down new visits in one county, and makes the snapshot that follows from them.

    python -m benchmarks.children.change_county REPORT SNAPSHOT PACKAGE PARTITION OUT

Every visit of the partition's first thousand households is written down once more.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.children.job import Job
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.updating import update_snapshot

HOUSEHOLDS = 1000


def main() -> None:
    """The later snapshot."""
    report, folder, package, partition, out = sys.argv[1:]
    job = Job(Path(report))
    snapshot, number = open_snapshot(Path(folder), verify=False), int(partition)
    visits = pq.ParquetFile(snapshot.path("visit", number)).read().drop_columns(["visit_id"])
    first = snapshot.manifest.tables["household"].files[number].first_household
    more = visits.filter(pc.less(visits.column("household_id"), first + HOUSEHOLDS))
    changes = {number: {"visit": pa.concat_tables([visits, more]).sort_by("household_id")}}
    update_snapshot(snapshot, load_policy(package), Path(out), changes, created=datetime.now(UTC))
    job.done(more=more.num_rows)


if __name__ == "__main__":
    main()
