# SPDX-License-Identifier: Apache-2.0
"""Decides how the loading of a nation's places is measured: ``python -m benchmarks.places``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from benchmarks.findings import Findings, Table, at_most, command_of, finished, options
from benchmarks.machine import load_in_words
from benchmarks.measuring import ROOT
from scripts.postgres import cluster

SUBJECT = "places"
FILE = ROOT.parent / "shared" / "data" / "cn_admin" / "areas.parquet"
MOST_SECONDS = 60
MOST_COUNT_MS = 5
HEADINGS = (
    "database",
    "seconds",
    "cpu here, s",
    "cpu PostgreSQL, s",
    "again, s",
    "bare table, s",
    "count, ms",
)


def loaded(database: str, file: Path, out: Path) -> dict[str, float]:
    """The places into one kind of database."""
    Console().print(f"{SUBJECT}: {database}", highlight=False)
    told = out / f"places-{database}.json"
    command = [sys.executable, "-m", "benchmarks.service.areas", "--file", str(file), "--told", str(told)]
    with cluster() if database == "PostgreSQL" else nullcontext("") as url:
        own = {"HEARTHLINE_DATABASE": url} if url else {}
        rest = {name: value for name, value in os.environ.items() if name != "HEARTHLINE_DATABASE"}
        subprocess.run(command, env=rest | own, check=True)
    found: dict[str, float] = json.loads(told.read_text(encoding="utf-8"))
    return found


def main(words: list[str]) -> int:
    """Load into both, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--file", type=Path, default=FILE, help="Parquet or CSV of places")
    asked = parser.parse_args(words)
    out = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    findings = Findings(
        SUBJECT,
        "Places of a nation",
        command_of(SUBJECT, words),
        data="the administrative units of China from province to village",
        explanation=[
            "`hearthline areas import` into an empty service, with checks and trail; the count is of all "
            "open places within the county that has most, as a page asks for it, the median of 200."
        ],
        packages=("hearthline", "django", "psycopg"),
    )
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        one = loaded(database, asked.file, out)
        findings.figures += [
            at_most(
                f"Import of {one['rows']:,.0f} places, {database}", MOST_SECONDS, one["wall"], "s", digits=1
            ),
            at_most(f"Count within a county, {database}", MOST_COUNT_MS, one["count"], "ms"),
        ]
        times = ("wall", "client", "server", "again", "bare")
        rows.append([database, *(f"{one[name]:.1f}" for name in times), f"{one['count']:.2f}"])
    findings.tables.append(Table("Loading", HEADINGS, rows))
    findings.loads.append(load_in_words())
    keep = asked.keep if asked.keep is not None else asked.file == FILE
    return finished(findings, asked.out, keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
