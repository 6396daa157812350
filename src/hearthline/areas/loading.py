# SPDX-License-Identifier: Apache-2.0
"""Decides how places in numbers come into the tree: all or nothing, in one transaction, with their trace.

New rows go by COPY on PostgreSQL and by executemany on SQLite, in the order of the tree, so that every index
grows at its end. The same file again changes nothing; a new name or place in the tree is a dated change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q

from hearthline.areas import problems
from hearthline.areas.checking import Known, demand_tree
from hearthline.areas.models import Area, AreaName
from hearthline.areas.queries import levels
from hearthline.areas.reading import AreaFile, AreaRow, read_areas
from hearthline.areas.rules import step_of
from hearthline.areas.services import DEEPEST, carry, give_level, give_name, lock_tree
from hearthline.audit.services import record_batch

SQLITE_CACHE = -256 * 1024
"""Kibibytes of pages that SQLite keeps during an import."""
BATCH = 50_000
"""Rows that share one trace."""
AREA_COLUMNS = ("id", "parent_id", "path", "depth", "level", "code", "name", "opened_on", "closed_on")
NAME_COLUMNS = ("area_id", "code", "name", "valid_from", "valid_to", "source")
Progress = Callable[[int, int], object]
"""Called with the rows done and their total."""
Cells = tuple[int | str | date | None, ...]


@dataclass(frozen=True)
class Loaded:
    """What an import of places did."""

    rows: int
    opened: int = 0
    renamed: int = 0
    moved: int = 0
    level_changed: int = 0
    changed: int = 0
    """Places that the register had otherwise; one may be renamed and moved."""

    @property
    def unchanged(self) -> int:
        """Places that were in the register as the file has them."""
        return self.rows - self.opened - self.changed


@dataclass
class _Changes:
    """Rows of the file by what they change."""

    opened: list[int]
    renamed: list[int]
    moved: list[int]
    levels: list[int]


def import_areas(
    *,
    by: AbstractBaseUser | None,
    on: date,
    source: Path | Iterable[AreaRow],
    where: Q,
    since: date | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Bring the places of a file into the tree. Places that it does not name stay as they are.

    ``on`` is the day of every change; ``since`` the day from which the names of new places hold (None: since
    before the records begin). Raises ``areas.*``: all that is wrong, by line, and then nothing was changed.
    """
    if where:
        raise problems.TOP_NEEDS_EVERYWHERE.error()
    found = read_areas(source)
    with transaction.atomic(), _room_for_indexes():
        lock_tree()
        known = _known_areas()
        depths = demand_tree(found, known, levels(), DEEPEST)
        changes = _changes(found, known)
        total = len(changes.opened) + len(changes.renamed) + len(changes.moved) + len(changes.levels)
        trace = _Trace(by, on, found, progress, total)
        _open(found, known, changes.opened, since, trace)
        _change_levels(found, known, changes.levels, trace)
        _rename(found, known, changes.renamed, trace)
        _move(found, sorted(changes.moved, key=lambda row: depths[found.codes[row]]), trace)
    return Loaded(
        rows=len(found),
        opened=len(changes.opened),
        renamed=len(changes.renamed),
        moved=len(changes.moved),
        level_changed=len(changes.levels),
        changed=len({*changes.renamed, *changes.moved, *changes.levels}),
    )


@contextmanager
def _room_for_indexes() -> Iterator[None]:
    """SQLite keeps 2 MB of pages by itself; the indexes of a country would go to and from the disk."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA cache_size = {SQLITE_CACHE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


@dataclass
class _Trace:
    """Leaves the trace of each batch and tells how far the import is."""

    by: AbstractBaseUser | None
    on: date
    found: AreaFile
    progress: Progress | None
    total: int
    done: int = 0
    batches: int = 0

    def leave(self, what: str, rows: Sequence[int]) -> None:
        """One trace of a batch, with the hash of its lines."""
        if not rows:
            return
        self.batches += 1
        record_batch(
            by=self.by,
            on=self.on,
            action="areas.import",
            subject="area",
            subject_id="",
            lines=[self.found.line_of(row) for row in rows],
            facts={
                "file": self.found.title,
                "file_sha256": self.found.sha256,
                "batch": self.batches,
                "what": what,
                "first": self.found.codes[rows[0]],
                "last": self.found.codes[rows[-1]],
            },
        )
        self.done += len(rows)
        if self.progress:
            self.progress(self.done, self.total)


def _known_areas() -> dict[str, Known]:
    fields = ("code", "pk", "path", "depth", "level", "name", "parent_id")
    rows = list(Area.objects.filter(closed_on__isnull=True).values_list(*fields).iterator(20_000))
    codes: dict[int | None, str] = {number: code for code, number, *_ in rows}
    return {
        code: Known(number, path, depth, level, name, codes.get(parent, ""))
        for code, number, path, depth, level, name, parent in rows
    }


def _changes(found: AreaFile, known: dict[str, Known]) -> _Changes:
    changes = _Changes([], [], [], [])
    for row, code in enumerate(found.codes):
        before = known.get(code)
        if before is None:
            changes.opened.append(row)
            continue
        if before.name != found.names[row]:
            changes.renamed.append(row)
        if before.parent != found.parents[row]:
            changes.moved.append(row)
        if before.level != found.levels[row]:
            changes.levels.append(row)
    return changes


def _in_order_of_tree(found: AreaFile, opened: Sequence[int]) -> Iterator[int]:
    """New rows, each after the one it lies in and before what comes after that one; by code."""
    new = {found.codes[row] for row in opened}
    below: dict[str, list[int]] = {}
    for row in sorted(opened, key=lambda row: found.codes[row], reverse=True):
        parent = found.parents[row]
        below.setdefault(parent if parent in new else "", []).append(row)
    waiting = below.get("", [])
    while waiting:
        row = waiting.pop()
        yield row
        waiting += below.get(found.codes[row], ())


def _open(
    found: AreaFile, known: dict[str, Known], opened: Sequence[int], since: date | None, trace: _Trace
) -> None:
    if not opened:
        return
    number = _reserve_numbers(len(opened))
    source = found.title[:200]
    places = {code: (place.number, place.path, place.depth) for code, place in known.items()}
    batch: list[int] = []
    areas: list[Cells] = []
    names: list[Cells] = []
    for row in _in_order_of_tree(found, opened):
        code, name = found.codes[row], found.names[row]
        parent, above, depth = places.get(found.parents[row], (None, "", 0))
        path = above + step_of(number)
        places[code] = (number, path, depth + 1)
        areas.append((number, parent, path, depth + 1, found.levels[row], code, name, since, None))
        names.append((number, code, name, since, None, source))
        batch.append(row)
        number += 1
        if len(batch) == BATCH:
            _append_rows(areas, names)
            trace.leave("opened", batch)
            batch, areas, names = [], [], []
    _append_rows(areas, names)
    trace.leave("opened", batch)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # else the first questions are planned for an empty tree
            cursor.execute("ANALYZE areas_area")


def _append_rows(areas: list[Cells], names: list[Cells]) -> None:
    for model, columns, rows in ((Area, AREA_COLUMNS, areas), (AreaName, NAME_COLUMNS, names)):
        table, listed = model._meta.db_table, ", ".join(columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)  # noqa: S608 - names of our own columns


def _reserve_numbers(count: int) -> int:
    """The first of ``count`` numbers that nobody else gets; the tree is locked."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence('areas_area', 'id'))")
            first = int(cursor.fetchone()[0])
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('areas_area', 'id'), %s)", [first + count - 1]
            )
            return first
        cursor.execute(
            "SELECT max((SELECT coalesce(max(id), 0) FROM areas_area),"
            " (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'areas_area'))"
        )
        return int(cursor.fetchone()[0]) + 1


def _change_levels(found: AreaFile, known: dict[str, Known], rows: Sequence[int], trace: _Trace) -> None:
    for batch in _batches(rows):
        for row in batch:
            give_level(Area.objects.get(pk=known[found.codes[row]].number), found.levels[row])
        trace.leave("level changed", batch)


def _rename(found: AreaFile, known: dict[str, Known], rows: Sequence[int], trace: _Trace) -> None:
    for batch in _batches(rows):
        for row in batch:
            code = found.codes[row]
            area = Area.objects.get(pk=known[code].number)
            give_name(area, on=trace.on, name=found.names[row], code=code, source=found.title)
        trace.leave("renamed", batch)


def _move(found: AreaFile, rows: Sequence[int], trace: _Trace) -> None:
    """From the top down, so that a place is never moved into what it still holds."""
    for batch in _batches(rows):
        for row in batch:
            open_areas = Area.objects.filter(closed_on__isnull=True)
            parent = found.parents[row]
            carry(open_areas.get(code=found.codes[row]), open_areas.get(code=parent) if parent else None)
        trace.leave("moved", batch)


def _batches(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
