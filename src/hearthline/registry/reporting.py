# SPDX-License-Identifier: Apache-2.0
"""Decides how the report of an import is told: rows read and refused, what is new, who stands twice.

So are the refused rows themselves, as a file: names of files and columns, lines and values stay as they were
given, so that an officer finds them in his own files; what we say of them is said in his language.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext, pgettext

from hearthline.registry.loading.checking import REASONS
from hearthline.registry.models import RegisterImport
from hearthline.registry.rules import safe_cell
from hearthline.ui import wording
from hearthline.ui.parts import Line
from hearthline.ui.problems import told
from hearthline.ui.retelling import retold, retold_row

NOTHING: Mapping[str, str] = MappingProxyType({})
_SAME = ("same_id_in_files", "same_id_in_place")


@dataclass(frozen=True)
class FileLine:
    """What became of the rows of one file."""

    file: str
    read: int
    accepted: int
    refused: int


@dataclass(frozen=True)
class ReasonLine:
    """Why rows or households were refused: a sentence, and how many."""

    sentence: str
    rows: int


@dataclass(frozen=True)
class SameId:
    """A person whose national ID stands twice, by number, and where the household opens."""

    number: str
    href: str


@dataclass(frozen=True)
class ToldReport:
    """The report of an import as a page shows it."""

    files: Sequence[FileLine]
    reasons: Sequence[ReasonLine]
    kept_out: Sequence[ReasonLine]
    lines: Sequence[Line]
    same_ids: Sequence[SameId]
    same_ids_in_place: Sequence[SameId]
    refused: bool


def told_report(
    imported: RegisterImport, listed: Mapping[str, str] = NOTHING, households: Mapping[str, str] = NOTHING
) -> ToldReport | None:
    """The report of an import in the reader's language; None until there is one.

    ``listed`` says by the name of a count where its households are listed, ``households`` by the number of a
    person where the household opens: both empty for who may open none.
    """
    report: Mapping[str, object] = imported.report
    if not report:
        return None
    register = _mapping(report.get("register"))
    counts = _mapping(register.get("counts"))
    kept_out = _mapping(register.get("kept_out"))
    files = [
        FileLine(str(row["file"]), int(row["read"]), int(row["accepted"]), int(row["refused"]))
        for row in _list(report.get("files"))
        if isinstance(row, dict)
    ]
    reasons = [
        ReasonLine(retold(str(row["code"]), str(row["example"])).message, int(row["rows"]))
        for row in _list(report.get("reasons"))
        if isinstance(row, dict)
    ]
    held = [ReasonLine(_sentence(code), _first(numbers)) for code, numbers in kept_out.items()]
    elsewhere = _number(counts, "refused_households")
    if elsewhere:
        held.append(ReasonLine(gettext("What the register already holds speaks against them."), elsewhere))
    return ToldReport(
        files=files,
        reasons=reasons,
        kept_out=held,
        lines=_lines(counts, listed) if register else (),
        same_ids=_same_ids(register.get("same_id_in_files"), households),
        same_ids_in_place=_same_ids(register.get("same_id_in_place"), households),
        refused=bool(reasons or held),
    )


def refused_in_words(rows: bytes) -> bytes:
    """The refused rows as they were stored, with headings, reasons and remedies in the reader's language.

    What is not a sentence of the catalogue stays as it is.
    """
    if not wording.in_chinese():
        return rows
    reader = csv.reader(io.StringIO(rows.decode("utf-8-sig"), newline=""))
    next(reader, None)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            pgettext("refused row", "File"),
            pgettext("refused row", "Line"),
            pgettext("refused row", "Column"),
            pgettext("refused row", "Value"),
            pgettext("refused row", "Reason"),
            pgettext("refused row", "Remedy"),
        ]
    )
    for *given, reason, remedy in reader:
        said = retold_row(reason, remedy)
        writer.writerow([*given, safe_cell(said.message), safe_cell(said.remedy)])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def people_told(imported: RegisterImport) -> list[str]:
    """The numbers of the people whom the report names because their national ID stands twice."""
    register = _mapping(imported.report.get("register"))
    return [str(number) for name in _SAME for number in _list(register.get(name))]


def _same_ids(numbers: object, households: Mapping[str, str]) -> list[SameId]:
    return [SameId(str(number), households.get(str(number), "")) for number in _list(numbers)]


def _lines(counts: Mapping[str, object], listed: Mapping[str, str]) -> list[Line]:
    unwritten = gettext("Nothing was written of them, so there is no list.")
    named = (
        ("new_households", gettext("New households"), ""),
        ("new_people", gettext("New people"), ""),
        ("changed_households", gettext("Changed households"), ""),
        ("unchanged_households", gettext("Unchanged households"), unwritten),
        ("unlisted_people", gettext("People whom the files no longer list"), ""),
    )
    return [_line(label, _number(counts, name), listed.get(name, ""), note) for name, label, note in named]


def _line(label: str, count: int, href: str, note: str) -> Line:
    """A count of nobody opens nothing and needs no note."""
    return Line(label, wording.number(count), note if count else "", href if count else "")


def _sentence(code: str) -> str:
    """The general sentence of a reason, without the values of one row."""
    problem = next((reason for reason in REASONS if reason.code == code), None)
    return told(problem.error(value="…")).message if problem else code


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _first(value: object) -> int:
    return int(value[0]) if isinstance(value, list) else 0


def _number(counts: Mapping[str, object], name: str) -> int:
    value = counts.get(name, 0)
    return value if isinstance(value, int) else 0
