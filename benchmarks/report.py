# SPDX-License-Identifier: Apache-2.0
"""Decides how a benchmark is told: a table on the terminal, a file for programs, a page for people."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.contest import OURS, Outcome, Terms, comparison_in_words
from benchmarks.figures import TITLES, Promise, figures_of, promises_of
from benchmarks.machine import machine_in_words, versions_in_words
from benchmarks.measuring import Figures

HEADINGS = ("", "wall s", "cpu s", "peak MB", "job wall s", "job cpu s")
PAGE = """\
# How fast it is

How long a screening takes, beside what could be expected of it. The numbers are those of one machine on one
day, and only the ratios say something about another. On a machine that others use too, seconds on the wall
say little and seconds of the processors more. This page is written by

    {command}

{circumstances}

| {headings} |
|---|---:|---:|---:|---:|---:|
{rows}

*wall*, *cpu* (user and system) and *peak* (largest resident memory) are of the whole process, from the start
of Python to its end, as the system counts them; the *job* is the same without the start and the imports. Each
figure is the median of {runs} runs; the contenders take turns. Python finds its modules compiled, on both
sides. Comparing the hashes of the snapshot comes
before every screening and is left out of these figures: it takes {hashing:.2f} s.

## What they are

- **The package** is screened by `hearthline screen`: every rule, both result files.
- **The hand-written query** (`benchmarks/handwritten/cn_2014_2020.sql`) gives the same answer, written for
  DuckDB from the meaning of the package; same files, memory bound and threads.
- **The limit** reads the columns that the rules read, adds them up, and writes as many columns as the result
  has: what no screening from Parquet to Parquet by this engine can go below.
- **The income criterion** is net income from received income lines against the line times the members
  (`benchmarks/packages/income-only`), beside the same in OpenFisca-core (`benchmarks/openfisca`): the same
  Parquet columns, `set_input` from arrays. Codes go in as the indices that Parquet holds, the quickest way
  there is, or as text, as a model is usually fed. OpenFisca computes in 32-bit floats, knows no unknown, uses
  one core, and holds everything in memory.

## Do they agree?

{comparisons}

Before the county, both must agree on a small snapshot of noise, in which every fact takes any of its values
or none. Columns are compared by value, row by row; for OpenFisca an amount may differ by half a yuan.

## Aims

| aim | wanted | measured | |
|---|---|---|---|
{promises}
"""


def printed(console: Console, terms: Terms, outcome: Outcome) -> None:
    """The table and the aims on a terminal."""
    table = Table(*HEADINGS, title=_rows_in_words(outcome))
    for number in range(1, len(HEADINGS)):
        table.columns[number].justify = "right"
    for name, figures in figures_of(outcome).items():
        table.add_row(TITLES[name], *_cells(figures))
    console.print(table)
    for name, found in outcome.comparisons.items():
        console.print(f"{name}: {comparison_in_words(found)}")
    for promise in promises_of(figures_of(outcome)):
        console.print(f"{promise.words}: {promise.measured} ({promise.aim}) - {promise.verdict}")
    console.print(f"Figures of {terms.runs} runs in {terms.folder / 'figures.json'}.")


def written(path: Path, terms: Terms, outcome: Outcome, command: str, on: date) -> None:
    """Every run and its medians, for programs."""
    figures = figures_of(outcome)
    content = {
        "date": on.isoformat(),
        "command": command,
        "machine": machine_in_words(),
        "versions": versions_in_words(),
        "terms": {"memory": terms.memory, "threads": terms.threads, "runs": terms.runs, "seed": terms.seed},
        "package_hash": outcome.package_hash,
        "rows": outcome.rows,
        "loads": outcome.loads,
        "hashing": _hashing(outcome),
        "medians": {name: figure.plain() for name, figure in figures.items()},
        "runs": {
            name: [
                {
                    "wall": run.wall,
                    "cpu": run.cpu,
                    "peak": run.peak,
                    **{
                        key: value
                        for key, value in run.report.items()
                        if key not in ("households", "persons")
                    },
                }
                for run in runs
            ]
            for name, runs in outcome.runs.items()
        },
        "comparisons": outcome.comparisons,
        "aims": [vars(promise) for promise in promises_of(figures)],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def page(terms: Terms, outcome: Outcome, command: str, on: date) -> str:
    """The page of the documentation."""
    figures = figures_of(outcome)
    return PAGE.format(
        command=command,
        circumstances=_circumstances(terms, outcome, on),
        headings=" | ".join(HEADINGS),
        rows="\n".join(
            f"| {TITLES[name]} | {' | '.join(_cells(found))} |" for name, found in figures.items()
        ),
        runs=terms.runs,
        hashing=_hashing(outcome),
        comparisons="\n".join(
            f"- {name}: {comparison_in_words(found)}." for name, found in outcome.comparisons.items()
        ),
        promises="\n".join(_promise_row(promise) for promise in promises_of(figures)),
    )


def _promise_row(promise: Promise) -> str:
    return f"| {promise.words} | {promise.aim} | {promise.measured} | {promise.verdict} |"


def _circumstances(terms: Terms, outcome: Outcome, on: date) -> str:
    lines = {
        "Data": f"{_rows_in_words(outcome)}, generated from seed {terms.seed}",
        "Machine": machine_in_words(),
        "Versions": versions_in_words(),
        "Terms": f"memory bound of the engine {terms.memory}, {terms.threads} threads",
        "Measured on": on.isoformat(),
        "Load of the machine as the rounds began": ", ".join(outcome.loads),
    }
    return "\n".join(f"- {name}: {words}." for name, words in lines.items())


def _rows_in_words(outcome: Outcome) -> str:
    rows = outcome.rows
    parts = [f"{rows.get(level, 0):,} {words}" for level, words in _COUNTED.items()]
    return ", ".join(parts)


_COUNTED = {"household": "households", "person": "people", "income_line": "income lines"}


def _cells(found: Figures) -> list[str]:
    seconds = [f"{found.wall:.2f}", f"{found.cpu:.2f}", f"{found.peak:.0f}"]
    return [*seconds, f"{found.job_wall:.2f}", f"{found.job_cpu:.2f}"]


def _hashing(outcome: Outcome) -> float:
    runs = sorted(run.number("hash_cpu") for run in outcome.runs[OURS])
    return runs[len(runs) // 2]
