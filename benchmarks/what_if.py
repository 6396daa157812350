# SPDX-License-Identifier: Apache-2.0
"""Decides what is measured of simulations: a changed parameter over a million households, and a curve.

``python -m benchmarks.what_if`` screens the generated county once by ``cn``, then types the command, each
question a program of its own from the start of Python to the last line printed, hashes compared. The answer
is held against a whole screening by the changed package.
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
            "The package with another poverty line is held against a run, by `hearthline simulate` as it is "
            "typed: Python's start, the hashes of what is read, packages, plan, working out and printing are "
            "in it. Twenty lines are one `--curve`, typed likewise.",
        ],
    )
    typed(folder, asked.out, "first", "--set", f"poverty_line={LINE}")  # compiles the modules, once for all
    one, twenty = [], []
    for number in range(asked.runs):
        one.append(typed(folder, asked.out, f"one-{number}", "--set", f"poverty_line={LINE}"))
        curve = f"poverty_line={LINE * 0.8:.0f}..{LINE * 1.2:.0f}:{POINTS}"
        twenty.append(typed(folder, asked.out, f"twenty-{number}", "--curve", curve))
    parts = asked_once(folder, asked.out)
    agreed = agreement(folder, asked.out)
    seconds = median(each.cpu for each in one)
    lines, wall = median(each.cpu for each in twenty), median(each.wall for each in one)
    found.figures += [
        at_most("A changed parameter, the whole program", 2.0, wall, "s", aim=True),
        reported("Its processor seconds", f"{seconds:.2f} s"),
        reported("Of these after the packages are imported", f"{parts.number('asked_cpu'):.2f} s"),
        reported("Greatest memory", f"{max(each.peak for each in (*one, *twenty)):,.0f} MB"),
        reported("Twenty lines, the whole program, in processor seconds", f"{lines:.2f} s"),
        at_most("The same in those of one line", TWICE, lines / seconds),
        reported(
            "The pass over the rows alone, twenty lines in those of one",
            f"{parts.number('twenty_cpu') / max(parts.number('one_cpu'), 1e-9):.1f}",
        ),
        must_be("Every answer equal to a whole screening", "all", agreed, kept=agreed == "all"),
    ]
    found.loads.append(load_in_words())
    found.raw["one"] = [(each.wall, each.cpu, each.peak) for each in one]
    found.raw["twenty"] = [(each.wall, each.cpu, each.peak) for each in twenty]
    found.raw["parts"] = dict(parts.report)
    whole = asked.households == FULL if asked.keep is None else asked.keep
    return finished(found, asked.out, keep=whole)


def typed(folder: Path, out: Path, name: str, *words: str) -> Measured:
    """The command as a person types it, from the start of the program to its end."""
    program = str(Path(sys.executable).parent / "hearthline")
    base = ("--against", str(folder / "run"), "--data", str(folder / "county"))
    log = out.resolve() / f"what-if-{name}.log"
    return measured([program, "simulate", *base, *words], log, log.with_suffix(".json"))


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


def asked_once(folder: Path, out: Path) -> Measured:
    """The parts of one question in a process of its own, and the curves; the changed package is left."""
    report = out.resolve() / "what-if-parts.json"
    package = folder / "package"
    shutil.rmtree(package, ignore_errors=True)
    words = (folder / "run", folder / "county", LINE, POINTS, package)
    return measured(child("simulate_change", report, *words), report.with_suffix(".log"), report)


def agreement(folder: Path, out: Path) -> str:
    """``all`` where every household has the answers of a whole screening; else what differs."""
    report = out.resolve() / "what-if-agreement.json"
    words = (folder / "run", folder / "county", folder / "package", folder / "whole")
    found = measured(child("compare_simulated", report, *words), report.with_suffix(".log"), report)
    return str(found.report["agreed"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
