# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``publish``: a table of a run through the gate, remembered in a folder of releases."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hearthline.cli.options import DataOption, Language, LanguageOption
from hearthline.engine.backends import open_run
from hearthline.statistics.gate import Method, Passed, pass_gate
from hearthline.statistics.ledger import append
from hearthline.statistics.place_tables import Subject
from hearthline.statistics.problems import TABLE_EXISTS
from hearthline.statistics.publishing import csv_of, labels_of, place_table
from hearthline.statistics.release import Release


class Beside(StrEnum):
    """What is counted beside the places."""

    STATUS = "status"
    CRITERIA = "criteria"
    CAUSES = "causes"


class How(StrEnum):
    """How small counts are kept."""

    SUPPRESS = "suppress"
    ROUND = "round"
    AS_IS = "as-is"


def publish(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write; it must not be there yet.")],
    releases: Annotated[
        Path, typer.Option("--releases", help="The folder that remembers every release of this register.")
    ],
    level: Annotated[
        list[int] | None,
        typer.Option("--level", help="A level of places, counted from the top (0); may be given again."),
    ] = None,
    table: Annotated[
        Beside,
        typer.Option(
            "--table",
            help="status: households by status. criteria: by criterion not met. causes: poor ones by cause.",
        ),
    ] = Beside.STATUS,
    method: Annotated[
        How,
        typer.Option(
            "--method", help="suppress: hide what is sensitive. round: to tens. as-is: all of it, or nothing."
        ),
    ] = How.SUPPRESS,
    lang: LanguageOption = Language.EN,
    data: DataOption = None,
) -> None:
    """Write a table of places that may be published, after all that was published before."""
    if out.exists():
        raise TABLE_EXISTS.error(file=out)
    found = open_run(run)
    counted = place_table(found, level or [], Subject(table.value), data=data)
    kept: list[Passed] = []

    def decide(memory: list[Release]) -> Passed:
        kept.append(pass_gate(counted.counts, memory, method=Method(method.value)))
        return kept[-1]

    about = {"run": run.name, "on": found.record.on, "levels": sorted(level or []), "table": table.value}
    entry = append(releases, decide, about)
    passed = kept[-1]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(
        csv_of(counted, passed, labels_of(found.policy, lang.value), language=lang.value), encoding="utf-8"
    )
    hidden, counts = len(passed.hidden), len(passed.release.told) - len(counted.counts.silent)
    typer.echo(
        f"Release {entry.stem}: {counts} counts, {hidden} hidden ({len(passed.beside)} for the others)."
    )
    typer.echo(
        f"The attack on it and all earlier releases tried {passed.attacked} counts "
        f"and came within 3 of none ({passed.programmes} programmes)."
    )
    typer.echo(f"Table: {out}")
