# SPDX-License-Identifier: Apache-2.0
"""Decides how DuckDB runs a plan: one connection, a stated memory bound, Parquet in and Parquet out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from hearthline.engine.backends.problems import ENGINE_FAILED, NO_SPACE
from hearthline.engine.rules.policy import AREA
from hearthline.engine.rules.problems import LOOKUP_MISSING
from hearthline.engine.sql.lowering import MISSING_KEY_MARK
from hearthline.engine.sql.plan import RUN_HOUSEHOLDS, Plan

DIALECT = "duckdb"
DEFAULT_MEMORY = "800MB"
ROWS_OF_A_GROUP = 100 * 2048
FORMAT = (
    "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
    f"ROW_GROUP_SIZE {ROWS_OF_A_GROUP}, DICTIONARY_SIZE_LIMIT 1000"
)
"""Results are mostly codes and small numbers: the first level is as small as the third and faster. A column
of more than a thousand values is an amount, which would be hashed for a dictionary in vain; the second
version of the format packs it by its differences, smaller and faster than as it is. One group of rows holds
the households of a partition: where a second began would hang on how the rows came."""

MORE_THAN_ALL_ROWS = 10**18

_FIRST_AREA, _LAST_AREA = "getvariable('first_area')", "getvariable('last_area')"


@dataclass(frozen=True)
class ResultQuery:
    """The query of a result, as its rows come and in the order of the numbers in its first column."""

    key: str
    plain: str
    ordered: str


@dataclass(frozen=True)
class Statements:
    """A plan in the words of the engine: the steps to keep by name, and the queries of the two results."""

    kept: tuple[tuple[str, str], ...]
    households: ResultQuery
    persons: ResultQuery | None


class DuckDBEngine:
    """Runs plans over one partition after another; use as a context manager."""

    name = "duckdb"

    def __init__(
        self, *, memory: str = DEFAULT_MEMORY, threads: int | None = None, spill: Path | None = None
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory}
        if threads is not None:
            config["threads"] = threads
        if spill is not None:
            config["temp_directory"] = str(spill)
        try:
            self.connection = duckdb.connect(":memory:", config=config)
            self.connection.execute("SET preserve_insertion_order = true")
            # constants are divided before a case is looked at; a zero below must give unknown there too
            self.connection.execute("SET error_on_division_by_zero = false")
        except duckdb.Error as error:
            raise translated("start", error) from error
        self.seconds: dict[str, float] = {}
        self._threads = threads
        self._sorted: set[str] = set()
        """The results whose rows were found out of order."""
        self._shown: set[str] = set()
        """The tables that have a view."""
        self._latest: tuple[Plan, Statements] | None = None

    version = duckdb.__version__

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.connection.close()

    def show_tables(self, paths: Mapping[str, Sequence[Path]]) -> None:
        """Give the files of each table its name.

        A view reads what a variable names: no file of the next partition is opened to make it anew.
        """
        for table, files in paths.items():
            try:
                self.connection.execute(_named(table, files))
                if table not in self._shown:
                    self.connection.execute(_view(table))
                    self._shown.add(table)
            except duckdb.Error as error:
                raise translated(f"tables: {table}", error) from error

    def show_areas(self, areas: Path, households: Path) -> None:
        """Name the areas in which these households lie: a nation has many more than a partition."""
        try:
            [ids] = self.connection.execute(
                "SELECT min(area_id), max(area_id) FROM read_parquet(?, hive_partitioning = false)",
                [str(households)],
            ).fetchall()
            first, last = (1, 0) if None in ids else (int(number) for number in ids)
            self.connection.execute(f"SET VARIABLE first_area = {first}; SET VARIABLE last_area = {last}")
            self.connection.execute(_named(AREA, [areas]))
            if AREA not in self._shown:
                self.connection.execute(f"{_view(AREA)} WHERE area_id BETWEEN {_FIRST_AREA} AND {_LAST_AREA}")
                self._shown.add(AREA)
        except duckdb.Error as error:
            raise translated("tables: area", error) from error

    def write(self, plan: Plan, households: Path, persons: Path) -> None:
        """Run a plan over the tables shown and write its results."""
        statements = self._statements(plan)
        for name, statement in statements.kept:
            self._run(name, statement)
        self._copy("households", statements.households, households)
        if statements.persons is not None:
            self.show_tables({RUN_HOUSEHOLDS: [households]})
            self._copy("persons", statements.persons, persons)
        for name, _ in statements.kept:
            self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')

    def counts(self, files: Sequence[Path], columns: Sequence[str]) -> dict[str, Counter[str]]:
        """How often each word stands in columns of a result."""
        counted: dict[str, Counter[str]] = {name: Counter() for name in columns}
        words = ", ".join(exp.to_identifier(name, quoted=True).sql(dialect=DIALECT) for name in columns)
        relation = self.connection.read_parquet([str(file) for file in files])
        for *row, times in relation.aggregate(f"{words}, count(*)").fetchall():
            for name, word in zip(columns, row, strict=True):
                counted[name][str(word)] += int(times)
        return counted

    def interrupt(self) -> None:
        """Stop what another thread is running here."""
        self.connection.interrupt()

    def _statements(self, plan: Plan) -> Statements:
        """The statements of a plan, worded once: every partition runs the same."""
        if self._latest is None or self._latest[0] is not plan:
            self._latest = (plan, statements_of(plan))
        return self._latest[1]

    def _copy(self, name: str, query: ResultQuery, path: Path) -> None:
        """Write a result in the order of its numbers: the same rows are the same bytes.

        One thread goes through households and people as they stand in their files, in order, and joins keep
        it unless they outgrow their memory. So the rows are put in order only where they are found not to be;
        then those of the next partitions are at once, since their joins are much the same.
        """
        if self._threads == 1 and name not in self._sorted:
            self._run(name, _copied(query.plain, path))
            if in_order(self.connection, path, query.key):
                return
            self._sorted.add(name)
        self._run(name, _copied(query.ordered, path))

    def _run(self, name: str, statement: str) -> None:
        started = time.perf_counter()
        try:
            self.connection.execute(statement)
        except duckdb.Error as error:
            raise translated(name, error) from error
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


def _copied(query: str, path: Path) -> str:
    return f"COPY ({query}) TO {_quoted(path)} ({FORMAT})"


def _quoted(path: Path) -> str:
    return exp.Literal.string(str(path)).sql(dialect=DIALECT)


def _named(table: str, files: Sequence[Path]) -> str:
    """The statement that says which files a table is."""
    name = exp.to_identifier(f"files of {table}", quoted=True).sql(dialect=DIALECT)
    return f"SET VARIABLE {name} = [{', '.join(_quoted(file) for file in files)}]"


def _view(table: str) -> str:
    """The statement that gives the named files the name of a table; nothing is read out of folders' names."""
    name = exp.to_identifier(table, quoted=True).sql(dialect=DIALECT)
    files = exp.Literal.string(f"files of {table}").sql(dialect=DIALECT)
    return f"CREATE VIEW {name} AS FROM read_parquet(getvariable({files}), hive_partitioning = false)"


def statements_of(plan: Plan) -> Statements:
    """Every statement of a plan: what is kept as a table first, then the results."""
    done: set[str] = set()
    kept = []
    for step in plan.steps:
        if step.name in plan.kept:
            statement = exp.Create(
                this=exp.to_table(step.name),
                kind="TABLE",
                expression=with_steps(plan, step.query, kept=frozenset(done)),
                properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
            )
            kept.append((step.name, statement.sql(dialect=DIALECT)))
            done.add(step.name)
    results = [
        _result(plan, with_enumerated_words(query), frozenset(done))
        for query in (plan.households, plan.persons)
        if query is not None
    ]
    return Statements(tuple(kept), results[0], results[1] if len(results) > 1 else None)


def _result(plan: Plan, query: exp.Select, kept: frozenset[str]) -> ResultQuery:
    key = query.selects[0].alias_or_name
    ordered = query.order_by(exp.column(exp.to_identifier(key, quoted=True)))
    # a join holds back a handful of rows to send more at once, unless a limit above it counts them in order
    unsorted = query.limit(MORE_THAN_ALL_ROWS)
    plain, in_turn = (with_steps(plan, each, kept=kept).sql(dialect=DIALECT) for each in (unsorted, ordered))
    return ResultQuery(key, plain, in_turn)


def in_order(connection: duckdb.DuckDBPyConnection, path: Path, key: str) -> bool:
    """Whether a result has its rows, and its groups of rows, as if they had been put in order by a key.

    The numbers of the rows are asked too, so that an answer in another order than the file's is no yes.
    """
    groups = connection.execute(
        "SELECT row_group_num_rows FROM parquet_metadata(?) WHERE column_id = 0 ORDER BY row_group_id",
        [str(path)],
    ).fetchall()
    if any(rows != ROWS_OF_A_GROUP for [rows] in groups[:-1]):
        return False
    name = exp.to_identifier(key, quoted=True).sql(dialect=DIALECT)
    rows = connection.read_parquet(str(path), file_row_number=True, hive_partitioning=False)
    beside = rows.project(
        f"{name} AS key, file_row_number AS row, lag({name}) OVER () AS key_before, "
        "lag(file_row_number) OVER () AS row_before"
    )
    [[rising]] = beside.aggregate("bool_and(key > key_before AND row = row_before + 1)").fetchall()
    return rising is not False


def with_enumerated_words(query: exp.Select) -> exp.Select:
    """The query with columns of a few fixed words as enumerations.

    They are written as the same text, but without hashing the word of every row for the dictionary.
    """
    chosen = []
    for part in query.copy().selects:
        case = part.unalias()
        results = _results(case) if isinstance(case, exp.Case) else []
        if results and all(word.is_string for word in results):
            words = [exp.Literal.string(name) for name in dict.fromkeys(word.name for word in results)]
            kind = exp.DataType(this=exp.DataType.Type.ENUM, expressions=words)
            for word in results:
                word.replace(exp.Cast(this=word.copy(), to=kind.copy()))
        chosen.append(part)
    return query.select(*chosen, append=False)


def _results(case: exp.Case) -> list[exp.Expr]:
    """What a case can give; a case without ``else`` gives an unknown, for which there is no word."""
    otherwise: exp.Expr = case.args.get("default") or exp.Null()
    return [*(branch.args["true"] for branch in case.args["ifs"]), otherwise]


def translated(step: str, error: duckdb.Error) -> Exception:
    """An engine's error as a problem of the catalogue."""
    message = str(error)
    if MISSING_KEY_MARK in message:
        table, _, key = message.split(MISSING_KEY_MARK, 1)[1].partition(": ")
        return LOOKUP_MISSING.error(table=table, key=key.splitlines()[0])
    if "no space left" in message.lower():
        return NO_SPACE.error(step=step)
    return ENGINE_FAILED.error(step=step, reason=message.splitlines()[0].rstrip("."))


def with_steps(plan: Plan, query: exp.Select, kept: frozenset[str]) -> exp.Select:
    """The query preceded by the steps it reads, except those that are kept as tables."""
    steps = {step.name: step for step in plan.steps}
    needed: list[str] = []

    def visit(part: exp.Expr) -> None:
        for table in part.find_all(exp.Table):
            if table.name in steps and table.name not in kept and table.name not in needed:
                visit(steps[table.name].query)
                needed.append(table.name)

    visit(query)
    result = query.copy()
    for name in needed:
        # without copy: the growing query would be copied once for every step
        result = result.with_(exp.to_identifier(name), as_=steps[name].query.copy(), copy=False)
    return result
