# SPDX-License-Identifier: Apache-2.0
"""Decides the measures of who is poor and how poor: status, criteria, causes, FGT and Watts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from hearthline.statistics.columns import (
    BASE_N,
    LINE,
    MET,
    NOT_MET,
    NOT_POOR,
    POOR,
    STATUS,
    UNKNOWN,
    WELFARE,
    Column,
    Frame,
    Quantity,
    answer,
    cause_alias,
    criterion_alias,
    standard_alias,
)
from hearthline.statistics.expressions import (
    Tree,
    both,
    column,
    count,
    difference,
    either,
    function,
    known,
    less,
    missing,
    more,
    product,
    ratio,
    total,
)


def status(frame: Frame) -> Iterator[Column]:
    """The shares of the population that each standard in force finds poor, not poor and unknown.

    For a standard, with w the weight of a household:

        share of an answer = Σ w over households with that answer / Σ w over all households

    The three shares sum to 1: the denominator is everybody, the unknown included. An unknown status is
    never counted as not poor. A household whose weight is unknown counts with weight 0 and is reported
    by `population`.

    - **Weights:** w of the request. **Ties, quantile type, non-positive incomes:** not concerned.
    - **Error:** that of a ratio of totals.
    - **Source:** the package's standards.
    - **Agrees with:** R `survey::svymean` of the answer.
    """
    for standard in frame.specification.standards:
        alias = standard_alias(standard.name, default=standard.default)
        if alias in frame.aliases:
            yield from _shares("status", standard.name, alias, (POOR, NOT_POOR, UNKNOWN), frame)


def criteria(frame: Frame) -> Iterator[Column]:
    """The shares of the population for whom each household criterion is met, not met and unknown.

    For a criterion, with w the weight of a household:

        share of an answer = Σ w over households with that answer / Σ w over all households

    The three shares of a criterion sum to 1. The shares of "not met" over several criteria do not sum to
    the headcount: one household may fail several.

    - **Weights:** w of the request. **Ties, quantile type, non-positive incomes:** not concerned.
    - **Error:** that of a ratio of totals.
    - **Source:** the package's criteria.
    - **Agrees with:** R `survey::svymean` of the answer.
    """
    for name in frame.specification.criteria:
        alias = criterion_alias(name)
        if alias in frame.aliases:
            yield from _shares("criteria", name, alias, (MET, NOT_MET, UNKNOWN), frame)


def _shares(measure: str, item: str, alias: str, values: tuple[str, ...], frame: Frame) -> Iterator[Column]:
    for value in values:
        tree = ratio(frame.weight_where(answer(alias, value)), frame.weighed)
        yield Column(measure, measure, value.replace(" ", "_"), Quantity.SHARE, tree, item)


def causes(frame: Frame) -> Iterator[Column]:
    """Among the poor, the share for whom there is evidence of each cause, and for whom it is unknown.

    A cause is tested where the package gives it a rule of evidence, on households whose status by the
    default standard is poor:

        evident = Σ w over poor households with evidence / Σ w over poor households
        not_evident, unknown: likewise; the three sum to 1

    Beside them n is the number of poor households in the file, the base of the shares.
    A household may have several causes, so the shares of all causes together pass 1. Evidence is a lead
    for a human decision: it is not the cause that officials have recorded.

    - **Weights:** w of the request. **Ties, quantile type, non-positive incomes:** not concerned.
    - **Error:** that of a ratio of totals; the poor are a domain of the whole design.
    - **Source:** the package's causes.
    - **Agrees with:** R `survey::svymean` over `subset(design, poor)`.
    """
    poor = answer(STATUS, POOR)
    for cause in frame.specification.causes:
        alias = cause_alias(cause.name)
        if alias not in frame.aliases or not frame.has_status:
            continue
        evidence = column(alias)
        cases: list[tuple[str, Tree]] = [
            ("evident", evidence),
            ("not_evident", exp.Not(this=evidence.copy())),
            ("unknown", missing(evidence)),
        ]
        for name, condition in cases:
            tree = ratio(frame.weight_where(both(poor, condition)), frame.weight_where(poor))
            yield Column("causes", "causes", name, Quantity.SHARE, tree, cause.name)
        yield Column("causes", "causes", BASE_N, Quantity.COUNT, count(poor), cause.name)


def headcount(frame: Frame) -> Iterator[Column]:
    """The share of poor people by the default standard, among those whose status is known.

    With w the weight of a household:

        headcount = Σ w over poor / (Σ w over poor + Σ w over not poor)
        status_unknown = Σ w over unknown / Σ w over all

    The unknown are in neither part of the headcount and are shown beside it, so that a reader can see
    how far the headcount could move: between the share of poor and of poor plus unknown in `status`.
    Where nothing is unknown this is the incidence of poverty, and FGT(0) if the standard is a line on
    the welfare value. With weight "person" it counts people, with "household" households.

    - **Weights:** w of the request. **Ties, quantile type, non-positive incomes:** as the standard says.
    - **Error:** that of a ratio of totals.
    - **Source:** the package's default standard.
    - **Agrees with:** R `survey::svyratio`.
    """
    if not frame.has_status:
        return
    poor, not_poor = answer(STATUS, POOR), answer(STATUS, NOT_POOR)
    known_status = frame.weight_where(either(poor, not_poor))
    yield Column(
        "headcount", "poverty", "headcount", Quantity.SHARE, ratio(frame.weight_where(poor), known_status)
    )
    unknown = ratio(frame.weight_where(answer(STATUS, UNKNOWN)), frame.weighed)
    yield Column("headcount", "poverty", "status_unknown", Quantity.SHARE, unknown)


def below_line(frame: Frame) -> Iterator[Column]:
    """FGT(0): the share of people whose welfare is strictly below the line.

    With y the welfare value, z the line and w the weight of a household, over households for which both
    are known:

        below_line = Σ w [y < z] / Σ w

    A household exactly on the line is not below it (as in R `laeken::arpr`; R `convey` counts it
    as below). Where welfare or line is unknown (or the line is not above zero) the household is in neither
    sum; the share left out is welfare_unknown = Σ w over them / Σ w over all.

    - **Weights:** w of the request. **Quantile type:** none; the line is given.
    - **Ties:** exactly on the line is not below it. **Non-positive incomes:** kept.
    - **Error:** that of a ratio of totals; a line is taken to be known.
    - **Source:** Foster, Greer and Thorbecke (1984), with alpha 0.
    - **Agrees with:** R `survey::svymean` of the answer; `convey::svyfgt(g = 0)` where nobody is on the line.
    """
    yield Column("below_line", "poverty", "below_line", Quantity.SHARE, _fgt(frame, 0))


def gap(frame: Frame) -> Iterator[Column]:
    """FGT(1), the poverty gap: the mean shortfall from the line, as a share of the line.

    Over households whose welfare y and line z are known, with weight w:

        gap = Σ w [y < z] (z - y) / z / Σ w

    Those above the line have no shortfall but stand in the denominator. A negative y gives a shortfall
    above 1, as the formula says; it is not cut.

    - **Weights:** w of the request. **Quantile type:** none; the line is given.
    - **Ties:** exactly on the line is a shortfall of zero. **Non-positive incomes:** kept.
    - **Error:** that of a ratio of totals; a line is taken to be known.
    - **Source:** Foster, Greer and Thorbecke (1984), with alpha 1.
    - **Agrees with:** R `survey::svymean` of the shortfall, `convey::svyfgt(g = 1)`.
    """
    yield Column("gap", "poverty", "gap", Quantity.INDEX, _fgt(frame, 1))


def severity(frame: Frame) -> Iterator[Column]:
    """FGT(2), the severity of poverty: the mean squared shortfall from the line.

    Over households whose welfare y and line z are known, with weight w:

        severity = Σ w [y < z] ((z - y) / z)² / Σ w

    All three FGT measures decompose: the figure of a whole is the mean of the figures of its groups
    weighted by Σ w of each.

    - **Weights:** w of the request. **Quantile type:** none; the line is given.
    - **Ties:** exactly on the line is a shortfall of zero. **Non-positive incomes:** kept.
    - **Error:** that of a ratio of totals; a line is taken to be known.
    - **Source:** Foster, Greer and Thorbecke (1984), with alpha 2.
    - **Agrees with:** R `survey::svymean` of the squared shortfall, `convey::svyfgt(g = 2)`.
    """
    yield Column("severity", "poverty", "severity", Quantity.INDEX, _fgt(frame, 2))


def watts(frame: Frame) -> Iterator[Column]:
    """The Watts index: the mean logarithm of line over welfare among those below the line.

    Over households whose welfare y and line z are known and positive, with weight w:

        watts = Σ w [y < z] ln(z / y) / Σ w

    - **Weights:** w of the request. **Quantile type:** none; the line is given.
    - **Ties:** exactly on the line is not below it.
    - **Non-positive incomes:** have no logarithm and are left out of both sums; their share is shown as
      watts_left_out = Σ w [y <= 0] / Σ w over known.
    - **Error:** that of a ratio of totals; a line is taken to be known.
    - **Source:** Watts (1968).
    - **Agrees with:** R `survey::svymean` of the logarithm over positive incomes, `convey::svywatts`.
    """
    condition = both(welfare_known(), more(column(WELFARE), _zero()))
    below = both(condition, less(column(WELFARE), column(LINE)))
    shortfall = function(
        "ln", exp.Div(this=column(LINE), expression=column(WELFARE), typed=False, safe=False)
    )
    # The case keeps the logarithm from ever seeing a row that the filter leaves out.
    guarded = exp.Case(ifs=[exp.If(this=below.copy(), true=product(frame.weight, shortfall))])
    tree = ratio(total(guarded, below), frame.weight_where(condition))
    yield Column("watts", "poverty", "watts", Quantity.INDEX, tree)
    left_out = both(welfare_known(), exp.LTE(this=column(WELFARE), expression=_zero()))
    tree = ratio(frame.weight_where(left_out), frame.weight_where(welfare_known()))
    yield Column("watts", "poverty", "watts_left_out", Quantity.SHARE, tree)


def welfare_unknown(frame: Frame, measure: str = "below_line") -> Column:
    """The share of people left out of FGT and Watts because welfare or line is unknown."""
    certain = exp.Coalesce(this=exp.Paren(this=welfare_known()), expressions=[exp.false()])
    unknown = exp.Not(this=certain)
    tree = ratio(frame.weight_where(unknown), frame.weighed)
    return Column(measure, "poverty", "welfare_unknown", Quantity.SHARE, tree)


def _fgt(frame: Frame, power: int) -> Tree:
    return ratio(shortfalls(frame, power), frame.weight_where(welfare_known()))


def shortfalls(frame: Frame, power: int) -> Tree:
    """Σ w ((z - y) / z)^power over those below the line."""
    shortfall = exp.Div(
        this=difference(column(LINE), column(WELFARE)), expression=column(LINE), typed=False, safe=False
    )
    condition = both(welfare_known(), less(column(WELFARE), column(LINE)))
    return total(product(frame.weight, *([shortfall] * power)), condition)


def welfare_known() -> Tree:
    """Whether welfare is known and the line above zero."""
    return both(known(column(WELFARE)), known(column(LINE)), more(column(LINE), _zero()))


def _zero() -> Tree:
    return exp.Literal.number(0)
