# SPDX-License-Identifier: Apache-2.0
"""Decides what the tests of targeting share: the imaginary country, screened with its covariates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import policies_folder
from hearthline.intake import import_files
from hearthline.targeting.frame import Frame, frame_of
from scripts.tutorial import SURVEY

SURVEY_MAP = policies_folder() / "imaginary" / "2023" / "import" / "survey.toml"
COVARIATES = "imaginary/2023-targeting"


@pytest.fixture(scope="session")
def survey_run(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The survey of the imaginary country, imported and screened with the covariates of a score."""
    source = data_dir / "imaginary_country"
    if not (source / "households.csv").is_file():
        pytest.skip("No data: the survey of the imaginary country is not in HEARTHLINE_DATA.")
    folder = tmp_path_factory.mktemp("targeting")
    import_files(load_policy("imaginary/2023"), SURVEY_MAP, [source / n for n in SURVEY], folder / "snapshot")
    screen(COVARIATES, folder / "snapshot", on=date(2023, 12, 31), out=folder / "run")
    return open_run(folder / "run")


@pytest.fixture(scope="session")
def survey_frame(survey_run: Run) -> Frame:
    """What a score is learned from in that survey."""
    return frame_of(survey_run)
