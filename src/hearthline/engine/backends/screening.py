# SPDX-License-Identifier: Apache-2.0
"""Decides how a package is applied to a whole snapshot: partition by partition, then renamed into place."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import hearthline
from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY, DuckDBEngine
from hearthline.engine.backends.earlier import QUESTION_FILE, Question, find_earlier
from hearthline.engine.backends.partitions import NOTES, Finished, Work, Workers, force
from hearthline.engine.backends.problems import RUN_EXISTS, RUN_IN_SNAPSHOT
from hearthline.engine.backends.runs import (
    PACKAGE_FOLDER,
    RUN_FILE,
    RUN_SEAL,
    EngineRecord,
    FileRecord,
    IndexRecord,
    PackageRecord,
    Run,
    RunRecord,
    SnapshotRecord,
    open_run,
    run_seal,
)
from hearthline.engine.backends.spark_session import DEFAULT_MASTER, installed_version, require_spark
from hearthline.engine.backends.spark_workers import SparkWorkers
from hearthline.engine.packages import freeze, load_policy
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.scores import points_of
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.sealing import PartialFolder, write_private
from hearthline.engine.sql.dialect import Dialect
from hearthline.engine.sql.duckdb_dialect import DUCKDB
from hearthline.engine.sql.outcome import standards_in_force
from hearthline.engine.sql.plan import screening_plan
from hearthline.engine.sql.spark_dialect import SPARK

DAYS_OF_A_YEAR = 366

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (DUCKDB, SPARK)}
"""The engines by name: how each is told what to do."""

Progress = Callable[[int, int], None]
"""Called with the households done and the households there are."""


@dataclass(frozen=True)
class ScreeningReport:
    """What a screening did: the run, its wall seconds, those spent comparing hashes, and what it took over.

    ``resumed`` partitions were finished by a process that was stopped; ``reused`` ones are an earlier run's.
    """

    run: Run
    seconds: float
    hashing_seconds: float
    resumed: int = 0
    reused: int = 0


class ScreeningStopped(KeyboardInterrupt):
    """The screening was interrupted, and finished partitions are kept for who resumes it."""


def screen(
    package: str | Path,
    data: Path | str,
    *,
    on: date,
    out: Path | str,
    memory: str = DEFAULT_MEMORY,
    threads: int | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    since: Path | str | None = None,
    engine: str = DUCKDB.name,
    master: str = DEFAULT_MASTER,
) -> ScreeningReport:
    """Apply a package to a snapshot on a date and leave a run folder at ``out``.

    ``engine`` is ``duckdb`` or ``spark``; ``master`` says where Spark runs, and ``memory`` bounds the engine,
    or the driver of Spark. Both read and write the same files.

    ``resume`` goes on from the partitions that a stopped screening of the same question finished. ``since``
    names an earlier run by the same package on the same date: where a partition rests on the same files, its
    results are taken over without reading either. Both give the same bytes as a screening of everything.

    Raises a problem of the catalogue and leaves nothing where the package does not check, the snapshot is
    damaged, a parameter has no value for the date, or the engine fails, lacks an operation or cannot be
    reached; ``ScreeningStopped`` where it was interrupted and something is kept to resume.
    """
    started = time.perf_counter()
    out = Path(out)
    if out.exists():
        raise RUN_EXISTS.error(folder=out)
    clock = _Clock()
    policy = load_policy(package)
    clock.stop("read package")
    snapshot = open_snapshot(Path(data), verify=False)
    snapshot.require(policy)
    plan = screening_plan(policy, on, has_areas=snapshot.has_areas, dialect=DIALECTS[engine])
    asked = _engine_asked(engine, memory, master)
    clock.stop("make plan")
    if out.absolute().is_relative_to(snapshot.folder.absolute()):
        raise RUN_IN_SNAPSHOT.error(folder=out)
    question = Question.of(policy, on, asked)
    earlier = find_earlier(since, question) if since is not None else None
    out.parent.mkdir(parents=True, exist_ok=True)
    goes_on = partial(question.is_asked_in, snapshot) if resume else None
    with PartialFolder(out, replace=False, goes_on=goes_on) as folder:
        work = Work(plan, snapshot, folder.path, _status_columns(policy, on))
        question.note(snapshot, folder.path)
        work.prepare()
        finished = work.finished_before()
        resumed = len(finished)
        if earlier is not None:
            earlier.take_over(work, finished)
        reused = len(finished) - resumed
        left = [number for number in range(snapshot.partitions) if number not in finished]
        clock.stop("find finished partitions")
        snapshot.verify_partitions(left)
        hashing = clock.stop("compare hashes")
        workers = SparkWorkers(work, asked) if asked.master else Workers(work, memory, threads)
        _go_through(workers, left, finished, folder, progress)
        clock.seconds |= workers.seconds
        freeze(package, folder.path / PACKAGE_FOLDER)
        seconds = {name: round(value, 4) for name, value in clock.seconds.items()}
        record = _record(policy, on, out, work, finished, seconds, asked)
        _seal(folder.path, record)
        _published(folder, out)
    return ScreeningReport(open_run(out), time.perf_counter() - started, hashing, resumed, reused)


def _engine_asked(engine: str, memory: str, master: str) -> EngineRecord:
    """Who is to answer; refuses in a sentence where that is Spark and it cannot start."""
    version, where = DuckDBEngine.version, ""
    if engine == SPARK.name:
        require_spark(master)
        version, where = installed_version(), master
    return EngineRecord(
        name=engine, version=version, hearthline=hearthline.__version__, memory=memory, master=where
    )


def _go_through(
    workers: Workers | SparkWorkers,
    left: list[int],
    finished: dict[int, Finished],
    folder: PartialFolder,
    progress: Progress | None,
) -> None:
    """Work through the partitions that are left; ``finished`` grows with them."""
    snapshot = workers.work.snapshot
    rows = [file.rows for file in snapshot.manifest.tables[HOUSEHOLD].files]
    try:
        with closing(workers.through(left)) as found:
            for partition in found:
                finished[partition.number] = partition
                if progress is not None:
                    progress(sum(rows[number] for number in finished), snapshot.households)
    except KeyboardInterrupt as error:
        if not finished:
            raise
        folder.leave()
        done = f"{len(finished)} of {snapshot.partitions} partitions are kept"
        raise ScreeningStopped(
            f"Stopped. {done}: the same command with --resume goes on from there."
        ) from error


class _Clock:
    """Wall seconds by stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def stop(self, stage: str) -> float:
        """End a stage; the next begins."""
        now = time.perf_counter()
        self.seconds[stage], self._since = now - self._since, now
        return self.seconds[stage]


def _record(
    policy: Policy,
    on: date,
    out: Path,
    work: Work,
    finished: Mapping[int, Finished],
    seconds: dict[str, float],
    asked: EngineRecord,
) -> RunRecord:
    snapshot = work.snapshot
    partitions = [finished[number] for number in range(snapshot.partitions)]
    indices = {}
    for name, index in policy.indices.items():
        points = points_of(index)
        indices[name] = IndexRecord(weights=dict(points.weights), whole=points.whole, needed=points.needed)
    return RunRecord(
        package=PackageRecord(id=policy.id, version_hash=policy.version_hash),
        snapshot=SnapshotRecord(hash=snapshot.hash, path=os.path.relpath(snapshot.folder, out)),
        engine=asked,
        on=on.isoformat(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        counts={"households": snapshot.households, "persons": snapshot.rows(PERSON)},
        statuses=_added_up(partitions, list(work.status_columns)),
        standards=list(work.status_columns),
        default_standard=policy.default_standard.name,
        indices=indices,
        seconds=seconds,
        warnings=dates_apart(snapshot, on),
        files={
            result: [
                FileRecord(path=work.name(result, each.number), sha256=each.results[result])
                for each in partitions
            ]
            for result in work.results
        },
        partitions=[each.record for each in partitions],
    )


def _added_up(partitions: Sequence[Finished], standards: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many households have each status, by standard."""
    return {
        standard: {
            word: sum(each.statuses[standard][word] for each in partitions)
            for word in ("poor", "not poor", "unknown")
        }
        for standard in standards
    }


def dates_apart(snapshot: Snapshot, on: date) -> list[str]:
    """A warning where the facts were observed more than a year before the screening date, or after it.

    Income of another year lies outside the window and counts as nothing, which looks like poverty.
    """
    observed = [
        date.fromisoformat(entry.date)
        for facts in snapshot.manifest.sources.values()
        for entry in facts.values()
        if entry.date
    ]
    if not observed:
        return []
    first, last = min(observed), max(observed)
    if on < first:
        return [f"The facts were observed from {first}, after the screening date {on}: they may be too new."]
    if (on - last).days > DAYS_OF_A_YEAR:
        return [
            f"The facts were observed until {last}, more than a year before {on}: they may no longer hold."
        ]
    return []


def _status_columns(policy: Policy, on: date) -> dict[str, str]:
    """The column of each standard in force."""
    return {
        standard.name: "status" if standard.default else f"status_{standard.name}"
        for standard in standards_in_force(policy, on)
    }


def _published(work: PartialFolder, out: Path) -> None:
    """Give the run its name; another run that took it meanwhile stays as it is."""
    try:
        work.publish()
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise RUN_EXISTS.error(folder=out) from error
        raise


def _seal(folder: Path, record: RunRecord) -> None:
    """Write run.json with its seal; remove what is of the work alone. The results are on the disk already."""
    for name in ("spill", NOTES):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / QUESTION_FILE).unlink()
    content = (record.model_dump_json(indent=2) + "\n").encode()
    write_private(folder / RUN_FILE, content)
    write_private(folder / RUN_SEAL, run_seal(content))
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
        elif path.is_relative_to(folder / PACKAGE_FOLDER):
            force(path)
