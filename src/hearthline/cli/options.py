# SPDX-License-Identifier: Apache-2.0
"""Decides the options that several commands share, and how their values are read."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hearthline.base.problems import Kind, declare

BAD_DATE = declare(
    "command.bad-date",
    Kind.BAD_INPUT,
    "'{value}' is not a day of the calendar.",
    "Write year-month-day, such as 2023-12-31.",
)


class Language(StrEnum):
    """The languages reasons and reports are written in."""

    EN = "en"
    ZH = "zh"


BAD_MEMORY = declare(
    "command.bad-memory",
    Kind.BAD_INPUT,
    "'{value}' is not an amount of memory.",
    "Write a number above zero with its unit, such as 800MB or 2GB.",
)
_MEMORY = re.compile(r"0*[1-9]\d{0,5}(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", re.IGNORECASE | re.ASCII)


def check_memory(text: str) -> None:
    """Refuse what the engine would not read as a bound, or would read as none."""
    if not _MEMORY.fullmatch(text.strip()):
        raise BAD_MEMORY.error(value=text)


def read_date(text: str) -> date:
    """A date as a person types it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BAD_DATE.error(value=text) from error


PolicyOption = Annotated[
    str, typer.Option("--policy", help="A package: its id, such as cn/2014-2020, or the path of its folder.")
]
OnOption = Annotated[str, typer.Option("--on", help="The screening date, year-month-day.")]
LanguageOption = Annotated[Language, typer.Option("--lang", help="The language of the words.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Where the snapshot is now, if it has been moved since.")
]
MemoryOption = Annotated[str, typer.Option("--memory", help="The memory bound of the engine, such as 800MB.")]


class FigureFormat(StrEnum):
    """How figures are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormatOption = Annotated[FigureFormat, typer.Option("--format", help="How figures are printed.")]
ByOption = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        help="A breakdown: a fact or value, area, area:0 (top), area:1; a*b crosses two. Repeatable.",
    ),
]
KeysOption = Annotated[
    tuple[Path, Path] | None,
    typer.Option("--keys", help="The key files of both imports, where the runs are of two snapshots."),
]

LISTED = 20
"""How many households are listed on a terminal, so that the figures above them stay in sight."""
