# SPDX-License-Identifier: Apache-2.0
"""Decides which table of a run is published: households by status, place by place, on levels of places.

Counts are those of households in the files, not weighted: what a neighbour can count is what is protected.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from hearthline.base.problems import Kind, declare
from hearthline.engine.backends.runs import Run
from hearthline.statistics.gate import Passed
from hearthline.statistics.relation import relation_over
from hearthline.statistics.release import MARK, Counts, Sum
from hearthline.statistics.runs import provenance_of, with_snapshot
from hearthline.statistics.session import MEMORY
from hearthline.statistics.specification import Specification
from hearthline.statistics.tabulation import tabulate

NO_LEVEL = declare(
    "release.no-level",
    Kind.BAD_INPUT,
    "the places of this run have no level {level}.",
    "Levels are counted from the top, which is 0; this run has: {levels}.",
)
STATUSES = ("poor", "not poor", "unknown")
ALL = "households"
WHOLE = "the whole"
BYTE_ORDER = "\ufeff"
Place = tuple[str, ...]
"""The codes of a place and those above it, from the top; empty for the whole."""


@dataclass(frozen=True)
class PlaceTable:
    """Counts by place and status, and the places in order with their names."""

    counts: Counts
    places: tuple[Place, ...]
    names: dict[Place, str]
    on: str
    standard: str


def place_table(run: Run, levels: Sequence[int], *, data: Path | None = None) -> PlaceTable:
    """The table of a run at some levels of places, counted from the top. Raises ``release.no-level``."""
    snapshot = run.snapshot(data)
    found: list[int] = []
    if snapshot.has_areas:
        depths = pq.read_table(snapshot.path("area"), columns=["depth"])["depth"].to_pylist()
        found = sorted(set(depths))
    for level in levels:
        if level not in found:
            raise NO_LEVEL.error(level=level, levels=", ".join(map(str, found)) or "none")
    by = "*".join([*(f"area:{level}" for level in sorted(levels)), "status"])
    relation = with_snapshot(relation_over(tuple(run.paths("households"))), snapshot)
    figures = tabulate(
        relation,
        Specification(weight="none"),
        by=[by],
        measures=["population"],
        provenance=provenance_of(run),
        memory=MEMORY,
        weights={},
    )
    cells: dict[tuple[Place, str], int] = defaultdict(int)
    names: dict[Place, str] = {(): WHOLE}
    for group in figures.groups:
        if group.by != by:
            continue
        *codes, status = group.values
        place = tuple(code or "?" for code in codes)
        for depth in range(len(place) + 1):
            cells[place[:depth], status or "unknown"] += group.n
            if depth:
                key = group.names[depth - 1]
                code = place[depth - 1]
                names[place[:depth]] = figures.value_label(key, code, "zh") if codes[depth - 1] else code
    return _table(cells, names, run.record.on, run.record.default_standard)


def _table(
    cells: dict[tuple[Place, str], int], names: dict[Place, str], on: str, standard: str
) -> PlaceTable:
    places = sorted({place for place, _ in cells} | {()})
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    children: dict[Place, list[Place]] = defaultdict(list)
    for place in places:
        if place:
            children[place[:-1]].append(place)
        for status in STATUSES:
            counts[name_of(standard, status, place, on)] = cells.get((place, status), 0)
        whole = name_of(standard, ALL, place, on)
        parts = tuple(name_of(standard, status, place, on) for status in STATUSES)
        counts[whole] = sum(counts[part] for part in parts)
        sums.append(Sum(whole, parts, classes=True))
    for place, parts_of in children.items():
        for kind in (ALL, *STATUSES):
            below = tuple(name_of(standard, kind, part, on) for part in parts_of)
            sums.append(Sum(name_of(standard, kind, place, on), below))
    return PlaceTable(Counts(counts, tuple(sums)), tuple(places), names, on, standard)


def name_of(standard: str, kind: str, place: Place, on: str) -> str:
    """The name of a count: all households are the same by every standard."""
    what = ALL if kind == ALL else f"{standard}: {kind}"
    return f"{what} in {'/'.join(place) or WHOLE}{MARK}{on}"


def rows_of(table: PlaceTable, passed: Passed) -> Iterator[tuple[str, str, tuple[int | None, ...]]]:
    """For each place its code, its name, and households, poor, not poor, unknown; None is hidden."""
    for place in table.places:
        figures = tuple(
            passed.release.told[name_of(table.standard, kind, place, table.on)].value
            for kind in (ALL, *STATUSES)
        )
        yield (place[-1] if place else "", table.names.get(place, ""), figures)


def csv_of(table: PlaceTable, passed: Passed, *, language: str = "en") -> str:
    """The released table as CSV; a hidden figure is said to be hidden, a text is never a formula."""
    heads, hidden = _WORDS[language]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for code, name, figures in rows_of(table, passed):
        cells = [hidden if figure is None else str(figure) for figure in figures]
        writer.writerow([_safe(code), _safe(name), *cells])
    return BYTE_ORDER + out.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in tuple("=+-@\t\r\n＝＋－＠") else text


_WORDS = {
    "en": (("code", "place", "households", "poor", "not poor", "unknown"), "hidden"),
    "zh": (("代码", "地区", "户数", "贫困户", "非贫困户", "未知"), "不公布"),
}
