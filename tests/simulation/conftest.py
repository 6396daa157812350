# SPDX-License-Identifier: Apache-2.0
"""Decides the county that questions are asked about: small, invented, screened by the package as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hearthline.engine.backends import Run, screen
from hearthline.engine.packages import load_policy
from hearthline.synthetic.generator import generate

PACKAGE = "cn/2014-2020"
ON = date(2017, 12, 31)


@pytest.fixture(scope="session")
def what_if_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of 600 households."""
    folder = tmp_path_factory.mktemp("what-if") / "county"
    generate(load_policy(PACKAGE), out=folder, households=600, seed=3, year=2017)
    return folder


@pytest.fixture(scope="session")
def what_if_run(what_if_county: Path) -> Run:
    """The county screened by the package as it is."""
    return screen(PACKAGE, what_if_county, on=ON, out=what_if_county.parent / "run").run
