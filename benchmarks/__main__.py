# SPDX-License-Identifier: Apache-2.0
"""Decides how a benchmark is asked for: ``python -m benchmarks --out build/bench``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.contest import Contest, Terms, answers_agree
from benchmarks.machine import usable_cores
from benchmarks.measuring import ROOT
from benchmarks.report import page, printed, written

PAGE = ROOT / "docs" / "explanation" / "speed.md"
NATIONAL_SIZE = 1_000_000


def asked(words: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder of county and figures")
    parser.add_argument("--households", type=int, default=NATIONAL_SIZE, help="how many are generated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--memory", default="800MB", help="memory bound of the engine, on both sides")
    parser.add_argument("--threads", type=int, default=usable_cores())
    parser.add_argument("--noise", type=int, default=3000, help="households of the noise both must agree on")
    parser.add_argument("--without-openfisca", action="store_true", help="do not install or run OpenFisca")
    parser.add_argument(
        "--page", type=Path, default=None, help="where to write the page of the documentation"
    )
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run the contest, tell of it, and fail only where the answers differ."""
    options = asked(words)
    console = Console(soft_wrap=True)
    folder = options.out.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    terms = Terms(
        folder=folder,
        households=options.households,
        seed=options.seed,
        runs=options.runs,
        memory=options.memory,
        threads=options.threads,
        with_openfisca=not options.without_openfisca,
        noise_households=options.noise,
    )
    outcome = Contest(terms, console.print).run()
    printed(console, terms, outcome)
    command = " ".join(["python -m benchmarks", *words])
    today = datetime.now(UTC).date()
    written(folder / "figures.json", terms, outcome, command, today)
    target = options.page or (PAGE if options.households == NATIONAL_SIZE else folder / "speed.md")
    target.write_text(page(terms, outcome, command, today), encoding="utf-8")
    return 0 if answers_agree(outcome) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
