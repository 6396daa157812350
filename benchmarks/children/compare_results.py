# SPDX-License-Identifier: Apache-2.0
"""Compares two results row by row, every column of one with the column of that name of the other.

    python -m benchmarks.children.compare_results REPORT KEY [NAME=BOUND ...] [shared] -- OURS... -- THEIRS...

A row that one side lacks counts as different in every column. NAME=BOUND allows a number a distance; with
``shared`` only the columns that both sides have are spoken of.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from sqlglot import exp

from benchmarks.children.job import Job

SHOWN = 3
"""How many differing rows are shown for a column that differs."""


def main() -> None:
    """Count what is equal and what differs."""
    report, key, *rest = sys.argv[1:]
    options, left, right = _parts(rest)
    job = Job(Path(report))
    bounds = (option.partition("=") for option in options if "=" in option)
    within = {name: float(bound) for name, _, bound in bounds}
    with duckdb.connect(":memory:") as connection:
        connection.read_parquet(left).create_view("ours")
        connection.read_parquet(right).create_view("theirs")
        found = compared(connection, key, within)
    if "shared" in options:
        found["columns_of_one_side"] = []
    job.done(**found)


def _parts(words: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == "--":
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def compared(connection: duckdb.DuckDBPyConnection, key: str, within: dict[str, float]) -> dict[str, object]:
    """Rows on either side, columns compared, and per column the rows that differ."""
    names = {side: connection.table(side).columns for side in ("ours", "theirs")}
    shared = [name for name in names["ours"] if name in names["theirs"]]
    differ = {name: _differs(name, within.get(name)) for name in shared}
    any_differs = exp.or_(*differ.values())
    counts = [
        _count("o", key, "ours"),
        _count("t", key, "theirs"),
        _where(any_differs, "differing rows"),
        *(_where(condition, name) for name, condition in differ.items()),
    ]
    row = connection.execute(_joined(counts, key).sql(dialect="duckdb")).fetchone()
    assert row is not None  # narrows the type: an aggregate has a row
    ours, theirs, differing, *by_column = row
    wrong = {name: number for name, number in zip(shared, by_column, strict=True) if number}
    return {
        "rows": {"ours": ours, "theirs": theirs},
        "columns": len(shared),
        "columns_of_one_side": sorted(set(names["ours"]) ^ set(names["theirs"])),
        "differing_rows": differing,
        "differing": wrong,
        "examples": {name: _examples(connection, key, name, differ[name]) for name in wrong},
    }


def _side(table: str, name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def _differs(name: str, bound: float | None) -> exp.Expr:
    left, right = _side("o", name), _side("t", name)
    if bound is None:
        return exp.NullSafeNEQ(this=left, expression=right)
    distance = exp.Abs(this=exp.Paren(this=exp.Sub(this=left, expression=right)))
    near = exp.LTE(this=distance, expression=exp.Literal.number(repr(bound)))
    return exp.Not(this=exp.Paren(this=exp.Coalesce(this=near, expressions=[exp.false()])))


def _count(table: str, key: str, alias: str) -> exp.Expr:
    return exp.alias_(exp.Count(this=_side(table, key)), alias, quoted=True)


def _where(condition: exp.Expr, alias: str) -> exp.Expr:
    kept = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition.copy()))
    return exp.alias_(kept, alias, quoted=True)


def _joined(chosen: list[exp.Expr], key: str) -> exp.Select:
    same = exp.EQ(this=_side("o", key), expression=_side("t", key))
    query = exp.select(*chosen).from_(exp.to_table("ours", alias="o"))
    return query.join(exp.to_table("theirs", alias="t"), on=same, join_type="full")


def _examples(
    connection: duckdb.DuckDBPyConnection, key: str, name: str, condition: exp.Expr
) -> list[list[str]]:
    chosen: list[exp.Expr] = [_side("o", key), _side("o", name), _side("t", name)]
    query = _joined(chosen, key).where(condition.copy()).limit(SHOWN)
    rows = connection.execute(query.sql(dialect="duckdb")).fetchall()
    return [[str(value) for value in row] for row in rows]


if __name__ == "__main__":
    main()
