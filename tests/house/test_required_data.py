# SPDX-License-Identifier: Apache-2.0
"""Decides that a skip for what is required is a failure, and that any other skip stays one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.measure import ROOT
from tests.conftest import skip_is_failure

TESTS = """
import pytest

def test_with_data(data_dir):
    assert data_dir

def test_with_java():
    pytest.skip("No Java here.")
"""


def closing_lines(folder: Path, **settings: str) -> tuple[int, str]:
    """Run two tests in a folder of their own, with the project's conftest, under these settings."""
    (folder / "conftest.py").write_text(
        (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (folder / "test_two.py").write_text(TESTS, encoding="utf-8")
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("HEARTHLINE_", "PYTEST_"))
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-ra",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            "--rootdir",
            folder,
            folder,
        ],
        env=clean | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_without_data_a_test_is_skipped_with_a_plain_message(tmp_path: Path) -> None:
    status, said = closing_lines(tmp_path, HEARTHLINE_DATA=str(tmp_path / "nowhere"))
    assert status == 0
    assert "2 skipped" in said
    assert "set HEARTHLINE_DATA" in said


def test_where_data_is_required_its_absence_fails_and_other_skips_stay(tmp_path: Path) -> None:
    status, said = closing_lines(
        tmp_path, HEARTHLINE_DATA=str(tmp_path / "nowhere"), HEARTHLINE_REQUIRE="data"
    )
    assert status == 1
    assert "skipped although required" in said
    assert "1 failed" in said or "1 error" in said
    assert "1 skipped" in said


@pytest.mark.parametrize(
    ("reason", "required", "fails"),
    [
        ("PostgreSQL is not installed.", {"postgres"}, True),
        ("No Chromium here.", {"browser"}, True),
        ("No Chromium here.", {"data", "postgres"}, False),
        ("No Java here.", {"data", "postgres", "browser"}, False),
    ],
)
def test_only_what_is_required_makes_a_skip_fail(reason: str, required: set[str], fails: bool) -> None:
    assert skip_is_failure(reason, required) is fails


def test_where_data_is_there_the_test_runs(tmp_path: Path) -> None:
    status, said = closing_lines(tmp_path, HEARTHLINE_DATA=str(tmp_path), HEARTHLINE_REQUIRE="data")
    assert status == 0
    assert "1 passed, 1 skipped" in said
