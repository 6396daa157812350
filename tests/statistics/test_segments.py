# SPDX-License-Identifier: Apache-2.0
"""Decides whether all groups at once get the figures that each gets alone."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.statistics import segments as segments_module
from hearthline.statistics.columns import LINE, WELFARE, Column, Frame
from hearthline.statistics.curves import lorenz, parade
from hearthline.statistics.group_columns import ranks_of
from hearthline.statistics.grouping import rank
from hearthline.statistics.inequality import gini, quantiles
from hearthline.statistics.intensity import sen, sen_shorrocks_thon
from hearthline.statistics.ranked import Ranked, ranked
from hearthline.statistics.relative import quintile_ratio, risk
from hearthline.statistics.rows import order_of_codes, welfare_order
from hearthline.statistics.segments import Segments
from hearthline.statistics.specification import Specification

FRAME = Frame(Specification(), frozenset({WELFARE, LINE}))
COLUMNS: list[Column] = [
    part
    for measure in (gini, quantiles, lorenz, parade, sen, sen_shorrocks_thon, risk, quintile_ratio)
    for part in measure(FRAME)
]

# Few incomes, so that many are equal, on the line, zero or below it.
incomes = st.one_of(st.sampled_from([-50.0, 0.0, 50.0, 99.99, 100.0, 150.0]), st.floats(-1e3, 1e6))
households = st.lists(st.tuples(st.integers(0, 4), incomes, st.integers(1, 12)), min_size=1, max_size=60)


def alone(rows: list[tuple[int, float, int]], line: float) -> tuple[Segments, list[Ranked]]:
    """The same rows as parts of one array, and group by group."""
    code = np.array([row[0] for row in rows])
    welfare, weight = (np.array([row[place] for row in rows], dtype=np.float64) for place in (1, 2))
    lines = np.full(len(rows), line)
    everything = np.arange(len(rows))
    whole = ranked(everything, welfare, weight, lines, derived=False)
    order = np.lexsort((weight, welfare, code))
    present, starts = np.unique(code[order], return_index=True)
    groups = [
        ranked(np.flatnonzero(code == group), welfare, weight, lines, derived=False, whole=whole)
        for group in present
    ]
    together = Segments(
        np.append(starts, len(rows)), welfare[order], weight[order], line, whole.quantile_value(0.5)
    )
    return together, groups


@settings(max_examples=200, deadline=None)
@given(households, st.sampled_from([100.0, 0.01, 1e7, 0.0]), st.sampled_from([1, 7, 1 << 21]))
def test_all_groups_at_once_get_the_figures_that_each_gets_alone(
    rows: list[tuple[int, float, int]], line: float, block: int
) -> None:
    together, groups = alone(rows, line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments_module, "BLOCK", block)
        for part in COLUMNS:
            assert part.ranked is not None
            assert part.segmented is not None
            found = part.segmented(together)
            for value, group in zip(found, groups, strict=True):
                expected = float(part.ranked(group).value)
                if math.isnan(expected):
                    assert not math.isfinite(value), (part.name, part.item)
                else:
                    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9), (part.name, part.item)


@pytest.mark.parametrize("number", [1, 3, 1 << 16, (1 << 16) + 1, 300_000])
def test_rows_come_by_the_code_of_their_group_and_else_as_they_stood(number: int) -> None:
    codes = np.random.Generator(np.random.PCG64(number)).integers(0, number, 50_000)
    codes[0] = number - 1
    assert order_of_codes(codes, number).tolist() == np.argsort(codes, kind="stable").tolist()


@pytest.mark.parametrize(
    "codes",
    [
        ["110102", "110101", "450300", "110101"],
        ["9", "10", "100", "-3", "2.5"],
        ["10", "09", None, "11"],
        ["b", "a", None, "12", "07"],
        ["１２", "12", "二三"],
        [],
    ],
)
def test_groups_stand_in_the_order_of_numbers_then_texts_then_the_unknown(codes: list[str | None]) -> None:
    places = ranks_of(pa.array(codes, pa.string())).tolist()
    in_order = sorted(set(codes), key=rank)
    assert places == [in_order.index(code) for code in codes]


@pytest.mark.parametrize("at_once", [1, 50, 3_000, 1 << 21])
@pytest.mark.parametrize("different", [1, 300, 1_000_000])
def test_rows_of_equal_welfare_stand_in_the_order_of_their_weights(different: int, at_once: int) -> None:
    draw = np.random.Generator(np.random.PCG64(9))
    welfare = draw.integers(0, different, 20_000) / 4
    weight = draw.integers(1, 20, 20_000).astype(np.float64)
    order = welfare_order(welfare, weight, at_once=at_once)
    by_two = np.lexsort((weight, welfare))
    assert np.array_equal(welfare[order], welfare[by_two])
    assert np.array_equal(weight[order], weight[by_two])
