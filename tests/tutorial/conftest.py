# SPDX-License-Identifier: Apache-2.0
"""Decides what the tests of the tutorial share: the survey screened, and read without Hearthline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import policies_folder
from hearthline.engine.rules.policy import Policy
from hearthline.intake import import_files
from scripts.tutorial import SURVEY
from tests.tutorial.survey import CutOffs, Household, read_survey

SURVEY_MAP = policies_folder() / "imaginary" / "2023" / "import" / "survey.toml"
SEXES = {"male": "1", "female": "2"}


@dataclass(frozen=True)
class Screened:
    """The folder that holds the snapshot, its keys and the run, as the tutorial leaves it."""

    folder: Path

    @property
    def run(self) -> Run:
        return open_run(self.folder / "run")

    def numbers(self) -> dict[str, int]:
        """The opaque number of every household by its key in the survey."""
        keys = pq.read_table(self.folder / "snapshot.keys.parquet").to_pylist()
        return {row["source_key"]: row["id"] for row in keys if row["level"] == "household"}

    def answers(self) -> dict[int, dict[str, object]]:
        """The rows of the run by the number of the household."""
        rows = [row for path in self.run.paths("households") for row in pq.read_table(path).to_pylist()]
        return {row["household_id"]: row for row in rows}


@pytest.fixture(scope="session")
def survey_dir(data_dir: Path) -> Path:
    """The folder of the survey's two files."""
    folder = data_dir / "imaginary_country"
    if not (folder / "households.csv").is_file():
        pytest.skip("No data: the survey of the imaginary country is not in HEARTHLINE_DATA.")
    return folder


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The package of the survey."""
    return load_policy("imaginary/2023")


@pytest.fixture(scope="session")
def survey(survey_dir: Path, policy: Policy) -> list[Household]:
    """The survey with its answers, computed without Hearthline."""
    return read_survey(survey_dir, cut_offs(policy, "short_for_age"), cut_offs(policy, "light_for_age"))


@pytest.fixture(scope="session")
def screened(survey_dir: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Screened:
    """The survey imported and screened, as the commands of the tutorial do it."""
    folder = tmp_path_factory.mktemp("survey")
    files = [survey_dir / name for name in SURVEY]
    import_files(policy, SURVEY_MAP, files, folder / "snapshot")
    screen("imaginary/2023", folder / "snapshot", on=date(2023, 12, 31), out=folder / "run")
    return Screened(folder)


def cut_offs(policy: Policy, table: str) -> CutOffs:
    """A growth table by the survey's code of sex and the age in months."""
    return {
        (SEXES[str(sex)], int(str(month))): Decimal(str(value))
        for (sex, month), value in policy.lookups[table].rows.items()
    }
