# SPDX-License-Identifier: Apache-2.0
"""Decides how the import of a register into PostgreSQL is measured: ``python -m benchmarks.importing``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.findings import Findings, Table, at_least, at_most, command_of, finished, options
from benchmarks.machine import load_in_words
from scripts.postgres import LARGE, cluster

SUBJECT = "importing"
SIZES = (100_000, 1_000_000)
LEAST_RATE = 10_000
MOST_GROWTH = 1.25
"""Processor time of a person in the larger import beside the smaller: what is called linear here."""
HEADINGS = (
    "people",
    "people a second",
    "seconds",
    "cpu here, us",
    "cpu PostgreSQL, us",
    "again",
    "bare COPY",
)


def imported(people: int, out: Path) -> dict[str, float]:
    """One import into a PostgreSQL of its own."""
    Console().print(f"{SUBJECT}: about {people:,} people", highlight=False)
    with cluster(settings=LARGE) as url:
        told = out / f"importing-{people}.json"
        command = [sys.executable, "-m", "benchmarks.service.registry_import", "--people", str(people)]
        subprocess.run(
            [*command, "--told", str(told)], env=os.environ | {"HEARTHLINE_DATABASE": url}, check=True
        )
    found: dict[str, float] = json.loads(told.read_text(encoding="utf-8"))
    return found


def main(words: list[str]) -> int:
    """Import a smaller and a larger register, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--people", type=int, nargs="+", default=list(SIZES), help="the smaller, the larger")
    asked = parser.parse_args(words)
    out = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    findings = Findings(
        SUBJECT,
        "Import of an existing register",
        command_of(SUBJECT, words),
        data="invented counties of cn/2014-2020: names, identity, facts and income lines of every person",
        explanation=[
            "A snapshot with the names beside it enters an empty register on PostgreSQL as a job does it: "
            "identity sealed, pinyin, membership, observation and current values of every person, a row "
            'of the trail for each transaction, which is durable. "Again" is the same files once more, '
            "which change nothing; the bare COPY is that of the rows into tables without index or check. "
            f"PostgreSQL runs with {', '.join(LARGE)} and wal_compression=lz4."
        ],
        packages=("hearthline", "duckdb", "pyarrow", "psycopg"),
    )
    found = [imported(people, out) for people in asked.people]
    for one in found:
        words_of = f"People a second, {one['people']:,.0f} people"
        findings.figures.append(at_least(words_of, LEAST_RATE, one["people"] / one["wall"], digits=0))
    each = [one["client"] + one["server"] for one in found]
    growth = (each[-1] / found[-1]["people"]) / (each[0] / found[0]["people"])
    findings.figures.append(
        at_most("Processor time of a person, larger beside smaller", MOST_GROWTH, growth, "times")
    )
    findings.tables.append(Table("Imports", HEADINGS, [_row(one) for one in found]))
    findings.loads.append(load_in_words())
    keep = asked.keep if asked.keep is not None else asked.people == list(SIZES)
    return finished(findings, asked.out, keep=keep)


def _row(one: dict[str, float]) -> list[str]:
    people = one["people"]
    rates = [f"{people / one[name]:,.0f}" for name in ("again", "bare")]
    cpu = [f"{one[name] / people * 1e6:.0f}" for name in ("client", "server")]
    return [f"{people:,.0f}", f"{people / one['wall']:,.0f}", f"{one['wall']:.1f}", *cpu, *rates]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
