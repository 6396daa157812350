# SPDX-License-Identifier: Apache-2.0
"""Decides whether measures behave as measures must, whatever the households, and match published values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.statistics.figures import Provenance
from hearthline.statistics.relation import relation_over
from hearthline.statistics.specification import Specification, line_named
from hearthline.statistics.table import StatisticsTable
from hearthline.statistics.tabulation import tabulate
from tests.statistics import by_hand, fake_runs

ROUNDS = settings(max_examples=15, deadline=None)
LINE = 100.0

incomes = st.floats(0.01, 1e6, allow_nan=False).map(lambda y: float(f"{y:.6g}"))
weights = st.floats(0.001, 1e5, allow_nan=False).map(lambda w: float(f"{w:.6g}"))
groups = st.sampled_from(["a", "b", "c"])
households = st.lists(st.tuples(incomes, weights, groups), min_size=2, max_size=40)

Rows = Sequence[tuple[float, float, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("properties")


def measured(folder: Path, rows: Rows, *, line: float = LINE, by: Sequence[str] = ()) -> StatisticsTable:
    table = pa.table(
        {
            "income": pa.array([row[0] for row in rows], pa.float64()),
            "grossing": pa.array([row[1] for row in rows], pa.float64()),
            "tribe": pa.array([row[2] for row in rows], pa.string()),
        }
    )
    pq.write_table(table, folder / "rows.parquet")
    return over(folder / "rows.parquet", "income", "grossing", line=str(line), by=by)


def over(
    file: Path, welfare: str, weight: str, *, line: str, by: Sequence[str] = (), memory: str = "1GB"
) -> StatisticsTable:
    return tabulate(
        relation_over((file,)),
        Specification(welfare=welfare, line=line_named(line)),
        by=by,
        provenance=Provenance(),
        weights={"person": weight},
        memory=memory,
    )


def figure(table: StatisticsTable, name: str, **group: str) -> float:
    value = table.value(name, **group)
    assert value is not None
    return value


SCALE_FREE = ("below_line", "gap", "severity", "watts", "gini")
AMOUNTS = ("mean", "p10", "p25", "median", "p75", "p90")


@ROUNDS
@given(households)
def test_every_figure_agrees_with_its_definition(folder: Path, rows: list[tuple[float, float, str]]) -> None:
    table = measured(folder, rows)
    pairs = [(y, w) for y, w, _ in rows]
    for alpha, name in enumerate(("below_line", "gap", "severity")):
        assert figure(table, name) == pytest.approx(by_hand.fgt(pairs, LINE, alpha), rel=1e-12, abs=1e-15)
    assert figure(table, "watts") == pytest.approx(by_hand.watts(pairs, LINE), rel=1e-12, abs=1e-15)
    assert figure(table, "gini") == pytest.approx(by_hand.gini_by_lorenz(pairs), rel=1e-9, abs=1e-12)
    assert figure(table, "gini") == pytest.approx(by_hand.gini_by_pairs(pairs), rel=1e-9, abs=1e-12)
    for name, p in (("p10", "1/10"), ("median", "1/2"), ("p90", "9/10")):
        assert figure(table, name) == pytest.approx(by_hand.quantile(pairs, Fraction(p)), rel=1e-12)


@ROUNDS
@given(households, st.sampled_from([0.001, 0.5, 7.0, 1e6]))
def test_a_change_of_currency_changes_amounts_and_nothing_else(
    folder: Path, rows: list[tuple[float, float, str]], factor: float
) -> None:
    before = measured(folder, rows)
    after = measured(folder, [(y * factor, w, g) for y, w, g in rows], line=LINE * factor)
    for name in SCALE_FREE:
        assert figure(after, name) == pytest.approx(figure(before, name), rel=1e-9, abs=1e-12), name
    for name in AMOUNTS:
        assert figure(after, name) == pytest.approx(figure(before, name) * factor, rel=1e-9), name


@ROUNDS
@given(households)
def test_doubling_every_weight_changes_only_the_population(
    folder: Path, rows: list[tuple[float, float, str]]
) -> None:
    before, after = measured(folder, rows), measured(folder, [(y, 2 * w, g) for y, w, g in rows])
    for name in (*SCALE_FREE, *AMOUNTS):
        assert figure(after, name) == pytest.approx(figure(before, name), rel=1e-12), name
    assert figure(after, "people") == pytest.approx(2 * figure(before, "people"))


@ROUNDS
@given(households)
def test_fgt_and_watts_decompose_into_their_groups(
    folder: Path, rows: list[tuple[float, float, str]]
) -> None:
    table = measured(folder, rows, by=["tribe"])
    people = table.column("people", by="tribe")
    for name in ("below_line", "gap", "severity", "watts"):
        parts = table.column(name, by="tribe")
        whole = math.fsum((people[group] or 0) * (parts[group] or 0) for group in people)
        assert whole / math.fsum(value or 0 for value in people.values()) == pytest.approx(
            figure(table, name), rel=1e-12, abs=1e-15
        )


@ROUNDS
@given(incomes, st.lists(weights, min_size=1, max_size=30))
def test_equal_incomes_have_a_gini_of_zero_and_all_quantiles_alike(
    folder: Path, income: float, of: list[float]
) -> None:
    table = measured(folder, [(income, weight, "a") for weight in of])
    assert figure(table, "gini") == pytest.approx(0, abs=1e-12)
    assert {figure(table, name) for name in AMOUNTS[1:]} == {income}


@ROUNDS
@given(households)
def test_the_order_and_the_splitting_of_rows_do_not_matter(
    folder: Path, rows: list[tuple[float, float, str]]
) -> None:
    before = measured(folder, rows)
    halves = [(y, w / 2, g) for y, w, g in rows] * 2
    after = measured(folder, sorted(halves, key=hash))
    for name in (*SCALE_FREE, *AMOUNTS):
        assert figure(after, name) == pytest.approx(figure(before, name), rel=1e-11, abs=1e-12), name


def test_the_median_of_an_even_number_of_people_is_the_mean_of_the_middle_two(folder: Path) -> None:
    table = measured(folder, [(y, 1.0, "a") for y in (10.0, 40.0, 20.0, 30.0)])
    assert figure(table, "median") == 25.0
    assert figure(table, "p25") == 15.0
    assert figure(table, "p10") == 10.0


def test_one_person_with_everything_has_a_gini_near_one(folder: Path) -> None:
    rows = [(0.0, 1.0, "a")] * 99 + [(1000.0, 1.0, "a")]
    assert figure(measured(folder, rows), "gini") == pytest.approx(0.99, abs=1e-12)


def test_negative_incomes_stay_in_gap_and_gini_and_out_of_watts(folder: Path) -> None:
    rows = [(-50.0, 1.0, "a"), (50.0, 1.0, "a"), (300.0, 2.0, "a")]
    table = measured(folder, rows)
    assert figure(table, "gap") == pytest.approx((1.5 + 0.5) / 4)
    assert figure(table, "watts") == pytest.approx(math.log(2) / 3)
    assert figure(table, "watts_left_out") == 0.25
    pairs = [(y, w) for y, w, _ in rows]
    assert figure(table, "gini") == pytest.approx(by_hand.gini_by_pairs(pairs))


def test_a_gini_over_no_income_does_not_exist(folder: Path) -> None:
    assert measured(folder, [(0.0, 1.0, "a"), (0.0, 2.0, "a")]).value("gini") is None


@pytest.fixture(scope="module")
def eusilc(data_dir: Path, folder: Path) -> Path:
    file = folder / "eusilc.parquet"
    pq.write_table(pa.csv.read_csv(data_dir / "eusilc" / "eusilc.csv"), file)
    return file


def test_the_gini_of_eusilc_is_the_one_that_laeken_publishes(eusilc: Path) -> None:
    """R laeken: gini(eqIncome, weights = rb050) prints 26.48962; convey's other convention 0.2649652."""
    table = over(eusilc, "eqIncome", "rb050", line="10859.24")
    assert round(100 * figure(table, "gini"), 5) == 26.48962


def test_the_risk_of_poverty_of_eusilc_is_the_one_that_laeken_publishes(eusilc: Path) -> None:
    """R laeken: arpr prints a rate of 14.44422 and a threshold, 60 % of the median, of 10859.24."""
    table = over(eusilc, "eqIncome", "rb050", line="10859.24")
    assert round(100 * figure(table, "below_line"), 5) == 14.44422
    assert round(0.6 * figure(table, "median"), 2) == 10859.24


def test_figures_repeat_to_twelve_digits_in_any_order_and_within_little_memory(folder: Path) -> None:
    rows = fake_runs.households(20_000, seed=3, unknown=0.0)
    listed = [(float(row.income or 0), row.household_weight, row.region or "") for row in rows]
    first = measured(folder, listed, line=3218.0, by=["tribe"])
    pq.write_table(
        pq.read_table(folder / "rows.parquet").sort_by("grossing"),
        folder / "sorted.parquet",
        row_group_size=777,
    )
    again = over(folder / "sorted.parquet", "income", "grossing", line="3218", by=["tribe"], memory="100MB")
    again = replace(again, specification=first.specification)
    assert again.to_csv() == first.to_csv()


def test_a_line_of_zero_is_no_line(folder: Path) -> None:
    table = measured(folder, [(10.0, 1.0, "a"), (20.0, 3.0, "a")], line=0.0)
    assert table.value("below_line") is None
    assert table.value("gap") is None
    assert figure(table, "welfare_unknown") == 1.0
