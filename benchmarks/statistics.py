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

from benchmarks.findings import Findings, Table, at_most, command_of, finished, must_be, options, reported
from benchmarks.machine import load_in_words
from benchmarks.measuring import ROOT, child, measured
from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.measures import compute_over
from hearthline.statistics.table import StatisticsTable

SUBJECT = "statistics"
SCRIPT = ROOT / "benchmarks" / "r" / "reference.R"
SURVEYS = ROOT.parent / "shared" / "data"
POINTS, ERRORS = 1e-9, 1e-6
SECONDS, MEGABYTES = 15, 2000
SUMS = "population,status,headcount,below_line,gap,severity,watts,mean,ge,atkinson,criteria,causes"
RANKED = "gini,quantiles,sen,sst,risk,quintile_ratio,lorenz,parade"
DEPTHS_OF_SUMS, DEPTHS_OF_RANKS = "0,1,2,3,4", "0,1,2"


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


def nation(findings: Findings, run: Path, households: str, out: Path) -> None:
    """The statistics of a national run: sums by five levels of area, ranks by three."""
    rows, wall, cpu, peak = [], 0.0, 0.0, 0.0
    for words, depths, measures in (
        ("sums, to the village", DEPTHS_OF_SUMS, SUMS),
        ("in the order of welfare, to the county", DEPTHS_OF_RANKS, RANKED),
    ):
        report = out / "count-nation.json"
        found = measured(
            child("count_nation", report, run, depths, measures), out / "count-nation.log", report
        )
        groups, figures = found.number("groups"), found.number("figures")
        numbers = (found.wall, found.cpu, found.peak)
        rows.append([words, f"{groups:,.0f}", f"{figures:,.0f}", *(f"{value:,.1f}" for value in numbers)])
        wall, cpu, peak = wall + found.wall, cpu + found.cpu, max(peak, found.peak)
    headings = ("measures", "groups", "figures", "wall, s", "cpu, s", "peak, MB")
    findings.tables.append(Table(f"A run of {households} households", headings, rows))
    findings.figures.append(reported(f"{households} households, processor seconds", f"{cpu:,.1f} s"))
    findings.figures.append(
        at_most(f"{households} households, all statistics by five levels", SECONDS, wall, "s", aim=True)
    )
    findings.figures.append(at_most(f"{households} households, peak memory", MEGABYTES, peak, "MB", digits=0))
    findings.loads.append(load_in_words())


def main(words: list[str]) -> int:
    """Compare with R, count the nation, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument(
        "--surveys", type=Path, default=SURVEYS, help="folder of eusilc and imaginary_country"
    )
    parser.add_argument("--run", type=Path, help="folder of a run whose snapshot has five levels of area")
    parser.add_argument("--households", default="", help="how many households that run has, in words")
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
    if asked.run is not None:
        nation(findings, asked.run.resolve(), asked.households or asked.run.name, out)
    keep = asked.keep if asked.keep is not None else shutil.which("Rscript") is not None
    return finished(findings, out, keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
