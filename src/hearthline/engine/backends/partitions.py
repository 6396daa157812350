# SPDX-License-Identifier: Apache-2.0
"""Decides how partitions are worked through: several at once, and each kept once it is whole.

A partition that is finished is forced to the disk and noted beside the results, with the hash of what it
rests on and of what came of it. Who goes on with a folder after a kill compares both and does the rest.
"""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from hearthline.engine.backends.duckdb_engine import DuckDBEngine
from hearthline.engine.backends.runs import PACKAGE_FOLDER, RUN_FILE, RUN_SEAL, Frozen, PartitionRecord
from hearthline.engine.rules.policy import AREA, HOUSEHOLD
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.hashing import at_once, sha256_of, usable_cores
from hearthline.engine.snapshots.sealing import fsync_folder, remove, write_private
from hearthline.engine.sql.plan import Plan

RESULTS = ("households", "persons")
NOTES = "finished"
"""The folder beside the results in which a finished partition is noted; it goes before the run is named."""

MEGABYTES_OF_A_WORKER = 300
"""With less of the memory bound for each, fewer partitions are worked on at once."""

_UNITS = {"k": 1e-3, "m": 1.0, "g": 1e3, "t": 1e6}


class Finished(Frozen):
    """A partition that is done: what it rests on, the hashes of its results, its statuses."""

    number: int
    inputs: str
    results: dict[str, str]
    statuses: dict[str, dict[str, int]]

    @property
    def record(self) -> PartitionRecord:
        """As run.json says it."""
        return PartitionRecord(inputs=self.inputs, statuses=self.statuses)


@dataclass(frozen=True)
class Work:
    """What is to be done for every partition of a snapshot, and where its results go."""

    plan: Plan
    snapshot: Snapshot
    folder: Path
    status_columns: Mapping[str, str]
    """The column of each standard's status."""

    @property
    def levels(self) -> list[str]:
        """The tables that are read."""
        areas = [AREA] if self.snapshot.has_areas else []
        return [HOUSEHOLD, *self.plan.tables, *areas]

    @property
    def results(self) -> list[str]:
        """The results that the plan has."""
        return list(RESULTS if self.plan.persons is not None else RESULTS[:1])

    def name(self, result: str, number: int) -> str:
        """The file of a partition of a result, within the run."""
        whole = self.snapshot.partitions == 1
        return f"{result}.parquet" if whole else f"{result}.parquet/part-{number:05d}.parquet"

    def path(self, result: str, number: int) -> Path:
        """The same as a path."""
        return self.folder / self.name(result, number)

    def inputs_hash(self, number: int) -> str:
        """One hash of everything a partition rests on beside the package."""
        return self.snapshot.inputs_hash(number, self.levels)

    def prepare(self) -> None:
        """Make the folders; of what a killed process left, the results and their notes remain alone."""
        for name in ("spill", PACKAGE_FOLDER, RUN_FILE, RUN_SEAL):
            remove(self.folder / name)
        (self.folder / NOTES).mkdir(exist_ok=True)
        if self.snapshot.partitions > 1:
            for result in self.results:
                (self.folder / f"{result}.parquet").mkdir(exist_ok=True)

    def finish(self, number: int, statuses: dict[str, dict[str, int]]) -> Finished:
        """Force the results of a partition to the disk and note it."""
        hashes = {}
        for result in self.results:
            path = self.path(result, number)
            force(path)
            hashes[result] = sha256_of(path)
        finished = Finished(number=number, inputs=self.inputs_hash(number), results=hashes, statuses=statuses)
        self.note(finished)
        return finished

    def note(self, finished: Finished) -> None:
        """Write down that a partition is finished, at once or not at all."""
        place = self.folder / NOTES / f"{finished.number:05d}.json"
        partial = place.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        write_private(partial, finished.model_dump_json().encode())
        partial.rename(place)
        fsync_folder(place.parent)

    def finished_before(self) -> dict[int, Finished]:
        """The partitions an earlier process noted, whose results are still what it noted."""
        notes = sorted((self.folder / NOTES).glob("*.json"))
        found = [finished for finished in at_once(self._find_finished, notes) if finished is not None]
        return {finished.number: finished for finished in found}

    def _find_finished(self, note: Path) -> Finished | None:
        try:
            finished = Finished.model_validate_json(note.read_bytes())
        except (OSError, ValidationError):
            return None
        known = note.stem == f"{finished.number:05d}" and finished.number < self.snapshot.partitions
        if not known or finished.inputs != self.inputs_hash(finished.number):
            return None
        for result in self.results:
            path = self.path(result, finished.number)
            if not path.is_file() or sha256_of(path) != finished.results.get(result):
                return None
        return finished


def force(path: Path) -> None:
    """Force a file to the disk, private to its owner."""
    path.chmod(0o600)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass
class Workers:
    """Threads with an engine each, that take one partition after another until none is left."""

    work: Work
    memory: str
    threads: int | None
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall seconds by step, added up over all partitions."""

    def through(self, numbers: Sequence[int]) -> Generator[Finished]:
        """Each partition as it is finished; the first failure stops all, and so does leaving the loop."""
        if not numbers:
            return
        threads = self.threads or usable_cores()
        workers = max(1, min(threads, len(numbers), int(megabytes(self.memory) // MEGABYTES_OF_A_WORKER)))
        # with one thread for each partition the same rows give the same bytes, however many are at work
        each = threads if self.work.snapshot.partitions == 1 else 1
        shift = _Shift(self, list(numbers), shared(self.memory, workers), each)
        try:
            shift.begin(workers)
            for _ in numbers:
                found = shift.found.get()
                if isinstance(found, BaseException):
                    raise found
                yield found
        finally:
            shift.end()


class _Shift:
    """The threads of one call, what is left for them, and what they have found."""

    def __init__(self, workers: Workers, numbers: list[int], memory: str, threads: int) -> None:
        self._workers = workers
        self._left = numbers[::-1]
        self._memory = memory
        self._threads = threads
        self._lock = threading.Lock()
        self._running: list[tuple[threading.Thread, DuckDBEngine]] = []
        self.found: queue.SimpleQueue[Finished | BaseException] = queue.SimpleQueue()

    def begin(self, workers: int) -> None:
        """Start the threads; the engines are made here, so that a failure is raised at once."""
        folder = self._workers.work.folder
        for number in range(workers):
            engine = DuckDBEngine(
                memory=self._memory, threads=self._threads, spill=folder / "spill" / str(number)
            )
            thread = threading.Thread(target=self._go_through, args=(engine,), daemon=True)
            self._running.append((thread, engine))
        for thread, _ in self._running:
            thread.start()

    def end(self) -> None:
        """Let no thread begin another partition, stop what runs, and wait for all."""
        with self._lock:
            self._left.clear()
        for thread, engine in self._running:
            while thread.is_alive():
                engine.interrupt()
                thread.join(timeout=0.1)
            for name, seconds in engine.seconds.items():
                self._workers.seconds[name] = self._workers.seconds.get(name, 0.0) + seconds
            engine.connection.close()

    def _take(self) -> int | None:
        with self._lock:
            return self._left.pop() if self._left else None

    def _go_through(self, engine: DuckDBEngine) -> None:
        try:
            while (number := self._take()) is not None:
                self.found.put(screened_partition(engine, self._workers.work, number))
        except BaseException as error:  # noqa: BLE001  # the edge of a thread: who waits for it raises it again
            self.found.put(error)


def screened_partition(engine: DuckDBEngine, work: Work, number: int) -> Finished:
    """Run the plan over one partition, count the statuses, and note it as finished."""
    snapshot = work.snapshot
    tables = {level: [snapshot.path(level, number)] for level in (HOUSEHOLD, *work.plan.tables)}
    engine.show_tables(tables)
    if snapshot.has_areas:
        engine.show_areas(snapshot.path(AREA), snapshot.path(HOUSEHOLD, number))
    households, persons = (work.path(result, number) for result in RESULTS)
    engine.write(work.plan, households, persons)
    return counted_partition(engine, work, number)


def counted_partition(engine: DuckDBEngine, work: Work, number: int) -> Finished:
    """Count the statuses of a partition whose results are there, and note it as finished."""
    households = work.path(RESULTS[0], number)
    counted = engine.counts([households], list(work.status_columns.values()))
    statuses = {
        standard: {word: counted[column][word] for word in ("poor", "not poor", "unknown")}
        for standard, column in work.status_columns.items()
    }
    return work.finish(number, statuses)


def megabytes(memory: str) -> float:
    """A memory bound, such as 800MB or 2GiB, in megabytes; without a unit that is known, plenty."""
    found = _parts(memory)
    if found is None:
        return float("inf")
    amount, unit = found
    return amount * _UNITS[unit[0].lower()] * (1.024 if "i" in unit else 1.0)


def shared(memory: str, workers: int) -> str:
    """The part of a memory bound that one of several workers gets."""
    found = _parts(memory)
    if found is None or workers == 1:
        return memory
    return f"{found[0] / workers:.6f}{found[1]}"


def _parts(memory: str) -> tuple[float, str] | None:
    match = re.fullmatch(r"\s*([0-9.]+)\s*([kmgt]i?b)\s*", memory, re.IGNORECASE)
    return (float(match[1]), match[2]) if match else None
