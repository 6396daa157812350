# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``simulate``: a package with something set otherwise, held against a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hearthline.cli.figures import LISTED, ByOption, FigureFormat, FormatOption
from hearthline.cli.options import Language, LanguageOption, MemoryOption, check_memory, read_date
from hearthline.cli.progress import progress_bar
from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY
from hearthline.engine.backends.runs import PACKAGE_FOLDER
from hearthline.simulation.formats import text_of_simulation
from hearthline.simulation.problems import NO_BASE, NO_DATE
from hearthline.simulation.what_if import Question
from hearthline.simulation.what_if import simulate as ask


def simulate(
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy", help="The package that is changed; that of the run of --against by default."
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="What is set otherwise, such as poverty_line=2952 or criteria.housing=off. Repeatable.",
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The snapshot; that of the run of --against by default.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="The screening date, where there is no run to take it from.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="The run to hold it against; without it, one is made first."),
    ] = None,
    by: ByOption = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, help="How many households to list; 20 in a table, else all."),
    ] = None,
    output: FormatOption = FigureFormat.TABLE,
    lang: LanguageOption = Language.EN,
    memory: MemoryOption = DEFAULT_MEMORY,
) -> None:
    """Say who would enter and who would leave if a package said something else; no status is changed."""
    check_memory(memory)
    day = None if on is None else read_date(on)
    listed = LISTED if limit is None and output is FigureFormat.TABLE else limit
    with _base(policy, data, day, against, memory) as run:
        question = Question(
            package=policy or run.folder / PACKAGE_FOLDER, settings=settings or (), by=by or (), listed=listed
        )
        answer = ask(question, run, data=data, on=day, memory=memory)
    typer.echo(text_of_simulation(answer, lang.value), nl=False)


@contextmanager
def _base(
    policy: str | None, data: Path | None, on: date | None, against: Path | None, memory: str
) -> Iterator[Run]:
    """The run to hold the change against: the one that is named, or one made for the moment."""
    if against is not None:
        yield open_run(against)
        return
    if policy is None or data is None:
        raise NO_BASE.error()
    if on is None:
        raise NO_DATE.error()
    note = "There is no run to hold it against (--against), so the snapshot is screened first."
    Console(stderr=True).print(note, highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="hearthline-") as folder:
        with progress_bar("screening households") as progress:
            report = screen(policy, data, on=on, out=Path(folder) / "run", memory=memory, progress=progress)
        yield report.run
