# SPDX-License-Identifier: Apache-2.0
"""Decides what is measured of simulations: a changed parameter over a million households, and a curve.

``python -m benchmarks.what_if`` screens the generated county once by ``cn``, then asks by the command, each
question in a process of its own. The answer is compared with a whole screening by the changed package.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.findings import Findings, at_most, command_of, finished, must_be, options, reported
from benchmarks.machine import load_in_words
from benchmarks.measuring import Measured, child, measured

SUBJECT = "what_if"
FULL = 1_000_000
PACKAGE = "cn/2014-2020"
ON = "2017-12-31"
LINE = 3500
POINTS = 20
TWICE = 2.0


def main(words: list[str]) -> int:
    """Measure, and fail where an answer is wrong or a promise is not kept."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, default=FULL)
    parser.add_argument("--runs", type=int, default=3, help="rounds; the median counts")
    asked = parser.parse_args(words)
    folder = asked.data.resolve() / f"what-if-{asked.households}"
    folder.mkdir(parents=True, exist_ok=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    made(folder, asked.households)
    found = Findings(
        subject=SUBJECT,
        title="What if: a changed parameter over a run",
        command=command_of(SUBJECT, words),
        data=f"{asked.households:,} generated households, screened by {PACKAGE} on {ON}",
        explanation=[
            "The package with another poverty line is held against a run. The job is what follows the start "
            "of Python: reading packages, plan, working out, pairing, counting.",
        ],
    )
    runs = [
        asked_once(folder, asked.out, number, POINTS if number == 0 else 0) for number in range(asked.runs)
    ]
    job = median(each.number("asked_wall") for each in runs)
    curve = runs[0]
    twenty = curve.number("twenty_cpu") / max(curve.number("one_cpu"), 1e-9)
    agreed = agreement(folder, asked.out)
    found.figures += [
        at_most("A changed parameter, the job, hashes apart", 2.0, job, "s"),
        reported("Its processor seconds", f"{median(each.number('asked_cpu') for each in runs):.2f} s"),
        reported(
            "Comparing the hashes of the run", f"{median(each.number('hash_wall') for each in runs):.2f} s"
        ),
        reported(
            "The whole program, Python's start included", f"{median(each.wall for each in runs[1:]):.2f} s"
        ),
        reported("Greatest memory", f"{max(each.peak for each in runs):,.0f} MB"),
        at_most("Twenty lines in one pass, in processor seconds of one line", TWICE, twenty),
        must_be("Every answer equal to a whole screening", "all", agreed, kept=agreed == "all"),
    ]
    found.loads.append(load_in_words())
    found.raw["runs"] = [dict(each.report) for each in runs]
    whole = asked.households == FULL if asked.keep is None else asked.keep
    return finished(found, asked.out, keep=whole)


def made(folder: Path, households: int) -> None:
    """The county and its run, once."""
    data, run = folder / "county", folder / "run"
    program = [str(Path(sys.executable).parent / "hearthline")]
    if not (data / "manifest.json").is_file():
        words = ["generate", "--policy", PACKAGE, "--households", str(households), "--out", str(data)]
        subprocess.run([*program, *words], check=True)
    if not (run / "run.json").is_file():
        words = ["screen", "--policy", PACKAGE, "--data", str(data), "--on", ON, "--out", str(run)]
        subprocess.run([*program, *words], check=True)


def asked_once(folder: Path, out: Path, number: int, points: int) -> Measured:
    """One question in a process of its own; the first draws the curves too. The changed package is left."""
    report = out.resolve() / f"what-if-{number}.json"
    package = folder / "package"
    shutil.rmtree(package, ignore_errors=True)
    words = (folder / "run", folder / "county", LINE, points, package)
    return measured(child("simulate_change", report, *words), report.with_suffix(".log"), report)


def agreement(folder: Path, out: Path) -> str:
    """``all`` where every household has the answers of a whole screening; else what differs."""
    report = out.resolve() / "what-if-agreement.json"
    words = (folder / "run", folder / "county", folder / "package", folder / "whole")
    found = measured(child("compare_simulated", report, *words), report.with_suffix(".log"), report)
    return str(found.report["agreed"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
