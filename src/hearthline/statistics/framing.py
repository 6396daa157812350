# SPDX-License-Identifier: Apache-2.0
"""Decides the base of every table: one row per household with the values that the measures name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from hearthline.statistics.columns import (
    HOUSEHOLDS,
    LINE,
    PEOPLE,
    WEIGHT,
    WELFARE,
    Column,
    Frame,
    cause_alias,
    criterion_alias,
    standard_alias,
)
from hearthline.statistics.expressions import Tree, as_double, column, named, number
from hearthline.statistics.grouping import Grouping, key_columns
from hearthline.statistics.multidimensional import measurable, score_columns
from hearthline.statistics.relation import (
    RUN_ROWS,
    Located,
    Relation,
    base_select,
    locate_number,
)
from hearthline.statistics.session import Step
from hearthline.statistics.specification import Specification

RUN_WEIGHTS = {"person": "weight", "household": "household_weight"}
"""The columns of a run that hold the weights."""

BASE = "base"


@dataclass(frozen=True)
class Framed:
    """The frame of the measures, and where each of its values is found."""

    frame: Frame
    located: Mapping[str, Located]


def framed(relation: Relation, specification: Specification, weights: Mapping[str, str]) -> Framed:
    """The values of the relation that the specification names, under the aliases measures use."""
    located: dict[str, Located] = {}
    for kind, alias in (("person", PEOPLE), ("household", HOUSEHOLDS)):
        if kind in weights and (kind != "person" or specification.counts_people):
            located[alias] = locate_number(relation, weights[kind], "the weight")
    if specification.welfare:
        located[WELFARE] = _double(locate_number(relation, specification.welfare, "--welfare"))
    line = specification.line
    if line is not None and line.value is not None:
        located[LINE] = Located(line.name, number(float(line.value)), RUN_ROWS, "number")
    elif line is not None and line.column is not None:
        located[LINE] = _double(locate_number(relation, line.column, "--line"))
    located |= _answers(relation, specification)
    frame = Frame(
        specification,
        frozenset(located),
        whole=frozenset(alias for alias in (PEOPLE, HOUSEHOLDS) if _is_exact(located.get(alias))),
    )
    return Framed(frame, located)


def _answers(relation: Relation, specification: Specification) -> dict[str, Located]:
    names = {
        standard_alias(standard.name, default=standard.default): standard.column
        for standard in specification.standards
    }
    names |= {criterion_alias(name): name for name in specification.criteria}
    names |= {cause_alias(cause.name): cause.column for cause in specification.causes if cause.column}
    return {
        alias: Located(name, column(name, RUN_ROWS), RUN_ROWS, relation.types[name])
        for alias, name in names.items()
        if name in relation.types
    }


def _double(found: Located) -> Located:
    return replace(found, tree=as_double(found.tree.copy()))


def _is_exact(found: Located | None) -> bool:
    return found is not None and found.kind == "whole"


def base_steps(
    relation: Relation,
    framed_values: Framed,
    grouping: Grouping,
    columns: Iterable[Column],
    *,
    readers: int,
    beside: Mapping[str, Located] | None = None,
    keys: Mapping[str, Located] | None = None,
    base: str = BASE,
    where: Tree | None = None,
) -> list[Step]:
    """The steps that make the base: the joined rows, the weight and the scores.

    Only what the columns use is read, and what is asked for ``beside`` them. The base is stored where it
    needs a join and is read several times. ``keys`` stand in the place of those of the grouping. ``where``:
    of the rows of the run only some, under another name than ``base``.
    """
    specification = framed_values.frame.specification
    scores = {
        alias: tree
        for index in specification.indices
        if measurable(index, framed_values.frame)
        for alias, tree in score_columns(index).items()
    }
    used = {name for part in columns for name in _names(part.tree)}
    scores = {alias: tree for alias, tree in scores.items() if alias in used}
    used |= {name for tree in scores.values() for name in _names(tree)} | _weight_names(specification)
    wanted = {alias: found for alias, found in framed_values.located.items() if alias in used}
    wanted |= (key_columns(grouping) if keys is None else dict(keys)) | dict(beside or {})
    rows = base_select(relation, wanted) if wanted else base_select(relation, _any_column(relation))
    if where is not None:
        rows = rows.where(where)
    extra = [named(_weight(specification), WEIGHT), *(named(tree, alias) for alias, tree in scores.items())]
    tree = exp.select(exp.Star(), *extra).from_(exp.to_table(f"rows_of_{base}"))
    joined = any(found.table != RUN_ROWS for found in wanted.values())
    return [Step(f"rows_of_{base}", rows), Step(base, tree, kept=joined and readers > 1)]


def _any_column(relation: Relation) -> dict[str, Located]:
    name = next(iter(relation.types))
    return {"any": Located(name, column(name, RUN_ROWS), RUN_ROWS, relation.types[name])}


def _names(tree: Tree) -> set[str]:
    return {found.name for found in tree.find_all(exp.Column)}


def _weight_names(specification: Specification) -> set[str]:
    return {"person": {PEOPLE}, "household": {HOUSEHOLDS}, "none": set[str]()}[specification.weight]


def _weight(specification: Specification) -> Tree:
    if specification.weight == "none":
        return number(1.0)
    name = PEOPLE if specification.weight == "person" else HOUSEHOLDS
    return exp.Coalesce(this=as_double(column(name)), expressions=[number(0.0)])
