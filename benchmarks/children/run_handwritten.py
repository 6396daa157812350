# SPDX-License-Identifier: Apache-2.0
"""Runs the hand-written query over a snapshot, partition by partition.

    python -m benchmarks.children.run_handwritten REPORT QUERY.sql SNAPSHOT OUT MEMORY THREADS

It knows nothing of Hearthline but the layout of a snapshot, and checks no hashes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb

from benchmarks.children.job import Job


def main() -> None:
    """Every statement of the query, for every partition, in a folder of its own."""
    report, query, snapshot, out, memory, threads = sys.argv[1:]
    job = Job(Path(report))
    statements = Path(query).read_text(encoding="utf-8")
    source, folder = Path(snapshot).resolve(), Path(out).resolve()
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    results: dict[str, list[str]] = {"households": [], "persons": []}
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": int(threads),
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(":memory:", config=config) as connection:
        if "area" in manifest["tables"]:
            area = str(source / manifest["tables"]["area"]["files"][0]["path"])
            connection.read_parquet(area).create("area")
        for number in range(manifest["partitions"]):
            for table, entry in manifest["tables"].items():
                if table == "area":
                    continue
                file = entry["files"][number]["path"]
                connection.read_parquet(str(source / file)).create_view(table, replace=True)
            part = folder / f"part-{number:05d}"
            part.mkdir(parents=True)
            os.chdir(part)
            connection.execute(statements)
            for result, files in results.items():
                files.append(str(part / f"{result}.parquet"))
    job.done(**results)


if __name__ == "__main__":
    main()
