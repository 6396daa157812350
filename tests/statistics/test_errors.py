# SPDX-License-Identifier: Apache-2.0
"""Decides whether the errors of a sample are those of R, those of replicates, and those of the theory.

The files in ``by_r`` hold what R 4.2.2 printed, with laeken 0.5.2 and survey 4.1-1, when ``python -m
benchmarks.statistics`` ran it over these samples; the scripts in ``benchmarks/r`` say of every figure how R
came by it.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from benchmarks.beside_r import (
    Distance,
    Sample,
    distance,
    eusilc,
    imaginary_country,
    middle,
    replicated,
)
from hearthline.base.problems import HearthlineError
from hearthline.statistics.design import student
from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.registry import MEASURES
from tests.statistics import samples
from tests.statistics.samples import error, measured, value

BY_R = Path(__file__).parent / "by_r"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("errors")


def agree_with_r(sample: Sample, *files: str) -> Distance:
    """Compare every figure that has an error, on either side."""
    printed: list[dict[str, str]] = []
    for file in files:
        with (BY_R / file).open(encoding="utf-8", newline="") as lines:
            printed += csv.DictReader(lines)
    found = distance(sample, printed)
    assert not found.lacking
    assert found.greatest("points") < 1e-9
    assert found.greatest("errors") < 1e-6
    assert found.greatest("effects") < 1e-6
    return found


@pytest.mark.parametrize("unknown", [False, True])
def test_figures_errors_and_design_effects_of_eusilc_are_those_of_r(
    data_dir: Path, tmp_path: Path, *, unknown: bool
) -> None:
    file = "eusilc-unknown.csv" if unknown else "eusilc.csv"
    assert agree_with_r(eusilc(data_dir, tmp_path, unknown=unknown), file).figures > 600


def test_every_measure_of_the_survey_has_the_figures_errors_and_design_effects_of_r(
    data_dir: Path, tmp_path: Path
) -> None:
    found = agree_with_r(
        imaginary_country(data_dir, tmp_path), "imaginary-welfare.csv", "imaginary-answers.csv"
    )
    assert found.measures.keys() == MEASURES.keys()
    assert found.figures > 550


BY_DENSITY = {"quantiles", "parade", "risk"}
"""Measures whose error rests on a density, which a kernel gives but roughly where people are few."""


def test_linearisation_and_replicates_of_a_sample_give_the_same_errors_for_every_measure(
    folder: Path,
) -> None:
    """2,000 replicates know an error to 1.6 %; the rest is what is not linear in 72 clusters."""
    file = samples.written(folder, samples.drawn(seed=20))
    linear = measured(file, by=["tribe"])
    again = measured(file, by=["tribe"], sample=SampleRequest("stratum", "cluster", replicates=2000, seed=4))
    parts = replicated(linear, again)
    assert len(parts) == 17
    for measure, ratios in parts.items():
        smallest, middle_one, greatest = middle(ratios)
        assert middle_one == pytest.approx(1, abs=0.08), (measure, middle_one)
        if measure not in BY_DENSITY:
            assert 0.75 < smallest <= greatest < 1.25, (measure, smallest, greatest)


def test_the_same_seed_gives_the_same_replicates_and_another_seed_others(folder: Path) -> None:
    file = samples.written(folder, samples.drawn(seed=1))
    errors = [
        error(measured(file, measures=["gini"], sample=SampleRequest("stratum", "cluster", 50, seed)), "gini")
        for seed in (1, 1, 2)
    ]
    assert errors[0] == errors[1] != errors[2]


def test_intervals_hold_the_truth_in_about_nineteen_of_twenty_samples(folder: Path) -> None:
    """A population of clusters of lognormal welfare, of which the Gini is known: 2 Φ(σ / √2) − 1."""
    spread = math.sqrt(0.35**2 + 0.5**2)
    truth = math.erf(spread / 2)
    held = 0
    for seed in range(60):
        sample = samples.drawn(seed=100 + seed, strata=1, clusters=60, households=6)
        sample["weight"] = [1.0] * len(sample["weight"])
        table = measured(samples.written(folder, sample, f"{seed}.parquet"), measures=["gini"])
        precision = table.precision("gini")
        assert precision is not None
        held += precision.low <= truth <= precision.high
    assert 51 <= held <= 60


def test_a_group_is_a_domain_of_the_whole_design(folder: Path) -> None:
    """Two strata of two clusters; the group lives in one cluster of each. By hand, t of the others is 0."""
    columns: samples.Columns = {
        "welfare": [1.0, 0.0, 1.0, 1.0, 0.0, 0.0],
        "weight": [1.0] * 6,
        "stratum": ["a", "a", "a", "b", "b", "b"],
        "cluster": ["1", "1", "2", "1", "1", "2"],
        "tribe": ["in", "in", "out", "in", "in", "out"],
    }
    table = measured(samples.written(folder, columns), by=["tribe"], measures=["mean"])
    assert value(table, "mean", tribe="in") == 0.5
    # t: stratum a (1.5 - 1) / 4 ... the influence of a row is (y - mean) / 4.
    t = {"a": (0.5 - 0.5) / 4, "b": (0.5 - 0.5) / 4}
    assert error(table, "mean", tribe="in") == pytest.approx(math.sqrt(sum(2 * v**2 / 2 for v in t.values())))
    people = measured(samples.written(folder, columns), by=["tribe"], measures=["population"])
    # Totals 2 and 0 in both strata: 2 / (2 - 1) * ((2 - 1)² + (0 - 1)²) each.
    assert error(people, "people", tribe="in") == pytest.approx(math.sqrt(8))


def test_clusters_of_one_name_in_two_strata_are_two_clusters(folder: Path) -> None:
    table = measured(samples.written(folder, samples.drawn(seed=3, strata=4, clusters=5)), measures=["mean"])
    assert table.sampling is not None
    assert (table.sampling.units, table.sampling.strata, table.sampling.freedom) == (20, 4, 16)


def test_a_stratum_with_one_cluster_adds_its_square_and_is_told(folder: Path) -> None:
    columns: samples.Columns = {
        "welfare": [4.0, 2.0, 6.0],
        "weight": [1.0, 1.0, 1.0],
        "stratum": ["a", "a", "b"],
        "cluster": ["1", "2", "1"],
        "tribe": ["x", "x", "x"],
    }
    table = measured(samples.written(folder, columns), measures=["mean"])
    # Mean 4; t = 0, -2/3 in a, 2/3 in b. a: 2 ((1/3)² + (1/3)²) = 4/9; b: 4/9.
    assert error(table, "mean") == pytest.approx(math.sqrt(8 / 9))
    assert table.sampling is not None
    assert table.sampling.lonely == 1
    assert "Strata with one unit alone: 1" in table.to_text()


def test_without_a_design_households_count_as_drawn_each_for_itself_and_the_table_says_so(
    folder: Path,
) -> None:
    file = samples.written(folder, samples.drawn(seed=5))
    table = measured(file, measures=["mean"], sample=SampleRequest())
    assert table.sampling is not None
    assert table.sampling.units == 6 * 12 * 8
    assert "names no design" in table.to_text()
    assert "独立抽取" in table.to_text("zh")
    clustered = measured(file, measures=["mean"])
    assert error(clustered, "mean") > 1.3 * error(table, "mean")


def test_a_design_that_leaves_no_freedom_is_refused(folder: Path) -> None:
    columns = samples.drawn(seed=5, strata=3, clusters=1)
    with pytest.raises(HearthlineError) as refused:
        measured(samples.written(folder, columns))
    assert refused.value.problem.code == "statistics.too-few-units"


def test_the_interval_of_a_share_stays_between_none_and_all(folder: Path) -> None:
    table = measured(samples.written(folder, samples.drawn(seed=6)), by=["tribe"])
    shares = 0
    for part in table.tables:
        for row in part.rows:
            for heading, figure, precision in zip(part.headings, row.figures, row.precisions, strict=True):
                if heading.quantity.value == "share" and precision is not None and figure is not None:
                    assert -1e-12 <= precision.low <= figure + 1e-12, heading
                    assert figure - 1e-12 <= precision.high <= 1 + 1e-12, heading
                    shares += 1
    assert shares > 50


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    # R: qt(0.975, c(1, 2, 3, 10, 301, 5994))
    [
        (1, 12.706204736174694),
        (2, 4.302652729749462),
        (3, 3.182446305283708),
        (10, 2.2281388519862744),
        (301, 1.9678765312856947),
        (5994, 1.9603598374243989),
    ],
)
def test_student_is_that_of_r(freedom: int, quantile: float) -> None:
    assert student(0.975, freedom) == pytest.approx(quantile, rel=1e-9)


def test_files_carry_errors_beside_every_estimate(folder: Path) -> None:
    table = measured(samples.written(folder, samples.drawn(seed=7)), by=["tribe"], measures=["gini"])
    rows = list(csv.DictReader(table.to_csv().splitlines()))
    assert [row["by"] for row in rows] == ["total", "tribe", "tribe"]
    assert all(float(row["low"]) < float(row["value"]) < float(row["high"]) for row in rows)
    assert all(float(row["design_effect"]) > 0 for row in rows)
