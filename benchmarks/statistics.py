# SPDX-License-Identifier: Apache-2.0
"""Decides how statistics are held against R and timed for a nation: ``python -m benchmarks.statistics``."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from rich.console import Console

from benchmarks.contest import ON, PACKAGE
from benchmarks.findings import Findings, Table, at_most, command_of, finished, must_be, options, reported
from benchmarks.machine import load_in_words, usable_cores
from benchmarks.measuring import ROOT, child, measured
from benchmarks.national import nation as nation_of
from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.measures import compute_over
from hearthline.statistics.table import StatisticsTable

SUBJECT = "statistics"
SCRIPT = ROOT / "benchmarks" / "r" / "reference.R"
SURVEYS = ROOT.parent / "shared" / "data"
POINTS, ERRORS = 1e-9, 1e-6
SECONDS, MEGABYTES = 15, 2000
SUMS = "population,status,headcount,below_line,gap,severity,watts,mean,ge,atkinson,criteria,causes"
ALL, DEPTHS = "all", "0,1,2,3,4"
OURS, SUMS_ALONE, LIMIT = "all measures", "sums alone", "reading and sorting the same columns"
COUNTS = ("groups", "figures")


@dataclass(frozen=True)
class Survey:
    """One survey as R and Hearthline read it: file, columns, line."""

    name: str
    file: str
    welfare: str
    weight: str
    stratum: tuple[str, ...]
    cluster: str
    group: str
    line: str


BOTH = (
    Survey("eusilc", "eusilc/eusilc.csv", "eqIncome", "rb050", ("db040",), "db030", "db040", "10859.24"),
    Survey(
        "imaginary country",
        "imaginary_country/households.csv",
        "pc_exp",
        "popweight",
        ("geo1", "urbrur"),
        "ea",
        "urbrur",
        "1500",
    ),
)


@dataclass
class Distance:
    """The greatest relative differences found, and of how many figures."""

    points: float = 0.0
    errors: float = 0.0
    compared: int = 0
    worst: list[str] = field(default_factory=list)


def by_r(survey: Survey, data: Path, out: Path) -> tuple[Path, str]:
    """What R prints of a survey, and its versions."""
    target = out / f"r-{survey.name.split()[0]}.csv"
    words = [
        survey.welfare,
        survey.weight,
        "+".join(survey.stratum),
        survey.cluster,
        survey.group,
        survey.line,
    ]
    command = ["Rscript", str(SCRIPT), str(data / survey.file), str(target), *words]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return target, said.stdout.strip()


def by_hearthline(survey: Survey, data: Path, out: Path) -> StatisticsTable:
    """The same figures by Hearthline."""
    rows = pyarrow.csv.read_csv(data / survey.file)
    parts = [pc.cast(rows[name], pa.string()) for name in survey.stratum]
    rows = rows.append_column(
        "stratum", pc.binary_join_element_wise(*parts, "|") if len(parts) > 1 else parts[0]
    )
    rows = rows.append_column("cluster", pc.cast(rows[survey.cluster], pa.string()))
    file = out / f"{survey.name.split()[0]}.parquet"
    pq.write_table(rows, file)
    return compute_over(
        [file],
        by=[survey.group],
        measures=["all"],
        welfare=survey.welfare,
        line=survey.line,
        weight=survey.weight,
        sample=SampleRequest(stratum="stratum", cluster="cluster"),
    )


def distance(survey: Survey, printed: Path, table: StatisticsTable) -> Distance:
    """How far the two are apart."""
    found = Distance()
    with printed.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            name, _, item = row["name"].partition("@")
            item = survey.group if name in ("ge0_between", "ge0_within") else item
            group = {survey.group: row["group"]} if row["group"] else {}
            value = table.value(name, item=item or None, **group)
            precision = table.precision(name, item=item or None, **group)
            if value is None or precision is None:
                raise SystemExit(f"{survey.name}: R gives {row['name']} {row['group']}, Hearthline does not")
            found.points = max(found.points, _apart(float(value), float(row["value"])))
            found.errors = max(found.errors, _apart(precision.error, float(row["error"])))
            found.compared += 1
    return found


def _apart(one: float, other: float) -> float:
    return abs(one - other) / abs(other) if other else abs(one)


def against_r(findings: Findings, data: Path, out: Path) -> None:
    """Every figure that R has, beside ours; where there is no R, that."""
    if shutil.which("Rscript") is None:
        findings.remarks.append(
            "R is not installed here: nothing was compared (apt-get install r-cran-laeken)."
        )
        findings.figures.append(must_be("compared with R", "R is there", "R is absent", kept=False, aim=True))
        return
    rows = []
    for survey in BOTH:
        printed, versions = by_r(survey, data, out)
        found = distance(survey, printed, by_hearthline(survey, data, out))
        findings.other_versions = (versions,)
        rows.append([survey.name, str(found.compared), f"{found.points:.1e}", f"{found.errors:.1e}"])
        for words, bound, value in (
            (f"{survey.name}, greatest relative difference of a point", POINTS, found.points),
            (f"{survey.name}, greatest relative difference of an error", ERRORS, found.errors),
        ):
            kept = value <= bound
            findings.figures.append(must_be(words, f"at most {bound:.0e}", f"{value:.1e}", kept=kept))
    headings = ("survey", "figures with errors", "points", "errors")
    findings.tables.append(Table("Greatest relative difference from R", headings, rows))


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
        data="eusilc (14,827 persons) and the survey of the imaginary country (8,000 households)",
        explanation=[
            "Points are those of R laeken where it has the measure; errors those of R survey, by svymean, "
            "svytotal, svyratio and svycontrast. For measures in the order of welfare the influence is "
            "written out in base R (benchmarks/r/reference.R), and survey takes the variance of its total.",
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
