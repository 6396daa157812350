# SPDX-License-Identifier: Apache-2.0
"""Decides where OpenFisca lives: in an environment of the benchmark's own, never among our dependencies."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "openfisca"
REQUIREMENTS = FOLDER / "requirements.txt"
SCREEN = FOLDER / "screen.py"


def openfisca_python(home: Path) -> Path:
    """The Python of the environment; made, or made anew, where the requirements are others."""
    stamp = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    marker = home / "requirements.sha256"
    python = home / "bin" / "python"
    if marker.is_file() and marker.read_text(encoding="utf-8") == stamp and python.exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    _uv("venv", "--quiet", "--python", sys.executable, str(home))
    _uv(
        "pip", "install", "--quiet", "--require-hashes", "--python", str(python), "--requirements",
        str(REQUIREMENTS),
    )  # fmt: skip
    marker.write_text(stamp, encoding="utf-8")
    return python


def _uv(*words: str) -> None:
    """Run uv by the certificates of the system and without settings from outside, as ``make`` does."""
    beside = Path(sys.executable).parent / "uv"
    program = str(beside) if beside.exists() else shutil.which("uv")
    if program is None:
        raise SystemExit("The environment of OpenFisca is made with uv: run 'make setup' first.")
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run([program, *words], env=environment, check=True)
