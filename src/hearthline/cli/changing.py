# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``change``: how the number of poor moved between two runs, and whose welfare grew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hearthline.cli.options import (
    ByOption,
    FigureFormat,
    FormatOption,
    KeysOption,
    Language,
    LanguageOption,
)
from hearthline.engine.backends.runs import open_run
from hearthline.reporting.growth_plot import write_growth
from hearthline.statistics.balance import PastRun, balance_of
from hearthline.statistics.change_formats import csv_of_change, json_of_change, text_of_change
from hearthline.statistics.growth import growth_between
from hearthline.statistics.measures import specification_for


def change(
    earlier: Annotated[Path, typer.Argument(help="The folder of the earlier run.")],
    later: Annotated[Path, typer.Argument(help="The folder of the later run.")],
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", help="A run before both, from which returns are told. Repeatable."),
    ] = None,
    by: ByOption = None,
    output: FormatOption = FigureFormat.TABLE,
    keys: KeysOption = None,
    history_keys: Annotated[
        list[Path] | None,
        typer.Option("--history-keys", help="The key file of each run of the history, in their order."),
    ] = None,
    welfare: Annotated[str | None, typer.Option("--welfare", help="The value whose growth is shown.")] = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="Standard errors and intervals, where both runs are samples.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="A folder for the drawing of the growth-incidence curve.")
    ] = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Account for the change in the number of poor: entries, returns, exits; and the growth of welfare."""
    runs = open_run(earlier), open_run(later)
    specifications = (
        specification_for(runs[0], welfare=welfare),
        specification_for(runs[1], welfare=welfare),
    )
    files = [*(history_keys or []), *[None] * len(history or [])]
    past = [PastRun(open_run(folder), file) for folder, file in zip(history or [], files, strict=False)]
    sheet = balance_of(runs, specifications, by=by or (), keys=keys, history=past, errors=errors)
    growth = growth_between(runs, specifications, errors=errors, keys=keys)
    texts = {
        FigureFormat.TABLE: lambda: text_of_change(sheet, growth, lang.value),
        FigureFormat.CSV: lambda: csv_of_change(sheet, growth),
        FigureFormat.JSON: lambda: json_of_change(sheet, growth),
    }
    typer.echo(texts[output](), nl=output is FigureFormat.TABLE)
    if plot is not None and growth is not None:
        file = write_growth(plot, growth, language=lang.value)
        typer.echo(f"Drawing: {file}", err=output is not FigureFormat.TABLE)
