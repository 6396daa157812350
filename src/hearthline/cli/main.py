# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``hearthline``: which commands there are, and how a failure leaves the process."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

import hearthline
from hearthline.base.problems import EXIT_STATUS, HearthlineError, ManyProblems
from hearthline.cli.figures import compare, statistics
from hearthline.cli.generating import generate
from hearthline.cli.importing import import_snapshot
from hearthline.cli.policies import policy_app
from hearthline.cli.reasons import why
from hearthline.cli.reporting import demo, report
from hearthline.cli.screening import screen

app = typer.Typer(
    name="hearthline",
    help="Find who is poor, say why, and count: from a survey file or a register, by a policy package.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hearthline {hearthline.__version__}")
        raise typer.Exit


@app.callback()
def hearthline_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before any command."""


app.command("import")(import_snapshot)
app.command()(generate)
app.command()(screen)
app.command()(why)
app.command()(statistics)
app.command()(compare)
app.command()(report)
app.command()(demo)
app.add_typer(policy_app, name="policy")


def main() -> None:
    """Run a command; a problem of the catalogue becomes its sentence and its exit status."""
    try:
        app(standalone_mode=True)
    except HearthlineError as error:
        report_problem(error)
        sys.exit(EXIT_STATUS[error.problem.kind])
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. Nothing half-done was left behind.")
        sys.exit(130)


def report_problem(error: HearthlineError) -> None:
    """Print what happened and what to do next, with the code that the reference explains."""
    errors = error.errors if isinstance(error, ManyProblems) else [error]
    for each in errors:
        typer.echo(f"{each.sentence} [{each.code}]", err=True)
    if len(errors) > 1:
        typer.echo(f"{len(errors)} problems.", err=True)
