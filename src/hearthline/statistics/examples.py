# SPDX-License-Identifier: Apache-2.0
"""Decides which few households show best how answers come about; the same run gives the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.runs import Run
from hearthline.statistics.columns import LINE, NOT_MET, NOT_POOR, POOR, UNKNOWN, WELFARE
from hearthline.statistics.expressions import (
    Tree,
    at_least,
    both,
    column,
    equals,
    named,
    number,
    ratio,
    sum_of,
)
from hearthline.statistics.framing import framed
from hearthline.statistics.relation import RUN_ROWS, Located, base_select
from hearthline.statistics.runs import relation_of
from hearthline.statistics.session import Step, open_session
from hearthline.statistics.specification import Specification


def telling_households(
    run: Run, specification: Specification, *, data: Path | None = None, number: int = 5
) -> list[int]:
    """Numbers of households: poor by little and by much, just not poor, unknown, poor above the line."""
    relation = relation_of(run, specification, data=data)
    standard = specification.default_standard
    names = [name for name in (standard.criteria if standard else ()) if name in relation.types]
    located = {
        name: Located(name, column(name, RUN_ROWS), RUN_ROWS, "text")
        for name in ("household_id", "status", *names)
    }
    measured = framed(relation, specification, {}).located
    counted = exp.select(
        column("household_id"),
        column("status"),
        named(_multiple() if {WELFARE, LINE} <= measured.keys() else exp.Null(), "multiple"),
        named(_how_many(names, NOT_MET), "failed"),
        named(_how_many(names, UNKNOWN), "open"),
    ).from_(exp.to_table("answers"))
    wanted = located | {alias: found for alias, found in measured.items() if alias in (WELFARE, LINE)}
    chosen: list[int] = []
    with open_session() as session:
        session.define(Step("answers", base_select(relation, wanted)))
        session.define(Step("counted", counted, kept=True))
        for kind in [*_KINDS, *[_Kind(None, ("household_id",))] * number]:
            if len(chosen) < number:
                rows = session.fetch(Step("example", _first(kind, chosen))).to_pylist()
                chosen += [row["household_id"] for row in rows]
    return chosen


@dataclass(frozen=True)
class _Kind:
    """What an example should be, and the order in which the first is taken; ``-`` is descending."""

    condition: Tree | None
    order: tuple[str, ...]


def _status(value: str) -> Tree:
    return equals(column("status"), value)


def _exactly(name: str, value: int) -> Tree:
    return exp.EQ(this=column(name), expression=number(value))


_KINDS = (
    _Kind(both(_status(POOR), _exactly("failed", 1), _exactly("open", 0)), ("-multiple", "household_id")),
    _Kind(both(_status(POOR), _exactly("open", 0)), ("-failed", "multiple", "household_id")),
    _Kind(_status(NOT_POOR), ("multiple", "household_id")),
    _Kind(_status(UNKNOWN), ("open", "household_id")),
    _Kind(both(_status(POOR), at_least(column("multiple"), number(1))), ("-failed", "household_id")),
    _Kind(_status(NOT_POOR), ("-multiple", "household_id")),
)


def _multiple() -> Tree:
    """Welfare as a multiple of the line."""
    return ratio(column(WELFARE), column(LINE))


def _how_many(names: Sequence[str], value: str) -> Tree:
    return sum_of(
        exp.Case(ifs=[exp.If(this=equals(column(name), value), true=number(1))], default=number(0))
        for name in names
    )


def _first(kind: _Kind, taken: Sequence[int]) -> exp.Select:
    tree = exp.select(column("household_id")).from_(exp.to_table("counted"))
    if kind.condition is not None:
        tree = tree.where(kind.condition)
    if taken:
        listed = exp.In(this=column("household_id"), expressions=[number(value) for value in taken])
        tree = tree.where(exp.Not(this=listed))
    order = [
        exp.Ordered(this=column(name.lstrip("-")), desc=name.startswith("-"), nulls_first=False)
        for name in kind.order
    ]
    return tree.order_by(*order).limit(1)
