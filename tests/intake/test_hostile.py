# SPDX-License-Identifier: Apache-2.0
"""Decides that no file, however made, crashes an import, half-imports, or exhausts the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.hostile import Hostile, hostile_files
from tests.intake.run_hostile import tried_here

ROOT = Path(__file__).resolve().parents[2]
CASES = list(hostile_files())
MOST_SECONDS = 5
MOST_MEGABYTES = 300
HEAVY = 64 * 2**10
"""Files from this size on, and all that unpack to more than they are, run in a process of their own."""


@pytest.fixture(scope="module")
def costs() -> Iterator[list[tuple[float, float, str]]]:
    """What each case that ran alone took: megabytes, seconds; printed at the end."""
    found: list[tuple[float, float, str]] = []
    yield found
    if found:
        most, slowest = max(found), max(found, key=lambda cost: cost[1])
        print(
            f"\n{len(CASES)} hostile files of {len({case.cause for case in CASES})} causes; "
            f"most memory {most[0]:.0f} MB ({most[2]}), longest {slowest[1]:.1f} s ({slowest[2]})"
        )


def test_there_are_at_least_sixty_files_of_thirty_causes() -> None:
    assert len(CASES) >= 60
    assert len({case.cause for case in CASES}) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_hostile_file_is_refused_or_cleaned_with_the_right_sentence(
    case: Hostile, tmp_path: Path, costs: list[tuple[float, float, str]]
) -> None:
    (tmp_path / "map.toml").write_text(case.map_text, encoding="utf-8")
    (tmp_path / case.name).write_bytes(case.data)
    alone = len(case.data) > HEAVY or "bomb" in case.cause or "corner" in case.cause
    found = _alone(tmp_path, case.name) if alone else tried_here(tmp_path, case.name)
    if alone:
        costs.append((float(str(found["megabytes"])), float(str(found["seconds"])), case.title))
        assert float(str(found["megabytes"])) < MOST_MEGABYTES
    assert float(str(found["seconds"])) < MOST_SECONDS
    if found["code"] is not None:
        assert found["code"] == case.code, found
        assert set(found["left"]) <= {"out.rejected.csv"}  # type: ignore[call-overload]  # a list of names
        return
    assert found["households"] == case.households, found
    assert found["adds_up"]
    assert found["told"]
    assert found["safe"]
    assert found["codes"] == ([case.code] if case.code else []), found
    assert found["left"] == ["out", "out.keys.parquet", "out.rejected.csv"]


def _alone(folder: Path, name: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.intake.run_hostile", str(folder), name],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found
