# SPDX-License-Identifier: Apache-2.0
"""Decides how making a nation is measured, and held to what was published: ``python -m benchmarks.nation``.

One nation of full size is made, screened and compared province by province; a smaller one for every other
year of the series. The memory is that of the whole tree of processes.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.findings import (
    Figure,
    Findings,
    Table,
    at_most,
    command_of,
    finished,
    must_be,
    options,
    reported,
)
from benchmarks.machine import load_in_words, usable_cores
from benchmarks.measuring import Measured, child, measured
from benchmarks.tree import measured_tree

SUBJECT = "nation"
PACKAGE, PACKAGE_OF_2012 = "cn/2014-2020", "examples/nation-2012"
FULL_SIZE = 30_000_000
OTHER_YEARS = (2012, 2013, 2014, 2015, 2016, 2018, 2019)
MOST_PEAK = 2_000.0
MOST_MINUTES = 10.0
MOST_ERRORS = 4.0
EXPLANATION = """\
A nation is a sample of all rural households, held to the published poor of its year province by province
([what it is](the-generated-nation.md)). *Wanted* is the share of the people who are to be found poor, *found*
what the default standard of the package finds, in per cent; *error* the standard error of that, in points.
Memory is the resident set of all processes together, looked at ten times a second."""

Row = Mapping[str, float | str | bool]


@dataclass(frozen=True)
class Made:
    """One nation: how it was made, how it was screened, and how it lies to what was wanted."""

    year: int
    making: Measured
    screening: Measured
    rows: list[Row]

    @property
    def farthest(self) -> float:
        """The most standard errors that a province or the country lies off."""
        return max(float(row["errors_off"]) for row in self.rows)


def made(out: Path, snapshot: Path, year: int, households: int, asked_processes: int, seed: int) -> Made:
    """Make, screen and compare one nation; the run is removed, the snapshot stays."""
    logs, run = out / "logs", out / f"nation-run-{year}"
    report = out / "nation-report.json"
    package = PACKAGE_OF_2012 if year == 2012 else PACKAGE
    order = child("make_nation", report, package, year, households, seed, asked_processes, snapshot)
    making = _told(measured_tree(order, logs / "nation.log", report), report)
    shutil.rmtree(run, ignore_errors=True)
    on, memory = f"{year}-12-31", "800MB"
    order = child("screen_package", report, package, snapshot, on, run, memory, usable_cores())
    screening = _told(measured(order, logs / "nation.log", report), report)
    comparing = measured(child("calibrate", report, run, snapshot), logs / "nation.log", report)
    report.unlink(missing_ok=True)
    shutil.rmtree(run, ignore_errors=True)
    rows = comparing.report["calibrated"]
    assert isinstance(rows, list)
    return Made(year, making, screening, rows)


def _told(found: Measured, report: Path) -> Measured:
    report.unlink(missing_ok=True)
    return found


def main(words: list[str]) -> int:
    """Measure and tell; fails where memory or a share is beyond what must hold."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, default=FULL_SIZE, help="of the nation of 2017")
    parser.add_argument("--others", type=int, default=400_000, help="households of the other years; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=usable_cores())
    asked = parser.parse_args(words)
    out, data = asked.out.resolve(), asked.data.resolve()
    for folder in (out, data):
        folder.mkdir(parents=True, exist_ok=True)
    loads = [load_in_words()]
    snapshot = data / f"nation-{asked.households // 1_000_000}m-seed{asked.seed}"
    whole = made(out, snapshot, 2017, asked.households, asked.processes, asked.seed)
    loads.append(load_in_words())
    others = []
    if asked.others:
        little = out / "nation-of-a-year"
        for year in OTHER_YEARS:
            others.append(made(out, little, year, asked.others, asked.processes, asked.seed))
        shutil.rmtree(little, ignore_errors=True)
        loads.append(load_in_words())
    findings = findings_of(whole, others, asked.households, asked.processes)
    findings.command = command_of(SUBJECT, words)
    findings.loads = loads
    keep = asked.keep if asked.keep is not None else asked.households == FULL_SIZE
    return finished(findings, out, keep=keep)


def findings_of(whole: Made, others: list[Made], households: int, processes: int) -> Findings:
    """Rows and tables."""
    rows = whole.making.report["rows"]
    assert isinstance(rows, dict)
    size = whole.making.number("bytes")
    every = sorted([whole, *others], key=lambda each: each.year)
    return Findings(
        subject=SUBJECT,
        title="Making a nation",
        command="",
        data=f"{rows['household']:,} households, {rows['person']:,} people, {rows['income_line']:,} income "
        f"lines, {size / 1e9:.2f} GB; other years smaller",
        explanation=[EXPLANATION],
        figures=[
            at_most("Greatest memory of all processes", MOST_PEAK, whole.making.peak, "MB", digits=0),
            at_most("Time to make it", MOST_MINUTES, whole.making.wall / 60, "minutes", aim=True),
            reported("Processor seconds", f"{whole.making.cpu:,.0f}, {processes} processes"),
            reported("Rate", f"{households / whole.making.wall:,.0f} households a second"),
            reported("Bytes a household, all tables", f"{size / households:.0f}"),
            reported(
                "Comparing all hashes",
                f"{whole.screening.number('hash_wall'):.1f} s, "
                f"{whole.screening.number('hash_cpu'):.1f} processor seconds",
            ),
            *(_held(each) for each in every),
        ],
        tables=[_years(every), _provinces(whole)],
        raw={"rows": [{"year": each.year, "provinces": each.rows} for each in every]},
    )


def _held(each: Made) -> Figure:
    words = f"{each.year}: the province or country that lies farthest off, beyond the stated bias"
    measured_words = f"{each.farthest:.1f} standard errors"
    return must_be(words, f"at most {MOST_ERRORS:g}", measured_words, kept=each.farthest <= MOST_ERRORS)


def _years(every: list[Made]) -> Table:
    headings = ("end of", "households", "poor wanted", "poor found", "wanted %", "found %", "error")
    rows = []
    for each in every:
        country, scale = each.rows[0], each.making.number("people_represented")
        counted = each.making.report["rows"]
        assert isinstance(counted, dict)
        rows.append(
            (
                str(each.year),
                f"{counted['household']:,}",
                f"{float(country['wanted']) * scale:,.0f}",
                f"{float(country['found']) * scale:,.0f}",
                *_shares(country),
            )
        )
    return Table("The country, by year", headings, rows)


def _provinces(whole: Made) -> Table:
    headings = ("province", "published", "people of the sample", "wanted %", "found %", "error")
    rows = [
        (
            str(row["key"]).replace("_", " ").title(),
            "yes" if row["published"] else "",
            f"{float(row['people']):,.0f}",
            *_shares(row),
        )
        for row in whole.rows[1:]
    ]
    return Table(f"The provinces at the end of {whole.year}", headings, rows)


def _shares(row: Row) -> tuple[str, str, str]:
    return (
        f"{100 * float(row['wanted']):.3f}",
        f"{100 * float(row['found']):.3f}",
        f"{100 * float(row['error']):.3f}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
