# SPDX-License-Identifier: Apache-2.0
"""Decides how statistics are held against R and timed for a nation: ``python -m benchmarks.statistics``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.beside_r import (
    REPLICATES,
    Distance,
    Sample,
    by_r,
    distance,
    eusilc,
    imaginary_country,
    middle,
    replicated,
)
from benchmarks.change_beside_r import change, change_by_r, change_distance
from benchmarks.contest import ON, PACKAGE
from benchmarks.findings import Findings, Table, at_most, command_of, finished, must_be, options, reported
from benchmarks.machine import load_in_words, usable_cores
from benchmarks.measuring import ROOT, child, measured
from benchmarks.national import nation as nation_of

SUBJECT = "statistics"
SURVEYS = ROOT.parent / "shared" / "data"
POINTS, ERRORS = 1e-9, 1e-6
BOOTSTRAP = 0.05
SECONDS, MEGABYTES = 15, 2000
SUMS = "population,status,headcount,below_line,gap,severity,watts,mean,ge,atkinson,criteria,causes"
ALL, DEPTHS = "all", "0,1,2,3,4"
OURS, SUMS_ALONE, LIMIT = "all measures", "sums alone", "reading and sorting the same columns"
COUNTS = ("groups", "figures")


def against_r(findings: Findings, data: Path, out: Path) -> None:
    """Every figure with an error beside that of R, and beside replicates; where there is no R, that."""
    if shutil.which("Rscript") is None:
        findings.remarks.append(
            "R is not installed here: nothing was compared (apt-get install r-cran-laeken)."
        )
        findings.figures.append(must_be("compared with R", "R is there", "R is absent", kept=False, aim=True))
        return
    survey = imaginary_country(data, out)
    for sample in (eusilc(data, out), eusilc(data, out, unknown=True), survey):
        beside_r(findings, sample)
    beside_replicates(findings, survey, imaginary_country(data, out, replicates=REPLICATES))
    moved = change(data, out)
    told(findings, "visits of the imaginary country", change_distance(moved, change_by_r(moved)))


def beside_r(findings: Findings, sample: Sample) -> None:
    """One sample, measure by measure."""
    printed, versions = by_r(sample)
    findings.other_versions = (versions,)
    told(findings, sample.name, distance(sample, printed))


def told(findings: Findings, name: str, found: Distance) -> None:
    """How far one sample is from R."""
    for words, bound, value in (
        ("point", POINTS, found.greatest("points")),
        ("error", ERRORS, found.greatest("errors")),
        ("design effect", ERRORS, found.greatest("effects")),
    ):
        title = f"{name}, greatest relative difference of a {words}".replace("a error", "an error")
        findings.figures.append(must_be(title, f"at most {bound:.0e}", f"{value:.1e}", kept=value <= bound))
    measured_words = f"{found.figures} compared" + "".join(f"; {words}" for words in found.lacking[:5])
    words = f"{name}, figures with an error that one side alone gives"
    kept = not found.lacking
    findings.figures.append(must_be(words, "0", f"{len(found.lacking)}; {measured_words}", kept=kept))
    rows = [
        [measure, str(one.figures), f"{one.points:.0e}", f"{one.errors:.0e}", f"{one.effects:.0e}"]
        for measure, one in found.measures.items()
    ]
    headings = ("measure", "figures", "points", "errors", "design effects")
    findings.tables.append(Table(f"Greatest relative difference from R: {name}", headings, rows))


def beside_replicates(findings: Findings, linear: Sample, again: Sample) -> None:
    """The bootstrap as a check of the linearisation: its errors over the linearised ones."""
    parts = replicated(linear.table, again.table)
    rows = [
        [name, str(len(values)), *(f"{value:.2f}" for value in middle(values))]
        for name, values in parts.items()
    ]
    headings = ("measure", "figures", "smallest", "middle", "greatest")
    title = f"Errors of {REPLICATES} bootstrap replicates over linearised ones: {linear.name}"
    findings.tables.append(Table(title, headings, rows))
    whole = middle([value for values in parts.values() for value in values])[1]
    kept = abs(whole - 1) <= BOOTSTRAP
    words = f"{linear.name}, errors of the bootstrap over linearised ones, the middle"
    findings.figures.append(must_be(words, "0.95 to 1.05", f"{whole:.3f}", kept=kept))


def nation(findings: Findings, run: Path, households: int, out: Path) -> None:
    """All measures of a national run by five levels of area, beside reading and sorting the same columns."""
    rows = []
    found = {}
    for words, measures, target in (
        (OURS, ALL, out / "nation-figures.parquet"),
        (SUMS_ALONE, SUMS, out / "nation-sums.parquet"),
        (LIMIT, ALL, "limit"),
    ):
        report = out / "count-nation.json"
        if isinstance(target, Path):
            target.unlink(missing_ok=True)
        order = child("count_nation", report, run, DEPTHS, measures, target)
        each = found[words] = measured(order, out / "count-nation.log", report)
        million = each.cpu / households * 1e6
        groups, figures = (f"{each.number(name):,.0f}" if words != LIMIT else "" for name in COUNTS)
        numbers = (f"{each.wall:,.1f}", f"{each.cpu:,.1f}", f"{million:.2f}", f"{each.peak:,.0f}")
        rows.append([words, groups, figures, *numbers])
        if isinstance(target, Path):
            target.unlink()
    headings = ("", "groups", "figures", "wall, s", "cpu, s", "cpu s per million", "peak, MB")
    findings.tables.append(Table(f"A run of {households:,} households, to Parquet", headings, rows))
    ours, bare = found[OURS], found[LIMIT]
    words = f"{households:,} households"
    findings.figures.append(reported(f"{words}, processor seconds", f"{ours.cpu:,.1f} s"))
    findings.figures.append(reported(f"{words}, beside {LIMIT}", f"{ours.cpu / bare.cpu:.1f} times"))
    findings.figures.append(
        at_most(f"{words}, all statistics by five levels", SECONDS, ours.wall, "s", aim=True)
    )
    findings.figures.append(at_most(f"{words}, peak memory", MEGABYTES, ours.peak, "MB", digits=0))
    findings.loads.append(load_in_words())


def run_of(data: Path, households: int, out: Path) -> Path:
    """The run of a nation of this size; nation and run are made where they are absent, and kept."""
    snapshot = nation_of(data, households, Console())
    run = data / f"{snapshot.name}-run"
    if not run.is_dir():
        words = (PACKAGE, snapshot, ON, run, "800MB", usable_cores())
        report = out / "screen-nation.json"
        measured(child("screen_package", report, *words), out / "screen-nation.log", report)
    return run


def main(words: list[str]) -> int:
    """Compare with R, count the nation, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument(
        "--surveys", type=Path, default=SURVEYS, help="folder of eusilc and imaginary_country"
    )
    parser.add_argument(
        "--households", type=int, default=0, help="of the nation that is counted, in --data; 0: none"
    )
    asked = parser.parse_args(words)
    out = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    findings = Findings(
        SUBJECT,
        "Statistics with errors",
        command_of(SUBJECT, words),
        data="eusilc (14,827 persons), again with every twentieth income unknown, and the survey of the "
        "imaginary country (8,000 households)",
        explanation=[
            "Points are those of R laeken where it has the measure; errors and design effects those of R "
            "survey, by svymean, svytotal, svyratio and svycontrast. For measures in the order of welfare "
            "the influence is written out in base R (benchmarks/r), and survey takes the variance of its "
            "total. The survey of the imaginary country is imported and screened, and R is given the "
            "answers of that run. Every figure that has an error is compared, in every group. For the change "
            "between two runs three visits of that survey are made up and screened.",
        ],
        packages=("hearthline", "duckdb", "numpy", "pyarrow"),
    )
    against_r(findings, asked.surveys, out)
    if asked.households:
        nation(findings, run_of(asked.data.resolve(), asked.households, out), asked.households, out)
    keep = asked.keep if asked.keep is not None else shutil.which("Rscript") is not None
    return finished(findings, out, keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
