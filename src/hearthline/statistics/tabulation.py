# SPDX-License-Identifier: Apache-2.0
"""Decides the queries behind a table of figures, and puts their answers in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
from sqlglot import exp

from hearthline.statistics.columns import BASE_N, WEIGHT, WELFARE, Column, Frame
from hearthline.statistics.expressions import both, column, count, known, more, named, number, total
from hearthline.statistics.figures import Figure, Group, Heading, MeasureTable, Provenance, Row
from hearthline.statistics.framing import BASE, RUN_WEIGHTS, base_steps, framed
from hearthline.statistics.grouping import (
    Grouping,
    grouping_of,
    grouping_sets,
    is_area,
    number_of,
    rank,
    set_number,
)
from hearthline.statistics.inequality import ALL, RUNNING
from hearthline.statistics.poverty import welfare_unknown
from hearthline.statistics.registry import Measure, chosen_measures
from hearthline.statistics.relation import Relation, area_names
from hearthline.statistics.session import MEMORY, Session, Step, open_session
from hearthline.statistics.specification import Specification
from hearthline.statistics.table import StatisticsTable

SET = "grouping_set"
N = "n_households"
_LINE_MEASURES = {"below_line", "gap", "severity", "watts"}

Keys = tuple[int, tuple[str | None, ...]]
"""A group: the position of its breakdown and the values of that breakdown's keys."""


@dataclass
class _Answers:
    """The figures read so far, by group and column."""

    counts: dict[Keys, int] = field(default_factory=dict)
    figures: dict[tuple[Keys, Column], Figure] = field(default_factory=dict)


def tabulate(
    relation: Relation,
    specification: Specification,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    provenance: Provenance,
    memory: str = MEMORY,
    weights: Mapping[str, str] = RUN_WEIGHTS,
) -> StatisticsTable:
    """The measures of the rows of a relation, group by group."""
    values = framed(relation, specification, weights)
    grouping = grouping_of(relation, by)
    chosen = chosen_measures(measures, values.frame)
    sums = _columns(chosen, values.frame, ordered=False)
    ordered = _columns(chosen, values.frame, ordered=True)
    readers = 1 + (len(grouping.breakdowns) if ordered else 0)
    steps = base_steps(relation, values, grouping, [*sums, *ordered], readers=readers)
    answers = _Answers()
    with open_session(memory=memory) as session:
        for step in steps:
            session.define(step)
        _read_sums(session, grouping, sums, answers)
        if ordered:
            for position in range(len(grouping.breakdowns)):
                _read_ordered(session, grouping, position, ordered, answers)
    order = {measure.name: number for number, measure in enumerate(chosen)}
    columns = sorted([*sums, *ordered], key=lambda part: order[part.measure])
    groups = _sorted_groups(grouping, answers)
    return StatisticsTable(
        specification=specification,
        provenance=provenance,
        groups=tuple(groups.values()),
        tables=_tables(columns, groups, answers),
        area_names=area_names(relation) if any(map(is_area, by)) else {},
    )


def _columns(chosen: Sequence[Measure], frame: Frame, *, ordered: bool) -> list[Column]:
    columns: list[Column] = []
    for measure in chosen:
        if measure.ordered is ordered:
            columns += measure.definition(frame)
    line_measures = [measure for measure in chosen if measure.name in _LINE_MEASURES]
    if line_measures and not ordered:
        columns.append(welfare_unknown(frame, line_measures[0].name))
    return columns


def sums_step(grouping: Grouping, columns: Sequence[Column]) -> Step:
    """All sums of all breakdowns in one reading of the base."""
    keys = [column(alias) for alias in grouping.aliases()]
    figures = [named(part.tree, f"figure_{position}") for position, part in enumerate(columns)]
    tree = exp.select(*keys, named(set_number(grouping), SET), named(count(), N), *figures)
    tree = tree.from_(exp.to_table(BASE))
    tree.set("group", grouping_sets(grouping))
    return Step("sums", tree)


def ordered_steps(grouping: Grouping, position: int, columns: Sequence[Column]) -> list[Step]:
    """The steps for one breakdown: the weight of each group, running weights by welfare, the figures."""
    aliases = [grouping.aliases()[key] for key in grouping.breakdowns[position]]
    keys = [column(alias) for alias in aliases]
    rows = exp.select(*keys).from_(exp.to_table(BASE))
    rows = rows.where(both(known(column(WELFARE)), more(column(WEIGHT), number(0))))
    totals = rows.select(named(total(column(WEIGHT)), ALL))
    running = rows.select(column(WELFARE), column(WEIGHT), named(_running_weight(aliases), RUNNING))
    names = f"totals_{position}", f"running_{position}"
    figures = [named(part.tree, f"figure_{number}") for number, part in enumerate(columns)]
    qualified = [named(column(alias, names[1]), alias) for alias in aliases]
    answer = exp.select(*qualified, *figures).from_(exp.to_table(names[1]))
    same = [exp.NullSafeEQ(this=column(a, names[0]), expression=column(a, names[1])) for a in aliases]
    answer = answer.join(exp.to_table(names[0]), on=exp.and_(*same) if same else exp.true())
    by_key = [column(alias, names[1]) for alias in aliases]
    return [
        Step(names[0], totals.group_by(*keys) if keys else totals, kept=True),
        Step(names[1], running),
        Step(f"ordered_{position}", answer.group_by(*by_key) if by_key else answer),
    ]


def _running_weight(aliases: Sequence[str]) -> exp.Window:
    """The weight of the rows of a group from the least welfare up to this row."""
    return exp.Window(
        this=exp.Anonymous(this="fsum", expressions=[column(WEIGHT)]),
        partition_by=[column(alias) for alias in aliases],
        order=exp.Order(expressions=[exp.Ordered(this=column(WELFARE), nulls_first=False)]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
        over="OVER",
    )


def _read_sums(session: Session, grouping: Grouping, columns: Sequence[Column], answers: _Answers) -> None:
    numbers = {number_of(grouping, part): place for place, part in enumerate(grouping.breakdowns)}
    for row in session.fetch(sums_step(grouping, columns)).to_pylist():
        place = numbers[row[SET]]
        aliases = grouping.aliases()
        group = (place, tuple(row[aliases[key]] for key in grouping.breakdowns[place]))
        answers.counts[group] = row[N]
        _keep(answers, group, columns, row)


def _read_ordered(
    session: Session, grouping: Grouping, place: int, columns: Sequence[Column], answers: _Answers
) -> None:
    rows: pa.Table = session.run(ordered_steps(grouping, place, columns))
    aliases = [grouping.aliases()[key] for key in grouping.breakdowns[place]]
    for row in rows.to_pylist():
        _keep(answers, (place, tuple(row[alias] for alias in aliases)), columns, row)


def _keep(
    answers: _Answers, group: Keys, columns: Sequence[Column], row: Mapping[str, int | float | Decimal | None]
) -> None:
    for place, part in enumerate(columns):
        answers.figures[group, part] = _figure(row[f"figure_{place}"])


def _figure(value: int | float | Decimal | None) -> Figure:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _sorted_groups(grouping: Grouping, answers: _Answers) -> dict[Keys, Group]:
    ordered = sorted(answers.counts, key=lambda keys: (keys[0], [rank(value) for value in keys[1]]))
    return {
        keys: Group(grouping.names(grouping.breakdowns[keys[0]]), keys[1], answers.counts[keys])
        for keys in ordered
    }


def _tables(
    columns: Sequence[Column], groups: Mapping[Keys, Group], answers: _Answers
) -> tuple[MeasureTable, ...]:
    tables = []
    for name in dict.fromkeys(part.table for part in columns):
        own = [part for part in columns if part.table == name]
        headings = {
            part.name: Heading(part.name, part.measure, part.quantity) for part in own if part.name != BASE_N
        }
        items = list(dict.fromkeys(part.item for part in own))
        cells = {(part.item, part.name): part for part in own}
        rows = [
            Row(
                group,
                item,
                tuple(answers.figures.get((keys, cells[item, head])) for head in headings),
                base=_base(answers, keys, cells.get((item, BASE_N))),
            )
            for keys, group in groups.items()
            for item in items
        ]
        tables.append(MeasureTable(name, tuple(headings.values()), tuple(rows)))
    return tuple(tables)


def _base(answers: _Answers, keys: Keys, part: Column | None) -> int | None:
    """The households behind a row, where a measure counts them itself."""
    number_of_them = answers.figures.get((keys, part)) if part is not None else None
    return None if number_of_them is None else int(number_of_them)
