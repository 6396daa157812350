# SPDX-License-Identifier: Apache-2.0
"""Decides how the page of all figures is composed from what the subjects found.

    python -m benchmarks.book

The page holds nothing that is not in ``benchmarks/figures``: a test composes it again and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.findings import KEPT, Figure
from benchmarks.measuring import ROOT
from benchmarks.subjects import SUBJECTS

PAGE = ROOT / "docs" / "explanation" / "figures.md"
HEAD = """\
# The figures, measured

Every figure the project promises, as the benchmark measured it last: with machine, date, versions and
command. `make bench` runs every subject and writes this page anew; a subject that was not run keeps what it
found earlier. Figures are those of one machine on one day, and ratios say more about another machine than
seconds do. Where the load is above the number of cores, others were using the machine too: seconds on the
wall say little then, and seconds of the processors more. An *aim* is a figure to report; everything else must
hold, and stands here as missed where it does not. [How fast it is](speed.md) says what is compared with what,
and where the time goes.

| subject | measured on | must hold | aims |
|---|---|---|---|
{summary}
"""

Found = Mapping[str, Any]


def kept_findings() -> list[Found]:
    """What was kept of every subject, in the order of the list; a file of no subject is refused."""
    files = {path.stem: path for path in KEPT.glob("*.json")}
    unknown = files.keys() - {subject.name for subject in SUBJECTS}
    if unknown:
        raise SystemExit(f"benchmarks/figures holds files of no subject: {', '.join(sorted(unknown))}")
    return [
        json.loads(files[subject.name].read_text(encoding="utf-8"))
        for subject in SUBJECTS
        if subject.name in files
    ]


def composed(findings: Sequence[Found]) -> str:
    """The whole page."""
    summary = "\n".join(_summary(found) for found in findings)
    return HEAD.format(summary=summary) + "".join(f"\n{_section(found)}\n" for found in findings)


def _figures(found: Found) -> list[Figure]:
    return [Figure(**row) for row in found["figures"]]


def _summary(found: Found) -> str:
    rows = _figures(found)
    cells = [f"[{found['title']}](#{_anchor(found['title'])})", str(found["date"])]
    for aim in (False, True):
        asked = [row for row in rows if row.kept is not None and row.aim is aim]
        kept = sum(bool(row.kept) for row in asked)
        cells.append(f"{kept} of {len(asked)} kept" if asked else "")
    return _row(cells)


def _section(found: Found) -> str:
    parts = [f"## {found['title']}", *found["explanation"], _circumstances(found)]
    if found["figures"]:
        cells = [[row.figure, row.wanted, row.measured, row.verdict] for row in _figures(found)]
        parts.append(_table(["figure", "wanted", "measured", ""], cells, right=False))
    for table in found["tables"]:
        parts.append(f"**{table['title']}**")
        parts.append(_table(table["headings"], table["rows"], right=True))
    if found["remarks"]:
        parts.append("\n".join(f"- {remark}" for remark in found["remarks"]))
    return "\n\n".join(parts)


def _circumstances(found: Found) -> str:
    lines = {
        "Command": f"`{found['command']}`",
        "Data": found["data"],
        "Machine": found["machine"],
        "Versions": found["versions"],
        "Measured on": f"{found['date']}, load of the machine {', '.join(found['loads'])}",
    }
    return "\n".join(f"- {name}: {words}." for name, words in lines.items() if words)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: bool) -> str:
    rule = ["---", *(["---:" if right else "---"] * (len(headings) - 1))]
    return "\n".join([_row(headings), f"|{'|'.join(rule)}|", *(_row(cells) for cells in rows)])


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |".replace("|  |", "| |")


def write_page(path: Path = PAGE) -> None:
    """Compose the page from what is kept."""
    path.write_text(composed(kept_findings()), encoding="utf-8")


if __name__ == "__main__":
    write_page()
