# SPDX-License-Identifier: Apache-2.0
"""Decides that a country nobody programmed for works: Mexico's package, a folder beside the code.

Shares are of households by their expansion factor, beside plain Python over the Parquet file. They are not
the official figures, which count people and ask for their income too.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from math import fsum
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.backends.reasons import explain
from hearthline.engine.packages import load_policy, run_scenarios
from hearthline.intake import import_files
from hearthline.statistics import measures

PACKAGE = Path(__file__).resolve().parents[2] / "examples" / "mexico-2014"
INDICATORS = ("ic_rezedu", "ic_asalud", "ic_segsoc", "ic_cv", "ic_sbv", "ic_ali")
CRITERIA = ("education", "health_services", "social_security", "dwelling", "basic_services", "food")


@pytest.fixture(scope="module")
def households(data_dir: Path) -> Path:
    file = data_dir / "coneval_mexico_2014" / "households.parquet"
    if not file.is_file():
        pytest.skip("No data: the file of Mexico is not in HEARTHLINE_DATA.")
    return file


@pytest.fixture(scope="module")
def rows(households: Path) -> list[dict[str, float]]:
    return pq.read_table(households).to_pylist()  # type: ignore[no-any-return]  # pyarrow has no types


@pytest.fixture(scope="module")
def run(households: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("mexico")
    import_map = PACKAGE / "import" / "households.toml"
    import_files(load_policy(PACKAGE), import_map, [households], folder / "snapshot")
    screen(str(PACKAGE), folder / "snapshot", on=date(2014, 12, 31), out=folder / "run")
    return open_run(folder / "run")


def deprivations(row: dict[str, float]) -> int:
    return sum(row[name] == 1 for name in INDICATORS)


def weighted_share(rows: list[dict[str, float]], at_least: int) -> float:
    counted = fsum(row["factor_hog"] for row in rows if deprivations(row) >= at_least)
    return counted / fsum(row["factor_hog"] for row in rows)


def test_the_scenarios_of_the_package_hold() -> None:
    results = run_scenarios(load_policy(PACKAGE), PACKAGE)
    assert len(results) == 4
    assert not [result.text for result in results if not result.passed]


def test_every_household_is_imported_and_none_has_listed_persons(
    run: Run, rows: list[dict[str, float]]
) -> None:
    assert run.record.counts["households"] == len(rows) == 58121
    assert set(load_policy(PACKAGE).levels) == {"household"}


def test_shares_agree_with_a_count_over_the_file(run: Run, rows: list[dict[str, float]]) -> None:
    table = measures.compute(run.folder, measures.MeasureRequest(measures=["status", "criteria"]))
    for standard, at_least in (("three_or_more", 3), ("one_or_more", 1)):
        expected = weighted_share(rows, at_least)
        assert table.value("poor", item=standard) == pytest.approx(expected, rel=0, abs=1e-9)
    whole = fsum(row["factor_hog"] for row in rows)
    for criterion, indicator in zip(CRITERIA, INDICATORS, strict=True):
        expected = fsum(row["factor_hog"] for row in rows if row[indicator] == 1) / whole
        assert table.value("not_met", item=criterion) == pytest.approx(expected, rel=0, abs=1e-9)


def test_the_number_of_deprivations_is_that_of_the_file(run: Run, rows: list[dict[str, float]]) -> None:
    files = run.paths("households")
    found = Counter(value for file in files for value in pq.read_table(file)["deprivations"].to_pylist())
    assert found == Counter(deprivations(row) for row in rows)


def test_a_household_can_be_asked_why_in_english(run: Run) -> None:
    explanation = explain(run, 1)
    assert [reason.name for reason in explanation.criteria] == list(CRITERIA)
