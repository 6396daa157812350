# SPDX-License-Identifier: Apache-2.0
"""Decides the commands ``targeting fit``, ``score`` and ``report``: who is likely poor, as a lead."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hearthline.cli.options import DataOption
from hearthline.engine.backends import open_run
from hearthline.targeting.cards import QUESTIONS
from hearthline.targeting.fitting import Fit, fit_methods
from hearthline.targeting.frame import frame_of
from hearthline.targeting.methods import METHODS, Choices

targeting_app = typer.Typer(
    help="Who is likely poor where income cannot be seen: a score is a lead, never a decision.",
    no_args_is_help=True,
)
RunArgument = Annotated[Path, typer.Argument(help="The folder of a run of the survey.")]


@targeting_app.command()
def fit(
    run: RunArgument,
    method: Annotated[
        list[str] | None,
        typer.Option("--method", help=f"A method: {', '.join(METHODS)}. Repeatable; all by default."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Learn from this covariate alone. Repeatable.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Leave this covariate out. Repeatable.")
    ] = None,
    questions: Annotated[
        int, typer.Option("--questions", help="The most questions of the card.")
    ] = QUESTIONS,
    quantile: Annotated[
        float,
        typer.Option("--quantile", help="What quantile regression tells of welfare; 0.5 is the median."),
    ] = 0.5,
    share: Annotated[
        float, typer.Option("--share", help="The poorest share of people by which methods are compared.")
    ] = 0.2,
    folds: Annotated[
        int, typer.Option("--folds", min=2, max=50, help="Into how many parts clusters are dealt.")
    ] = 5,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", help="The fact that says what was drawn together; else that of the snapshot."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides folds, trees and bootstrap draws.")] = 1,
    data: DataOption = None,
) -> None:
    """Learn scores from a survey and say how wrong each is on households it has not seen."""
    opened = open_run(run)
    choices = Choices(folds, seed, share, quantile, questions, opened.policy.targeting.interacts)
    frame = frame_of(opened, only=only or (), without=without or (), cluster=cluster, data=data)
    fits = fit_methods(frame, method or METHODS, choices)
    _print_missed(Console(markup=False), list(fits.values()), choices)


def _print_missed(console: Console, fits: list[Fit], choices: Choices) -> None:
    percent = f"{choices.share:.0%}"
    table = Table("method", f"missed of the poorest {percent}", "95 % interval")
    for each in fits:
        missed = each.missed
        table.add_row(each.method, f"{missed.missed:.3f}", f"{missed.low:.3f} to {missed.high:.3f}")
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)
