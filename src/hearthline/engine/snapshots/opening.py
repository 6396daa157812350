# SPDX-License-Identifier: Apache-2.0
"""Decides when a snapshot may be used: only whole, only as sealed, every file hashed before it is read.

Parquet readers return wrong numbers from a flipped bit without a word, so no path is given out
before the file's hash has been compared. A file is hashed once per process while it stays unchanged.
Opening needs no Parquet reader of its own: a screening has one in its engine, and starts the sooner.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, Policy
from hearthline.engine.snapshots.hashing import at_once
from hearthline.engine.snapshots.manifest import (
    MANIFEST,
    SEAL,
    FileEntry,
    Manifest,
    TableEntry,
    contradictions,
    seal_line,
)
from hearthline.engine.snapshots.problems import DAMAGED, NO_HOUSEHOLD, NOT_FOUND, OTHER_POLICY

LARGEST_MANIFEST = 64 * 2**20
_SETTLED_SECONDS = 2.0
"""A file changed so recently could change again without a new time stamp; it is hashed each time."""

_Stamp = tuple[str, int, int, int, int]
_verified: dict[_Stamp, str] = {}


@dataclass(frozen=True)
class Snapshot:
    """A sealed snapshot; get one from ``open_snapshot``."""

    folder: Path
    manifest: Manifest
    hash: str

    @property
    def partitions(self) -> int:
        """How many partitions every table but the areas has."""
        return self.manifest.partitions

    @property
    def households(self) -> int:
        """How many households there are; they are numbered 1 to this."""
        return self.manifest.tables[HOUSEHOLD].rows

    @property
    def has_areas(self) -> bool:
        """Whether households lie in areas."""
        return AREA in self.manifest.tables

    @property
    def levels(self) -> list[str]:
        """The levels that have a table."""
        return list(self.manifest.tables)

    def rows(self, level: str) -> int:
        """How many rows a level has; none if the snapshot has no such table."""
        return self.manifest.tables[level].rows if level in self.manifest.tables else 0

    def path(self, level: str, partition: int = 0) -> Path:
        """The file of one partition of a level, verified."""
        return self._verified(self.manifest.tables[level].files[partition])

    def paths(self, level: str) -> list[Path]:
        """The files of a level in the order of the households, verified."""
        return at_once(self._verified, self.manifest.tables[level].files)

    def verify(self) -> None:
        """Compare the hash of every file; refuse the snapshot at the first that differs."""
        at_once(self._verified, [file for table in self.manifest.tables.values() for file in table.files])

    def verify_partitions(self, numbers: Iterable[int]) -> None:
        """Compare the hashes of the areas and of these partitions; refuse at the first that differs."""
        files = [*self.manifest.tables[AREA].files] if self.has_areas else []
        others = [table for level, table in self.manifest.tables.items() if level != AREA]
        files += [table.files[number] for number in numbers for table in others]
        at_once(self._verified, files)

    def inputs_hash(self, partition: int, levels: Iterable[str]) -> str:
        """One hash of all that a partition holds at these levels, by what the manifest says of its files."""
        told = hashlib.sha256()
        for level in sorted(set(levels)):
            table = self.manifest.tables[level]
            file = table.files[0 if level == AREA else partition]
            told.update(f"{file.sha256}  {level}\n".encode())
        return told.hexdigest()

    def partition_of(self, household: int) -> int:
        """The partition that holds a household."""
        if not 1 <= household <= self.households:
            raise NO_HOUSEHOLD.error(household=household, folder=str(self.folder), last=self.households)
        lasts = [file.last_household for file in self.manifest.tables[HOUSEHOLD].files]
        return bisect_left(lasts, household)

    def require(self, policy: Policy) -> None:
        """Refuse a policy whose facts the snapshot lacks or holds in another encoding."""
        for level, facts in policy.facts.items():
            table = self.manifest.tables.get(level)
            if table is None and level == AREA:
                continue
            for name, fact in facts.items():
                column = table.columns.get(name) if table else None
                stored = (column.type, column.scale, column.digits) if column else None
                needed = (fact.declared, fact.type.scale, fact.type.digits)
                if stored != needed:
                    what = f"{level}.{name} as {fact.declared}"
                    raise OTHER_POLICY.error(
                        folder=str(self.folder), package=self.manifest.package.id, policy=policy.id, what=what
                    )

    def _verified(self, file: FileEntry) -> Path:
        path = self.folder / file.path
        if _sha256(self.folder, path, file.bytes) != file.sha256:
            raise _damaged(self.folder, f"{file.path} is not what was sealed (its SHA-256 differs)")
        return path


def open_snapshot(folder: Path | str, *, verify: bool = True) -> Snapshot:
    """Open a sealed snapshot; refuse a damaged one.

    The manifest, the list of files and their sizes are always checked here. With ``verify`` every
    file is hashed now; without it each is hashed when its path is first asked for.
    """
    folder = Path(folder)
    data = _small_file(folder, MANIFEST)
    digest = hashlib.sha256(data).hexdigest()
    if _small_file(folder, SEAL) != seal_line(digest):
        raise _damaged(folder, f"{MANIFEST} is not what was sealed (its SHA-256 differs)")
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise _damaged(folder, f"{MANIFEST} cannot be read ({where}: {first['msg']})") from error
    for sentence in contradictions(manifest):
        raise _damaged(folder, f"{MANIFEST} contradicts itself: {sentence}")
    _check_listing(folder, manifest)
    snapshot = Snapshot(folder, manifest, digest)
    if verify:
        snapshot.verify()
    return snapshot


def _small_file(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise NOT_FOUND.error(folder=str(folder), file=name)
    if path.stat().st_size > LARGEST_MANIFEST:
        raise _damaged(folder, f"{name} is far too large")
    return path.read_bytes()


def _check_listing(folder: Path, manifest: Manifest) -> None:
    expected = manifest.paths() | {MANIFEST, SEAL}
    present: set[str] = set()
    for parent, folders, files in os.walk(folder):
        names = [os.path.join(parent, name) for name in (*files, *folders)]
        for path in names:
            relative = Path(path).relative_to(folder).as_posix()
            if stat.S_ISDIR(os.lstat(path).st_mode):
                if relative not in manifest.tables:
                    raise _damaged(folder, f"it holds the folder {relative}, which was not sealed")
                continue
            present.add(relative)
    for relative in sorted(present - expected):
        raise _damaged(folder, f"it holds {relative}, which was not sealed")
    for relative in sorted(expected - present):
        raise _damaged(folder, f"{relative} is missing")
    for table in manifest.tables.values():
        _check_sizes(folder, table)


def _check_sizes(folder: Path, table: TableEntry) -> None:
    for file in table.files:
        status = os.lstat(folder / file.path)
        if not stat.S_ISREG(status.st_mode):
            raise _damaged(folder, f"{file.path} is not a plain file")
        if status.st_size != file.bytes:
            raise _damaged(folder, f"{file.path} has {status.st_size} bytes and not {file.bytes}")


def _sha256(folder: Path, path: Path, size: int) -> str:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size != size:
                raise _damaged(folder, f"{path.name} has {status.st_size} bytes and not {size}")
            stamp = (os.path.abspath(path), size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            if stamp in _verified:
                return _verified[stamp]
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _damaged(folder, f"{path.name} cannot be read ({error.strerror})") from error
    newest = max(status.st_mtime, status.st_ctime)
    if time.time() - newest > _SETTLED_SECONDS:
        _verified[stamp] = digest
    return digest


def _damaged(folder: Path, what: str) -> HearthlineError:
    return DAMAGED.error(folder=str(folder), what=what)
