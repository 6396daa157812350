# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``hearthline``: which commands there are, and how a failure leaves the process."""

from __future__ import annotations

import io
import os
import sys
import traceback
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import hearthline
from hearthline.base.problems import EXIT_STATUS, HearthlineError, Kind, ManyProblems, declare
from hearthline.cli.commands import Commands
from hearthline.cli.service import attach_service, is_asked_for

UNUSABLE_FILE = declare(
    "command.unusable-file",
    Kind.BAD_INPUT,
    "{file} cannot be used: {reason}.",
    "Check the name, the free space and the rights; nothing half-done was left behind.",
)

UNEXPECTED = declare(
    "internal.unexpected",
    Kind.INTERNAL,
    "Something failed that should not fail ({kind} at {where}): {reason}.",
    "Nothing half-done counts as done. Report this sentence with the command that you gave.",
)

app = typer.Typer(
    name="hearthline",
    cls=Commands,
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


def main() -> None:
    """Run a command; a problem of the catalogue becomes its sentence and its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows ? and goes on
    try:
        if is_asked_for(sys.argv[1:]):
            attach_service(app)
        app(standalone_mode=True)
    except HearthlineError as error:
        report_problem(error)
        sys.exit(EXIT_STATUS[error.problem.kind])
    except BrokenPipeError:
        # the reader of our output has gone, as with "| head"; nothing is left to say to it
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # the process ends here
        sys.exit(0)
    except OSError as error:
        file = error.filename or _output_of(sys.argv) or "A file"
        problem = UNUSABLE_FILE.error(file=file, reason=error.strerror or str(error))
        report_problem(problem)
        sys.exit(EXIT_STATUS[problem.problem.kind])
    except KeyboardInterrupt as stopped:
        words = str(stopped) or "Stopped. Nothing half-done was left behind."
        Console(stderr=True).print(words, highlight=False, soft_wrap=True)
        sys.exit(130)
    except Exception as error:  # noqa: BLE001  # the edge of the process: nobody above could say more
        report_problem(_unexpected(error))
        sys.exit(EXIT_STATUS[Kind.INTERNAL])


def _output_of(words: list[str]) -> str:
    """What a command writes: the name that is missing where a disk is full while it is written."""
    given = [word.removeprefix("--out=") for word in words if word.startswith("--out=")]
    return (given + [after for word, after in pairwise(words) if word == "--out"] + [""])[0]


def _unexpected(error: Exception) -> HearthlineError:
    """A failure that no one foresaw, as a sentence that can be reported."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "hearthline" in Path(frame.filename).parts]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "outside"
    return UNEXPECTED.error(
        kind=type(error).__name__, where=where, reason=str(error)[:200] or "no reason given"
    )


def report_problem(error: HearthlineError) -> None:
    """Print what happened and what to do next, with the code that the reference explains."""
    errors = error.errors if isinstance(error, ManyProblems) else [error]
    for each in errors:
        typer.echo(f"{each.sentence} [{each.code}]", err=True)
    if len(errors) > 1:
        typer.echo(f"{len(errors)} problems.", err=True)
