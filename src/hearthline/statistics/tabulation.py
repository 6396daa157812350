# SPDX-License-Identifier: Apache-2.0
"""Decides the queries behind a table of figures: one for all that is a sum, one for what needs an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hearthline.statistics.answers import Answers, sorted_groups, tables_of
from hearthline.statistics.columns import Column, Frame
from hearthline.statistics.combining import combined_figures, total_columns
from hearthline.statistics.estimation import SampleRequest, estimate
from hearthline.statistics.figures import Provenance, Sampling
from hearthline.statistics.framing import RUN_WEIGHTS, framed
from hearthline.statistics.group_columns import keep_all
from hearthline.statistics.grouping import grouping_of, is_area
from hearthline.statistics.linear import linear
from hearthline.statistics.points import Counting, Request
from hearthline.statistics.poverty import welfare_unknown
from hearthline.statistics.registry import Measure, chosen_measures
from hearthline.statistics.relation import Relation, area_names
from hearthline.statistics.session import MEMORY, Session, open_session
from hearthline.statistics.specification import Specification
from hearthline.statistics.table import StatisticsTable

_LINE_MEASURES = {"below_line", "gap", "severity", "watts"}


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
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StatisticsTable:
    """The measures of the rows of a relation, group by group; with errors where a sample is stated.

    ``further`` columns are worked out beside those of the measures, such as the points of a curve. Of each
    breakdown the first ``most`` groups become rows; ``progress`` is told the households counted so far.
    """
    request = requested(relation, specification, by=by, measures=measures, weights=weights, further=further)
    grouping, columns = request.grouping, request.columns
    answers = Answers()
    sampling: Sampling | None = None
    left_out: dict[str, int] = {}
    with open_session(memory=memory) as session:
        if sample is None:
            left_out = _points(session, request, answers, most, progress)
        else:
            sampling = estimate(session, relation, request.values, grouping, columns, sample, answers)
    return StatisticsTable(
        specification=specification,
        provenance=provenance,
        groups=tuple(sorted_groups(grouping, answers).values()),
        tables=tables_of(columns, sorted_groups(grouping, answers), answers, errors=sampling is not None),
        area_names=area_names(relation) if any(map(is_area, by)) else {},
        sampling=sampling,
        left_out=left_out,
    )


def requested(
    relation: Relation,
    specification: Specification,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    weights: Mapping[str, str] = RUN_WEIGHTS,
    further: Sequence[Column] = (),
) -> Request:
    """What is asked, made ready; refused where it cannot be meant."""
    values = framed(relation, specification, weights)
    grouping = grouping_of(relation, by)
    broken_down = tuple("*".join(grouping.names(part)) for part in grouping.breakdowns if part)
    values = replace(values, frame=replace(values.frame, breakdowns=broken_down))
    chosen = chosen_measures(measures, values.frame)
    return Request(relation, values, grouping, (*_columns(chosen, values.frame), *further))


def _points(
    session: Session,
    request: Request,
    answers: Answers,
    most: int | None,
    progress: Callable[[int, int], None] | None,
) -> dict[str, int]:
    """Put the points among the answers; how many groups of each breakdown are not."""
    counting = Counting(session, request)
    hidden = total_columns(request.columns)
    # Figures of whole breakdowns need all their groups.
    most = None if any(_of_breakdown(part) for part in request.columns) else most
    found: dict[int, int] = {}
    done, rows = 0, sum(part.rows for part in counting.parts)
    for part in counting.parts:
        for groups in counting.part(part):
            before = found.get(groups.place, 0)
            found[groups.place] = before + len(groups)
            shown = len(groups) if most is None else max(most - before, 0)
            keep_all([groups.taken(slice(0, shown))], answers)
        done += part.rows
        if progress is not None:
            progress(done, rows)
    whole = counting.whole()
    keep_all([whole, *(counting.named_alike(whole, place) for place in counting.alike)], answers)
    if hidden:
        _combine(request, hidden, answers)
    return {
        "*".join(request.grouping.names(request.grouping.breakdowns[place])): number - most
        for place, number in found.items()
        if most is not None and number > most
    }


def _of_breakdown(part: Column) -> bool:
    return part.combined is not None and part.combined.breakdown is not None


def _combine(request: Request, hidden: Mapping[str, Column], answers: Answers) -> None:
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
