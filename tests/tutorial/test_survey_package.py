# SPDX-License-Identifier: Apache-2.0
"""Decides that the package of the survey is sound: scenarios, weights, growth standards, columns."""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from hearthline.engine.packages import load_policy, run_scenarios
from hearthline.engine.packages.folder import policies_folder
from hearthline.engine.rules.policy import Policy
from tests.tutorial.survey import POINTS

PACKAGE = policies_folder() / "imaginary" / "2023"
IDENTIFIERS = {"hid", "idno", "geo1", "geo2", "ea"}
# As published, to one decimal, from birth to 59 months: WHO Child Growth Standards (2006), -2 SD.
PUBLISHED = {
    ("short_for_age", "male"): (
        "46.1 50.8 54.4 57.3 59.7 61.7 63.3 64.8 66.2 67.5 68.7 69.9 71.0 72.1 73.1 74.1 75.0 76.0 76.9 77.7 "
        "78.6 79.4 80.2 81.0 81.0 81.7 82.5 83.1 83.8 84.5 85.1 85.7 86.4 86.9 87.5 88.1 88.7 89.2 89.8 90.3 "
        "90.9 91.4 91.9 92.4 93.0 93.5 94.0 94.4 94.9 95.4 95.9 96.4 96.9 97.4 97.8 98.3 98.8 99.3 99.7 100.2"
    ),
    ("short_for_age", "female"): (
        "45.4 49.8 53.0 55.6 57.8 59.6 61.2 62.7 64.0 65.3 66.5 67.7 68.9 70.0 71.0 72.0 73.0 74.0 74.9 75.8 "
        "76.7 77.5 78.4 79.2 79.3 80.0 80.8 81.5 82.2 82.9 83.6 84.3 84.9 85.6 86.2 86.8 87.4 88.0 88.6 89.2 "
        "89.8 90.4 90.9 91.5 92.0 92.5 93.1 93.6 94.1 94.6 95.1 95.6 96.1 96.6 97.1 97.6 98.1 98.5 99.0 99.5"
    ),
    ("light_for_age", "male"): (
        "2.5 3.4 4.3 5.0 5.6 6.0 6.4 6.7 6.9 7.1 7.4 7.6 7.7 7.9 8.1 8.3 8.4 8.6 8.8 8.9 "
        "9.1 9.2 9.4 9.5 9.7 9.8 10.0 10.1 10.2 10.4 10.5 10.7 10.8 10.9 11.0 11.2 11.3 11.4 11.5 11.6 "
        "11.8 11.9 12.0 12.1 12.2 12.4 12.5 12.6 12.7 12.8 12.9 13.1 13.2 13.3 13.4 13.5 13.6 13.7 13.8 14.0"
    ),
    ("light_for_age", "female"): (
        "2.4 3.2 3.9 4.5 5.0 5.4 5.7 6.0 6.3 6.5 6.7 6.9 7.0 7.2 7.4 7.6 7.7 7.9 8.1 8.2 "
        "8.4 8.6 8.7 8.9 9.0 9.2 9.4 9.5 9.7 9.8 10.0 10.1 10.3 10.4 10.5 10.7 10.8 10.9 11.1 11.2 "
        "11.3 11.5 11.6 11.7 11.8 12.0 12.1 12.2 12.3 12.4 12.6 12.7 12.8 12.9 13.0 13.2 13.3 13.4 13.5 13.6"
    ),
}


def test_every_scenario_holds(policy: Policy) -> None:
    results = run_scenarios(policy, PACKAGE)
    assert len(results) >= 20
    assert not [result.text for result in results if not result.passed]


def test_weights_are_exact_sixths_and_eighteenths_and_sum_to_one(policy: Policy) -> None:
    index = policy.indices["mpi"]
    assert index.weights == {name: Fraction(points, 18) for name, points in POINTS.items()}
    assert sum(index.weights.values()) == 1
    assert index.cutoff == Fraction(1, 3)


@pytest.mark.parametrize(("table", "sex"), PUBLISHED)
def test_cut_offs_of_growth_are_those_published(policy: Policy, table: str, sex: str) -> None:
    rows = policy.lookups[table].rows
    for month, published in enumerate(PUBLISHED[table, sex].split()):
        assert abs(Decimal(str(rows[sex, month])) - Decimal(published)) <= Decimal("0.05"), (sex, month)
    assert len(rows) == 120


def test_every_column_of_the_survey_is_a_fact_or_identifies_a_row(survey_dir: Path, policy: Policy) -> None:
    files = tomllib.loads((PACKAGE / "import" / "survey.toml").read_text(encoding="utf-8"))["file"]
    for file, repeated in zip(files, (set(), {"hhweight"}), strict=True):
        with (survey_dir / file["files"]).open(encoding="utf-8", newline="") as opened:
            heading = set(next(csv.reader(opened)))
        assert set(file["columns"]) == set(policy.facts[file["level"]])
        assert heading - IDENTIFIERS - repeated == set(file["columns"])


def test_health_disability_and_religion_are_sensitive(policy: Policy) -> None:
    sensitive = {name for name, fact in policy.facts["person"].items() if fact.sensitivity == "sensitive"}
    assert sensitive == {"religion", "disability", "blind", "deaf", "mental", "ch_weight", "ch_height"}


def test_the_package_is_found_by_its_id() -> None:
    assert load_policy("imaginary/2023").default_standard.name == "monetary"
