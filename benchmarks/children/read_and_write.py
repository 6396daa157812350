# SPDX-License-Identifier: Apache-2.0
"""Measures the physical limit of a screening: reads the same columns, adds them up, writes as many columns.

    python -m benchmarks.children.read_and_write REPORT COLUMNS.json SNAPSHOT OUT MEMORY THREADS -- RESULTS...

Nothing is computed and nothing joined. The columns read are all that a screening reads, of every table, with
numbers and places. The columns written are those of a result that is there already, all of its rows, in the
format in which the engine writes them, which is the quickest we found. Reading them from that result adds a
fiftieth; forcing the files to the disk and hashing them, which a screening does, is left out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
from sqlglot import exp

from benchmarks.children.job import Job
from hearthline.engine.backends.duckdb_engine import FORMAT


def main() -> None:
    """Read, then write."""
    report, columns, snapshot, out, memory, threads, _, *results = sys.argv[1:]
    tables = json.loads((Path(snapshot) / "manifest.json").read_text(encoding="utf-8"))["tables"]
    job = Job(Path(report))
    with duckdb.connect(":memory:", config={"memory_limit": memory, "threads": int(threads)}) as connection:
        started = time.perf_counter()
        for level, kinds in json.loads(Path(columns).read_text(encoding="utf-8")).items():
            files = [str(Path(snapshot) / file["path"]) for file in tables[level]["files"]]
            connection.read_parquet(files).create_view(level)
            connection.execute(_added_up(level, kinds).sql(dialect="duckdb")).fetchall()
        read = time.perf_counter() - started
        Path(out).mkdir(parents=True)
        for number, file in enumerate(results):
            target = exp.Literal.string(str(Path(out) / f"{number}.parquet")).sql(dialect="duckdb")
            connection.read_parquet(file).create_view("result", replace=True)
            connection.execute(f"COPY (FROM result) TO {target} ({FORMAT})")
    job.done(read_wall=read)


def _added_up(level: str, kinds: Mapping[str, str]) -> exp.Select:
    """A query that must look at every value, at little cost beside reading it."""
    query = exp.select().from_(exp.to_table(level))
    for name, kind in kinds.items():
        column = exp.column(exp.to_identifier(name, quoted=True))
        if kind == "boolean":
            query = query.select(exp.Anonymous(this="count_if", expressions=[column]))
        elif kind == "date":
            query = query.select(exp.Sum(this=exp.Sub(this=column, expression=_day_zero())))
        elif kind == "text":
            query = query.select(exp.Sum(this=exp.Anonymous(this="strlen", expressions=[column])))
        else:
            query = query.select(exp.Sum(this=column))
    return query


def _day_zero() -> exp.Cast:
    return exp.Cast(this=exp.Literal.string("2000-01-01"), to=exp.DataType.build("DATE"))


if __name__ == "__main__":
    main()
