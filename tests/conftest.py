# SPDX-License-Identifier: Apache-2.0
"""Decides where tests find the real data sets, and when a missing one is a failure.

``HEARTHLINE_DATA`` names the folder (default ``../shared/data`` beside the repository). Where it is
absent a test is skipped with a plain message; with ``HEARTHLINE_REQUIRE=data`` such a skip fails, as
does one for want of PostgreSQL or a browser where ``postgres`` or ``browser`` is required.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = {word.strip() for word in os.environ.get("HEARTHLINE_REQUIRE", "").split(",")} - {""}
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
ABOUT = {
    "data": re.compile(r"\bdata\b|HEARTHLINE_DATA", re.IGNORECASE),
    "postgres": re.compile(r"PostgreSQL is not installed"),
    "browser": re.compile(r"chromium|browser", re.IGNORECASE),
    "spark": re.compile(r"Spark cannot run here"),
}


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the real data sets; skips the test where there is none."""
    folder = Path(os.environ.get("HEARTHLINE_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("No data: set HEARTHLINE_DATA to the folder of the real data sets.")
    return folder


def skip_is_failure(reason: str, required: set[str]) -> bool:
    """Whether a skip for this reason breaks a promise made by ``HEARTHLINE_REQUIRE``."""
    return any(word in required and about.search(reason) for word, about in ABOUT.items())


def _fail_if_required(report: Report) -> Report:
    if report.skipped and not hasattr(report, "wasxfail") and isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        if skip_is_failure(reason, REQUIRED):
            report.outcome = "failed"
            report.longrepr = f"{path}:{line}: skipped although required: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test counts as failed where what it lacks is required."""
    report = yield
    return _fail_if_required(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module skipped whole is treated as its tests would be."""
    report = yield
    return _fail_if_required(report)
