# SPDX-License-Identifier: Apache-2.0
"""Decides whether a figure says what it counts: people only where a package knows of people, and its base."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hearthline.engine.backends.runs import open_run
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import PERSON, Policy
from hearthline.statistics.columns import Quantity
from hearthline.statistics.compare import compare_runs
from hearthline.statistics.formats import shown
from hearthline.statistics.measures import compute_run
from hearthline.statistics.specification import specification_of
from hearthline.statistics.table import StatisticsTable
from tests.engine.hill_village import PACKAGE
from tests.statistics import fake_runs
from tests.statistics.fake_runs import Invented

DAY = date(2014, 12, 31)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """A package with people and a line."""
    return load_policy(PACKAGE)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    """An invented run."""
    return fake_runs.write_run(tmp_path_factory.mktemp("counted"), fake_runs.households(300))


def without_people(policy: Policy) -> Policy:
    """The package as if nobody were listed and no weight in people named."""
    levels = {name: level for name, level in policy.levels.items() if name != PERSON}
    return replace(policy, levels=levels, person_weight=None)


@pytest.mark.parametrize("weight", [None, "person"])
def test_without_persons_and_without_their_weight_households_are_counted(
    policy: Policy, weight: str | None
) -> None:
    assert specification_of(policy, DAY, weight=weight).weight == "person"
    found = specification_of(without_people(policy), DAY, weight=weight)
    assert (found.weight, found.counts_people) == ("household", False)


def test_a_named_weight_of_people_is_enough_to_count_people(policy: Policy) -> None:
    found = specification_of(replace(without_people(policy), person_weight="size"), DAY)
    assert (found.weight, found.counts_people) == ("person", True)


def test_households_are_never_called_people(invented: Invented) -> None:
    chosen = replace(fake_runs.specification(weight="household"), counts_people=False)
    table = compute_run(open_run(invented.folder), chosen, measures=["population", "headcount"])
    assert "Counted in households" in table.to_text()
    assert "eople" not in table.to_text()
    assert "人" not in table.to_text("zh").replace("人均", "")
    with pytest.raises(KeyError):
        table.value("people")


def test_a_comparison_without_people_has_none(tmp_path: Path) -> None:
    rows = fake_runs.households(40)
    later = [replace(row, status="poor") for row in rows]
    runs = (
        open_run(fake_runs.write_run(tmp_path, rows, run_name="a").folder),
        open_run(fake_runs.write_run(tmp_path, later, run_name="b").folder),
    )
    chosen = replace(fake_runs.specification(weight="household"), counts_people=False)
    found = compare_runs(runs, (chosen, chosen))
    assert "eople" not in found.to_text()
    assert "人数" not in found.to_text("zh")
    assert '"people"' not in found.to_json()


@pytest.fixture(scope="module")
def causes(invented: Invented) -> StatisticsTable:
    """The causes of the invented run, by region."""
    run = open_run(invented.folder)
    return compute_run(run, fake_runs.specification(), by=["region"], measures=["causes", "status"])


def test_n_of_a_share_of_the_poor_is_the_number_of_poor_households(
    invented: Invented, causes: StatisticsTable
) -> None:
    poor = [row for row in invented.households if row.status == "poor"]
    north = [row for row in poor if row.region == "north"]
    found = causes.find_table("causes")
    assert found is not None
    numbers = {row.group.values: row.n for row in found.rows}
    assert numbers[()] == len(poor)
    assert numbers["north",] == len(north)
    rows = list(csv.DictReader(io.StringIO(causes.to_csv())))
    assert {row["n"] for row in rows if (row["measure"], row["by"]) == ("causes", "total")} == {
        str(len(poor))
    }
    everybody = {row["n"] for row in rows if (row["measure"], row["by"]) == ("status", "total")}
    assert everybody == {str(len(invented.households))}
    assert f"  {len(poor)}\n" in causes.to_text()


def test_the_base_of_a_share_is_not_a_figure_of_its_own(causes: StatisticsTable) -> None:
    found = causes.find_table("causes")
    assert found is not None
    assert [heading.name for heading in found.headings] == ["evident", "not_evident", "unknown"]


def test_the_line_stands_with_its_unit(policy: Policy, invented: Invented) -> None:
    found = specification_of(policy, DAY, line="line")
    assert found.line is not None
    assert found.line.unit == "yuan/person/year"
    run = open_run(invented.folder)
    chosen = fake_runs.specification()
    assert chosen.line is not None
    chosen = replace(chosen, line=replace(chosen.line, unit="yuan/person/year"))
    table = compute_run(run, chosen, measures=["headcount"])
    assert "Line: Poverty line = 3,218.00 yuan per person per year." in table.to_text()
    assert "贫困线：贫困线＝3,218.00元/人/年。" in table.to_text("zh")


@pytest.mark.parametrize(
    ("figure", "quantity", "words"),
    [
        (0.125, Quantity.SHARE, "12.5%"),
        (0.0001, Quantity.SHARE, "<0.1%"),
        (8.5, Quantity.WEIGHTED, "8.5"),
        (8.0000000001, Quantity.WEIGHTED, "8"),
        (1234.5, Quantity.WEIGHTED, "1,234"),
        (8, Quantity.COUNT, "8"),
    ],
)
def test_a_figure_is_shown_as_far_as_it_means_something(
    figure: float, quantity: Quantity, words: str
) -> None:
    assert shown(figure, quantity) == words
