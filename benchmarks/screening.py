# SPDX-License-Identifier: Apache-2.0
"""Decides how the contest over one county is asked for: ``python -m benchmarks.screening``."""

from __future__ import annotations

import sys

from rich.console import Console

from benchmarks.contest import Contest, Terms, answers_agree
from benchmarks.findings import command_of, finished, options
from benchmarks.machine import usable_cores
from benchmarks.report import findings_of

SUBJECT = "screening"
FULL_SIZE = 1_000_000


def main(words: list[str]) -> int:
    """Run the contest and tell of it; fails where answers differ or a promise is missed."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, default=FULL_SIZE, help="how many are generated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--memory", default="800MB", help="memory bound of the engine, on both sides")
    parser.add_argument("--threads", type=int, default=usable_cores())
    parser.add_argument("--noise", type=int, default=3000, help="households of the noise both must agree on")
    parser.add_argument("--without-openfisca", action="store_true", help="do not install or run OpenFisca")
    asked = parser.parse_args(words)
    folder = asked.out.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    terms = Terms(
        folder=folder,
        households=asked.households,
        seed=asked.seed,
        runs=asked.runs,
        memory=asked.memory,
        threads=asked.threads,
        with_openfisca=not asked.without_openfisca,
        noise_households=asked.noise,
    )
    outcome = Contest(terms, Console(soft_wrap=True).print).run()
    findings = findings_of(SUBJECT, command_of(SUBJECT, words), terms, outcome)
    keep = asked.keep if asked.keep is not None else asked.households == FULL_SIZE
    missed = finished(findings, folder, keep=keep)
    return missed if answers_agree(outcome) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
