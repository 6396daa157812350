# SPDX-License-Identifier: Apache-2.0
"""Decides what must pass before a change lands, in which order, and what is printed of it.

Every step runs even when one before it failed, so that a person mends everything in one round. The tests
run last, on SQLite: the output ends with the ten slowest tests, what was skipped, and pytest's own line.

``python -m scripts.check torture`` kills workers a hundred times on each database and counts what is left,
and attacks a hundred thousand tables that passed the gate of publication;
``python -m scripts.check pages`` goes the ways of officers in a browser (``pages postgres`` on PostgreSQL);
``python -m scripts.check postgres`` runs all tests of the service once more, on PostgreSQL;
``python -m scripts.check spark`` asks Spark what ``make check`` asks the other engines;
``python -m scripts.check slow`` runs what takes long: the tutorial, kills, generated packages, attacks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from scripts.postgres import programs

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
CODE: Final = ["src", "tests", "scripts"]
STEPS: Final[dict[str, list[str]]] = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    # the country of OpenFisca is checked by nobody here: OpenFisca is not in our environment
    "types": ["mypy", "--no-error-summary", *CODE, "benchmarks", "--exclude", "benchmarks/openfisca"],
    "layers": ["lint-imports"],
    "chinese": ["python", "-m", "scripts.messages", "--check"],
    "documents": ["properdocs", "build", "--strict", "--quiet", "--site-dir", "build/docs"],
}
TESTS: Final = ["-m", "pytest", "-n", "2", "--dist", "loadgroup", "--durations=10", "-ra"]
# one process: each would start a Java machine of its own, and Spark itself works on every core
ON_SPARK: Final = ["-m", "pytest", "-n", "0", "--durations=10", "-ra", "-m", "spark"]
KILLED: Final = [
    "-m",
    "pytest",
    "-n",
    "0",
    "-q",
    "-s",
    "tests/service/registry/test_kill.py",
    "tests/service/runs/test_kill.py",
]
GATE: Final = "tests/statistics/test_gate.py"
ATTACKED: Final = ["-m", "pytest", "-n", "0", "-q", "-s", "-k", "no_sensitive", GATE]
JOURNEYS: Final = "tests/service/e2e"
LOOKS: Final = "tests/service/*/test_in_browser*.py"
WALKED: Final = [*TESTS, "-n", "0", JOURNEYS, *sorted(str(path) for path in ROOT.glob(LOOKS))]
WITHOUT_BROWSER: Final = [f"--ignore={JOURNEYS}", f"--ignore-glob={ROOT / LOOKS}"]
ON_POSTGRES: Final = [*TESTS, "tests/service", *WITHOUT_BROWSER]
REQUIRED: Final = {word.strip() for word in os.environ.get("HEARTHLINE_REQUIRE", "").split(",")}


def passed(name: str, command: list[str]) -> bool:
    """Run one step; its output is shown only where it failed."""
    start = time.monotonic()
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    mark = "passed" if done.returncode == 0 else "FAILED"
    print(f"{name:<10} {mark}  {time.monotonic() - start:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def check_on_postgres() -> int:
    """The tests of the service on PostgreSQL; the exit status is theirs, or 0 where there is none."""
    return _on_postgres(ON_POSTGRES)


def check_pages() -> int:
    """The ways of officers through a browser, on SQLite; one county is served to all of them."""
    return subprocess.run([sys.executable, *WALKED], cwd=ROOT).returncode


def check_pages_on_postgres() -> int:
    """The same on PostgreSQL, or 0 where there is none."""
    return _on_postgres(WALKED)


def _on_postgres(tests: list[str]) -> int:
    if programs() is None:
        print("PostgreSQL is not installed: the service was not tested on it.")
        return 1 if "postgres" in REQUIRED else 0
    return subprocess.run(
        [sys.executable, "-m", "scripts.postgres", "--", sys.executable, *tests], cwd=ROOT
    ).returncode


def check_on_spark() -> int:
    """What is asked of Spark; without Spark or Java it is skipped with a plain message."""
    return subprocess.run([sys.executable, *ON_SPARK], cwd=ROOT).returncode


def check_slow() -> int:
    """What takes long: the tutorial, kills, generated packages and changes, attacks on tables."""
    words = [*TESTS, "-m", "slow and not spark", *WITHOUT_BROWSER]
    return subprocess.run([sys.executable, *words], cwd=ROOT).returncode


def torture() -> int:
    """Attack what passes the gate; kill workers at a hundred random moments, on SQLite and on PostgreSQL."""
    os.environ.setdefault("HEARTHLINE_KILLS", "100")
    os.environ.setdefault("HEARTHLINE_TABLES", "100000")
    print(f"{os.environ['HEARTHLINE_TABLES']} tables through the gate:", flush=True)
    pinned = subprocess.run([sys.executable, *ATTACKED], cwd=ROOT).returncode
    print("SQLite:", flush=True)
    failed = subprocess.run([sys.executable, *KILLED], cwd=ROOT).returncode
    print("PostgreSQL:", flush=True)
    return _on_postgres(KILLED) or failed or pinned


def main() -> int:
    """The exit status: 0 only where every step and every test passed."""
    failed = [name for name, command in STEPS.items() if not passed(name, command)]
    subprocess.run([sys.executable, "-m", "scripts.measure"], cwd=ROOT, check=True)
    sys.stdout.flush()
    tests = subprocess.run(
        [sys.executable, *TESTS, "-m", "not spark and not slow", *WITHOUT_BROWSER], cwd=ROOT
    )
    if failed:
        print(f"Failed before the tests, see above: {', '.join(failed)}.")
    return 1 if failed or tests.returncode else 0


if __name__ == "__main__":
    wanted = {
        "postgres": check_on_postgres,
        "slow": check_slow,
        "spark": check_on_spark,
        "pages": check_pages,
        "pages postgres": check_pages_on_postgres,
        "torture": torture,
    }
    sys.exit(wanted.get(" ".join(sys.argv[1:]), main)())
