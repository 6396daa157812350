# SPDX-License-Identifier: Apache-2.0
"""Decides the commands ``statistics`` and ``compare``: figures of a run, and what differs between two."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hearthline.cli.options import (
    LISTED,
    ByOption,
    DataOption,
    FigureFormat,
    FormatOption,
    KeysOption,
    Language,
    LanguageOption,
    MemoryOption,
    check_memory,
)
from hearthline.cli.progress import progress_bar
from hearthline.reporting.plots import PlotRequest, plot_run
from hearthline.statistics.compare import compare as compare_runs
from hearthline.statistics.counting_to_file import FileReport
from hearthline.statistics.measures import MeasureRequest, compute, compute_to_file
from hearthline.statistics.problems import NO_FILE, NOT_TO_A_FILE
from hearthline.statistics.session import MEMORY
from hearthline.statistics.table import StatisticsTable


class StatisticsFormat(StrEnum):
    """How statistics are printed, or written to a file."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


FILE_FORMATS = (StatisticsFormat.CSV, StatisticsFormat.PARQUET)

SHOWN = 500
"""How many groups of a breakdown a table for people shows: more nobody reads, and a file holds them all."""


PrintedOption = Annotated[
    StatisticsFormat,
    typer.Option(
        "--format",
        help="How figures are printed; parquet needs --out. A table shows 500 groups of a breakdown.",
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option("--out", help="A new file for the figures of any number of groups, csv or parquet."),
]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Go on from the parts that a stopped count kept beside --out.")
]


def statistics(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    by: ByOption = None,
    measure: Annotated[
        str | None,
        typer.Option("--measure", help="Measures joined by commas; all that the package allows by default."),
    ] = None,
    output: PrintedOption = StatisticsFormat.TABLE,
    out: FileOption = None,
    resume: ResumeOption = False,
    memory: MemoryOption = MEMORY,
    welfare: Annotated[
        str | None, typer.Option("--welfare", help="The value that is compared with the line.")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", help="A parameter, a household value, or a number.")
    ] = None,
    weight: Annotated[
        str | None, typer.Option("--weight", help="What is counted: person, household or none.")
    ] = None,
    errors: Annotated[
        bool,
        typer.Option("--errors", help="Standard errors, intervals and design effects, where it is a sample."),
    ] = False,
    bootstrap: Annotated[
        int,
        typer.Option("--bootstrap", help="Take the errors from so many replicates, as a check; 0 for none."),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The seed of the replicates.", min=0)] = 1,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="A folder for drawings: Lorenz curve, Pen's parade, incidence by group."),
    ] = None,
    lang: LanguageOption = Language.EN,
    data: DataOption = None,
) -> None:
    """Count: headcount, gap, severity, inequality, multidimensional poverty, by any grouping."""
    check_memory(memory)
    asked = MeasureRequest(
        by=tuple(by or ()),
        measures=[name.strip() for name in measure.split(",") if name.strip()] if measure else [],
        welfare=welfare,
        line=line,
        weight=weight,
        data=data,
        memory=memory,
    )
    with_errors = errors or bool(bootstrap)
    if out is not None:
        _refuse_for_a_file(output, errors=with_errors)
        with progress_bar("counting households") as tell:
            report = compute_to_file(run, out, asked, file_format=output, resume=resume, progress=tell)
        typer.echo(_told(report))
    elif resume or output is StatisticsFormat.PARQUET:
        raise NO_FILE.error(option="resume" if resume else "format parquet")
    else:
        most = SHOWN if output is StatisticsFormat.TABLE else None
        with progress_bar("counting households") as tell:
            table = compute(
                run, asked, errors=with_errors, replicates=bootstrap, seed=seed, most=most, progress=tell
            )
        _print(table, output, lang)
    if plot is not None:
        request = PlotRequest(by=tuple(asked.by), welfare=welfare, line=line, weight=weight, errors=errors)
        for file in plot_run(run, plot, request, language=lang.value, data=data):
            typer.echo(f"Drawing: {file}", err=output is not StatisticsFormat.TABLE)


def _print(table: StatisticsTable, output: StatisticsFormat, language: Language) -> None:
    texts = {
        StatisticsFormat.TABLE: lambda: table.to_text(language.value),
        StatisticsFormat.CSV: table.to_csv,
        StatisticsFormat.JSON: table.to_json,
    }
    typer.echo(texts[output](), nl=output is StatisticsFormat.TABLE)


def _refuse_for_a_file(output: StatisticsFormat, *, errors: bool) -> None:
    if output not in FILE_FORMATS:
        raise NOT_TO_A_FILE.error(how=f"as {output.value}", remedy="Add --format parquet or --format csv.")
    if errors:
        remedy = "Leave --out away and keep what is printed: samples have few groups."
        raise NOT_TO_A_FILE.error(how="with errors", remedy=remedy)


def _told(report: FileReport) -> str:
    taken = f" {report.resumed} of {report.parts} parts had been counted before." if report.resumed else ""
    return (
        f"{report.groups:,} groups, {report.figures:,} figures in {report.seconds:.1f} s.{taken} "
        f"They are in {report.file}."
    )


def compare(
    earlier: Annotated[Path, typer.Argument(help="The folder of the earlier run.")],
    later: Annotated[Path, typer.Argument(help="The folder of the later run.")],
    by: ByOption = None,
    output: FormatOption = FigureFormat.TABLE,
    keys: KeysOption = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, help="How many households to list; 20 in a table, else all."),
    ] = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say who entered, who left, and which rule made the difference between two runs."""
    listed = LISTED if limit is None and output is FigureFormat.TABLE else limit
    result = compare_runs(earlier, later, by=by or (), keys=keys, listed=listed)
    texts = {
        FigureFormat.TABLE: lambda: result.to_text(lang.value),
        FigureFormat.CSV: result.to_csv,
        FigureFormat.JSON: result.to_json,
    }
    typer.echo(texts[output](), nl=output is FigureFormat.TABLE)
