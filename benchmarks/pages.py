# SPDX-License-Identifier: Apache-2.0
"""Decides how the pages of a national register are measured: ``python -m benchmarks.pages``.

A register of a million households is made once, by the services, in a PostgreSQL that stays in the folder of
big data; later runs find it there. Two processes and PostgreSQL share the machine with who asks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
from benchmarks.machine import load_in_words
from benchmarks.service.load import (
    BIN,
    WARM_UP,
    Asking,
    Measured,
    Reader,
    addresses,
    measure_bare,
    measure_pages,
    queries_of,
    say,
)
from scripts.postgres import LARGE, cluster

SUBJECT = "pages"
FULL_SIZE = 1_000_000
MOST_P95 = 150
MOST_CPU = 15
PROMISED = ("household", "area", "search", "list")
HEADINGS = ("page", "queries", "p50 ms", "p95 ms", "p99 ms", "server cpu ms", "PostgreSQL cpu ms", "failures")


def register_in(folder: Path, households: int, environment: dict[str, str]) -> dict[str, dict[str, str]]:
    """Who may sign in to the register of this folder, which is made first, or brought up to date."""
    accounts = folder / "home" / "accounts.json"
    if accounts.exists():
        subprocess.run([str(BIN / "hearthline"), "prepare"], env=environment, check=True)
    else:
        say(f"{SUBJECT}: the register of {households:,} households is made once, in {folder}")
        build = [sys.executable, "-m", "benchmarks.service.register", str(households)]
        subprocess.run(build, env=environment, check=True)
    known: dict[str, dict[str, str]] = json.loads(accounts.read_text(encoding="utf-8"))
    return known


def row_of(one: Measured) -> list[str]:
    """A line of the table."""
    times = [f"{one.answers.percentile(share):.0f}" for share in (0.5, 0.95, 0.99)]
    spent = [f"{one.server_ms:.1f}", f"{one.database_ms:.1f}", str(one.answers.failed)]
    return [one.page, str(one.queries), *times, *spent]


def figures_of(found: list[Measured], whose: str) -> list[Figure]:
    """What was wanted of the pages, and of each whether it holds."""
    figures = []
    for one in found:
        words = f"{one.page.capitalize()} page, officer of a {whose}"
        if one.page not in PROMISED:
            figures.append(reported(f"{words}, processor of the server", f"{one.server_ms:.1f} ms"))
            continue
        p95 = one.answers.percentile(0.95)
        figures.append(at_most(f"{words}, 95 of 100 answers within", MOST_P95, p95, "ms", digits=0))
        figures.append(at_most(f"{words}, processor of the server", MOST_CPU, one.server_ms, "ms", digits=1))
        failed = one.answers.failed
        figures.append(must_be(f"{words}, answers that are no success", "0", str(failed), kept=not failed))
    return figures


def main(words: list[str]) -> int:
    """Make or find the register, serve it, ask, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, default=FULL_SIZE)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30, help="for each kind of page")
    parser.add_argument("--port", type=int, default=8765)
    asked = parser.parse_args(words)
    folder = asked.data.resolve() / f"register-{asked.households}"
    folder.mkdir(parents=True, exist_ok=True)
    findings = Findings(
        SUBJECT,
        "Pages of a register of a million households",
        command_of(SUBJECT, words),
        data=f"{asked.households:,} invented households of one country, in PostgreSQL, screened",
        explanation=[
            f"gunicorn with two processes is asked {asked.rate:g} times a second, {asked.seconds:g} s for "
            "each kind of page, at fixed moments, whether or not it has answered; time counts from when "
            f"an answer was due. Before a page is measured each officer asks for it {WARM_UP:g} s long, so "
            "that both processes are warm; then they are measured in turns: country, county, county, "
            "country. The bare page is Django with the same settings, asking for one row by its "
            "key as often as the household page asks. The bound of 15 ms is for the processes of the server; "
            "the processor time of PostgreSQL stands beside it."
        ],
        packages=("hearthline", "django", "gunicorn", "psycopg"),
    )
    with cluster(folder / "postgresql", LARGE) as url:
        own = {
            "HEARTHLINE_HOME": str(folder / "home"),
            "HEARTHLINE_DATABASE": url,
            "HEARTHLINE_REQUIRE_TOTP": "no",
        }
        environment = os.environ | own
        process = int((folder / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])
        how = Asking(asked.port, asked.rate, process)
        accounts = register_in(folder, asked.households, environment)
        readers = []
        for whose, account in accounts.items():
            paths = addresses(environment, account["low"], int(asked.rate * asked.seconds))
            readers.append(Reader(whose, {}, paths, queries_of(environment, whose, paths)))
        say(f"{SUBJECT}: {asked.seconds:g} s for each kind of page and officer")
        passwords = {whose: account["password"] for whose, account in accounts.items()}
        found = measure_pages(how, environment, passwords, readers)
        bare = measure_bare(how, environment, readers)
        for whose, measured in found.items():
            findings.figures += figures_of(measured, whose)
            rows = [row_of(one) for one in (*measured, bare[whose])]
            findings.tables.append(Table(f"Officer of a {whose}", HEADINGS, rows))
        findings.loads.append(load_in_words())
    keep = asked.keep if asked.keep is not None else asked.households == FULL_SIZE
    return finished(findings, asked.out, keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
