# SPDX-License-Identifier: Apache-2.0
"""Decides figures of a sample with their errors: each from its totals, with what every row moves it by.

The rows are read in the order of their households, so that every sum is taken in one order, and sums are
rounded once (:func:`math.fsum`): the same sample gives the same digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from sqlglot import exp

from hearthline.statistics.answers import Answers, Keys
from hearthline.statistics.bootstrap import Replicates, replicates_of, spread_of
from hearthline.statistics.columns import WEIGHT, Column, Quantity, ranked_reads
from hearthline.statistics.combining import combined_figures, total_columns
from hearthline.statistics.design import CONFIDENCE, Design, Domain, design_of, precision_of
from hearthline.statistics.expressions import Tree, column
from hearthline.statistics.figures import Sampling
from hearthline.statistics.framing import Framed, base_steps
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.linear import Influence, Linear, Positions, Values
from hearthline.statistics.problems import TOO_FEW_UNITS, TOO_MANY_ROWS
from hearthline.statistics.ranked import Ranked, ranked
from hearthline.statistics.relation import Located, Relation, locate
from hearthline.statistics.rows import Rows, read_rows, term_name
from hearthline.statistics.session import Session
from hearthline.statistics.totals import aggregates_of, by_names, figure_of, row_term

MOST_ROWS = 5_000_000
"""A sample of more households than this is no survey; its rows would not fit into memory."""

ID = "household_id"
DESIGN_ALIASES = ("design_stratum", "design_cluster")
"""What orders the rows of a sample, and the columns of its design, among the rows that are read."""


@dataclass(frozen=True)
class SampleRequest:
    """How the rows were drawn: the columns of the design, if any; and replicates for a check."""

    stratum: str | None = None
    cluster: str | None = None
    replicates: int = 0
    seed: int = 1
    confidence: float = CONFIDENCE


@dataclass(frozen=True, eq=False)
class _Group:
    """One group: its rows in order of the file, and the same in the order of welfare."""

    keys: Keys
    domain: Domain
    ranked: Ranked | None

    @property
    def rows(self) -> Positions:
        """Their positions."""
        return self.domain.rows


@dataclass(frozen=True, eq=False)
class _Terms:
    """What each row adds to every total of a measure, and each figure by the names of its totals."""

    values: Mapping[str, Values]
    formulas: Mapping[Column, tuple[Tree, tuple[str, ...]]]

    def figures(self, rows: Positions) -> Iterator[tuple[Column, Linear]]:
        """Every figure of some rows; each total is taken once."""
        totals: dict[str, Linear] = {}
        for name, values in self.values.items():
            own = values[rows]
            totals[name] = Linear(math.fsum(own), {Influence(rows, own): 1.0})
        for part, (tree, _) in self.formulas.items():
            yield part, figure_of(tree, totals)

    def again(self, part: Column, rows: Positions, drawn: Replicates) -> Values:
        """A figure of some rows in every replicate of the sample."""
        tree, names = self.formulas[part]
        totals = {name: Linear(drawn.totals(self.values[name], rows)) for name in names}
        return np.asarray(figure_of(tree, totals).value, dtype=np.float64)


def estimate(
    session: Session,
    relation: Relation,
    values: Framed,
    grouping: Grouping,
    columns: Sequence[Column],
    sample: SampleRequest,
    answers: Answers,
) -> Sampling:
    """Put every figure with its precision among the answers; what the errors rest on."""
    rows, order = sampled_rows(session, relation, values, grouping, columns, sample)
    stratum, cluster = (rows.texts(name) for name in DESIGN_ALIASES)
    design = checked_design(stratum, cluster, rows.weight)
    replicates = replicates_of(design, sample.replicates, sample.seed) if sample.replicates else None
    groups = list(_groups(rows, grouping, design))
    for group in groups:
        answers.counts[group.keys] = len(group.rows)
    judge = _Judge(answers, design, replicates, sample)
    for part in _by_measure(columns):
        hidden = total_columns(part)
        terms = _read_terms(session, [*part, *hidden.values()], order)
        totals = {group.keys: _answer(judge, group, part, hidden, terms) for group in groups}
        if hidden:
            _combine(judge, part, grouping, groups, totals, terms, hidden)
    return Sampling(
        units=design.units,
        strata=design.strata,
        lonely=design.lonely,
        freedom=design.freedom,
        has_clusters=design.has_clusters,
        has_strata=design.has_strata,
        replicates=sample.replicates,
    )


def sampled_rows(
    session: Session,
    relation: Relation,
    values: Framed,
    grouping: Grouping,
    columns: Sequence[Column],
    sample: SampleRequest,
) -> tuple[Rows, Tree]:
    """The rows of a sample with the columns of its design beside them, and the order in which they come."""
    beside = _beside(relation, sample)
    for step in base_steps(relation, values, grouping, columns, readers=9, beside=beside):
        session.define(replace(step, kept=step.name == "base"))
    order: Tree = column(ID) if ID in beside else _every_value(columns, grouping, beside)
    chosen = {name: column(name) for name in beside}
    rows = read_rows(session, grouping, reads=ranked_reads(columns), order=order, terms=chosen)
    if len(rows.weight) > MOST_ROWS:
        raise TOO_MANY_ROWS.error(number=f"{len(rows.weight):,}", most=f"{MOST_ROWS:,}")
    return rows, order


def checked_design(
    stratum: Sequence[str | None] | None, cluster: Sequence[str | None] | None, weight: Values
) -> Design:
    """The design, refused where it leaves no freedom."""
    design = design_of(stratum, cluster, weight)
    if design.freedom < 1:
        raise TOO_FEW_UNITS.error(units=design.units, strata=design.strata)
    return design


def _beside(relation: Relation, sample: SampleRequest) -> dict[str, Located]:
    """The columns of the design and what orders the rows, where they are there."""
    names = dict(zip(DESIGN_ALIASES, (sample.stratum, sample.cluster), strict=True))
    beside = {
        alias: locate(relation, name, "the design") for alias, name in names.items() if name is not None
    }
    if ID in relation.types:
        beside[ID] = locate(relation, ID, "the order of the rows")
    return beside


def _every_value(columns: Sequence[Column], grouping: Grouping, beside: Mapping[str, Located]) -> Tree:
    """An order of rows that have no number: by all their values, so that equal ones may change places."""
    used = {found.name for part in columns for found in part.tree.find_all(exp.Column)}
    names = dict.fromkeys([*grouping.aliases(), *beside, WEIGHT, *sorted(used)])
    return exp.Tuple(expressions=[column(name) for name in names])


def _groups(rows: Rows, grouping: Grouping, design: Design) -> Iterator[_Group]:
    everything = design.whole.rows
    whole = _ranked(rows, everything, None)
    for place, breakdown in enumerate(grouping.breakdowns):
        if not breakdown:
            yield _Group((place, ()), design.whole, whole)
            continue
        for values, positions in rows.members(breakdown):
            yield _Group((place, values), Domain(design, positions), _ranked(rows, positions, whole))


def _ranked(rows: Rows, positions: Positions, whole: Ranked | None) -> Ranked | None:
    found = ranked(positions, rows.welfare, rows.weight, rows.line, derived=True, whole=whole)
    return found if len(found.rows) else None


def _by_measure(columns: Sequence[Column]) -> list[list[Column]]:
    """The columns measure by measure, so that the terms of one alone are in memory."""
    names = list(dict.fromkeys(part.measure for part in columns))
    return [[part for part in columns if part.measure == name] for name in names]


def _read_terms(session: Session, columns: Sequence[Column], order: Tree) -> _Terms:
    """What each row adds to every total behind the columns, and the columns over the names of totals."""
    summed = [part for part in columns if part.ranked is None and part.combined is None]
    wanted = aggregates_of(summed)
    if not wanted:
        return _Terms({}, {})
    names = {key: term_name(place) for place, key in enumerate(wanted)}
    trees = {names[key]: row_term(tree) for key, tree in wanted.items()}
    rows = read_rows(session, Grouping((), ((),)), reads=frozenset(), order=order, terms=trees)
    formulas = {
        part: (by_names(part.tree, names), tuple(names[key] for key in aggregates_of([part])))
        for part in summed
    }
    values = {name: np.array(rows.extra[name].to_numpy(), dtype=np.float64) for name in trees}
    return _Terms(values, formulas)


@dataclass(frozen=True, eq=False)
class _Judge:
    """What a figure with its influence becomes: an answer and its precision."""

    answers: Answers
    design: Design
    replicates: Replicates | None
    sample: SampleRequest

    def keep(self, keys: Keys, part: Column, figure: Linear, domain: Domain, again: Again) -> None:
        """Keep a figure; ``again`` gives it in every replicate."""
        value = float(figure.value)
        self.answers.keep(keys, part, value)
        if part.quantity is Quantity.COUNT:
            return
        share = part.quantity is Quantity.SHARE
        confidence = self.sample.confidence
        found = precision_of(figure, domain, share=share, confidence=confidence)
        if found is not None and self.replicates is not None:
            found = spread_of(value, again(self.replicates), found, self.design.freedom, share=share)
        if found is not None:
            self.answers.precisions[keys, part] = found


Again = Callable[[Replicates], Values]


def _answer(
    judge: _Judge, group: _Group, columns: Sequence[Column], hidden: Mapping[str, Column], terms: _Terms
) -> dict[str, Linear]:
    """Keep the figures of a group; the totals that figures of several groups are made of, by their names."""
    summed = dict(terms.figures(group.rows))
    for part in columns:
        if part.combined is not None:
            continue
        if part.ranked is None:
            again = partial(terms.again, part, group.rows)
            judge.keep(group.keys, part, summed[part], group.domain, again)
        elif group.ranked is not None:
            again = partial(_reranked, group.ranked, part.ranked)
            judge.keep(group.keys, part, part.ranked(group.ranked), group.domain, again)
    return {name: summed[part] for name, part in hidden.items()}


def _reranked(rows: Ranked, figure: Callable[[Ranked], Linear], drawn: Replicates) -> Values:
    return np.array([_again(rows, figure, factor) for factor in drawn.factors()])


def _again(rows: Ranked, figure: Callable[[Ranked], Linear], factor: Values) -> float:
    whole = None if rows.whole is None else rows.whole.reweighted(factor)
    again = rows.reweighted(factor, whole)
    return float(figure(again).value) if len(again.welfare) else math.nan


def _combine(
    judge: _Judge,
    columns: Sequence[Column],
    grouping: Grouping,
    groups: Sequence[_Group],
    totals: Mapping[Keys, Mapping[str, Linear]],
    terms: _Terms,
    hidden: Mapping[str, Column],
) -> None:
    """The figures of several groups, and the same in every replicate."""
    again: dict[tuple[Keys, Column], Values] = {}
    if judge.replicates is not None:
        drawn = judge.replicates
        replicated = {
            group.keys: {name: Linear(terms.again(part, group.rows, drawn)) for name, part in hidden.items()}
            for group in groups
        }
        for keys, part, figure in combined_figures(columns, grouping, replicated):
            again[keys, part] = np.asarray(figure.value, dtype=np.float64)
    domains = {group.keys: group.domain for group in groups}
    for keys, part, figure in combined_figures(columns, grouping, totals):
        found = again.get((keys, part), np.zeros(0))
        judge.keep(keys, part, figure, domains[keys], partial(_known, found))


def _known(found: Values, drawn: Replicates) -> Values:
    """What the replicates have given already."""
    return found
