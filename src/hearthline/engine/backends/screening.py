# SPDX-License-Identifier: Apache-2.0
"""Decides how a package is applied to a whole snapshot: partition by partition, then renamed into place."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import hearthline
from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY, DuckDBEngine
from hearthline.engine.backends.problems import RUN_EXISTS, RUN_IN_SNAPSHOT
from hearthline.engine.backends.runs import (
    PACKAGE_FOLDER,
    RUN_FILE,
    EngineRecord,
    FileRecord,
    IndexRecord,
    PackageRecord,
    Run,
    RunRecord,
    SnapshotRecord,
    open_run,
    sha256_of,
)
from hearthline.engine.packages import freeze, load_policy
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.scores import points_of
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.engine.sql.outcome import standards_in_force
from hearthline.engine.sql.plan import Plan, screening_plan

DAYS_OF_A_YEAR = 366

Progress = Callable[[int, int], None]
"""Called with the households done and the households there are."""


@dataclass(frozen=True)
class ScreeningReport:
    """What a screening did: the run, its wall seconds, and those spent comparing hashes."""

    run: Run
    seconds: float
    hashing_seconds: float


def screen(
    package: str | Path,
    data: Path | str,
    *,
    on: date,
    out: Path | str,
    memory: str = DEFAULT_MEMORY,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ScreeningReport:
    """Apply a package to a snapshot on a date and leave a run folder at ``out``.

    Raises a problem of the catalogue and leaves nothing where the package does not check, the
    snapshot is damaged, a parameter has no value for the date, or the engine fails.
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
    plan = screening_plan(policy, on, has_areas=snapshot.has_areas)
    clock.stop("make plan")
    snapshot.verify()
    hashing = clock.stop("compare hashes")
    if out.absolute().is_relative_to(snapshot.folder.absolute()):
        raise RUN_IN_SNAPSHOT.error(folder=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with PartialFolder(out, replace=False) as work:
        partial = work.path
        with DuckDBEngine(memory=memory, threads=threads, spill=partial / "spill") as engine:
            files = _run_partitions(engine, plan, snapshot, partial, progress)
            statuses = _statuses(engine, policy, on, [partial / name for name in files["households"]])
            clock.seconds |= engine.seconds
        freeze(package, partial / PACKAGE_FOLDER)
        seconds = {name: round(value, 4) for name, value in clock.seconds.items()}
        record = _record(policy, snapshot, on, out, files, partial, seconds, memory, statuses)
        _seal(partial, record)
        _published(work, out)
    return ScreeningReport(open_run(out), time.perf_counter() - started, hashing)


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


def _run_partitions(
    engine: DuckDBEngine, plan: Plan, snapshot: Snapshot, folder: Path, progress: Progress | None
) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {"households": [], "persons": []}
    done = 0
    for number in range(snapshot.partitions):
        tables = {level: [snapshot.path(level, number)] for level in (HOUSEHOLD, *plan.tables)}
        if snapshot.has_areas:
            tables[AREA] = snapshot.paths(AREA)
        engine.show_tables(tables)
        names = {result: _part_name(result, number, snapshot.partitions) for result in files}
        for name in names.values():
            (folder / name).parent.mkdir(exist_ok=True)
        engine.write(plan, folder / names["households"], folder / names["persons"])
        files["households"].append(names["households"])
        if plan.persons is not None:
            files["persons"].append(names["persons"])
        done += snapshot.manifest.tables[HOUSEHOLD].files[number].rows
        if progress is not None:
            progress(done, snapshot.households)
    return files


def _part_name(result: str, number: int, partitions: int) -> str:
    return f"{result}.parquet" if partitions == 1 else f"{result}.parquet/part-{number:05d}.parquet"


def _record(
    policy: Policy,
    snapshot: Snapshot,
    on: date,
    out: Path,
    files: dict[str, list[str]],
    folder: Path,
    seconds: dict[str, float],
    memory: str,
    statuses: dict[str, dict[str, int]],
) -> RunRecord:
    indices = {}
    for name, index in policy.indices.items():
        points = points_of(index)
        indices[name] = IndexRecord(weights=dict(points.weights), whole=points.whole, needed=points.needed)
    return RunRecord(
        package=PackageRecord(id=policy.id, version_hash=policy.version_hash),
        snapshot=SnapshotRecord(hash=snapshot.hash, path=os.path.relpath(snapshot.folder, out)),
        engine=EngineRecord(
            name=DuckDBEngine.name,
            version=DuckDBEngine.version,
            hearthline=hearthline.__version__,
            memory=memory,
        ),
        on=on.isoformat(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        counts={"households": snapshot.households, "persons": snapshot.rows(PERSON)},
        statuses=statuses,
        standards=list(statuses),
        default_standard=policy.default_standard.name,
        indices=indices,
        seconds=seconds,
        warnings=dates_apart(snapshot, on),
        files={
            result: [FileRecord(path=name, sha256=sha256_of(folder / name)) for name in names]
            for result, names in files.items()
            if names
        },
    )


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


def _statuses(
    engine: DuckDBEngine, policy: Policy, on: date, households: list[Path]
) -> dict[str, dict[str, int]]:
    """How many households have each status, by standard."""
    found = {}
    for standard in standards_in_force(policy, on):
        column = "status" if standard.default else f"status_{standard.name}"
        counts = dict.fromkeys(("poor", "not poor", "unknown"), 0)
        found[standard.name] = counts | engine.counts(households, column)
    return found


def _published(work: PartialFolder, out: Path) -> None:
    """Give the run its name; another run that took it meanwhile stays as it is."""
    try:
        work.publish()
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise RUN_EXISTS.error(folder=out) from error
        raise


def _seal(partial: Path, record: RunRecord) -> None:
    shutil.rmtree(partial / "spill", ignore_errors=True)
    (partial / RUN_FILE).write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for path in partial.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
