# SPDX-License-Identifier: Apache-2.0
"""Decides that the wheel is whole: it runs in an empty environment, from another folder, without Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.measure import ROOT, project_files, relative
from scripts.reference import find_program

UV = Path(sys.executable).parent / "uv"
LIBRARY_WING = {
    f"hearthline.{name}"
    for name in ("base", "cli", "engine", "intake", "reporting", "statistics", "synthetic", "targeting")
}
NOT_CORE = ("django", "cryptography", "psycopg", "pytest", "pyreadstat", "sklearn", "pyspark", "splink")


def ran(command: list[str | Path], folder: Path, **settings: str) -> str:
    """What a command prints; a failure shows all that it said."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "HEARTHLINE_", "PYTEST_")) and name != "VIRTUAL_ENV"
    }
    done = subprocess.run(
        command, cwd=folder, env=clean | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sources as they are."""
    folder = tmp_path_factory.mktemp("wheel")
    ran([UV, "build", "--quiet", "--offline", "--wheel", "--out-dir", folder, ROOT], folder)
    return next(folder.glob("hearthline-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and its core dependencies, nothing else.

    Everything comes from what the set-up has fetched already; a cache that was emptied since is filled.
    """
    home = tmp_path_factory.mktemp("empty") / "environment"
    sync: list[str | Path] = [UV, "sync", "--quiet", "--frozen", "--no-install-project", "--project", ROOT]
    place = {
        "UV_PROJECT_ENVIRONMENT": str(home),
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",
    }
    try:
        ran([*sync, "--offline"], home.parent, **place)
    except AssertionError:
        ran(sync, home.parent, **place)
    python = home / "bin" / "python"
    ran([UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel], home.parent)
    return python


def test_the_wheel_holds_every_module_and_every_policy_package(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    sources = {relative(file).removeprefix("src/") for file in project_files("src/hearthline")}
    assert len(sources) > 30
    assert not sources - held
    assert any(name.startswith("hearthline/policies/") for name in held)
    assert any(name.endswith("licenses/LICENSE") for name in held)
    assert not [name for name in held if name.startswith(("tests/", "scripts/"))]


def test_the_library_wing_needs_its_core_dependencies_only(python: Path, tmp_path: Path) -> None:
    walk = (
        "import importlib, importlib.util, json, pkgutil, hearthline\n"
        f"own = {sorted(LIBRARY_WING)!r}\n"
        "found = [m for m in pkgutil.iter_modules(hearthline.__path__, 'hearthline.') if m.name in own]\n"
        "for part in found:\n"
        "    package = importlib.import_module(part.name)\n"
        "    for module in pkgutil.walk_packages(package.__path__, part.name + '.'):\n"
        "        if module.name not in ('hearthline.base.sealing', 'hearthline.base.sealed_files'):\n"
        "            importlib.import_module(module.name)\n"
        f"found = [name for name in {NOT_CORE!r} if importlib.util.find_spec(name)]\n"
        "print(json.dumps([hearthline.__file__, found]))\n"
    )
    place, found = json.loads(ran([python, "-c", walk], tmp_path))
    assert Path(place).is_relative_to(python.parent.parent)
    assert found == []


def test_an_empty_environment_screens_from_another_folder(python: Path, tmp_path: Path) -> None:
    if find_program() is None:
        pytest.skip("The command line is not built yet.")
    hearthline = python.parent / "hearthline"
    package = "cn/2014-2020"
    assert package in ran([hearthline, "policy", "list"], tmp_path)
    ran(
        [hearthline, "generate", "--policy", package, "--households", "200", "--seed", "1", "--out", "made"],
        tmp_path,
    )
    screen = ["screen", "--policy", package, "--data", "made", "--on", "2014-12-31", "--out", "run"]
    ran([hearthline, *screen], tmp_path)
    run = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert package in json.dumps(run)
    assert (tmp_path / "run" / "households.parquet").exists()
