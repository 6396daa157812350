# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``import``: files by a map to a snapshot, and the summary that is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hearthline.base.problems import Kind, declare
from hearthline.cli.options import PolicyOption
from hearthline.cli.progress import progress_share
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import package_folder
from hearthline.intake.importing import ImportReport, import_files
from hearthline.intake.suggesting import suggest_map

NO_MAP = declare(
    "command.no-map",
    Kind.BAD_INPUT,
    "There is no import map: {name}.",
    "Name a TOML file with --map, or the name of a map in the package's own import folder; "
    "--suggest drafts one from the files.",
)


NO_TARGET = declare(
    "command.no-target", Kind.BAD_INPUT, "The snapshot has no name.", "Say with --out where it is to stand."
)


def import_snapshot(
    policy: PolicyOption,
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX, Parquet, Stata or SPSS files.")],
    out: Annotated[Path | None, typer.Option("--out", help="The snapshot to make.")] = None,
    import_map: Annotated[
        str | None,
        typer.Option(
            "--map", help="The map: a TOML file, or the name of one in the package's import folder."
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a snapshot that is there.")] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Draft a map from the files and the dictionary, and print it.")
    ] = False,
) -> None:
    """Read files by a map into a snapshot; every refused row is listed with its reason and remedy."""
    console = Console(markup=False)  # names of files are said as they are
    checked = load_policy(policy)
    if suggest:
        typer.echo(suggest_map(checked, files))
        return
    if out is None:
        raise NO_TARGET.error()
    if import_map is None:
        raise NO_MAP.error(name="--map is missing")
    out.parent.mkdir(parents=True, exist_ok=True)
    path = _map_path(policy, import_map)
    with progress_share("importing") as tell:
        report = import_files(
            checked,
            path,
            files,
            out,
            progress=lambda step: tell(f"{step.stage} {step.file}", step.share, step.rate),
            replace=replace,
        )
    _print_report(console, report, out)


def _map_path(policy: str, name: str) -> Path:
    path = Path(name)
    if path.is_file():
        return path
    inside = package_folder(policy).path / "import" / f"{name.removesuffix('.toml')}.toml"
    if path.name == name and Path(str(inside)).is_file():
        return Path(str(inside))
    raise NO_MAP.error(name=name)


def _print_report(console: Console, report: ImportReport, out: Path) -> None:
    table = Table("file", "level", "read", "accepted", "refused")
    for file in report.files:
        table.add_row(file.file, file.level, f"{file.read:,}", f"{file.accepted:,}", f"{file.refused:,}")
    for column in table.columns[2:]:
        column.justify = "right"
    console.print(table)
    for reason in report.reasons:
        console.print(f"{reason.rows:,} rows [{reason.code}], such as: {reason.example}")
    beside = out.parent
    lines = [f"Snapshot written to {out} in {report.seconds:.1f} s."]
    if any(file.refused for file in report.files):
        lines.append(f"Every refused row with its reason and remedy: {beside / report.rejected.name}")
    lines.append(f"Private keys, to find a household again: {beside / report.keys.name}")
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)
