# SPDX-License-Identifier: Apache-2.0
"""Decides what one subject of the benchmark tells, and how it is kept: rows, tables, remarks, circumstances.

A subject measures, puts what it found into ``Findings`` and calls ``finished``. That prints it, writes
``<out>/<subject>.json``, and, for a run of full size, keeps it under ``benchmarks/figures``, of which the
page of all figures is composed. A subject that is not run keeps what it found earlier, with its date.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table as Shown

from benchmarks.machine import load_in_words, machine_in_words, versions_in_words
from benchmarks.measuring import ROOT

KEPT = ROOT / "benchmarks" / "figures"
"""What the last runs of full size found: one file for each subject, part of the repository."""

OUT = Path("build/bench")
DATA = Path("build/bench/data")


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, what was wanted, both in words, and whether it is kept.

    ``kept`` is None where nothing was wanted. ``aim`` marks a figure that was to be reported and need not be
    reached; every other one must be.
    """

    figure: str
    measured: str
    wanted: str = ""
    kept: bool | None = None
    aim: bool = False

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.kept is None:
            return ""
        return ("kept" if self.kept else "missed") + (" (aim)" if self.aim else "")


def at_most(
    words: str, bound: float, value: float, unit: str = "", *, digits: int = 2, aim: bool = False
) -> Figure:
    """A figure that must not be greater than a bound, both in the unit given."""
    return Figure(words, _amount(value, unit, digits), f"at most {_amount(bound, unit)}", value <= bound, aim)


def at_least(
    words: str, bound: float, value: float, unit: str = "", *, digits: int = 2, aim: bool = False
) -> Figure:
    """A figure that must not be smaller than a bound, both in the unit given."""
    return Figure(
        words, _amount(value, unit, digits), f"at least {_amount(bound, unit)}", value >= bound, aim
    )


def must_be(words: str, wanted: str, measured: str, *, kept: bool, aim: bool = False) -> Figure:
    """A figure that is kept or not by what the subject says of it."""
    return Figure(words, measured, wanted, kept, aim)


def reported(words: str, measured: str) -> Figure:
    """A figure of which nothing was wanted."""
    return Figure(words, measured)


def _amount(value: float, unit: str, digits: int | None = None) -> str:
    words = f"{value:,.{digits}f}" if digits is not None else f"{value:,.10g}"
    return f"{words} {unit}".rstrip()


@dataclass(frozen=True)
class Table:
    """A table of the page: the first column is words, the others stand to the right."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass
class Findings:
    """Everything one subject has to tell; ``packages`` are the distributions whose versions matter."""

    subject: str
    title: str
    command: str
    data: str = ""
    explanation: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    packages: Sequence[str] = ("hearthline", "duckdb", "pyarrow", "sqlglot")
    other_versions: Sequence[str] = ()
    loads: list[str] = field(default_factory=lambda: [load_in_words()])
    raw: dict[str, object] = field(default_factory=dict)
    """For programs: single runs, comparisons; written to the output folder and kept nowhere else."""

    def content(self) -> dict[str, object]:
        """As a file holds it, with the circumstances of this moment."""
        found = {
            name: value for name, value in asdict(self).items() if name not in ("packages", "other_versions")
        }
        return {
            **found,
            "date": datetime.now(UTC).date().isoformat(),
            "machine": machine_in_words(),
            "versions": ", ".join([versions_in_words(self.packages), *self.other_versions]),
        }


def options(subject: str, description: str | None) -> argparse.ArgumentParser:
    """The options that every subject takes: where to write, where big data lies, whether to keep."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{subject}", description=description)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of figures and of what may be deleted")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of big data, generated where absent")
    parser.add_argument(
        "--keep", action=argparse.BooleanOptionalAction, default=None,
        help="keep the figures for the page; by default where the size is the one asked for",
    )  # fmt: skip
    return parser


def command_of(subject: str, words: Sequence[str]) -> str:
    """The command as a reader may repeat it, without the folders of this machine."""
    shown = []
    skipped = False
    for word in words:
        if not skipped and word not in ("--out", "--data"):
            shown.append(word)
        skipped = word in ("--out", "--data")
    return " ".join([f"python -m benchmarks.{subject}", *shown])


def finished(findings: Findings, out: Path, *, keep: bool) -> int:
    """Print and write what was found; 1 where a figure that must hold does not, else 0."""
    content = findings.content()
    out.mkdir(parents=True, exist_ok=True)
    _write(out / f"{findings.subject}.json", content)
    if keep:
        KEPT.mkdir(exist_ok=True)
        _write(
            KEPT / f"{findings.subject}.json",
            {name: value for name, value in content.items() if name != "raw"},
        )
    told(findings, Console(soft_wrap=True))
    return int(any(row.kept is False and not row.aim for row in findings.figures))


def told(findings: Findings, console: Console) -> None:
    """The tables and figures on a terminal."""
    console.rule(findings.title)
    for table in findings.tables:
        shown = Shown(*table.headings, title=table.title)
        for column in shown.columns[1:]:
            column.justify = "right"
        for cells in table.rows:
            shown.add_row(*cells)
        console.print(shown)
    for row in findings.figures:
        wanted = f" ({row.wanted})" if row.wanted else ""
        console.print(f"{row.figure}: {row.measured}{wanted} {row.verdict}".rstrip(), highlight=False)
    for remark in findings.remarks:
        console.print(f"- {remark}", highlight=False)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
