# SPDX-License-Identifier: Apache-2.0
"""Decides that a real survey comes in whole, by a map with recodes, areas and a sample design."""

from __future__ import annotations

from pathlib import Path

import duckdb

from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.intake import import_files

ROOT = Path(__file__).resolve().parents[2]
MAP = ROOT / "src/hearthline/policies/imaginary/2023/import/survey.toml"


def test_the_survey_of_the_imaginary_country_comes_in_whole(data_dir: Path, tmp_path: Path) -> None:
    folder = data_dir / "imaginary_country"
    files = [folder / "households.csv", folder / "individuals.csv"]
    report = import_files(load_policy("imaginary/2023"), MAP, files, tmp_path / "snapshot")
    assert [(file.read, file.accepted, file.refused) for file in report.files] == [
        (8_000, 8_000, 0),
        (32_396, 32_396, 0),
    ]
    snapshot = open_snapshot(report.snapshot)
    assert (snapshot.households, snapshot.rows("person")) == (8_000, 32_396)
    with duckdb.connect() as connection:
        query = "select sum(popweight), sum(pc_exp * popweight), count(*) from read_csv($path)"
        people, spending, rows = connection.execute(query, {"path": str(files[0])}).fetchall()[0]
        path = [str(part) for part in snapshot.paths("household")]
        found = connection.execute(
            "select sum(popweight), sum(pc_exp * popweight), count(*) from read_parquet($path)",
            {"path": path},
        ).fetchall()[0]
    assert rows == found[2]
    assert abs(found[0] - people) <= 1e-9 * people
    assert abs(found[1] - spending) <= 1e-9 * spending
