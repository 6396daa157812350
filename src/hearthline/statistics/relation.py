# SPDX-License-Identifier: Apache-2.0
"""Decides which rows a measure is taken over, and in which file each value that it names is found.

A value comes from the run's own table, from the household facts of the snapshot (joined by household),
or from the tree of areas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from hearthline.statistics.expressions import Tree, as_double, column, parquet
from hearthline.statistics.problems import NO_AREAS, NO_DEPTH, NOT_A_NUMBER, UNKNOWN_COLUMN, nearest

RUN_ROWS = "run_rows"
FACT_ROWS = "fact_rows"
AREA_ROWS = "area_rows"
"""Names of the joined tables inside the base of every measure."""


@dataclass(frozen=True)
class Facts:
    """The household table of a snapshot: its files, its fact columns and how each number is scaled."""

    files: tuple[Path, ...]
    scales: Mapping[str, int]
    types: Mapping[str, str]


@dataclass(frozen=True)
class Relation:
    """The rows to measure. ``types`` says of each column whether it is a number, a whole number,
    a text, a boolean, a date or something else."""

    files: tuple[Path, ...]
    types: Mapping[str, str]
    facts: Facts | None = None
    areas: Path | None = None


@dataclass(frozen=True)
class Located:
    """A value found: its tree over the joined tables, the table it needs, and its kind."""

    name: str
    tree: Tree = field(compare=False)
    table: str
    kind: str

    @property
    def is_number(self) -> bool:
        """Whether it can be averaged."""
        return self.kind in ("number", "whole")


def relation_over(files: tuple[Path, ...]) -> Relation:
    """The rows of Parquet files that have the same columns."""
    return Relation(files=files, types=column_kinds(files[0]))


def column_kinds(file: Path) -> dict[str, str]:
    """The kind of each column of a Parquet file."""
    schema = pq.read_schema(file)
    return {field.name: _kind(field.type) for field in schema}


def _kind(column_type: pa.DataType) -> str:
    tests: list[tuple[Callable[[pa.DataType], bool], str]] = [
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "whole"),
        (pa.types.is_decimal, "number"),
        (pa.types.is_floating, "number"),
        (pa.types.is_date, "date"),
        (pa.types.is_string, "text"),
        (pa.types.is_large_string, "text"),
        (pa.types.is_dictionary, "text"),
    ]
    return next((kind for test, kind in tests if test(column_type)), "other")


def locate(relation: Relation, name: str, use: str) -> Located:
    """Where a value is found; ``use`` says in an error what it was wanted for."""
    if name in relation.types:
        return Located(name, column(name, RUN_ROWS), RUN_ROWS, relation.types[name])
    if relation.facts is not None and name in relation.facts.scales:
        return _fact(relation.facts, name)
    names = [*relation.types, *(relation.facts.scales if relation.facts else ())]
    raise UNKNOWN_COLUMN.error(name=name, use=use, hint=nearest(name, names))


def locate_number(relation: Relation, name: str, use: str) -> Located:
    """Where a number is found; anything else is refused."""
    found = locate(relation, name, use)
    if not found.is_number:
        raise NOT_A_NUMBER.error(name=name, use=use, type=found.kind)
    return found


def _fact(facts: Facts, name: str) -> Located:
    tree = column(name, FACT_ROWS)
    scale = facts.scales[name]
    if scale:
        # Dividing by an exact power of ten rounds once, as the decimal itself would be rounded.
        tree = exp.Div(
            this=as_double(tree), expression=as_double(exp.Literal.number(10**scale)), typed=False, safe=False
        )
    return Located(name, tree, FACT_ROWS, facts.types[name])


def base_select(relation: Relation, wanted: Mapping[str, Located]) -> exp.Select:
    """One row per household with the wanted values under their aliases, joining only what they need."""
    select = exp.select(*(_aliased(found.tree, alias) for alias, found in wanted.items()))
    rows = parquet(relation.files)
    rows.set("alias", exp.TableAlias(this=exp.to_identifier(RUN_ROWS)))
    return beside(select.from_(rows), relation, {found.table for found in wanted.values()}, RUN_ROWS)


def beside(select: exp.Select, relation: Relation, tables: Iterable[str], rows: str) -> exp.Select:
    """A query over ``rows`` (with ``household_id`` and ``area_id``) with the facts and areas it needs."""
    wanted = set(tables)
    if FACT_ROWS in wanted and relation.facts is not None:
        select = select.join(
            exp.alias_(parquet(relation.facts.files), FACT_ROWS, table=True),
            on=exp.EQ(this=column("household_id", rows), expression=column("household_id", FACT_ROWS)),
            join_type="left",
        )
    for table in sorted(wanted - {RUN_ROWS, FACT_ROWS}):
        if relation.areas is not None:
            above = ancestors_at(relation.areas, int(table.rpartition("_")[2]))
            select = select.join(
                above.subquery(table),
                on=exp.EQ(this=column("area_id", rows), expression=column("area_id", table)),
                join_type="left",
            )
    return select


def _aliased(tree: Tree, alias: str) -> Tree:
    return exp.alias_(tree.copy(), alias, quoted=True)


def ancestors_at(areas: Path, depth: int) -> exp.Select:
    """For every area the code of the area above it (or itself) at a depth, as ``area_id, code``."""
    tree = exp.select(column("area_id"), exp.alias_(column("area_code"), "code")).from_(
        exp.to_table("upward")
    )
    return _upward(areas, tree.where(exp.EQ(this=column("depth"), expression=exp.Literal.number(depth))))


def codes_above(areas: Path, depths: Mapping[str, int]) -> exp.Select:
    """For every area the codes of the areas above it (or its own) at some depths, each under its name."""
    tree = exp.select(column("area_id")).from_(exp.to_table("upward")).group_by(column("area_id"))
    for alias, depth in depths.items():
        at = exp.EQ(this=column("depth"), expression=exp.Literal.number(depth))
        code = exp.Case(ifs=[exp.If(this=at, true=column("area_code"))])
        tree = tree.select(exp.alias_(exp.Max(this=code), alias, quoted=True))
    return _upward(areas, tree)


def _upward(areas: Path, tree: exp.Select) -> exp.Select:
    """A query over ``upward``: each area beside every area above it, and itself."""
    rows = exp.select("area_id", "parent_id", "depth", "area_code").from_(parquet([areas]))
    start = exp.select(
        column("area_id"),
        exp.alias_(column("area_id"), "at"),
        column("parent_id"),
        column("depth"),
        column("area_code"),
    ).from_(exp.to_table("areas"))
    step = (
        exp.select(
            column("area_id", "below"),
            exp.alias_(column("area_id", "areas"), "at"),
            column("parent_id", "areas"),
            column("depth", "areas"),
            column("area_code", "areas"),
        )
        .from_(exp.to_table("upward").as_("below"))
        .join("areas", on=exp.EQ(this=column("parent_id", "below"), expression=column("area_id", "areas")))
    )
    return tree.with_("areas", as_=rows, recursive=True).with_(
        "upward", as_=exp.union(start, step, distinct=False), recursive=True
    )


def area_column(relation: Relation, name: str, depth: int | None) -> Located:
    """The code of the household's area, or of the area above it at a depth (0 is the top)."""
    if depth is None:
        if "area" not in relation.types:
            raise NO_AREAS.error(name=name)
        return Located(name, column("area", RUN_ROWS), RUN_ROWS, "text")
    if relation.areas is None or "area_id" not in relation.types:
        raise NO_AREAS.error(name=name)
    depths = sorted(
        set(pq.read_table(relation.areas, columns=["depth"], partitioning=None)["depth"].to_pylist())
    )
    if depth not in depths:
        raise NO_DEPTH.error(name=name, known=", ".join(f"area:{each}" for each in depths))
    table = f"{AREA_ROWS}_{depth}"
    return Located(name, column("code", table), table, "text")


def area_names(relation: Relation) -> dict[str, str]:
    """The names of places by their code, where the snapshot is at hand."""
    if relation.areas is None:
        return {}
    rows = pq.read_table(relation.areas, columns=["area_code", "area_name"], partitioning=None).to_pylist()
    return {row["area_code"]: row["area_name"] for row in rows if row["area_code"] and row["area_name"]}
