# SPDX-License-Identifier: Apache-2.0
"""Decides how partitions are worked through on Spark: all at once, which Spark shares out itself.

What Spark has laid down is then counted and noted partition by partition, as DuckDB's is.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from hearthline.engine.backends.duckdb_engine import DuckDBEngine
from hearthline.engine.backends.partitions import RESULTS, Finished, Work, counted_partition
from hearthline.engine.backends.runs import EngineRecord
from hearthline.engine.backends.spark_engine import Layout, SparkEngine
from hearthline.engine.rules.policy import AREA, HOUSEHOLD


@dataclass
class SparkWorkers:
    """A session for one call; nothing is finished before everything is laid down."""

    work: Work
    asked: EngineRecord
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall seconds by result, and those until Spark was there."""

    def through(self, numbers: Sequence[int]) -> Generator[Finished]:
        """Each partition once its results are there."""
        if not numbers:
            return
        snapshot, work = self.work.snapshot, self.work
        files = {result: [work.path(result, number) for number in numbers] for result in RESULTS}
        lasts = [snapshot.manifest.tables[HOUSEHOLD].files[number].last_household for number in numbers]
        tables = {
            level: snapshot.paths(AREA)
            if level == AREA
            else [snapshot.path(level, number) for number in numbers]
            for level in work.levels
        }
        spill = work.folder / "spill" / "spark"
        with SparkEngine(master=self.asked.master, memory=self.asked.memory, spill=spill) as spark:
            spark.show_tables(tables)
            spark.write(work.plan, Layout(lasts), files["households"], files["persons"])
            self.seconds |= spark.seconds
        with DuckDBEngine() as duckdb:
            for number in numbers:
                yield counted_partition(duckdb, work, number)
