# SPDX-License-Identifier: Apache-2.0
"""Decides the Alkire-Foster measures of a multidimensional index, from the answers of its indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from sqlglot import exp

from hearthline.engine.rules.policy import Index, Missing
from hearthline.statistics.columns import NOT_MET, UNKNOWN, Column, Frame, Quantity, answer, criterion_alias
from hearthline.statistics.expressions import (
    Tree,
    as_double,
    at_least,
    both,
    column,
    either,
    less,
    product,
    ratio,
    sum_of,
    total,
)


def mpi(frame: Frame) -> Iterator[Column]:
    """The Alkire-Foster measures of every multidimensional index of the package.

    An indicator is a household criterion; a household is deprived in it where it is not met. The
    indicators' weights sum to 1 and are exact fractions, so a score equal to the cutoff is never missed.
    With c the sum of the weights of the indicators a household is deprived in, k the cutoff and w the
    weight of the household, a household is poor where c ≥ k. Over households whose answer is known:

        H  = Σ w [poor] / Σ w                      incidence (`h`)
        A  = Σ w [poor] c / Σ w [poor]             intensity (`a`)
        M0 = Σ w [poor] c / Σ w = H × A            adjusted headcount (`m0`)

    What is known follows the index's treatment of missing values. `bounds`: a household is poor if its
    known deprivations reach k, not poor if they could not reach k even with all its unknown indicators,
    else unknown. `complete_case`: unknown as soon as one indicator is. `not_deprived`: an unknown
    indicator counts as no deprivation. `unknown` = Σ w over unknown households / Σ w over all; they are in
    none of the figures above. Under `bounds` c counts known deprivations only, so A and M0 are then lower
    bounds; `score_unknown` is the share of poor people for whom some indicator is unknown.

    For each indicator j of weight vⱼ, and likewise for each dimension:

        censored headcount   = Σ w [poor and deprived in j] / Σ w over households known to be poor or not
        uncensored headcount = Σ w [deprived in j] / Σ w over those of them whose answer in j is known
        contribution         = vⱼ × censored headcount / M0

    The contributions of all indicators sum to 1, as do those of all dimensions.

    - **Weights:** w of the request. **Quantile type, non-positive incomes:** not concerned.
    - **Ties:** a score equal to the cutoff is poor.
    - **Error:** that of ratios of totals (Alkire and others 2015, section 8.3).
    - **Source:** Alkire and Foster (2011).
    - **Agrees with:** R `survey::svymean` of [poor] and [poor] c among the known for H and M0, `svyratio` for
      A and contributions; `mpitbR` and Stata `mpitb` without missing values.
    """
    for index in frame.specification.indices:
        if measurable(index, frame):
            yield from _overall(frame, index)
            yield from _indicators(frame, index)
            yield from _dimensions(frame, index)


CUTOFFS = tuple(range(10, 101, 10))
"""The cutoffs of `mpi_cutoffs`, in per cent of the whole weight."""


def mpi_cutoffs(frame: Frame) -> Iterator[Column]:
    """H, A and M0 of every multidimensional index at the cutoffs 10, 20, … 100 %, in one reading.

    As `mpi`, with k in the place of the package's own cutoff; its treatment of missing values stays:

        h, a, m0, unknown

    From the union (the smallest k) to the intersection of all indicators (100 %), so that it can be seen
    whether a ranking of places depends on the cutoff.

    - **Weights:** w of the request. **Quantile type, non-positive incomes:** not concerned.
    - **Ties:** a score equal to k is poor, exactly: points and cutoffs are whole numbers.
    - **Error:** that of ratios of totals.
    - **Source:** Alkire and Foster (2011); Alkire and others (2015), section 8.2.
    - **Agrees with:** R `survey::svymean` and `svyratio` as `mpi`; `mpitbR` and Stata `mpitb` without missing
      values.
    """
    for index in frame.specification.indices:
        if measurable(index, frame):
            for cutoff in CUTOFFS:
                yield from _at_cutoff(frame, index, cutoff)


def _at_cutoff(frame: Frame, index: Index, cutoff: int) -> Iterator[Column]:
    whole = denominator_of(index)
    needed = exp.Literal.number(ceil(Fraction(cutoff, 100) * whole))
    points, unknown = (column(alias) for alias in point_aliases(index))
    poor, not_poor = at_least(points, needed), less(points, needed)
    certain = exp.EQ(this=unknown.copy(), expression=exp.Literal.number(0))
    if index.missing is Missing.BOUNDS:
        not_poor = less(sum_of([points, unknown]), needed)
    elif index.missing is Missing.COMPLETE_CASE:
        poor, not_poor = both(poor, certain), both(not_poor, certain)
    answered = either(poor, not_poor)
    share = _fraction(Fraction(1, whole))
    m0 = product(total(product(frame.weight, as_double(points)), poor), share)
    of_poor, of_answered = frame.weight_where(poor), frame.weight_where(answered)
    open_cases = frame.weight_where(exp.Not(this=exp.Paren(this=answered.copy())))
    figures = {
        "h": (Quantity.SHARE, ratio(of_poor, of_answered)),
        "a": (Quantity.SHARE, ratio(m0, of_poor)),
        "m0": (Quantity.INDEX, ratio(m0, of_answered)),
        "unknown": (Quantity.SHARE, ratio(open_cases, frame.weighed)),
    }
    for name, (quantity, tree) in figures.items():
        yield Column("mpi_cutoffs", "mpi_cutoffs", name, quantity, tree, f"{index.name}@{cutoff}")


def denominator_of(index: Index) -> int:
    """The points that all indicators of an index make together."""
    return lcm(*(weight.denominator for weight in index.weights.values()), index.cutoff.denominator)


def point_aliases(index: Index) -> tuple[str, str]:
    """Where the base holds the points of a household: those of what is not met, and of what is unknown."""
    return f"index_{index.name}_points", f"index_{index.name}_open"


def measurable(index: Index, frame: Frame) -> bool:
    """Whether the answers of all indicators are there."""
    return all(criterion_alias(name) in frame.aliases for name in index.weights)


@dataclass(frozen=True)
class Scores:
    """Where the base holds an index of a household: is it poor, not poor, and is its score certain."""

    poor: str
    not_poor: str
    unsure: str

    @property
    def answered(self) -> Tree:
        """Whether the household is known to be poor or not poor."""
        return either(column(self.poor), column(self.not_poor))


def scores_of(index: Index) -> Scores:
    """The aliases of an index in the base."""
    return Scores(*(f"index_{index.name}_{part}" for part in ("poor", "not_poor", "unsure")))


def score_columns(index: Index) -> dict[str, Tree]:
    """The answers of an index for a household, from its indicators, in whole points.

    A common denominator turns every fraction into an integer, so a score on the cutoff is exact.
    """
    weights = index.weights
    denominator = denominator_of(index)
    points = {name: int(weight * denominator) for name, weight in weights.items()}
    certain = sum_of(_points(name, NOT_MET, value) for name, value in points.items())
    unknown = sum_of(_points(name, UNKNOWN, value) for name, value in points.items())
    cutoff = exp.Literal.number(int(index.cutoff * denominator))
    nothing_unknown = exp.EQ(this=unknown.copy(), expression=exp.Literal.number(0))
    poor, not_poor = at_least(certain, cutoff), less(certain, cutoff)
    if index.missing is Missing.BOUNDS:
        not_poor = less(sum_of([certain, unknown]), cutoff)
    elif index.missing is Missing.COMPLETE_CASE:
        poor, not_poor = both(poor, nothing_unknown), both(not_poor, nothing_unknown)
    scores = scores_of(index)
    unsure = both(poor, exp.Not(this=exp.Paren(this=nothing_unknown)))
    points_known, points_open = point_aliases(index)
    return {
        scores.poor: poor,
        scores.not_poor: not_poor,
        scores.unsure: unsure,
        points_known: certain,
        points_open: unknown,
    }


def _points(indicator: str, value: str, points: int) -> Tree:
    condition = answer(criterion_alias(indicator), value)
    return exp.Case(
        ifs=[exp.If(this=condition, true=exp.Literal.number(points))], default=exp.Literal.number(0)
    )


def _overall(frame: Frame, index: Index) -> Iterator[Column]:
    scores = scores_of(index)
    answered = frame.weight_where(scores.answered)
    poor = frame.weight_where(column(scores.poor))
    m0 = m0_weight(frame, index)
    unknown = exp.Not(this=exp.Paren(this=scores.answered))
    figures = {
        "h": (Quantity.SHARE, ratio(poor, answered)),
        "a": (Quantity.SHARE, ratio(m0, poor)),
        "m0": (Quantity.INDEX, ratio(m0, answered)),
        "unknown": (Quantity.SHARE, ratio(frame.weight_where(unknown), frame.weighed)),
        "score_unknown": (Quantity.SHARE, ratio(frame.weight_where(column(scores.unsure)), poor)),
    }
    for name, (quantity, tree) in figures.items():
        yield Column("mpi", "mpi", name, quantity, tree, index.name)


def _indicators(frame: Frame, index: Index) -> Iterator[Column]:
    scores = scores_of(index)
    answered = frame.weight_where(scores.answered)
    m0 = m0_weight(frame, index)
    for name, weight in index.weights.items():
        deprived = frame.weight_where(both(scores.answered, answer(criterion_alias(name), NOT_MET)))
        certain = exp.Not(this=exp.Paren(this=answer(criterion_alias(name), UNKNOWN)))
        censored = _censored(frame, index, name)
        figures = {
            "weight": _fraction(weight),
            "uncensored_headcount": ratio(deprived, frame.weight_where(both(scores.answered, certain))),
            "censored_headcount": ratio(censored, answered),
            "contribution": ratio(product(_fraction(weight), censored), m0),
        }
        for figure, tree in figures.items():
            yield Column("mpi", "mpi_indicators", figure, Quantity.SHARE, tree, f"{index.name}.{name}")


def _dimensions(frame: Frame, index: Index) -> Iterator[Column]:
    m0 = m0_weight(frame, index)
    for dimension in index.dimensions:
        contribution = ratio(_contributed(frame, index, dimension.indicators), m0)
        item = f"{index.name}.{dimension.name}"
        weight = _fraction(dimension.weight)
        yield Column("mpi", "mpi_dimensions", "weight", Quantity.SHARE, weight, item)
        yield Column("mpi", "mpi_dimensions", "contribution", Quantity.SHARE, contribution, item)


def m0_weight(frame: Frame, index: Index) -> Tree:
    """Σ w [poor] c: the numerator of M0."""
    return _contributed(frame, index, index.weights)


def _contributed(frame: Frame, index: Index, weights: Mapping[str, Fraction]) -> Tree:
    """The deprivations of the poor in some indicators, each by its weight in the index."""
    return sum_of(
        product(_fraction(weight), _censored(frame, index, name)) for name, weight in weights.items()
    )


def _censored(frame: Frame, index: Index, name: str) -> Tree:
    return frame.weight_where(both(column(scores_of(index).poor), answer(criterion_alias(name), NOT_MET)))


def _fraction(value: Fraction) -> Tree:
    above, below = (as_double(exp.Literal.number(part)) for part in (value.numerator, value.denominator))
    return exp.Paren(this=exp.Div(this=above, expression=below, typed=False, safe=False))
