# SPDX-License-Identifier: Apache-2.0
"""Decides how steps are run: DuckDB in this process, within a stated memory, each step by its name.

A step is a named SQL tree. All but the last become temporary views (or a table, where several later
steps read it), so that any of them can be looked at by its name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from hearthline.engine.backends.duckdb_engine import translated
from hearthline.statistics.expressions import Tree

MEMORY = "1GB"
"""The memory DuckDB may hold at once, if the caller names no other; beyond it, it spills to disk."""


@dataclass(frozen=True)
class Step:
    """One named query; ``kept`` steps are computed once and stored, others whenever they are read."""

    name: str
    tree: Tree = field(compare=False)
    kept: bool = False

    @cached_property
    def sql(self) -> str:
        """The step as DuckDB reads it."""
        return self.tree.sql(dialect="duckdb")

    @cached_property
    def creation(self) -> str:
        """What gives the step its name; kept, since a country is counted part by part by the same steps."""
        creation = exp.Create(
            this=exp.to_table(self.name),
            replace=True,
            kind="TABLE" if self.kept else "VIEW",
            expression=self.tree.copy(),
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        )
        return creation.sql(dialect="duckdb")


class Session:
    """An open DuckDB database in memory, with its steps."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def define(self, step: Step) -> None:
        """Give a step its name, so that later steps can read it."""
        with _named_failures(step.name):
            self._connection.execute(step.creation)

    def fetch(self, step: Step) -> pa.Table:
        """The rows of a step."""
        with _named_failures(step.name):
            result: pa.Table = self._connection.sql(step.sql).to_arrow_table()
        return result

    def append(self, step: Step) -> None:
        """Add the rows of a step to the stored step of its name, column by column in their order."""
        insertion = exp.Insert(this=exp.to_table(step.name), expression=step.tree.copy())
        with _named_failures(step.name):
            self._connection.execute(insertion.sql(dialect="duckdb"))

    def forget(self, name: str) -> None:
        """Drop a stored step that nothing reads any more."""
        with _named_failures(name):
            self._connection.execute(
                exp.Drop(kind="TABLE", tables=[exp.to_table(name)]).sql(dialect="duckdb")
            )

    def take(self, name: str, table: pa.Table) -> None:
        """Let steps read a table in memory by a name."""
        with _named_failures(name):
            self._connection.register(name, table)

    def run(self, steps: Sequence[Step]) -> pa.Table:
        """Define all steps but the last, and fetch the last."""
        for step in steps[:-1]:
            self.define(step)
        return self.fetch(steps[-1])

    def write(self, tree: Tree, path: str, *, format_name: str = "parquet") -> None:
        """Write the rows of a query to a file."""
        copy = exp.Copy(
            this=exp.Subquery(this=tree.copy()),
            kind=False,
            files=[exp.Literal.string(path)],
            params=[
                exp.CopyParameter(this=exp.var("FORMAT"), expression=exp.var(format_name)),
            ],
        )
        with _named_failures(Path(path).name):
            self._connection.execute(copy.sql(dialect="duckdb"))


@contextmanager
def _named_failures(step: str) -> Iterator[None]:
    """An engine's error as a problem that names the step."""
    try:
        yield
    except duckdb.Error as error:
        raise translated(step, error) from error


@contextmanager
def open_session(*, memory: str = MEMORY, threads: int | None = None) -> Iterator[Session]:
    """A session that leaves nothing behind: its spill folder goes when it ends."""
    with tempfile.TemporaryDirectory(prefix="hearthline-") as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": spill,
            "preserve_insertion_order": "false",
        }
        if threads:
            config["threads"] = threads
        connection = duckdb.connect(":memory:", config=config)
        try:
            yield Session(connection)
        finally:
            connection.close()
