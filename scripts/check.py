# SPDX-License-Identifier: Apache-2.0
"""Decides what must pass before a change lands, in which order, and what is printed of it.

Every step runs even when one before it failed, so that a person mends everything in one round. The
tests run last: the output ends with the ten slowest tests, what was skipped, and pytest's own line.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
CODE: Final = ["src", "tests", "scripts"]
STEPS: Final[dict[str, list[str]]] = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    # the country of OpenFisca is checked by nobody here: OpenFisca is not in our environment
    "types": ["mypy", "--no-error-summary", *CODE, "benchmarks", "--exclude", "benchmarks/openfisca"],
    "layers": ["lint-imports"],
    "documents": ["properdocs", "build", "--strict", "--quiet", "--site-dir", "build/docs"],
}
TESTS: Final = ["-m", "pytest", "-n", "2", "--durations=10", "-ra"]


def passed(name: str, command: list[str]) -> bool:
    """Run one step; its output is shown only where it failed."""
    start = time.monotonic()
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    mark = "passed" if done.returncode == 0 else "FAILED"
    print(f"{name:<10} {mark}  {time.monotonic() - start:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """The exit status: 0 only where every step and every test passed."""
    failed = [name for name, command in STEPS.items() if not passed(name, command)]
    subprocess.run([sys.executable, "-m", "scripts.measure"], cwd=ROOT, check=True)
    sys.stdout.flush()
    tests = subprocess.run([sys.executable, *TESTS], cwd=ROOT)
    if failed:
        print(f"Failed before the tests, see above: {', '.join(failed)}.")
    return 1 if failed or tests.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
