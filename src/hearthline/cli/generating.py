# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``generate``: an invented county, for trying things out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hearthline.cli.options import PolicyOption
from hearthline.cli.progress import progress_bar
from hearthline.engine.packages import load_policy
from hearthline.synthetic.generator import DEFAULT_HOUSEHOLDS, DEFAULT_SEED, DEFAULT_YEAR
from hearthline.synthetic.generator import generate as generate_county


def generate(
    policy: PolicyOption,
    out: Annotated[Path, typer.Option("--out", help="The snapshot to make.")],
    households: Annotated[int, typer.Option("--households", min=1, help="How many.")] = DEFAULT_HOUSEHOLDS,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same county.")] = DEFAULT_SEED,
    year: Annotated[int, typer.Option("--year", help="The year whose end is described.")] = DEFAULT_YEAR,
    processes: Annotated[
        int, typer.Option("--processes", min=1, help="How many work at once; the result is the same.")
    ] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a snapshot that is there.")] = False,
) -> None:
    """Invent a county: households, people, income lines, and a planted scandal to find."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with progress_bar("inventing households") as progress:
        report = generate_county(
            load_policy(policy),
            out=out,
            households=households,
            seed=seed,
            year=year,
            progress=progress,
            replace=replace,
            processes=processes,
        )
    rows = ", ".join(f"{count:,} {level}" for level, count in report.rows.items())
    typer.echo(f"{report.folder}: {rows} in {report.seconds:.1f} s, as of {report.on.isoformat()}.")
    typer.echo(f"Names, which are no facts, are apart: {report.names}")
