# SPDX-License-Identifier: Apache-2.0
"""Decides the queries behind a table of figures: one for all that is a sum, one for what needs an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hearthline.statistics.answers import Answers, Keys, sorted_groups, tables_of
from hearthline.statistics.cells import KEYED, SET, N, base_keys, cells_step, keyed_step, sums_step
from hearthline.statistics.columns import Column, Frame, ranked_reads
from hearthline.statistics.combining import combined_figures, total_columns
from hearthline.statistics.estimation import SampleRequest, estimate
from hearthline.statistics.exact_sums import cells_of
from hearthline.statistics.figures import Provenance, Sampling
from hearthline.statistics.framing import BASE, RUN_WEIGHTS, Framed, base_steps, framed
from hearthline.statistics.grouping import (
    Grouping,
    grouping_of,
    is_area,
    number_of,
)
from hearthline.statistics.linear import linear
from hearthline.statistics.poverty import welfare_unknown
from hearthline.statistics.registry import Measure, chosen_measures
from hearthline.statistics.relation import Relation, area_names
from hearthline.statistics.rows import in_order, ranked_groups, read_rows
from hearthline.statistics.session import MEMORY, Session, open_session
from hearthline.statistics.specification import Specification
from hearthline.statistics.table import StatisticsTable

_LINE_MEASURES = {"below_line", "gap", "severity", "watts"}


@dataclass(frozen=True)
class _Request:
    """What is asked, made ready: the base, the groups and the columns."""

    relation: Relation
    values: Framed
    grouping: Grouping
    columns: tuple[Column, ...]


def tabulate(
    relation: Relation,
    specification: Specification,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    provenance: Provenance,
    memory: str = MEMORY,
    weights: Mapping[str, str] = RUN_WEIGHTS,
    sample: SampleRequest | None = None,
    further: Sequence[Column] = (),
) -> StatisticsTable:
    """The measures of the rows of a relation, group by group; with errors where a sample is stated.

    ``further`` columns are worked out beside those of the measures, such as the points of a curve.
    """
    values = framed(relation, specification, weights)
    grouping = grouping_of(relation, by)
    broken_down = tuple("*".join(grouping.names(part)) for part in grouping.breakdowns if part)
    values = replace(values, frame=replace(values.frame, breakdowns=broken_down))
    chosen = chosen_measures(measures, values.frame)
    columns = (*_columns(chosen, values.frame), *further)
    request = _Request(relation, values, grouping, columns)
    answers = Answers()
    sampling: Sampling | None = None
    with open_session(memory=memory) as session:
        if sample is None:
            _points(session, request, answers)
        else:
            sampling = estimate(session, relation, values, grouping, columns, sample, answers)
    return StatisticsTable(
        specification=specification,
        provenance=provenance,
        groups=tuple(sorted_groups(grouping, answers).values()),
        tables=tables_of(columns, sorted_groups(grouping, answers), answers, errors=sampling is not None),
        area_names=area_names(relation) if any(map(is_area, by)) else {},
        sampling=sampling,
    )


def _points(session: Session, request: _Request, answers: Answers) -> None:
    sums = [part for part in request.columns if part.ranked is None and part.combined is None]
    ordered = [part for part in request.columns if part.ranked is not None]
    keys, by_area = base_keys(request.grouping)
    for step in base_steps(
        request.relation,
        request.values,
        request.grouping,
        request.columns,
        readers=2 + bool(ordered),
        keys=keys,
    ):
        session.define(step)
    hidden = total_columns(request.columns)
    _read_sums(session, request, [*sums, *hidden.values()], answers)
    if hidden:
        _combine(request, hidden, answers)
    if ordered:
        source = BASE
        if by_area:
            source = KEYED
            session.define(keyed_step(request.relation, request.grouping, BASE, source))
        _read_ordered(session, request.grouping, ordered, answers, source)


def _combine(request: _Request, hidden: Mapping[str, Column], answers: Answers) -> None:
    totals = {
        keys: {
            name: linear(float(answers.figures.pop((keys, part), None) or 0.0))
            for name, part in hidden.items()
        }
        for keys in sorted(answers.counts, key=str)
    }
    for keys, part, figure in combined_figures(request.columns, request.grouping, totals):
        answers.keep(keys, part, float(figure.value))


def _columns(chosen: Sequence[Measure], frame: Frame) -> tuple[Column, ...]:
    columns = [part for measure in chosen for part in measure.definition(frame)]
    line_measures = [measure.name for measure in chosen if measure.name in _LINE_MEASURES]
    if line_measures:
        last = max(place for place, part in enumerate(columns) if part.measure == line_measures[0])
        columns.insert(last + 1, welfare_unknown(frame, line_measures[0]))
    return tuple(columns)


def _read_sums(session: Session, request: _Request, columns: Sequence[Column], answers: Answers) -> None:
    """All sums of all breakdowns: the rows into cells, the cells into groups."""
    grouping = request.grouping
    keys, by_area = base_keys(grouping)
    cells = cells_of(session, columns)
    source = "cells"
    session.define(cells_step(list(keys), cells.totals))
    if by_area:
        session.define(keyed_step(request.relation, grouping, source, "cells_of_areas"))
        source = "cells_of_areas"
    numbers = {number_of(grouping, part): place for place, part in enumerate(grouping.breakdowns)}
    aliases = grouping.aliases()
    for row in session.fetch(sums_step(grouping, cells.figures, source)).to_pylist():
        place = numbers[row[SET]]
        group: Keys = (place, tuple(row[aliases[key]] for key in grouping.breakdowns[place]))
        answers.counts[group] = int(row[N] or 0)
        for position, part in enumerate(columns):
            answers.keep(group, part, row[f"figure_{position}"])


def _read_ordered(
    session: Session, grouping: Grouping, columns: Sequence[Column], answers: Answers, source: str
) -> None:
    rows = in_order(
        read_rows(session, grouping, reads=ranked_reads(columns), ranked_only=True, source=source)
    )
    for place, breakdown in enumerate(grouping.breakdowns):
        for values, group in ranked_groups(rows, breakdown):
            for part in columns:
                if part.ranked is not None:
                    answers.keep((place, values), part, float(part.ranked(group).value))
