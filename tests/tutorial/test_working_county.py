# SPDX-License-Identifier: Apache-2.0
"""Decides that the tutorial of the working county is true: its people, their figures, the files it brings."""

from __future__ import annotations

import csv
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends import open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.intake import import_files
from hearthline.synthetic import generate, names_path
from scripts.tutorial import PAGES, steps_of

PACKAGE, ON = "cn/2014-2020", date(2017, 12, 31)
HOUSEHOLDS, SEED = 5_000, 1  # those of the demonstration
PAGE = PAGES / "6-a-working-county.md"
WORDS = " ".join(PAGE.read_text(encoding="utf-8").split())
Row = dict[str, object]


@dataclass(frozen=True)
class County:
    """The county of the demonstration: rows of its run by household, and who heads which."""

    answers: dict[object, Row]
    facts: dict[object, Row]
    heads: dict[str, list[object]]

    def village_of(self, household: object) -> list[Row]:
        """The answers of the village in which a household lives."""
        place = self.answers[household]["area"]
        return [row for row in self.answers.values() if row["area"] == place]


def rows_of(folder: Path) -> list[Row]:
    """The rows of a Parquet file or folder."""
    found: list[Row] = pq.read_table(folder).to_pylist()
    return found


def refused_rows(file: Path) -> list[tuple[str, str, str]]:
    """File, line and value of the rows that an import refused."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [(row["file"], row["line"], row["value"]) for row in csv.DictReader(stream)]


def answers_of(run: Path) -> list[Row]:
    """The households of a run."""
    return [row for path in open_run(run).paths("households") for row in rows_of(path)]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The county, generated and screened as the demonstration does it."""
    folder = tmp_path_factory.mktemp("county")
    policy = load_policy(PACKAGE)
    generate(policy, out=folder / "snapshot", households=HOUSEHOLDS, seed=SEED, year=ON.year, replace=True)
    screen(PACKAGE, folder / "snapshot", on=ON, out=folder / "run")
    heads: dict[str, list[object]] = {}
    for row in rows_of(names_path(folder / "snapshot")):
        if row["is_head"]:
            heads.setdefault(str(row["name"]), []).append(row["household_id"])
    return County(
        {row["household_id"]: row for row in answers_of(folder / "run")},
        {row["household_id"]: row for row in rows_of(folder / "snapshot" / "household")},
        heads,
    )


def test_the_village_has_the_households_that_the_page_counts(county: County) -> None:
    village = county.village_of(county.heads["溪秀梅"][0])
    statuses = Counter(row["status"] for row in village)
    assert f"{statuses['poor']} poor households with" in WORDS
    assert f"{statuses['unknown']} unknown, of {len(village)}" in WORDS


def test_the_household_is_poor_for_the_reason_that_the_page_tells(county: County) -> None:
    (household,) = county.heads["溪秀梅"]
    answer = county.answers[household]
    criteria = load_policy(PACKAGE).criteria
    assert answer["status"] == "poor"
    assert f"Net income is {answer['net_income']:,} yuan" in WORDS
    line = Decimal(2952) * int(str(county.facts[household]["size"]))
    assert f"The line is 2,952 yuan a person in 2017, and there are three of them: {line:,}." in WORDS
    assert criteria["income"].not_met["en"].removesuffix(".") in WORDS


def test_one_household_of_the_village_lives_in_a_dangerous_dwelling(county: County) -> None:
    village = county.village_of(county.heads["溪秀梅"][0])
    unsafe = [row["household_id"] for row in village if row["housing"] == "not met"]
    assert unsafe == county.heads["垭大平"]
    assert county.facts[unsafe[0]]["dwelling_grade"] == "D"


def test_the_files_bring_the_mistakes_and_then_none(county: County, tmp_path: Path) -> None:
    make, mend = (step.command for step in steps_of(PAGE))
    arrivals = tmp_path / "arrivals"
    files = [arrivals / "households.csv", arrivals / "people.csv"]
    policy = load_policy(PACKAGE)
    subprocess.run(["sh", "-euc", make], cwd=tmp_path, check=True)
    import_files(policy, arrivals / "map.toml", files, tmp_path / "first")
    assert refused_rows(tmp_path / "first.rejected.csv")[0] == ("households.csv", "3", "F")
    places = {str(row["area"]) for row in county.answers.values()}
    assert "A00101001999" not in places
    assert "A00101001001" in places

    subprocess.run(["sh", "-euc", mend], cwd=tmp_path, check=True)
    import_files(policy, arrivals / "map.toml", files, tmp_path / "second")
    assert not refused_rows(tmp_path / "second.rejected.csv")
    screen(PACKAGE, tmp_path / "second", on=ON, out=tmp_path / "run")
    statuses = Counter(row["status"] for row in answers_of(tmp_path / "run"))
    assert statuses == {"poor": 2, "unknown": 1}

    before = Counter(row["status"] for row in county.answers.values())
    after = before + statuses
    total = f"{after.total():,} households, {after['poor']} poor, {after['unknown']} unknown"
    assert total in WORDS
