# SPDX-License-Identifier: Apache-2.0
"""Measures the physical limit of a screening: reads the same columns, adds them up, writes as many columns.

    python -m benchmarks.children.read_and_write REPORT PACKAGE SNAPSHOT OUT MEMORY THREADS -- RESULTS...

Nothing is computed and nothing joined. The columns written are those of a result that is there already.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb
from sqlglot import exp

from benchmarks.children.job import Job
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.sql.needs import facts_read, needs_of


def main() -> None:
    """Read, then write."""
    report, package, snapshot_folder, out, memory, threads, _, *results = sys.argv[1:]
    policy = load_policy(package)
    snapshot = open_snapshot(Path(snapshot_folder), verify=True)
    paths = {level: [str(path) for path in snapshot.paths(level)] for level in snapshot.levels}
    job = Job(Path(report))
    with duckdb.connect(":memory:", config={"memory_limit": memory, "threads": int(threads)}) as connection:
        started = time.perf_counter()
        for level, names in _columns(policy).items():
            connection.read_parquet(paths[level]).create_view(level)
            connection.execute(_added_up(policy, level, names).sql(dialect="duckdb")).fetchall()
        read = time.perf_counter() - started
        Path(out).mkdir(parents=True)
        for number, file in enumerate(results):
            relation = connection.read_parquet(file)
            relation.write_parquet(str(Path(out) / f"{number}.parquet"), compression="zstd")
    job.done(read_wall=read)


def _columns(policy: Policy) -> dict[str, list[str]]:
    """The columns that a screening reads, by table: keys and the facts of its rules."""
    needs = needs_of(policy)
    trees = [needs.rules[name].tree for name in needs.ordered]
    found = {level: facts_read(trees, level) for level in policy.facts}
    return {level: [f"{_key(level)}_id", *names] for level, names in found.items() if names}


def _key(level: str) -> str:
    return "area" if level == "area" else "household"


def _added_up(policy: Policy, level: str, names: list[str]) -> exp.Select:
    """A query that must look at every value, at little cost beside reading it."""
    query = exp.select().from_(exp.to_table(level))
    for name in names:
        column = exp.column(exp.to_identifier(name, quoted=True))
        fact = policy.facts[level].get(name)
        kind = Kind.NUMBER if fact is None else fact.type.kind
        if kind is Kind.BOOLEAN:
            query = query.select(exp.Anonymous(this="count_if", expressions=[column]))
        elif kind is Kind.DATE:
            query = query.select(exp.Sum(this=exp.Sub(this=column, expression=_day_zero())))
        elif kind is Kind.TEXT:
            query = query.select(exp.Sum(this=exp.Anonymous(this="strlen", expressions=[column])))
        else:
            query = query.select(exp.Sum(this=column))
    return query


def _day_zero() -> exp.Cast:
    return exp.Cast(this=exp.Literal.string("2000-01-01"), to=exp.DataType.build("DATE"))


if __name__ == "__main__":
    main()
