# SPDX-License-Identifier: Apache-2.0
"""Decides how Spark runs a plan: each step a view, rows put together by household, a file for each partition.

The files of a snapshot hold whole households in order, so the rows of a household are first combined where
they are read, and only one row of each travels to where the household is. The results are laid down as
DuckDB would: the same partitions, the same order of rows.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlglot import exp

from hearthline.engine.backends.problems import ENGINE_FAILED, NO_SPACE, SPARK_GONE, SPARK_MEMORY
from hearthline.engine.backends.spark_session import DEFAULT_MASTER, last_words, running, started
from hearthline.engine.rules.problems import LOOKUP_MISSING
from hearthline.engine.sql.lowering import MISSING_KEY_MARK
from hearthline.engine.sql.plan import RUN_HOUSEHOLDS, Plan, Step
from hearthline.engine.sql.spark_dialect import SPARK
from hearthline.engine.sql.terms import binary, column, when, whole

PART = "hearthline_part"
ROWS_OF_A_GROUP = 100_352
"""Rows of a Parquet row group, so that a reader with two processors has as much to read on each."""

DEFAULT_SPARK_MEMORY = "2GB"
_PATTERN = re.compile(r"([\\{}\[\]*?])")


@dataclass(frozen=True)
class Layout:
    """The last household of each partition, in order: where a row of a result belongs."""

    lasts: Sequence[int]

    @property
    def partitions(self) -> int:
        """How many there are."""
        return len(self.lasts)

    def part(self) -> exp.Expr:
        """The number of the partition of a row, found by halving."""
        return self._between(0, len(self.lasts) - 1)

    def _between(self, first: int, last: int) -> exp.Expr:
        if first == last:
            return whole(first)
        middle = (first + last) // 2
        low = binary(exp.LTE, column("household_id"), whole(self.lasts[middle]))
        return when([(low, self._between(first, middle))], self._between(middle + 1, last))


class SparkEngine:
    """Runs plans in one session; use as a context manager."""

    name = "spark"

    def __init__(
        self,
        *,
        master: str = DEFAULT_MASTER,
        memory: str = DEFAULT_SPARK_MEMORY,
        spill: Path,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.master = master
        self.spill = spill
        self.seconds: dict[str, float] = {}
        began = time.perf_counter()
        self._found_running = running()
        self.session = started(master, memory, spill, settings)
        self.seconds["start spark"] = time.perf_counter() - began

    @cached_property
    def version(self) -> str:
        """The version of Spark, which is that of pyspark."""
        return str(self.session.version)

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._found_running:
            self.session.stop()

    def show_tables(self, paths: Mapping[str, Sequence[Path]]) -> None:
        """Give the files of each table its name."""
        for table, files in paths.items():
            with self._translating(f"tables: {table}"):
                self._read(files).createOrReplaceTempView(table)

    def write(self, plan: Plan, layout: Layout, households: Sequence[Path], persons: Sequence[Path]) -> None:
        """Run a plan over the tables shown and write a file of each result for each partition."""
        kept = [frame for step in plan.steps if (frame := self._viewed(step, plan.kept)) is not None]
        try:
            self._lay_down("households", plan.households, layout, ["household_id"], households)
            if plan.persons is not None:
                self.show_tables({RUN_HOUSEHOLDS: households})
                self._lay_down("persons", plan.persons, layout, ["household_id", "person_id"], persons)
        finally:
            for frame in kept:
                frame.unpersist()

    def _viewed(self, step: Step, kept: Collection[str]) -> Any:
        """Give a step its name; the rows of a step that is to be kept, else None."""
        with self._translating(step.name):
            frame = self.session.sql(SPARK.sql(step.query))
            if step.name in kept:
                frame.persist()
            frame.createOrReplaceTempView(step.name)
            return frame if step.name in kept else None

    def _lay_down(
        self, name: str, query: exp.Select, layout: Layout, order: Sequence[str], files: Sequence[Path]
    ) -> None:
        began = time.perf_counter()
        folder = self.spill / name
        with self._translating(name):
            self.session.sql(SPARK.sql(query)).createOrReplaceTempView(name)
            part = exp.alias_(layout.part(), PART, quoted=True)
            placed = self.session.sql(SPARK.sql(exp.select(exp.Star(), part).from_(exp.to_table(name))))
            if layout.partitions > 1:
                placed = placed.repartition(layout.partitions, PART)
            else:
                placed = placed.coalesce(1)
            writer = placed.sortWithinPartitions(PART, *order).write.mode("overwrite").partitionBy(PART)
            writer.option("parquet.block.row.count.limit", ROWS_OF_A_GROUP).parquet(_url(folder))
            self._empty(name, folder, [number for number, _ in enumerate(files) if not _of(folder, number)])
        for number, path in enumerate(files):
            (found,) = _of(folder, number)
            path.parent.mkdir(parents=True, exist_ok=True)
            found.rename(path)
        shutil.rmtree(folder)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def _empty(self, name: str, folder: Path, numbers: Sequence[int]) -> None:
        """A file without rows for each partition that has none."""
        for number in numbers:
            frame = self.session.table(name).limit(0).coalesce(1)
            frame.write.mode("overwrite").parquet(_url(folder / f"{PART}={number}"))

    def _read(self, files: Iterable[Path]) -> Any:
        return self.session.read.parquet(*(_one_file(file) for file in files))

    def _translating(self, step: str) -> _Translating:
        return _Translating(step, self.spill / "spark.log")


class _Translating:
    """Turns what Spark raises within into one problem of the catalogue."""

    def __init__(self, step: str, log: Path) -> None:
        self.step = step
        self.log = log

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and _comes_from_spark(error):
            raise translated(self.step, error, self.log) from error


def _comes_from_spark(error: Exception) -> bool:
    return any(type(error).__module__.startswith(name) for name in ("pyspark.", "py4j.")) or isinstance(
        error, ConnectionError
    )


def translated(step: str, error: Exception, log: Path) -> Exception:
    """An error of Spark as a problem of the catalogue."""
    message = str(error)
    if MISSING_KEY_MARK in message:
        table, _, key = message.split(MISSING_KEY_MARK, 1)[1].partition(": ")
        return LOOKUP_MISSING.error(table=table, key=key.splitlines()[0].split(" SQLSTATE")[0])
    if "OutOfMemoryError" in message or "GC overhead" in message:
        return SPARK_MEMORY.error(step=step)
    if "No space left" in message:
        return NO_SPACE.error(step=step)
    if isinstance(error, ConnectionError) or type(error).__name__ == "Py4JNetworkError":
        return SPARK_GONE.error(step=step, reason=last_words(log) or "it said nothing")
    lines = [line for line in message.splitlines() if line.strip()]
    return ENGINE_FAILED.error(step=step, reason=lines[0].rstrip(".") if lines else type(error).__name__)


def _url(path: Path) -> str:
    """A path to write to, as Spark takes it: percent signs are no escapes there."""
    return f"file://{path.resolve()}"


def _one_file(path: Path) -> str:
    """A path to read, of which nothing is a pattern."""
    return _PATTERN.sub(r"\\\1", _url(path))


def _of(folder: Path, number: int) -> list[Path]:
    return sorted((folder / f"{PART}={number}").glob("*.parquet"))
