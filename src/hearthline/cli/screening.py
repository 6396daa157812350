# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``screen``: a package over a snapshot, and what is printed of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hearthline.base.problems import Kind, declare
from hearthline.cli.options import MemoryOption, OnOption, PolicyOption, check_memory, read_date
from hearthline.cli.progress import progress_bar
from hearthline.engine.backends import Run, ScreeningReport
from hearthline.engine.backends import screen as screen_snapshot
from hearthline.engine.backends.debugging import step_samples
from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY
from hearthline.engine.backends.spark_session import DEFAULT_MASTER
from hearthline.engine.rules.wording import said


class EngineName(StrEnum):
    """What computes a screening."""

    DUCKDB = "duckdb"
    SPARK = "spark"


MASTER_WITHOUT_SPARK = declare(
    "command.master-without-spark",
    Kind.BAD_INPUT,
    "--master {master} says where Spark runs, and DuckDB was asked.",
    "Add --engine spark, or leave out --master.",
)


def screen(
    policy: PolicyOption,
    data: Annotated[Path, typer.Option("--data", help="The snapshot to screen.")],
    on: OnOption,
    out: Annotated[Path, typer.Option("--out", help="The folder of the run; it must not exist yet.")],
    memory: MemoryOption = DEFAULT_MEMORY,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, max=256, help="How many threads; all by default.")
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="What computes: DuckDB on this machine, or Spark.")
    ] = EngineName.DUCKDB,
    master: Annotated[
        str | None,
        typer.Option("--master", help="Where Spark runs: local[2], spark://HOST:PORT, yarn, k8s://…"),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print the first rows of every step before screening.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from what a screening that was stopped has finished.")
    ] = False,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            help="An earlier run by the same package on the same date: what rests on the same data is taken "
            "over from it, the rest is screened.",
        ),
    ] = None,
) -> None:
    """Screen every household of a snapshot: who is poor by a package, on a date."""
    console = Console(markup=False)  # labels and names are said as they are
    day = read_date(on)
    check_memory(memory)
    if master is not None and engine is not EngineName.SPARK:
        raise MASTER_WITHOUT_SPARK.error(master=master)
    if debug:
        _show_steps(console, policy, data, day, memory)
    with progress_bar("screening households") as progress:
        report = screen_snapshot(
            policy,
            data,
            on=day,
            out=out,
            memory=memory,
            threads=threads,
            progress=progress,
            resume=resume,
            since=since,
            engine=engine.value,
            master=master or (DEFAULT_MASTER if threads is None else f"local[{threads}]"),
        )
    print_screening(console, report)


def _show_steps(console: Console, policy: str, data: Path, on: date, memory: str) -> None:
    for step, columns, rows in step_samples(policy, data, on=on, memory=memory):
        console.print(f"{step.name}: {step.about}", style="bold")
        table = Table(*columns)
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row))
        console.print(table)


def print_screening(console: Console, report: ScreeningReport) -> None:
    """Counts by status for each standard, and how long it took."""
    run = report.run
    counts = run.record.counts
    console.print(
        f"{counts['households']:,} households, {counts['persons']:,} people listed, "
        f"by {run.record.package.id} on {run.record.on}."
    )
    for warning in run.record.warnings:
        console.print(f"Note: {warning}", style="yellow", highlight=False, soft_wrap=True)
    console.print(status_table(run, "en"))
    print_answers(console, run, "en")
    hashing = f"{report.hashing_seconds:.2f} s of it checking hashes"
    for partitions, words in (
        (report.resumed, "had been finished before it was stopped"),
        (report.reused, "rest on the same data as in the earlier run and were taken over"),
    ):
        if partitions:
            console.print(
                f"{partitions:,} of {len(run.record.partitions):,} partitions {words}.",
                highlight=False,
                soft_wrap=True,
            )
    # a path is never broken, so that it can be copied
    done = f"{report.seconds:.2f} s, {hashing}. The run is in {run.folder}."
    console.print(done, highlight=False, soft_wrap=True)
    console.print(f"Next: hearthline why {run.folder} 1", highlight=False, soft_wrap=True)


def print_answers(console: Console, run: Run, language: str) -> None:
    """A line for each standard that has its own words for its answers."""
    for name, found in run.record.statuses.items():
        standard = run.policy.standards[name]
        if standard.answers:
            parts = [f"{said(standard.answers[word], language)} {count:,}" for word, count in found.items()]
            colon = "：" if language == "zh" else ": "
            line = said(standard.label, language) + colon + ("，" if language == "zh" else ", ").join(parts)
            console.print(line, highlight=False, soft_wrap=True)


_HEADS: dict[str, tuple[str, ...]] = {
    "en": ("standard", "poor", "not poor", "unknown"),
    "zh": ("标准", "贫困", "非贫困", "未知"),
}
_DEFAULT = {"en": " (default)", "zh": "（默认）"}


def status_table(run: Run, language: str) -> Table:
    """Households by status, a line for each standard in force."""
    table = Table(*_HEADS[language])
    for name, found in run.record.statuses.items():
        if run.policy.standards[name].answers:
            continue  # it does not ask who is poor; print_answers says it in its own words
        label = said(run.policy.standards[name].label, language)
        default = _DEFAULT[language] if name == run.record.default_standard else ""
        table.add_row(f"{label}{default}", *(f"{found[word]:,}" for word in ("poor", "not poor", "unknown")))
    for column in table.columns[1:]:
        column.justify = "right"
    return table
