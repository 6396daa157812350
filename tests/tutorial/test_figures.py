# SPDX-License-Identifier: Apache-2.0
"""Decides that the figures of the survey are right: each beside plain Python over the two CSV files.

Definitions: FGT after Foster, Greer and Thorbecke (1984), poor strictly below the line; H, A and M0 after
Alkire and Foster (2011) over households whose answer is known, by people.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthline.statistics import measures
from hearthline.statistics.table import StatisticsTable
from tests.tutorial.conftest import Screened
from tests.tutorial.survey import LINE, POINTS, Household, multidimensional, share

EXACT = 1e-9


def figures(folder: Path, weight: str | None = None) -> StatisticsTable:
    names = ["headcount", "below_line", "gap", "severity", "mpi"]
    return measures.compute(folder / "run", measures.MeasureRequest(measures=names, weight=weight))


@pytest.fixture(scope="module")
def by_people(screened: Screened) -> StatisticsTable:
    return figures(screened.folder)


def test_headcount_gap_and_severity_by_people(by_people: StatisticsTable, survey: list[Household]) -> None:
    for column, alpha in (("headcount", 0), ("below_line", 0), ("gap", 1), ("severity", 2)):
        expected = share(survey, lambda household: household.people_weight, alpha)
        assert by_people.value(column) == pytest.approx(expected, rel=0, abs=EXACT)
    assert by_people.value("headcount") == pytest.approx(0.220, abs=0.0005)


def test_headcount_gap_and_severity_by_households(screened: Screened, survey: list[Household]) -> None:
    by_households = figures(screened.folder, weight="household")
    for column, alpha in (("headcount", 0), ("gap", 1), ("severity", 2)):
        expected = share(survey, lambda household: household.household_weight, alpha)
        assert by_households.value(column) == pytest.approx(expected, rel=0, abs=EXACT)
    assert by_households.value("headcount") == pytest.approx(0.140, abs=0.0005)


def test_incidence_intensity_and_adjusted_headcount(
    by_people: StatisticsTable, survey: list[Household]
) -> None:
    expected = multidimensional(survey)
    assert by_people.value("h", item="mpi") == pytest.approx(expected.h, rel=0, abs=EXACT)
    assert by_people.value("a", item="mpi") == pytest.approx(expected.a, rel=0, abs=EXACT)
    assert by_people.value("m0", item="mpi") == pytest.approx(expected.m0, rel=0, abs=EXACT)
    assert by_people.value("unknown", item="mpi") == pytest.approx(expected.unknown, rel=0, abs=EXACT)
    assert expected.m0 == pytest.approx(expected.h * expected.a, rel=0, abs=EXACT)


@pytest.mark.parametrize("indicator", POINTS)
def test_censored_headcount(by_people: StatisticsTable, survey: list[Household], indicator: str) -> None:
    found = by_people.value("censored_headcount", item=f"mpi.{indicator}")
    assert found == pytest.approx(multidimensional(survey).censored[indicator], rel=0, abs=EXACT)


def test_every_household_has_the_answers_of_the_survey(screened: Screened, survey: list[Household]) -> None:
    numbers, answers = screened.numbers(), screened.answers()
    words = {True: "not met", False: "met", None: "unknown"}
    assert len(answers) == len(survey) == 8000
    for household in survey:
        row = answers[numbers[household.key]]
        expected = {name: words[answer] for name, answer in household.deprived.items()}
        expected["status"] = "poor" if household.spending < LINE else "not poor"
        expected["status_mpi"] = household.status_mpi
        assert {name: row[name] for name in expected} == expected, household.key
        assert (row["mpi_points"], row["mpi_points_unknown"]) == household.score, household.key
