# SPDX-License-Identifier: Apache-2.0
"""Decides the columns of a result: words for criteria, a status per standard, points per index, weights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from hearthline.base.problems import Kind as ProblemKind
from hearthline.base.problems import declare
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Combine, Index, Missing, Policy, Standard
from hearthline.engine.rules.problems import NO_STANDARD
from hearthline.engine.rules.scores import points_of
from hearthline.engine.rules.tree import Aggregate
from hearthline.engine.rules.types import MAX_ROWS_DIGITS, Kind, ValueType, integer
from hearthline.engine.sql.columns import fact_column
from hearthline.engine.sql.dialect import Dialect
from hearthline.engine.sql.numbers import readable
from hearthline.engine.sql.terms import (
    DOUBLE,
    binary,
    cast_to,
    column,
    is_null,
    joined,
    negated,
    text,
    when,
    whole,
)

NOT_VALID = declare(
    "policy.not-valid",
    ProblemKind.REFUSED,
    "the package {package} may be asked for dates from {start} to {end}, not for {on}.",
    "Choose a screening date within the package's own dates.",
)

MEMBERS = "listed_members"
"""The number of listed people, worked out where a package names no weight in people."""

MET, NOT_MET, UNKNOWN = "met", "not met", "unknown"
POOR, NOT_POOR = "poor", "not poor"


def standards_in_force(policy: Policy, on: date) -> list[Standard]:
    """The standards of a date; raises where the package or its default standard is not in force."""
    if on < policy.start or (policy.end is not None and on > policy.end):
        raise NOT_VALID.error(
            package=policy.id, start=policy.start, end=policy.end or "further notice", on=on
        )
    default = policy.default_standard
    if not default.in_force(on):
        end = default.end or "further notice"
        raise NO_STANDARD.error(name=default.name, on=on, start=default.start, end=end)
    return [standard for standard in policy.standards.values() if standard.in_force(on)]


def members_node(policy: Policy) -> Aggregate | None:
    """The count of listed people where it is needed to weigh a household in people."""
    if policy.person_weight is None and PERSON in policy.levels:
        return Aggregate(integer(MAX_ROWS_DIGITS + 1), "count", PERSON, None, None)
    return None


def value_column(dialect: Dialect, level: str, name: str, kind: ValueType) -> exp.Expr:
    """A derived value as it is written to a result."""
    source = column(fact_column(level, name))
    value = readable(dialect, source, kind) if kind.kind is Kind.NUMBER else source
    return exp.alias_(value, name, quoted=True)


def criterion_column(level: str, name: str) -> exp.Expr:
    """A criterion in words."""
    source = column(fact_column(level, name))
    worded = when([(source, text(MET)), (negated(source), text(NOT_MET))], text(UNKNOWN))
    return exp.alias_(worded, name, quoted=True)


def status_column(policy: Policy, standard: Standard) -> exp.Expr:
    """``status`` for the default standard, ``status_<id>`` for others; reads the grounds."""
    name = "status" if standard.default else f"status_{standard.name}"
    return exp.alias_(_status(policy, standard), name, quoted=True)


def grounds(policy: Policy, standards: Sequence[Standard]) -> list[exp.Expr]:
    """What statuses and points rest on, each worked out once: a case would name it in every branch.

    Of a standard by all or any criteria ``good`` says whether it is met, unknown where that is not known; of
    one by count ``bad`` and ``unknown`` are how many criteria are not met and not known; of an index both are
    points.
    """
    chosen: dict[str, exp.Expr] = {}
    for standard in standards:
        answers = [column(fact_column(HOUSEHOLD, name)) for name in standard.criteria]
        if standard.combine is Combine.COUNT:
            weights = [1] * len(answers)
            chosen[_bad(standard)] = _counted([negated(answer) for answer in answers], weights)
            chosen[_unknown(standard)] = _counted([is_null(answer) for answer in answers], weights)
        elif standard.combine is not Combine.INDEX:
            kind: type[exp.Connector] = exp.And if standard.combine is Combine.ALL else exp.Or
            chosen[_good(standard)] = joined(answers, kind)
    for index in policy.indices.values():
        chosen[_bad(index)], chosen[_unknown(index)] = index_points(index)
    return [exp.alias_(expression, name, quoted=True) for name, expression in chosen.items()]


def _good(standard: Standard) -> str:
    return _ground(standard, "good")


def _bad(of: Standard | Index) -> str:
    return _ground(of, "bad")


def _unknown(of: Standard | Index) -> str:
    return _ground(of, "unknown")


def _ground(of: Standard | Index, what: str) -> str:
    """The column of a ground; an index may have the name of a standard."""
    return f"{'standard' if isinstance(of, Standard) else 'index'}.{of.name}.{what}"


def _status(policy: Policy, standard: Standard) -> exp.Expr:
    if standard.combine is Combine.INDEX:
        return _index_status(policy.indices[standard.index or ""])
    if standard.combine is Combine.COUNT:
        return _by_points(column(_bad(standard)), column(_unknown(standard)), standard.at_least)
    good = column(_good(standard))
    return when([(good, text(NOT_POOR)), (negated(good), text(POOR))], text(UNKNOWN))


def _by_points(bad: exp.Expr, unknown: exp.Expr, needed: int) -> exp.Expr:
    return when(
        [
            (binary(exp.GTE, bad, whole(needed)), text(POOR)),
            (binary(exp.LT, binary(exp.Add, bad, unknown), whole(needed)), text(NOT_POOR)),
        ],
        text(UNKNOWN),
    )


def _counted(conditions: list[exp.Expr], weights: list[int]) -> exp.Expr:
    terms = [
        when([(condition, whole(weight))], whole(0))
        for condition, weight in zip(conditions, weights, strict=True)
    ]
    total = terms[0]
    for term in terms[1:]:
        total = binary(exp.Add, total, term)
    return exp.Paren(this=total)


def index_points(index: Index) -> tuple[exp.Expr, exp.Expr]:
    """Points of the known deprivations of a household, and of its unknown indicators."""
    weights = points_of(index).weights
    answers = [column(fact_column(HOUSEHOLD, name)) for name in weights]
    known = _counted([negated(answer) for answer in answers], list(weights.values()))
    unknown = _counted([is_null(answer) for answer in answers], list(weights.values()))
    return known, unknown


def _index_status(index: Index) -> exp.Expr:
    known, unknown = column(_bad(index)), column(_unknown(index))
    needed = points_of(index).needed
    if index.missing is Missing.NOT_DEPRIVED:
        unknown = whole(0)
    status = _by_points(known, unknown, needed)
    if index.missing is Missing.COMPLETE_CASE:
        open_answers = [is_null(column(fact_column(HOUSEHOLD, name))) for name in index.weights]
        status = when([(joined(open_answers, exp.Or), text(UNKNOWN))], status)
    return status


def point_columns(index: Index) -> list[exp.Expr]:
    """``<index>_points`` and ``<index>_points_unknown``; reads the grounds."""
    known, unknown = column(_bad(index)), column(_unknown(index))
    return [
        exp.alias_(cast_to(known, "INT"), f"{index.name}_points", quoted=True),
        exp.alias_(cast_to(unknown, "INT"), f"{index.name}_points_unknown", quoted=True),
    ]


def weight_columns(policy: Policy) -> list[exp.Expr]:
    """``weight`` counts people, ``household_weight`` households; both doubles."""
    household = _weight(policy, policy.household_weight)
    if policy.person_weight is not None:
        person = _weight(policy, policy.person_weight)
    elif members_node(policy) is not None:
        members = cast_to(column(fact_column(HOUSEHOLD, MEMBERS)), DOUBLE)
        person = binary(exp.Mul, household, members)
    else:
        person = household
    return [
        exp.alias_(person.copy(), "weight", quoted=True),
        exp.alias_(household.copy(), "household_weight", quoted=True),
    ]


def _weight(policy: Policy, name: str | None) -> exp.Expr:
    if name is None:
        return cast_to(whole(1), DOUBLE)
    fact = policy.facts[HOUSEHOLD].get(name)
    kind = fact.type if fact is not None else policy.derived[name].type
    value = cast_to(column(fact_column(HOUSEHOLD, name)), DOUBLE)
    return binary(exp.Div, value, cast_to(text(f"1e{kind.scale}"), DOUBLE)) if kind.scale else value
