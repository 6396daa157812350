# SPDX-License-Identifier: Apache-2.0
"""Decides which generated counties the tests share: one as by default, one of four counties screened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hearthline.engine.backends import screen
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.synthetic import GenerationReport, generate

CN = "cn/2014-2020"
MANY = 20_000


@dataclass(frozen=True)
class Screened:
    """Four counties after a screening: tables ``household``, ``person`` and so on, ``found``, ``people``."""

    report: GenerationReport
    tables: duckdb.DuckDBPyConnection

    def number(self, question: str) -> float:
        """The one number that a query gives."""
        answer = self.tables.execute(question).fetchone()
        assert answer is not None
        return float(answer[0])

    def planted(self, kind: str) -> list[int]:
        """The households in which this kind is planted."""
        plants = json.loads(self.report.planted.read_text(encoding="utf-8"))["planted"]
        return [number for plant in plants if plant["kind"] == kind for number in plant["household_ids"]]


@pytest.fixture(scope="session")
def cn() -> Policy:
    """The package whose households are generated."""
    return load_policy(CN)


@pytest.fixture(scope="session")
def county(cn: Policy, tmp_path_factory: pytest.TempPathFactory) -> tuple[GenerationReport, Snapshot]:
    """The county that is made when nothing is said."""
    report = generate(cn, out=tmp_path_factory.mktemp("county") / "county")
    return report, open_snapshot(report.folder)


@pytest.fixture(scope="session")
def screened(cn: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screened]:
    """Twenty thousand households, found poor or not by the default standard."""
    folder = tmp_path_factory.mktemp("screened")
    report = generate(cn, households=MANY, out=folder / "snapshot")
    screen(CN, report.folder, on=date(2017, 12, 31), out=folder / "run")
    with duckdb.connect() as tables:
        for level in open_snapshot(report.folder).levels:
            _show(tables, level, report.folder / level)
        _show(tables, "found", folder / "run" / "households.parquet")
        _show(tables, "people", folder / "run" / "persons.parquet")
        yield Screened(report, tables)


def _show(tables: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    files = str(path / "*.parquet") if path.is_dir() else str(path)
    tables.read_parquet(files).create_view(name)
