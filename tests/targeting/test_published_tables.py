# SPDX-License-Identifier: Apache-2.0
"""Decides that published tables of a Poverty Probability Index work as scores; broken ones say why not."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.intake import import_files
from hearthline.targeting.scoring import score_run
from hearthline.targeting.tables import read_table, write_table_package
from scripts.measure import ROOT

BANGLADESH = ROOT / "examples" / "bangladesh-2013"
REFUSED = {
    "ppiHND2010": "the column score holds '', not a number",
    "ppiIND2016_r68": "the column percentile20 holds '', not a number",
    "ppiRWA2019": "the column score holds 101.0, which is no share",
}
# The ten questions in the order of the survey's last columns, with the points of each answer as the scorecard
# prints them: not read from the package.
POINTS = (
    {"None": 32, "One": 16, "Two": 10, "Three or more": 0},
    {"Yes": 6, "No": 0, "No one 6-to-12": 0},
    {"Yes": 0, "No": 8},
    {"One": 0, "Two": 3, "Three or more": 5},
    {"Hemp/hay/bamboo, or other": 0, "Mud brick, or C.I. sheet/wood": 2, "Brick/cement": 9},
    {"Yes": 7, "No": 0},
    {"None": 0, "One": 4, "Two or more": 7},
    {"None": 0, "One": 8, "Two or more": 15},
    {"Yes": 4, "No": 0},
    {"Yes": 7, "No": 0},
)


def test_every_published_table_loads_or_is_refused_with_its_reason(data_dir: Path) -> None:
    files = sorted((data_dir / "ppi").glob("ppi*.csv"))
    assert len(files) == 117
    refused = {}
    for file in files:
        try:
            table = read_table(file)
        except HearthlineError as error:
            refused[file.stem] = error.sentence
            continue
        assert table.scores[-1] == 100
        assert all(0 <= value <= 1 for column in table.lines.values() for value in column)
    print(f"{117 - len(refused)} tables load, {len(refused)} are refused.")
    assert refused.keys() == REFUSED.keys()
    assert all(reason in refused[name] for name, reason in REFUSED.items())


def test_the_survey_of_bangladesh_gives_the_headcounts_that_its_matrix_gives_by_hand(
    data_dir: Path, tmp_path: Path
) -> None:
    raw = data_dir / "bangladesh_ppi" / "surveyDataBGD.csv"
    import_files(load_policy(BANGLADESH), BANGLADESH / "import" / "survey.toml", [raw], tmp_path / "snapshot")
    table = read_table(data_dir / "ppi" / "ppiBGD2013.csv")
    write_table_package(
        str(BANGLADESH), table, points="card_total", line="nl", name="ppi", out=tmp_path / "package"
    )
    screen(str(tmp_path / "package"), tmp_path / "snapshot", on=date(2017, 3, 13), out=tmp_path / "run")
    run = open_run(tmp_path / "run")
    scored = score_run(run, "ppi")
    totals = totals_by_hand(raw)
    assert sorted(int(value) for value in scored.values) == sorted(totals)
    with (data_dir / "bangladesh_ppi" / "ppiMatrixBGD.csv").open(encoding="utf-8", newline="") as file:
        matrix = {int(row["score"]): row for row in csv.DictReader(file)}
    by_hand = sum(Decimal(matrix[total]["nl"]) for total in totals) / len(totals)
    assert scored.likelihood is not None
    assert scored.likelihood.mean() == pytest.approx(float(by_hand), abs=1e-12)


def totals_by_hand(raw: Path) -> list[int]:
    """The points of every interview, from the raw export and the printed card."""
    with raw.open(encoding="latin-1", newline="") as file:
        rows = list(csv.reader(file))
    first = next(place for place, name in enumerate(rows[0]) if "12-years-old or younger" in name)
    answers = [row[first : first + 10] for row in rows[1:]]
    assert len(answers) == 1282
    return [sum(points[answer] for points, answer in zip(POINTS, row, strict=True)) for row in answers]


def test_the_table_of_the_survey_is_the_published_one(data_dir: Path) -> None:
    survey = read_table(data_dir / "bangladesh_ppi" / "ppiMatrixBGD.csv")
    published = read_table(data_dir / "ppi" / "ppiBGD2013.csv")
    assert survey.lines == published.lines


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("points,nl\n0,1\n", "its columns are not score"),
        ("score,nl,nl\n0,1,1\n", "stands twice"),
        ("score,nl\n0,90\n2,80\n", "is not the whole number after the one above"),
        ("score,nl\n0,90\n1\n", "1 cells instead of 2"),
        ("score,nl\n0,90\n1,-3\n", "which is no share"),
        ("score,nl\n0,90\n1,NaN\n", "which is no share"),
        ("score,nl\n0,90\n1,80\n", "do not reach from 0 or 1 to 100"),
        ("", "its columns are not score"),
    ],
)
def test_a_broken_table_is_refused_with_its_line_and_reason(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(HearthlineError, match="This is no table of scores") as caught:
        read_table(tmp_path / "t.csv")
    assert says in caught.value.sentence
    assert caught.value.place is not None


def test_a_line_that_the_table_does_not_have_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"{score},{100 - score}\n" for score in range(101))
    (tmp_path / "t.csv").write_text("score,nl100\n" + rows, encoding="utf-8")
    table = read_table(tmp_path / "t.csv")
    out = tmp_path / "p"
    with pytest.raises(HearthlineError, match="has no line"):
        write_table_package(str(BANGLADESH), table, points="card_total", line="nl200", name="ppi", out=out)
    with pytest.raises(HearthlineError, match="no whole number"):
        write_table_package(str(BANGLADESH), table, points="walls", line="nl100", name="ppi", out=out)
