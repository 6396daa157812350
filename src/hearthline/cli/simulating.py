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

from hearthline.cli.options import (
    LISTED,
    ByOption,
    FigureFormat,
    FormatOption,
    Language,
    LanguageOption,
    MemoryOption,
    check_memory,
    read_date,
)
from hearthline.cli.progress import progress_bar
from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY
from hearthline.engine.backends.runs import PACKAGE_FOLDER
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.reporting.what_if import write_charts
from hearthline.simulation.documents import csv_of_simulation, json_of_simulation
from hearthline.simulation.formats import text_of_simulation
from hearthline.simulation.problems import NO_BASE, NO_DATE, OUT_EXISTS
from hearthline.simulation.what_if import Question
from hearthline.simulation.what_if import simulate as ask

PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", help="The package that is changed; that of the run of --against by default."),
]
SettingsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="What is set otherwise, such as poverty_line=2952 or criteria.housing=off. Repeatable."
    ),
]
SnapshotOption = Annotated[
    Path | None, typer.Option("--data", help="The snapshot; that of the run of --against by default.")
]
DayOption = Annotated[
    str | None, typer.Option("--on", help="The screening date, where there is no run to take it from.")
]
AgainstOption = Annotated[
    Path | None,
    typer.Option("--against", help="The run to hold it against; without it, one is made first."),
]
BenefitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--benefit",
        help="What a poor household gets: household=AMOUNT, person=AMOUNT, gap=100%, value=NAME or "
        "formula=FORMULA. Repeatable; they add up.",
    ),
]
ReferenceOption = Annotated[
    str | None,
    typer.Option(
        "--reference",
        help="Who is in need, for the errors: the folder of a run, standard.NAME, or a true value.",
    ),
]
CurveOption = Annotated[
    str | None,
    typer.Option(
        "--curve", help="A parameter over 20 values: line, or NAME=LOW..HIGH, or NAME=LOW..HIGH:POINTS."
    ),
]
WarnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--warn",
        help="When to warn of the cliff and of rank reversals: by default cliff=10% (of the line) and "
        "reversals=5% (of the people), or off. Repeatable.",
    ),
]
PlotOption = Annotated[
    Path | None, typer.Option("--plot", help="A folder for the charts: cliff.svg, sensitivity.svg.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="A new folder for the list of households and the changed package."),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=0, help="How many households to list; 20 in a table, else all.")
]


def simulate(
    policy: PolicyOption = None,
    settings: SettingsOption = None,
    data: SnapshotOption = None,
    on: DayOption = None,
    against: AgainstOption = None,
    by: ByOption = None,
    benefit: BenefitOption = None,
    reference: ReferenceOption = None,
    curve: CurveOption = None,
    warn: WarnOption = None,
    plot: PlotOption = None,
    out: OutOption = None,
    limit: LimitOption = None,
    output: FormatOption = FigureFormat.TABLE,
    lang: LanguageOption = Language.EN,
    memory: MemoryOption = DEFAULT_MEMORY,
) -> None:
    """Say who would enter and who would leave if a package said something else; no status is changed."""
    check_memory(memory)
    day = None if on is None else read_date(on)
    listed = LISTED if limit is None and output is FigureFormat.TABLE else limit
    if out is not None and out.exists():
        raise OUT_EXISTS.error(folder=out)
    with _base(policy, data, day, against, memory) as run, _partial(out) as folder:
        question = Question(
            package=policy or run.folder / PACKAGE_FOLDER,
            settings=settings or (),
            by=by or (),
            benefits=benefit or (),
            reference=reference,
            curve=curve,
            warn=warn or (),
            listed=listed,
            list_to=None if folder is None else folder / "households.parquet",
        )
        answer = ask(question, run, data=data, on=day, memory=memory)
        if folder is not None:
            answer.changed.write(folder / PACKAGE_FOLDER)
            (folder / "simulation.json").write_text(json_of_simulation(answer), encoding="utf-8")
    if plot is not None:
        write_charts(answer, plot, lang.value)
    texts = {
        FigureFormat.TABLE: lambda: text_of_simulation(answer, lang.value),
        FigureFormat.CSV: lambda: csv_of_simulation(answer),
        FigureFormat.JSON: lambda: json_of_simulation(answer),
    }
    typer.echo(texts[output](), nl=False)


@contextmanager
def _partial(out: Path | None) -> Iterator[Path | None]:
    """A folder that takes its name only when all of it is written."""
    if out is None:
        yield None
        return
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    with PartialFolder(out, replace=False) as work:
        yield work.path
        for path in work.path.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        work.publish()


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
