# SPDX-License-Identifier: Apache-2.0
"""Decides the generated pages of the reference, each from the code that knows what it says.

``python -m scripts.reference`` writes the pages; a test says whether they are current.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

import hearthline
from hearthline.accounts.rules import permissions
from hearthline.base.extras import find_extra
from hearthline.base.problems import EXIT_STATUS, Problem, catalogue
from hearthline.cli.service import attach_service
from hearthline.intake.map_page import map_page
from hearthline.statistics.reference import measures_page
from scripts import formula_page, package_reference, permission_page

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ROOT / "docs" / "reference"
PROGRAM: Final = "hearthline"
EXTRAS: Final = {"django", "pyreadstat", "pyspark", "sklearn", "splink", "threadpoolctl"}
AREAS: Final = {
    "base": "Everywhere",
    "cli": "The command line",
    "evaluator": "Evaluating one household",
    "fact": "Values of facts",
    "formula": "Formulas",
    "import": "Importing files",
    "map": "Maps",
    "package": "Policy packages",
    "parameter": "Parameters",
    "lookup": "Lookup tables",
    "report": "Reports",
    "run": "Runs",
    "scenario": "Scenarios",
    "screen": "Screening",
    "simulation": "Simulations",
    "snapshot": "Snapshots",
    "statistics": "Statistics",
    "synthetic": "Generating",
    "targeting": "Targeting",
}


@dataclass(frozen=True)
class Command:
    """One command as a person types it, with its help and its parameters (name, help)."""

    path: str
    usage: str
    help: str
    parameters: tuple[tuple[str, str], ...]
    options: frozenset[str]


def import_everything() -> None:
    """Import every module, so that every problem is declared; the service's once Django is set up."""
    find_extra("service")
    for module in pkgutil.walk_packages(hearthline.__path__, "hearthline."):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] not in EXTRAS:
                raise


def cell(text: str) -> str:
    """A text within a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def problems_page(problems: list[Problem]) -> str:
    """Every problem with its code, what it says, what to do, and the exit status."""
    lines = [
        "# Problems",
        "",
        "Every refusal has a stable code, a sentence and a remedy. Words in braces are filled with the",
        "place and the value at fault. The exit status of the command line follows from the kind.",
        "",
        "| kind | exit status |",
        "|---|---|",
        *(f"| {kind.value} | {status} |" for kind, status in EXIT_STATUS.items()),
    ]
    areas = sorted({problem.code.split(".")[0] for problem in problems})
    for area in areas:
        lines += ["", f"## {AREAS.get(area, area.capitalize())}"]
        for problem in (problem for problem in problems if problem.code.split(".")[0] == area):
            lines += ["", f"### `{problem.code}`", "", f"*{problem.kind.value}* — {plain(problem.message)}"]
            lines += ["", f"**What to do:** {plain(problem.remedy)}"] if problem.remedy else []
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """A sentence that Markdown leaves as it is."""
    for sign in ("\\", "*", "_", "`", "<", "["):
        text = text.replace(sign, f"\\{sign}")
    return text


def find_program() -> typer.Typer | None:
    """The command line's application, or None before it is built."""
    try:
        module = importlib.import_module("hearthline.cli.main")
    except ModuleNotFoundError as error:
        if error.name == "hearthline.cli.main":
            return None
        raise
    app = getattr(module, "app", None)
    if not isinstance(app, typer.Typer):
        return None
    if not any(group.name == "areas" for group in app.registered_groups):
        attach_service(app)
    return app


def commands(program: typer.Typer | None) -> list[Command]:
    """Every command a person can type, groups before their commands."""
    if program is None:
        return []
    return list(_commands(typer.main.get_command(program), PROGRAM))


def _commands(command: object, path: str) -> Iterator[Command]:
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(f"{path} is not a command of typer")
    context = typer.Context(command, info_name=path)
    records = [
        (parameter, record)
        for parameter in command.get_params(context)
        if "--help" not in parameter.opts and (record := parameter.get_help_record(context))
    ]
    yield Command(
        path=path,
        usage=command.get_usage(context).removeprefix("Usage: "),
        help=command.help or "",
        parameters=tuple(record for _, record in records),
        options=frozenset(
            name for parameter, _ in records for name in (*parameter.opts, *parameter.secondary_opts)
        ),
    )
    if isinstance(command, TyperGroup):
        for name in sorted(command.list_commands(context)):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _commands(child, f"{path} {name}")


def command_line_page(found: list[Command]) -> str:
    """Every command with its usage, arguments and options."""
    lines = [
        "# Command line",
        "",
        "Every command takes `--help`. A refusal is one sentence on standard error with a",
        "[code](problems.md); its kind gives the exit status, 0 means done.",
    ]
    for command in found:
        lines += [
            "",
            f"## `{command.path}`",
            "",
            paragraphs(command.help),
            "",
            "```text",
            command.usage,
            "```",
        ]
        if command.parameters:
            lines += ["", "| argument or option | meaning |", "|---|---|"]
            lines += [
                f"| `{name.replace('|', chr(92) + '|')}` | {cell(text)} |"
                for name, text in command.parameters
            ]
    return "\n".join(lines) + "\n"


def paragraphs(text: str) -> str:
    """A docstring as paragraphs of Markdown."""
    blocks = text.replace("\b", "").split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


def pages() -> dict[Path, str]:
    """Every generated page with the text it should have."""
    import_everything()
    return {
        PAGES / "problems.md": problems_page(catalogue()),
        PAGES / "command-line.md": command_line_page(commands(find_program())),
        PAGES / "measures.md": measures_page(),
        PAGES / "import-map.md": map_page(),
        package_reference.PAGE: package_reference.page(),
        package_reference.SCHEMA: package_reference.schema(),
        formula_page.PAGE: formula_page.page(),
        permission_page.PAGE: permission_page.page(permissions()),
    }


def main() -> None:
    """Write the pages that are not current, and say which."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"Wrote {path.relative_to(ROOT)}.", file=sys.stderr)


if __name__ == "__main__":
    main()
