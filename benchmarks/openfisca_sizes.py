# SPDX-License-Identifier: Apache-2.0
"""Decides how OpenFisca is raced at 1 and 10 million households: ``python -m benchmarks.openfisca_sizes``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.contest import INCOME_PACKAGE, NEAR, ON, comparison_in_words
from benchmarks.findings import (
    Figure,
    Findings,
    Table,
    at_least,
    at_most,
    command_of,
    finished,
    must_be,
    options,
)
from benchmarks.machine import load_in_words, usable_cores
from benchmarks.measuring import Figures, Found, Measured, measured
from benchmarks.national import Stage, nation, warmed
from benchmarks.openfisca_environment import SCREEN, openfisca_python

SUBJECT = "openfisca_sizes"
SIZES = (1_000_000, 10_000_000)
LEAST_SPEED = 5.0
MOST_MEMORY = {1_000_000: 0.333, 10_000_000: 0.1}
FEEDS = {"text": "codes as text", "indices": "codes as indices"}
HEADINGS = ("", "wall s", "cpu s", "peak MB", "job wall s", "job cpu s")
EXPLANATION = """\
The income criterion, from the same Parquet files to a Parquet file on both sides, reading included. OpenFisca
is fed arrays by `set_input`, never entities in JSON, and no names of entities: its quickest way. Codes go in
as text, as a model is usually fed, or as the indices that Parquet holds, which skips all that OpenFisca does
with codes; every figure stands here for both. OpenFisca uses one core, 32-bit floats, and knows no unknown.
The *job* is without the start of Python and the imports."""
SUMS = ("income_received", "production_costs", "net_income")


def raced(stage: Stage, python: Path, snapshot: Path, runs: int, say: Console) -> dict[str, list[Measured]]:
    """Every contender in turn; ours stands under an empty name."""
    found: dict[str, list[Measured]] = {}
    warmed(snapshot)
    for number in range(1, runs + 1):
        words = (INCOME_PACKAGE, snapshot, ON, stage.emptied("ours"), stage.memory, stage.threads)
        found.setdefault("", []).append(stage.started("ours", "screen_package", *words).without_hashes())
        for feed in FEEDS:
            report = stage.folder / f"{feed}.json"
            command = [str(python), str(SCREEN), str(report), str(snapshot), str(_answer(stage, feed)), feed]
            found.setdefault(feed, []).append(measured(command, stage.folder / f"{feed}.log", report))
        for name, all_runs in found.items():
            last = all_runs[-1]
            say.print(
                f"round {number}, {name or 'ours'}: {last.wall:.1f} s, {last.cpu:.1f} cpu s, "
                f"{last.peak:.0f} MB"
            )
    return found


def _answer(stage: Stage, feed: str) -> Path:
    return stage.folder / f"{feed}.parquet"


def compared(stage: Stage, ours: Measured, feed: str) -> Found:
    """Whether OpenFisca's answer is ours; an amount may stand half a yuan apart."""
    near = [f"{name}={NEAR}" for name in SUMS]
    words = ("household_id", "shared", *near, "--", *ours.strings("households"), "--", _answer(stage, feed))
    return stage.started("compared", "compare_results", *words).report


def figures_at(size: int, medians: dict[str, Figures]) -> list[Figure]:
    """What was asked at one size, for both ways of feeding."""
    at, ours = f"{size:,} households", medians[""]
    found = []
    for feed, words in FEEDS.items():
        theirs = medians[feed]
        found += [
            at_least(
                f"{at}, job on the wall, times faster, {words}", LEAST_SPEED, theirs.job_wall / ours.job_wall
            ),
            at_least(f"{at}, whole process, times faster, {words}", LEAST_SPEED, theirs.wall / ours.wall),
            at_most(
                f"{at}, share of the memory, {words}", MOST_MEMORY.get(size, 1.0), ours.peak / theirs.peak
            ),
        ]
    return found


def main(words: list[str]) -> int:
    """Race at each size, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, action="append", help="a size; may be repeated")
    parser.add_argument("--runs", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--memory", default="400MB", help="memory bound of our engine")
    asked = parser.parse_args(words)
    say = Console(soft_wrap=True, highlight=False)
    out = asked.out.resolve()
    stage = Stage(out / "openfisca", asked.memory, usable_cores())
    python = openfisca_python(out / "openfisca-environment")
    findings = Findings(
        SUBJECT, "Beside OpenFisca, at two sizes", command_of(SUBJECT, words), explanation=[EXPLANATION]
    )
    sizes = tuple(asked.households or SIZES)
    findings.data = (
        f"nations of {' and '.join(f'{size:,}' for size in sizes)} households, median of {asked.runs}"
    )
    for size in sizes:
        found = raced(stage, python, nation(asked.data.resolve(), size, say), asked.runs, say)
        medians = {name: Figures.of(runs) for name, runs in found.items()}
        findings.figures += figures_at(size, medians)
        findings.figures += [
            must_be(
                f"{size:,} households, the same answer, {way}",
                "every household",
                comparison_in_words(one),
                kept=not one["differing_rows"],
            )
            for feed, way in FEEDS.items()
            for one in [compared(stage, found[""][-1], feed)]
        ]
        rows = [
            [f"OpenFisca, {FEEDS[name]}" if name else "Hearthline", *_cells(one)]
            for name, one in medians.items()
        ]
        findings.tables.append(Table(f"{size:,} households", HEADINGS, rows))
        findings.loads.append(load_in_words())
    shutil.rmtree(stage.folder, ignore_errors=True)
    keep = asked.keep if asked.keep is not None else sizes == SIZES
    return finished(findings, asked.out, keep=keep)


def _cells(found: Figures) -> list[str]:
    figures = (found.wall, found.cpu, found.peak, found.job_wall, found.job_cpu)
    return [f"{value:,.2f}" for value in figures]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
