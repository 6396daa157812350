# SPDX-License-Identifier: Apache-2.0
"""Decides that the layer map holds for the code, and that a planted wrong import is caught."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.measure import ROOT

LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
PACKAGES = [
    "base",
    "cli",
    "engine",
    "engine/backends",
    "engine/packages",
    "engine/rules",
    "engine/snapshots",
    "engine/sql",
    "exits",
    "intake",
    "registry",
    "reporting",
    "simulation",
    "statistics",
    "synthetic",
    "targeting",
]
HOUSE = "The whole house: an import points downward only"
ENGINE = "The engine: backends over snapshots over packages over sql over rules"
DJANGO = "The library wing runs without Django and without the service wing"
NO_IO = "Rules and SQL trees do no I/O"


def planted(folder: Path, **imports: str) -> None:
    """A house of empty packages, with one statement in each of the named ones (``__`` for a slash)."""
    package = folder / "hearthline"
    for name in PACKAGES:
        (package / name).mkdir(parents=True, exist_ok=True)
        statement = imports.get(name.replace("/", "__"), "")
        (package / name / "__init__.py").write_text(statement + "\n", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")


def verdict(folder: Path) -> str:
    """What the linter says of the packages in a folder under the contracts of this project."""
    command = [*LINT, "--config", str(ROOT / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    ).stdout


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    planted(tmp_path)
    said = verdict(tmp_path)
    assert [name for name in (HOUSE, ENGINE, DJANGO, NO_IO) if f"{name} KEPT" in said] == [
        HOUSE,
        ENGINE,
        DJANGO,
        NO_IO,
    ]


@pytest.mark.parametrize(
    ("place", "statement", "broken"),
    [
        ("base", "import hearthline.engine", HOUSE),
        ("statistics", "import hearthline.intake", HOUSE),
        ("statistics", "import hearthline.simulation", HOUSE),
        ("intake", "import hearthline.synthetic", HOUSE),
        ("registry", "import hearthline.exits", HOUSE),
        ("reporting", "import hearthline.registry", HOUSE),
        ("engine__rules", "import hearthline.engine.sql", ENGINE),
        ("engine__snapshots", "import hearthline.engine.backends", ENGINE),
        ("intake", "import django", DJANGO),
        ("engine__rules", "import duckdb", NO_IO),
        ("engine__sql", "import pathlib", NO_IO),
    ],
)
def test_a_wrong_import_breaks_its_contract(tmp_path: Path, place: str, statement: str, broken: str) -> None:
    planted(tmp_path, **{place: statement})
    assert f"{broken} BROKEN" in verdict(tmp_path)


def test_a_package_that_is_not_in_the_map_is_refused(tmp_path: Path) -> None:
    planted(tmp_path)
    (tmp_path / "hearthline" / "surprises").mkdir()
    (tmp_path / "hearthline" / "surprises" / "__init__.py").write_text("", encoding="utf-8")
    assert f"{HOUSE} BROKEN" in verdict(tmp_path)
