# SPDX-License-Identifier: Apache-2.0
"""Decides what a run folder holds and how it is read again: run.json, the frozen package, two results."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from hearthline.engine.backends.problems import RUN_DAMAGED, RUN_NOT_FOUND, RUN_UNSEALED, SNAPSHOT_MOVED
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.hashing import at_once, sha256_of

FORMAT = 2
RUN_FILE = "run.json"
RUN_SEAL = "run.sha256"
"""The file beside run.json that holds its hash, so that an edited date or line is seen."""
PACKAGE_FOLDER = "package"


class Frozen(BaseModel):
    """A record that is written once."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PackageRecord(Frozen):
    """Which package answered: its id and the hash of everything that can change an answer."""

    id: str
    version_hash: str


class SnapshotRecord(Frozen):
    """Which data it was asked of; ``path`` is relative to the run folder."""

    hash: str
    path: str


class EngineRecord(Frozen):
    """Which engine computed it; ``master`` says where Spark ran, and is empty for DuckDB."""

    name: str
    version: str
    hearthline: str
    memory: str
    master: str = ""


class IndexRecord(Frozen):
    """An index in whole points, as the result's columns count them."""

    weights: dict[str, int]
    whole: int
    needed: int


class FileRecord(Frozen):
    """One file of a result and the hash of its bytes, compared before it is read."""

    path: str
    sha256: str


class PartitionRecord(Frozen):
    """What one partition of the result rests on, and how many of its households have each status."""

    inputs: str
    statuses: dict[str, dict[str, int]]


class RunRecord(Frozen):
    """``run.json``: everything that a figure from this run has to name."""

    format: int = FORMAT
    package: PackageRecord
    snapshot: SnapshotRecord
    engine: EngineRecord
    on: str
    created: str
    counts: dict[str, int]
    statuses: dict[str, dict[str, int]]
    standards: list[str]
    default_standard: str
    indices: dict[str, IndexRecord]
    seconds: dict[str, float]
    files: dict[str, list[FileRecord]]
    partitions: list[PartitionRecord]
    warnings: list[str] = []


@dataclass(frozen=True)
class Run:
    """A finished run that can be asked."""

    folder: Path
    record: RunRecord
    _verified: set[Path] = field(default_factory=set, compare=False)

    @cached_property
    def policy(self) -> Policy:
        """The package as it was frozen into the run."""
        policy = load_policy(self.folder / PACKAGE_FOLDER)
        if policy.version_hash != self.record.package.version_hash:
            raise RUN_DAMAGED.error(folder=self.folder, what="its frozen package was edited after the run")
        return policy

    def paths(self, result: str) -> list[Path]:
        """The files of ``households`` or ``persons``; raises ``run.damaged`` where one has changed."""
        return at_once(self._checked, self.record.files.get(result, []))

    def _checked(self, file: FileRecord) -> Path:
        path = self.folder / file.path
        if path not in self._verified:
            if not path.is_file() or sha256_of(path) != file.sha256:
                raise RUN_DAMAGED.error(folder=self.folder, what=f"{file.path} is missing or has changed")
            self._verified.add(path)
        return path

    def snapshot(self, data: Path | None = None) -> Snapshot:
        """The snapshot the run was made of; ``data`` where it has been moved."""
        folder = data if data is not None else self.folder / self.record.snapshot.path
        if not (folder / "manifest.json").is_file():
            raise SNAPSHOT_MOVED.error(folder=folder)
        snapshot = open_snapshot(folder, verify=False)
        if snapshot.hash != self.record.snapshot.hash:
            raise SNAPSHOT_MOVED.error(folder=folder)
        return snapshot


def run_seal(content: bytes) -> bytes:
    """The one line beside run.json, in the form that ``sha256sum --check`` reads."""
    return f"{hashlib.sha256(content).hexdigest()}  {RUN_FILE}\n".encode()


def open_run(folder: Path | str) -> Run:
    """Open a run by its folder; raises ``run.not-found``, and ``run.unsealed`` for an old one."""
    folder = Path(folder)
    try:
        content = (folder / RUN_FILE).read_bytes()
        written = json.loads(content)
        if _is_of_earlier_release(written) or not (folder / RUN_SEAL).exists():
            raise RUN_UNSEALED.error(folder=folder)
        record = RunRecord.model_validate(written)
        sealed = (folder / RUN_SEAL).read_bytes()
    except (OSError, ValueError, ValidationError, RecursionError) as error:
        raise RUN_NOT_FOUND.error(folder=folder) from error
    if sealed != run_seal(content):
        raise RUN_DAMAGED.error(folder=folder, what=f"{RUN_FILE} was edited after the run")
    if record.default_standard not in record.standards:
        raise RUN_DAMAGED.error(folder=folder, what=f"{RUN_FILE} names a default standard it does not have")
    return Run(folder, record)


def _is_of_earlier_release(written: object) -> bool:
    """Whether ``run.json`` is that of a release before runs were sealed."""
    found = written.get("format") if isinstance(written, dict) else None
    return isinstance(found, int) and 0 < found < FORMAT
