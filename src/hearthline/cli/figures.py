# SPDX-License-Identifier: Apache-2.0
"""Decides the commands ``statistics`` and ``compare``: figures of a run, and what differs between two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hearthline.cli.options import (
    LISTED,
    ByOption,
    DataOption,
    FigureFormat,
    FormatOption,
    Language,
    LanguageOption,
)
from hearthline.reporting.plots import PlotRequest, plot_run
from hearthline.statistics.compare import compare as compare_runs
from hearthline.statistics.measures import compute


def statistics(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    by: ByOption = None,
    measure: Annotated[
        str | None,
        typer.Option("--measure", help="Measures joined by commas; all that the package allows by default."),
    ] = None,
    output: FormatOption = FigureFormat.TABLE,
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
    measures = [name.strip() for name in measure.split(",") if name.strip()] if measure else []
    table = compute(
        run,
        by=by or (),
        measures=measures,
        welfare=welfare,
        line=line,
        weight=weight,
        data=data,
        errors=errors or bool(bootstrap),
        replicates=bootstrap,
        seed=seed,
    )
    texts = {
        FigureFormat.TABLE: lambda: table.to_text(lang.value),
        FigureFormat.CSV: table.to_csv,
        FigureFormat.JSON: table.to_json,
    }
    typer.echo(texts[output](), nl=output is FigureFormat.TABLE)
    if plot is not None:
        request = PlotRequest(by=tuple(by or ()), welfare=welfare, line=line, weight=weight, errors=errors)
        for file in plot_run(run, plot, request, language=lang.value, data=data):
            typer.echo(f"Drawing: {file}", err=output is not FigureFormat.TABLE)


def compare(
    earlier: Annotated[Path, typer.Argument(help="The folder of the earlier run.")],
    later: Annotated[Path, typer.Argument(help="The folder of the later run.")],
    by: ByOption = None,
    output: FormatOption = FigureFormat.TABLE,
    keys: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--keys", help="The key files of both imports, where the runs are of two snapshots."),
    ] = None,
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
