# SPDX-License-Identifier: Apache-2.0
"""Decides the commands ``targeting fit``, ``score`` and ``report``: who is likely poor, as a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hearthline.base.problems import EXIT_STATUS, HearthlineError, Kind, declare
from hearthline.cli.options import DataOption, FigureFormat, FormatOption, Language, LanguageOption
from hearthline.engine.backends import open_run
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy, Score
from hearthline.engine.rules.wording import said
from hearthline.reporting.data_sheets import sheet_tables, sheets_csv, sheets_json, statement_of
from hearthline.reporting.score_charts import write_charts
from hearthline.reporting.score_page import write_score_page
from hearthline.targeting.cards import QUESTIONS
from hearthline.targeting.fitting import Fit, fit_methods, learned_scores, write_fits
from hearthline.targeting.frame import frame_of
from hearthline.targeting.methods import METHODS, Choices
from hearthline.targeting.scoring import get_score, score_run, write_table
from hearthline.targeting.tables import read_table, write_table_package
from hearthline.targeting.words import STATEMENT
from hearthline.targeting.writing import Learnt

TABLE_OPTIONS = declare(
    "command.table-options",
    Kind.BAD_INPUT,
    "A package is made of one table.",
    "Give one file with --policy, --points, --line and --out; without --out tables are only checked.",
)
SCORES_EXIST = declare(
    "command.scores-exist",
    Kind.REFUSED,
    "{file} is already there.",
    "Name another file, or move that one away.",
)

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
    ranking: Annotated[
        list[str] | None,
        typer.Option("--ranking", help="A value that ranks a community, 1 the poorest. Repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder of the package with the scores; it must not exist yet."),
    ] = None,
    package: Annotated[
        str | None, typer.Option("--id", help="The id of that package; else that of the run with -scores.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Learn scores from a survey and say how wrong each is on households it has not seen."""
    opened = open_run(run)
    choices = Choices(folds, seed, share, quantile, questions, opened.policy.targeting.interacts)
    frame = frame_of(opened, only=only or (), without=without or (), cluster=cluster, data=data)
    console = Console(markup=False)
    fits = fit_methods(frame, method or METHODS, choices)
    _print_missed(console, list(fits.values()), choices)
    scores = learned_scores(opened, frame, fits, choices, ranking or ())
    _print_rankings(console, scores)
    if out is not None:
        written = write_fits(opened, scores, out, package)
        console.print(f"The package {written.id} with its data sheets is in {out}.", soft_wrap=True)
        console.print(f"Next: hearthline targeting report {out}", soft_wrap=True)
    console.print(STATEMENT["en"])


@targeting_app.command()
def score(
    run: Annotated[Path, typer.Argument(help="The folder of a run by a package that holds the score.")],
    out: Annotated[Path, typer.Option("--out", help="The file of the scores: .csv or .parquet.")],
    name: Annotated[
        str | None, typer.Option("--score", help="The score; needed where the package holds several.")
    ] = None,
    below: Annotated[
        float | None,
        typer.Option("--below", help="Mark as leads all whose score is lower. Nobody is left out."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Score every household of a run: leads whom to look at, in the order of the snapshot."""
    if out.exists():
        raise SCORES_EXIST.error(file=out)
    scored = score_run(open_run(run), name, data)
    write_table(scored.table(below), out)
    console = Console(markup=False)
    total = len(scored.values)
    console.print(f"{total:,} households by {scored.score.name}, {scored.unknown:,} of them without a score.")
    console.print(f"The scores are in {out}.", soft_wrap=True)
    console.print(scored.score.statement.get("en", STATEMENT["en"]))


@targeting_app.command()
def report(
    policy: Annotated[str, typer.Argument(help="A package with scores: its id, or the path of its folder.")],
    name: Annotated[
        str | None, typer.Option("--score", help="One score; all of the package by default.")
    ] = None,
    output: FormatOption = FigureFormat.TABLE,
    lang: LanguageOption = Language.EN,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the data sheets as one HTML file.")
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="Write the charts as SVG files here.")] = None,
) -> None:
    """Say of each score who it was learned from and how wrong it is, for whom."""
    package = load_policy(policy)
    if name is not None or not package.scores:
        found = get_score(package, name)
        package = replace(package, scores={found.name: found})
    console = Console(markup=False)
    if output is FigureFormat.TABLE:
        for each in package.scores.values():
            _print_sheet(console, package, each, lang.value)
    else:
        text = sheets_csv(package) if output is FigureFormat.CSV else sheets_json(package)
        typer.echo(text, nl=False)
    if html is not None:
        write_score_page(package, html, lang.value)
    if plot is not None:
        for path in write_charts(package, plot, lang.value):
            typer.echo(f"Wrote {path}.", err=True)


@targeting_app.command()
def table(
    files: Annotated[
        list[Path], typer.Argument(help="Published tables: score, and the chance by each line.")
    ],
    policy: Annotated[
        str | None, typer.Option("--policy", help="The package whose points the table reads; with --out.")
    ] = None,
    points: Annotated[
        str | None, typer.Option("--points", help="The value of the household that adds up the points.")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", help="The line whose chance is that of the score.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What the score is called in the package.")] = "ppi",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder of the package with the score; it must not exist yet."),
    ] = None,
) -> None:
    """Check published tables of a Poverty Probability Index, or make one of them part of a package."""
    if out is not None:
        if policy is None or points is None or line is None or len(files) != 1:
            raise TABLE_OPTIONS.error()
        package = write_table_package(
            policy, read_table(files[0]), points=points, line=line, name=name, out=out
        )
        typer.echo(f"The package {package.id} is in {out}.")
        typer.echo(STATEMENT["en"])
        return
    refused = []
    for file in files:
        try:
            read_table(file)
        except HearthlineError as error:
            refused.append(error)
            typer.echo(f"{error.sentence} [{error.code}]", err=True)
    typer.echo(f"{len(files) - len(refused)} of {len(files)} tables can be used; {len(refused)} refused.")
    if len(refused) == len(files):
        raise typer.Exit(EXIT_STATUS[refused[0].problem.kind])


def _print_sheet(console: Console, policy: Policy, score: Score, language: str) -> None:
    console.print(said(score.label, language), style="bold")
    console.print(statement_of(score, language))
    for sheet in sheet_tables(policy, score, language):
        table = Table(
            *sheet.columns, title=sheet.heading, title_justify="left", show_header=bool(sheet.columns)
        )
        for row in sheet.rows:
            table.add_row(*row)
        for column in table.columns[1:] if sheet.columns else []:
            column.justify = "right"
        console.print(table)


def _print_rankings(console: Console, scores: Sequence[Learnt]) -> None:
    if not any(each.sheet.rankings for each in scores):
        return
    table = Table("score", "ranking", "score alone", "ranking alone", "both", "weight of the ranking")
    for each in scores:
        for found in each.sheet.rankings:
            shares = (found.score_missed, found.ranking_missed, found.both_missed, found.weight)
            table.add_row(each.name, found.ranking, *(f"{share:.3f}" for share in shares))
    console.print(table)


def _print_missed(console: Console, fits: list[Fit], choices: Choices) -> None:
    percent = f"{choices.share:.0%}"
    table = Table("method", f"missed of the poorest {percent}", "95 % interval")
    for each in fits:
        missed = each.missed
        table.add_row(each.method, f"{missed.missed:.3f}", f"{missed.low:.3f} to {missed.high:.3f}")
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)
