# SPDX-License-Identifier: Apache-2.0
"""Decides whether every measure behaves as a measure of a sample must, and moves with weights as it says."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.statistics.curves import lorenz_at
from hearthline.statistics.intensity import _sen, _sst
from hearthline.statistics.linear import Linear
from hearthline.statistics.ranked import Ranked, ranked
from tests.statistics import samples
from tests.statistics.samples import DESIGN, error, measured, value

ROUNDS = settings(max_examples=12, deadline=None)

incomes = st.floats(0.1, 1e5, allow_nan=False).map(lambda y: float(f"{y:.6g}"))
weights = st.floats(0.1, 1e4, allow_nan=False).map(lambda w: float(f"{w:.6g}"))
rows_drawn = st.lists(st.tuples(incomes, weights), min_size=8, max_size=40, unique_by=lambda row: row[0])

SMOOTH: dict[str, Callable[[Ranked], Linear]] = {
    "gini": Ranked.gini,
    "sen": _sen,
    "sst": _sst,
    "below": lambda rows: rows.below(900.0),
    "lorenz": lorenz_at(0.37),
}
"""Measures whose derivative by a weight needs no density."""


def of_rows(rows: list[tuple[float, float]], weight: list[float]) -> Ranked:
    welfare = np.array([row[0] for row in rows])
    line = np.full(len(rows), 1000.0)
    return ranked(np.arange(len(rows)), welfare, np.array(weight), line, derived=True)


@ROUNDS
@given(rows_drawn, st.integers(0, 7))
def test_an_influence_is_what_a_little_more_weight_does_to_the_figure(
    rows: list[tuple[float, float]], place: int
) -> None:
    weight = [row[1] for row in rows]
    step = 1e-6 * weight[place]
    for name, figure in SMOOTH.items():
        exact = figure(of_rows(rows, weight))
        if math.isnan(float(exact.value)):
            continue
        up, down = weight.copy(), weight.copy()
        up[place] += step
        down[place] -= step
        moved = float(figure(of_rows(rows, up)).value) - float(figure(of_rows(rows, down)).value)
        by_hand = moved / (2 * step) * weight[place]
        size = max(abs(float(exact.value)), 1e-3)
        assert exact.influence(len(rows))[place] == pytest.approx(by_hand, rel=2e-3, abs=1e-5 * size), name


@ROUNDS
@given(rows_drawn)
def test_the_influences_of_a_figure_that_no_common_weight_changes_sum_to_zero(
    rows: list[tuple[float, float]],
) -> None:
    for name, figure in SMOOTH.items():
        found = figure(of_rows(rows, [row[1] for row in rows]))
        if math.isnan(float(found.value)) or not found.slopes:
            continue
        influence = found.influence(len(rows))
        assert abs(influence.sum()) < 1e-9 * (1 + np.abs(influence).sum()), name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("influences")


FREE_OF_SCALE = (
    ("below_line", None), ("gap", None), ("severity", None), ("watts", None), ("sen", None), ("sst", None),
    ("gini", None), ("ge0", None), ("ge1", None), ("ge2", None), ("atkinson_05", None), ("atkinson_1", None),
    ("atkinson_2", None), ("quintile_ratio", None), ("rate", "60"), ("median_gap", "50"),
    ("income_share", "30"),
    ("ge2_between", "tribe"), ("ge1_within", "tribe"),
)  # fmt: skip


def test_a_change_of_currency_changes_neither_figures_nor_errors_that_have_no_currency(folder: Path) -> None:
    columns = samples.drawn(seed=11)
    before = measured(samples.written(folder, columns), by=["tribe"])
    scaled = columns | {"welfare": [2.5 * float(y) for y in columns["welfare"]]}
    after = measured(samples.written(folder, scaled), by=["tribe"], line="2500")
    for name, item in FREE_OF_SCALE:
        assert value(after, name, item) == pytest.approx(value(before, name, item), rel=1e-10), name
        assert error(after, name, item) == pytest.approx(error(before, name, item), rel=1e-9), name
    assert error(after, "mean") == pytest.approx(2.5 * error(before, "mean"))


def test_a_household_of_weight_three_is_three_households_of_its_cluster(folder: Path) -> None:
    columns = samples.drawn(seed=12, clusters=6)
    once = columns | {"weight": [3.0] * len(columns["weight"])}
    thrice: samples.Columns = {name: list(values) * 3 for name, values in columns.items()}
    thrice["weight"] = [1.0] * len(thrice["welfare"])
    one = measured(samples.written(folder, once), by=["tribe"])
    three = measured(samples.written(folder, thrice), by=["tribe"])
    for name, item in (*FREE_OF_SCALE, ("mean", None), ("median", None)):
        assert value(three, name, item) == pytest.approx(value(one, name, item), rel=1e-10), name
        assert error(three, name, item) == pytest.approx(error(one, name, item), rel=1e-9), name


def test_the_order_of_rows_and_their_groups_in_the_file_show_in_no_digit(folder: Path) -> None:
    columns = samples.drawn(seed=13)
    first = measured(samples.written(folder, columns), by=["tribe", "stratum"])
    points = measured(samples.written(folder, columns), by=["tribe", "stratum"], sample=None)
    for seed in (1, 2, 3):
        file = samples.written(folder, samples.shuffled(columns, seed), group=37)
        again = measured(file, by=["tribe", "stratum"])
        assert [part.rows for part in again.tables] == [part.rows for part in first.tables]
        again = measured(file, by=["tribe", "stratum"], sample=None)
        assert [part.rows for part in again.tables] == [part.rows for part in points.tables]


def test_figures_with_and_without_errors_are_the_same(folder: Path) -> None:
    file = samples.written(folder, samples.drawn(seed=14))
    with_errors = measured(file, by=["tribe"])
    without = measured(file, by=["tribe"], sample=None)
    compared = 0
    for one, other in zip(with_errors.tables, without.tables, strict=True):
        for row, same in zip(one.rows, other.rows, strict=True):
            assert (row.group, row.item) == (same.group, same.item)
            for figure, again in zip(row.figures, same.figures, strict=True):
                assert figure == (None if again is None else pytest.approx(again, rel=1e-11, abs=1e-14))
                compared += 1
    assert compared > 200


def test_poverty_measures_lie_between_their_bounds(folder: Path) -> None:
    table = measured(samples.written(folder, samples.drawn(seed=15)), by=["stratum"], sample=None)
    for stratum in [{}, *({"stratum": f"s{place}"} for place in range(6))]:
        head, gap, severity, sen, sst = (
            value(table, name, None, **stratum) for name in ("below_line", "gap", "severity", "sen", "sst")
        )
        assert 0 <= severity <= gap <= sen <= head <= 1
        assert gap <= sst <= 2 * gap
        assert gap**2 / max(head, 1e-12) <= severity + 1e-12


def test_groups_make_up_the_whole_exactly(folder: Path) -> None:
    table = measured(samples.written(folder, samples.drawn(seed=16)), by=["tribe", "stratum"], sample=None)
    for breakdown in ("tribe", "stratum"):
        for name in ("population_share", "share_of_below_line", "share_of_gap", "share_of_severity"):
            parts = [found or 0.0 for found in table.column(name, by=breakdown).values()]
            assert math.fsum(parts) == pytest.approx(1, abs=1e-13)
        for ge in ("ge0", "ge1", "ge2"):
            parts_of = [value(table, f"{ge}_{side}", breakdown) for side in ("within", "between")]
            assert math.fsum(parts_of) == pytest.approx(value(table, ge), rel=1e-11)
            assert min(parts_of) >= 0
        shares = table.column("rate", by=breakdown, item="60")
        people = table.column("people", by=breakdown)
        weighed = math.fsum((shares[group] or 0) * (people[group] or 0) for group in people)
        whole = math.fsum(number or 0 for number in people.values())
        assert weighed / whole == pytest.approx(value(table, "rate", "60"), rel=1e-12)


def test_equal_welfare_has_no_inequality_and_a_parade_of_one_height(folder: Path) -> None:
    columns = samples.drawn(seed=17) | {"welfare": [500.0] * (6 * 12 * 8)}
    table = measured(samples.written(folder, columns), sample=None)
    for name in ("ge0", "ge1", "ge2", "atkinson_05", "atkinson_1", "atkinson_2", "gini"):
        assert value(table, name) == pytest.approx(0, abs=1e-12), name
    assert value(table, "sen") == pytest.approx(0.5)
    assert {value(table, "income", str(place)) for place in (5, 50, 99)} == {500.0}
    assert value(table, "income_share", "30") == pytest.approx(0.3)


def test_incomes_that_have_no_logarithm_are_left_out_and_told(folder: Path) -> None:
    columns = samples.drawn(seed=18, strata=2)
    columns["welfare"] = [0.0, -5.0, *list(columns["welfare"])[2:]]
    table = measured(samples.written(folder, columns), measures=["ge", "atkinson", "gini"], sample=DESIGN)
    gone = math.fsum(map(float, columns["weight"][:2])) / math.fsum(map(float, columns["weight"]))
    assert value(table, "nonpositive") == pytest.approx(gone)
    kept: samples.Columns = {name: values[2:] for name, values in columns.items()}
    rest = measured(samples.written(folder, kept), measures=["ge", "atkinson"], sample=DESIGN)
    assert value(table, "ge0") == pytest.approx(value(rest, "ge0"), rel=1e-12)
