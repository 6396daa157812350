# SPDX-License-Identifier: Apache-2.0
"""Decides which table of a run is published, from its files, and how it is written as CSV.

Counts are those of households in the files, not weighted: what a neighbour can count is what is protected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import repeat
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.base.problems import Kind, declare
from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.policy import HOUSEHOLD, Combine, Policy
from hearthline.engine.rules.wording import said
from hearthline.statistics.gate import Passed
from hearthline.statistics.place_tables import (
    ALL,
    IN_DOUBT,
    NOT_MET,
    Edition,
    PlaceTable,
    Subject,
    Tally,
    figures_of,
    table_of,
)

NO_LEVEL = declare(
    "release.no-level",
    Kind.BAD_INPUT,
    "the places of this run have no level {level}.",
    "Levels are counted from the top, which is 0; this run has: {levels}.",
)
NOTHING_COUNTED = declare(
    "release.nothing-counted",
    Kind.BAD_INPUT,
    "the package {package} has no {subject} of households.",
    "Publish the table by status, or one of a package that has them.",
)
WHOLE = "the whole"
BYTE_ORDER = "\ufeff"
_WORD = {Subject.CRITERIA: "criteria", Subject.CAUSES: "causes"}
Place = tuple[str, ...]
"""The codes of a place and those above it, from the top; empty for the whole."""


def place_table(
    run: Run, levels: Sequence[int], subject: Subject = Subject.STATUS, *, data: Path | None = None
) -> PlaceTable:
    """The table of a run at some levels of places, counted from the top.

    Raises ``release.no-level``, ``release.nothing-counted``.
    """
    depths = _depths(run, data)
    for level in levels:
        if level not in depths:
            raise NO_LEVEL.error(level=level, levels=", ".join(map(str, depths)) or "none")
    names = names_counted(run.policy, subject)
    if subject is not Subject.STATUS and not names:
        raise NOTHING_COUNTED.error(package=run.record.package.id, subject=_WORD[subject])
    return table_of(_tallies(run, data), {level + 1 for level in levels}, subject, _edition(run))


def names_counted(policy: Policy, subject: Subject) -> list[str]:
    """The criteria of the default standard, or the causes, in the order of the package: the columns."""
    if subject is Subject.CRITERIA:
        standard = policy.default_standard
        index = policy.indices.get(standard.index or "")
        deciding = set(index.weights if index else standard.criteria)
        criteria = policy.criteria.items()
        return [name for name, each in criteria if name in deciding and each.level == HOUSEHOLD]
    if subject is Subject.CAUSES:
        causes = sorted(
            (each for each in policy.causes.values() if each.evidence), key=lambda one: one.number
        )
        return [each.name for each in causes]
    return []


def deciding_of(policy: Policy) -> tuple[str, ...]:
    """The criteria of which a poor household fails at least one; none for standards of other kinds."""
    standard = policy.default_standard
    return tuple(standard.criteria) if standard.combine is Combine.ALL else ()


def labels_of(policy: Policy, language: str) -> dict[str, str]:
    """Criteria and causes in words."""
    labels = {name: each.label for name, each in policy.criteria.items()}
    labels |= {name: each.label for name, each in policy.causes.items()}
    return {name: said(label, language) for name, label in labels.items()}


def _edition(run: Run) -> Edition:
    return Edition(run.record.default_standard, run.record.on, deciding=deciding_of(run.policy))


def _depths(run: Run, data: Path | None) -> list[int]:
    snapshot = run.snapshot(data)
    if not snapshot.has_areas:
        return []
    return sorted(set(pq.read_table(snapshot.path("area"), columns=["depth"])["depth"].to_pylist()))


def _tallies(run: Run, data: Path | None) -> list[Tally]:
    """Counts of the whole and of every place with a household: one pass over the files, then up the tree."""
    by_area = _by_area(run)
    held: dict[Place, list[int]] = {(): [0] * len(_columns(run.policy))}
    names: dict[Place, str] = {(): WHOLE}
    tree = _Tree(run, data)
    for area, counts in by_area.items():
        place = tree.place(area)
        for depth in range(len(place) + 1):
            above = place[:depth]
            names[above] = tree.names.get(above, above[-1] if above else WHOLE)
            held[above] = [one + more for one, more in zip(held.get(above, repeat(0)), counts, strict=False)]
    return [_tally(place, names[place], held[place], run.policy) for place in sorted(held)]


class _Tree:
    """The places of a snapshot: the codes of each from the top, and their names."""

    def __init__(self, run: Run, data: Path | None) -> None:
        snapshot = run.snapshot(data)
        columns = ["area_id", "parent_id", "area_code", "area_name"]
        rows = pq.read_table(snapshot.path("area"), columns=columns).to_pylist() if snapshot.has_areas else []
        self._rows = {row["area_id"]: row for row in rows}
        self._found: dict[int, Place] = {}
        self.names: dict[Place, str] = {}

    def place(self, area: int | None) -> Place:
        """The codes of an area and those above it; the whole where there is no such area."""
        if area is None or area not in self._rows:
            return ()
        if area not in self._found:
            row = self._rows[area]
            found = (*self.place(row["parent_id"]), row["area_code"] or str(area))
            self._found[area], self.names[found] = found, row["area_name"] or found[-1]
        return self._found[area]


def _columns(policy: Policy) -> dict[str, tuple[str, str]]:
    """What is counted of each household, by name: a column of the run, and the word that counts."""
    columns = {"households": ("status", ""), "poor": ("status", "poor"), "unknown": ("status", "unknown")}
    for name in names_counted(policy, Subject.CRITERIA):
        columns[f"{NOT_MET}: {name}"] = (name, "not met")
        columns[f"{IN_DOUBT}: {name}"] = (name, "unknown")
    for name in names_counted(policy, Subject.CAUSES):
        columns[f"with {name}"] = (str(policy.causes[name].evidence), "poor")
    return columns


def _by_area(run: Run) -> dict[int | None, list[int]]:
    """The counts of the households that live in each area itself, file by file."""
    columns = _columns(run.policy)
    found: dict[int | None, list[int]] = {}
    for path in run.paths("households"):
        places = ["area_id"] if "area_id" in pq.read_schema(path).names else []
        table = pq.read_table(path, columns=[*places, *dict.fromkeys(one for one, _ in columns.values())])
        area = table["area_id"] if places else pa.chunked_array([pa.nulls(table.num_rows, pa.int64())])
        poor = pc.equal(table["status"], "poor")
        flags = {"area": area}
        for number, (column, word) in enumerate(columns.values()):
            flags[str(number)] = pc.cast(_flag(table[column], word, poor), pa.int64())
        sums = pa.table(flags).group_by("area").aggregate([(str(n), "sum") for n in range(len(columns))])
        for row in sums.to_pylist():
            counts = [int(row[f"{number}_sum"] or 0) for number in range(len(columns))]
            before = found.get(row["area"], repeat(0))
            found[row["area"]] = [one + more for one, more in zip(before, counts, strict=False)]
    return found


def _flag(values: pa.ChunkedArray, word: str, poor: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each household counts; one that is poor where the column is an evidence of a cause."""
    if not word:
        return pc.is_valid(values)
    if pa.types.is_boolean(values.type):
        return pc.and_(pc.fill_null(values, fill_value=False), poor)
    return pc.equal(values, word)


def _tally(place: Place, name: str, counts: Sequence[int], policy: Policy) -> Tally:
    held = dict(zip(_columns(policy), counts, strict=True))
    return Tally(
        key="/".join(place) or WHOLE,
        parent=("/".join(place[:-1]) or WHOLE) if place else None,
        level=len(place),
        code=place[-1] if place else "",
        name=name,
        households=held["households"],
        poor=held["poor"],
        unknown=held["unknown"],
        criteria={
            one: (held[f"{NOT_MET}: {one}"], held[f"{IN_DOUBT}: {one}"])
            for one in names_counted(policy, Subject.CRITERIA)
        },
        causes={one: held[f"with {one}"] for one in names_counted(policy, Subject.CAUSES)},
    )


def csv_of(table: PlaceTable, passed: Passed, labels: Mapping[str, str], *, language: str = "en") -> str:
    """The released table as CSV; a hidden figure is said to be hidden, a text is never a formula.

    ``labels`` says criteria and causes in words.
    """
    words = _WORDS[language]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [words["code"], words["place"], *(_safe(_head(one, words, labels)) for one in table.heads)]
    )
    for row, told in figures_of(table, passed.release.told):
        cells = [words["hidden"] if one.value is None else str(one.value) for one in told]
        writer.writerow([_safe(row.code), _safe(row.name), *cells])
    return BYTE_ORDER + out.getvalue()


def _head(head: str, words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """A column in words: ``not met: income`` becomes the label of the criterion with what is said of it."""
    for what in (NOT_MET, IN_DOUBT):
        if head.startswith(f"{what}: "):
            name = head.removeprefix(f"{what}: ")
            return f"{labels.get(name, name)}{words['colon']}{words[what]}"
    name = head.removeprefix("with ")
    return words.get(head) or labels.get(name, name)


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in tuple("=+-@\t\r\n＝＋－＠") else text


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "code": "code",
        "place": "place",
        ALL: "households",
        "poor": "poor",
        "not poor": "not poor",
        "unknown": "unknown",
        NOT_MET: "not met",
        IN_DOUBT: "not known",
        "hidden": "hidden",
        "colon": ": ",
    },
    "zh": {
        "code": "代码",
        "place": "地区",
        ALL: "户数",
        "poor": "贫困户",
        "not poor": "非贫困户",
        "unknown": "未知",
        NOT_MET: "未达到",
        IN_DOUBT: "无法判定",
        "hidden": "不公布",
        "colon": "：",
    },
}
