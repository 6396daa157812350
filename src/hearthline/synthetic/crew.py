# SPDX-License-Identifier: Apache-2.0
"""Decides how several processes make partitions at once, and that nobody can tell from the result.

A partition is made first and numbered afterwards: its process says how many rows it has, and writes it
when those before have been counted. Partitions are given out in order, so the first that is not yet
counted is always being made, and nobody waits for good.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

import pyarrow as pa

from hearthline.base.problems import HearthlineError
from hearthline.engine.snapshots.partition import Before, Place
from hearthline.synthetic.county import County
from hearthline.synthetic.making import Made, Named, Told, counties_of, write_partition
from hearthline.synthetic.numbering import Plan, row_counts
from hearthline.synthetic.problems import WORKER_LOST

Counted = tuple[dict[str, int], int]
"""How many rows of each level a partition has, and its last area."""


def make_alone(
    plan: Plan, place: Place, spans: Sequence[range], first: Before, told: Told, names: Named
) -> Generator[Made]:
    """Make the partitions one after another in this process, each county written as soon as it is made."""
    before = first
    for number, span in enumerate(spans):
        made = write_partition(plan, place, number, before, counties_of(plan, span, told), names)
        before = made.entry.after
        yield made


def make_together(
    plan: Plan, place: Place, spans: Sequence[range], first: Before, told: Told, names: Named, processes: int
) -> Generator[Made]:
    """Make the partitions with so many processes; they come in their order, with the same content."""
    with _crew(plan, place, min(processes, len(spans))) as workers:
        ledger = _Ledger(spans, first)
        for worker in workers:
            ledger.next_for(worker)
        for number in range(len(spans)):
            while number not in ledger.made:
                for worker in _heard(workers):
                    ledger.hear(worker, told)
            made, named = ledger.made.pop(number)
            for table in named:
                names(table)
            yield made


@dataclass
class _Worker:
    process: SpawnProcess
    line: Connection
    partition: int | None = None


@dataclass
class _Ledger:
    """Who makes which partition, what has been counted, and what is done."""

    spans: Sequence[range]
    first: Before
    given: int = 0
    counted: dict[int, Counted] = field(default_factory=dict)
    waiting: dict[int, _Worker] = field(default_factory=dict)
    made: dict[int, tuple[Made, list[pa.Table]]] = field(default_factory=dict)
    numbered: int = 0
    before: Before | None = None

    def next_for(self, worker: _Worker) -> None:
        """Give a worker the next partition, or let it go."""
        if self.given < len(self.spans):
            worker.partition = self.given
            worker.line.send((self.given, self.spans[self.given]))
            self.given += 1
        else:
            worker.partition = None
            worker.line.send(None)

    def hear(self, worker: _Worker, told: Told) -> None:
        """Take what a worker says."""
        try:
            kind, said = worker.line.recv()
        except (EOFError, OSError) as error:
            raise WORKER_LOST.error(status=worker.process.exitcode) from error
        if kind == "told":
            told(said)
        elif kind == "failed":
            raise HearthlineError(*said)
        elif kind == "counted":
            assert worker.partition is not None
            self.counted[worker.partition] = said
            self.waiting[worker.partition] = worker
            self._number()
        else:
            assert worker.partition is not None
            self.made[worker.partition] = said
            self.next_for(worker)

    def _number(self) -> None:
        """Tell every partition what comes before it, as far as that is known."""
        before = self.first if self.before is None else self.before
        while self.numbered in self.counted:
            rows, last_area = self.counted.pop(self.numbered)
            self.waiting.pop(self.numbered).line.send(before)
            together = {level: before.rows.get(level, 0) + count for level, count in rows.items()}
            before = Before(together, last_area, last_area)
            self.numbered += 1
        self.before = before


@contextmanager
def _crew(plan: Plan, place: Place, processes: int) -> Iterator[list[_Worker]]:
    spawn = multiprocessing.get_context("spawn")
    workers: list[_Worker] = []
    try:
        for _ in range(processes):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_work, args=(theirs, plan, place), daemon=True)
            process.start()
            theirs.close()
            workers.append(_Worker(process, ours))
        yield workers
        for worker in workers:
            worker.process.join()
    finally:
        for worker in workers:
            if worker.process.is_alive():
                worker.process.kill()
            worker.process.join()
            worker.line.close()


def _heard(workers: Sequence[_Worker]) -> list[_Worker]:
    lines = {worker.line: worker for worker in workers if worker.partition is not None}
    return [lines[line] for line in wait(list(lines)) if isinstance(line, Connection)]


def _work(line: Connection, plan: Plan, place: Place) -> None:
    """What a process of the crew does: it makes partitions until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that was interrupted ends this one
    pa.set_cpu_count(1)
    try:
        while True:
            given = line.recv()
            if given is None:
                return
            _make(line, plan, place, *given)
    except (EOFError, BrokenPipeError):
        return  # nobody is there any more
    except HearthlineError as error:
        line.send(("failed", (error.problem, error.params, error.place)))


def _make(line: Connection, plan: Plan, place: Place, number: int, span: range) -> None:
    counties = list(counties_of(plan, span, lambda households: line.send(("told", households))))
    rows: dict[str, int] = {}
    for county in counties:
        for level, count in row_counts(county).items():
            rows[level] = rows.get(level, 0) + count
    line.send(("counted", (rows, int(counties[-1].household["area_id"][-1].as_py()))))
    before: Before = line.recv()
    named: list[pa.Table] = []
    made = write_partition(plan, place, number, before, _given_away(counties), named.append)
    line.send(("made", (made, named)))


def _given_away(counties: list[County]) -> Iterator[County]:
    """Each county once, so that its memory is free when it has been written."""
    counties.reverse()
    while counties:
        yield counties.pop()
