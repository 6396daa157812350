# SPDX-License-Identifier: Apache-2.0
"""Decides how statistics of a large run go straight to a file: in parts that are kept until it is whole.

The file appears under its name when it is whole, or not at all. A count that is stopped keeps its finished
parts beside it, and goes on from there if the same is asked of the same run.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

import hearthline
from hearthline.engine.backends.runs import Run
from hearthline.engine.snapshots.sealing import PartialFolder, fsync_folder
from hearthline.statistics.area_parts import PART_ROWS, Part
from hearthline.statistics.columns import Column
from hearthline.statistics.combining import combined_columns, combined_whole, total_columns
from hearthline.statistics.figure_files import Filing, write_csv, write_parquet
from hearthline.statistics.group_columns import GroupColumns, joined, numbers, order_of_parts
from hearthline.statistics.kept_parts import KeptParts, is_about
from hearthline.statistics.linear import Linear, Values
from hearthline.statistics.points import Counting, Request
from hearthline.statistics.problems import FILE_EXISTS
from hearthline.statistics.runs import provenance_of
from hearthline.statistics.session import MEMORY, open_session
from hearthline.statistics.specification import Specification

PURPOSE = ".parts-"
WRITERS: dict[str, Callable[[Filing, Path], None]] = {"csv": write_csv, "parquet": write_parquet}
"""The formats of files."""

Progress = Callable[[int, int], None]
"""Told the households counted so far, and how many there are."""


class CountingStopped(KeyboardInterrupt):
    """The count was interrupted, and finished parts are kept for who resumes it."""


@dataclass(frozen=True)
class FileReport:
    """What was filed: the file, its groups and figures, seconds, and parts that a stopped count had kept."""

    file: Path
    groups: int
    figures: int
    seconds: float
    parts: int
    resumed: int


@dataclass(frozen=True)
class _Work:
    """A count under way in a folder."""

    counting: Counting
    kept: KeptParts
    request: Request
    hidden: Mapping[str, Column]
    resumed: list[Part] = field(default_factory=list)

    def through(self, progress: Progress | None) -> None:
        """Count every part that is not kept already."""
        done, rows = 0, sum(part.rows for part in self.counting.parts)
        for part in self.counting.parts:
            if self.kept.is_kept(part.number):
                self.counting.take_over(self.kept.totals(part.number))
                self.resumed.append(part)
            else:
                groups = self.counting.part(part)
                self.kept.keep(part.number, groups, self.counting.totals())
            done += part.rows
            if progress is not None:
                progress(done, rows)

    def parts_kept(self) -> int:
        """How many parts are kept."""
        return sum(self.kept.is_kept(part.number) for part in self.counting.parts)

    def pieces(self, whole: GroupColumns, place: int) -> Iterator[GroupColumns]:
        """The groups of a breakdown in their order, with the figures that rest on everybody."""
        if place == 0:
            yield whole.without(self.hidden.values())
            return
        parts = self._groups_of(whole, place)
        if parts and not order_of_parts(parts):
            parts = [joined(parts).ordered()]
        totals = self._linear(whole)
        for part in parts:
            own = {name: _values(part, column) for name, column in self.hidden.items()}
            found = combined_columns(self.request.columns, own, totals)
            figures = {column: numbers(values) for column, values in found.items()}
            yield part.beside(figures).without(self.hidden.values())

    def whole(self) -> GroupColumns:
        """The total, with the figures of whole breakdowns in its row."""
        found = self.counting.whole()
        totals = self._linear(found)
        own = {name: _values(found, column) for name, column in self.hidden.items()}
        figures = combined_columns(self.request.columns, own, totals)
        places = range(1, len(self.request.grouping.breakdowns)) if self.hidden else ()
        breakdowns = {place: self._totals_of(found, place) for place in places}
        of_all = combined_whole(self.request.columns, self.request.grouping, totals, breakdowns)
        figures |= {column: np.array([value]) for column, value in of_all.items()}
        return found.beside({column: numbers(values) for column, values in figures.items()})

    def _linear(self, whole: GroupColumns) -> dict[str, Linear]:
        return {name: Linear(float(_values(whole, column)[0])) for name, column in self.hidden.items()}

    def _groups_of(self, whole: GroupColumns, place: int) -> list[GroupColumns]:
        if place in self.counting.alike:
            return [self.counting.named_alike(whole, place)]
        parts = [self.kept.groups(part.number, place) for part in self.counting.parts]
        return [part for part in parts if len(part)]

    def _totals_of(self, whole: GroupColumns, place: int) -> dict[str, Values]:
        parts = self._groups_of(whole, place)
        return {
            name: np.concatenate([_values(part, column) for part in parts])
            for name, column in self.hidden.items()
        }


def _values(groups: GroupColumns, column: Column) -> Values:
    values: Values = groups.figures[column].to_numpy(zero_copy_only=False)
    return np.nan_to_num(values.astype(np.float64))


def count_to_file(
    request: Request,
    specification: Specification,
    run: Run,
    out: Path,
    *,
    file_format: str,
    memory: str = MEMORY,
    resume: bool = False,
    progress: Progress | None = None,
) -> FileReport:
    """Write the figures of a request to a file, ``csv`` or ``parquet``.

    ``resume`` goes on from the parts that a stopped count of the same kept. Raises a problem of the catalogue
    where the file is there already, and ``CountingStopped`` where it was interrupted and something is kept.
    """
    started = time.perf_counter()
    out = out.absolute()
    if out.exists():
        raise FILE_EXISTS.error(file=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    question = _question(request, specification, run)
    goes_on = partial(is_about, question=question) if resume else None
    with (
        PartialFolder(out, replace=False, purpose=PURPOSE, goes_on=goes_on) as folder,
        open_session(memory=memory) as session,
    ):
        counting = Counting(session, request)
        hidden = total_columns(request.columns)
        kept = KeptParts(folder.path, counting.columns)
        kept.ask(question)
        work = _Work(counting, kept, request, hidden)
        try:
            work.through(progress)
            groups = _filed(work, specification, run, folder.path / f"whole.{file_format}", file_format)
        except KeyboardInterrupt as error:
            raise _stopped(work, folder) from error
        os.link(folder.path / f"whole.{file_format}", out)
        fsync_folder(out.parent)
    return FileReport(
        out,
        groups,
        groups * len(request.columns),
        time.perf_counter() - started,
        len(counting.parts),
        len(work.resumed),
    )


def _stopped(work: _Work, folder: PartialFolder) -> KeyboardInterrupt:
    number = work.parts_kept()
    if not number:
        return KeyboardInterrupt()
    folder.leave()
    done = f"{number} of {len(work.counting.parts)} parts are kept"
    return CountingStopped(f"Stopped. {done}: the same command with --resume goes on from there.")


def _filed(work: _Work, specification: Specification, run: Run, path: Path, file_format: str) -> int:
    """Write the file into the folder of the parts; how many groups it holds."""
    path.unlink(missing_ok=True)
    whole = work.whole()
    filing = Filing(
        work.request.grouping,
        work.request.columns,
        partial(work.pieces, whole),
        specification,
        provenance_of(run),
    )
    WRITERS[file_format](filing, path)
    with path.open("rb") as written:
        os.fsync(written.fileno())
    breakdowns = range(len(work.request.grouping.breakdowns))
    return sum(len(part) for place in breakdowns for part in work.pieces(whole, place))


def _question(request: Request, specification: Specification, run: Run) -> str:
    """What the parts of a count rest on: the files of the run, what is asked, and who answers."""
    record = run.record
    asked = {
        "run": {name: [file.sha256 for file in files] for name, files in record.files.items()},
        "snapshot": record.snapshot.hash,
        "package": record.package.version_hash,
        "by": [list(request.grouping.names(part)) for part in request.grouping.breakdowns],
        "columns": [[part.measure, part.name, part.item, part.tree.sql()] for part in request.columns],
        "welfare": specification.welfare,
        "line": None if specification.line is None else repr(specification.line),
        "weight": specification.weight,
        "rows of a part": PART_ROWS,
        "hearthline": hearthline.__version__,
        "duckdb": duckdb.__version__,
        "numpy": np.__version__,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
