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
    reported,
)
from benchmarks.machine import load_in_words, usable_cores
from benchmarks.measuring import Figures, Found, Measured, measured
from benchmarks.national import Stage, nation, warmed
from benchmarks.openfisca_environment import SCREEN, openfisca_python
from benchmarks.openfisca_feeds import FEEDS, Feed

SUBJECT = "openfisca_sizes"
ROUNDS = {1_000_000: 5, 10_000_000: 1}
"""The sizes, and how many rounds each is raced: ten million take long, and their seconds vary less."""

SIZES = tuple(ROUNDS)
LEAST_SPEED = 5.0
MOST_MEMORY = {1_000_000: 0.333, 10_000_000: 0.1}
HEADINGS = ("", "wall s", "cpu s", "peak MB", "job wall s", "job cpu s")
EXPLANATION = """\
The income criterion, from the same Parquet files to a Parquet file on both sides, reading included. OpenFisca
is fed arrays by `set_input`, never entities in JSON. *Fed as documented* declares lines and households by
`SimulationBuilder` with their numbers, as OpenFisca's documentation does for a population in arrays; codes
go in as text or as the indices that Parquet holds. *Groups set by hand* writes the index of each line's
household into OpenFisca's objects instead, which is documented nowhere and right only where households are
numbered without a gap: it is told, and nothing is promised beside it. OpenFisca uses one core, 32-bit floats,
and knows no unknown. The *job*, for which five times are promised, reads, computes and writes; it is without
the start of Python and the imports, which take as long for one household as for ten million. Ours has two
threads, so processor seconds are told too: they say more where others use the machine."""
SUMS = ("income_received", "production_costs", "net_income")


def raced(stage: Stage, python: Path, snapshot: Path, runs: int, say: Console) -> dict[str, list[Measured]]:
    """Every contender in turn; ours stands under an empty name."""
    found: dict[str, list[Measured]] = {}
    warmed(snapshot)
    for number in range(1, runs + 1):
        ours = (INCOME_PACKAGE, snapshot, ON, stage.emptied("ours"), stage.memory, stage.threads)
        found.setdefault("", []).append(stage.started("ours", "screen_package", *ours).without_hashes())
        for feed in FEEDS:
            report = stage.folder / f"{feed.name}.json"
            words = [str(report), str(snapshot), str(_answer(stage, feed)), *feed.arguments]
            log = stage.folder / f"{feed.name}.log"
            found.setdefault(feed.name, []).append(measured([str(python), str(SCREEN), *words], log, report))
        for name, all_runs in found.items():
            last = all_runs[-1]
            say.print(
                f"round {number}, {name or 'ours'}: {last.wall:.1f} s, {last.cpu:.1f} cpu s, "
                f"{last.peak:.0f} MB"
            )
    return found


def _answer(stage: Stage, feed: Feed) -> Path:
    return stage.folder / f"{feed.name}.parquet"


def compared(stage: Stage, ours: Measured, feed: Feed) -> Found:
    """Whether OpenFisca's answer is ours; an amount may stand half a yuan apart."""
    near = [f"{name}={NEAR}" for name in SUMS]
    words = ("household_id", "shared", *near, "--", *ours.strings("households"), "--", _answer(stage, feed))
    return stage.started("compared", "compare_results", *words).report


def figures_at(size: int, medians: dict[str, Figures]) -> list[Figure]:
    """What was asked at one size beside each documented way of feeding, and what the other way gives."""
    ours = medians[""]
    found = []
    for feed in FEEDS:
        theirs = medians[feed.name]
        job = f"{size:,} households, job on the wall, times faster, {feed.words}"
        whole = f"{size:,} households, whole process, times faster, {feed.words}"
        cpu = f"{size:,} households, job in processor seconds, times less, {feed.words}"
        memory = f"{size:,} households, share of the memory, {feed.words}"
        faster, as_a_whole = theirs.job_wall / ours.job_wall, theirs.wall / ours.wall
        share = ours.peak / theirs.peak
        less = theirs.job_cpu / ours.job_cpu
        if feed.promised:
            found += [
                at_least(job, LEAST_SPEED, faster),
                reported(whole, f"{as_a_whole:.2f}"),
                reported(cpu, f"{less:.2f}"),
                at_most(memory, MOST_MEMORY.get(size, 1.0), share),
            ]
        else:
            found += [
                reported(words, f"{value:.2f}")
                for words, value in ((job, faster), (whole, as_a_whole), (cpu, less), (memory, share))
            ]
    return found


def main(words: list[str]) -> int:
    """Race at each size, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, action="append", help="a size; may be repeated")
    parser.add_argument("--runs", type=int, default=None, help="rounds at every size; the median counts")
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
    rounds = {size: asked.runs or ROUNDS.get(size, 3) for size in sizes}
    findings.data = "nations of " + " and ".join(
        f"{size:,} households, median of {number}" for size, number in rounds.items()
    )
    for size in sizes:
        found = raced(stage, python, nation(asked.data.resolve(), size, say), rounds[size], say)
        medians = {name: Figures.of(runs) for name, runs in found.items()}
        findings.figures += figures_at(size, medians)
        findings.figures += [
            must_be(
                f"{size:,} households, the same answer, {feed.words}",
                "every household",
                comparison_in_words(one),
                kept=not one["differing_rows"],
            )
            for feed in FEEDS
            for one in [compared(stage, found[""][-1], feed)]
        ]
        names = {"": "Hearthline", **{feed.name: f"OpenFisca, {feed.words}" for feed in FEEDS}}
        rows = [[names[name], *_cells(one)] for name, one in medians.items()]
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
