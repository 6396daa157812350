# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``generate``: an invented county, or a nation held to published figures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from hearthline.cli.options import PolicyOption
from hearthline.cli.progress import progress_bar
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import PERSON
from hearthline.synthetic.generator import (
    DEFAULT_HOUSEHOLDS,
    DEFAULT_SEED,
    DEFAULT_YEAR,
    NATION_HOUSEHOLDS,
    GenerationReport,
    generate_nation,
)
from hearthline.synthetic.generator import generate as generate_county

_HOUSEHOLDS = f"How many. [default: {DEFAULT_HOUSEHOLDS}; with --nation {NATION_HOUSEHOLDS}]"
_PROCESSES = "How many work at once; the result is the same. [default: 1; with --nation one a core]"


def generate(
    policy: PolicyOption,
    out: Annotated[Path, typer.Option("--out", help="The snapshot to make.")],
    nation: Annotated[
        bool,
        typer.Option("--nation", help="All provinces, held to the published poor of the year, no names."),
    ] = False,
    households: Annotated[int | None, typer.Option("--households", min=1, help=_HOUSEHOLDS)] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same county.")] = DEFAULT_SEED,
    year: Annotated[int, typer.Option("--year", help="The year whose end is described.")] = DEFAULT_YEAR,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help=_PROCESSES)] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a snapshot that is there.")] = False,
) -> None:
    """Invent a county with a planted scandal, or a nation: households, people, income lines."""
    out.parent.mkdir(parents=True, exist_ok=True)
    make = generate_nation if nation else generate_county
    default = NATION_HOUSEHOLDS if nation else DEFAULT_HOUSEHOLDS
    with progress_bar("inventing households") as progress:
        report = make(
            load_policy(policy),
            out=out,
            households=households or default,
            seed=seed,
            year=year,
            progress=progress,
            replace=replace,
            processes=processes or (_cores() if nation else 1),
        )
    rows = ", ".join(f"{count:,} {level}" for level, count in report.rows.items())
    typer.echo(f"{report.folder}: {rows} in {report.seconds:.1f} s, as of {report.on.isoformat()}.")
    _say_what_else(report)


def _say_what_else(report: GenerationReport) -> None:
    if report.people_represented is None:
        typer.echo(f"Names, which are no facts, are apart: {report.names}")
        return
    each = report.people_represented / report.rows[PERSON]
    typer.echo(
        f"They stand for {report.people_represented:,} rural people: each person for {each:.2f}, so that "
        "shares are those of the country and numbers want this factor."
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
