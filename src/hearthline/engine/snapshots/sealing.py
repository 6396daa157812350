# SPDX-License-Identifier: Apache-2.0
"""Decides how files come to stand under their final name: whole, durable, private, or not at all.

Everything is written under a random name beside the target, forced to the disk, and renamed once.
A folder under work is locked; what a dead process left behind is not, and is cleared away.
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import io
import os
import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from hearthline.engine.snapshots.manifest import MANIFEST, SEAL
from hearthline.engine.snapshots.problems import BAD_NAME, EXISTS, NOT_REPLACED

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
PARTIAL = ".partial-"
LONGEST_NAME = 200
"""Bytes of a name; file systems take 255, and the names of what stands beside it are longer."""
_OLD = ".old-"
_RANDOM = re.compile(r"[0-9a-f]{12}")


class HashedFile(io.RawIOBase):
    """A new private file that hashes what it is given, so that the hash is of what was meant."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._sha = hashlib.sha256()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        self._discarded = False
        self.size = 0

    def writable(self) -> bool:
        """Always; the file is only written, from start to end."""
        return True

    def write(self, data: object, /) -> int:
        """Write all of ``data``, however many calls the system takes for it."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]  # typeshed leaves the buffer type open
        if self._discarded:
            return len(view)
        self._sha.update(view)
        rest = view
        while len(rest):
            rest = rest[os.write(self._descriptor, rest) :]
        self.size += len(view)
        return len(view)

    def tell(self) -> int:
        """The bytes written so far."""
        return self.size

    def discard(self) -> None:
        """Let whatever is still to come go nowhere: the file is about to be removed."""
        self._discarded = True

    def close(self) -> None:
        """Force the bytes to the disk and close."""
        if not self.closed:
            if not self._discarded:
                os.fsync(self._descriptor)
            os.close(self._descriptor)
        super().close()

    @property
    def sha256(self) -> str:
        """The hash of everything written."""
        return self._sha.hexdigest()


def fsync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_private(path: Path, data: bytes) -> str:
    """Write a new private file durably and give its hash."""
    with HashedFile(path) as file:
        file.write(data)
    return file.sha256


def shared_file(source: Path, target: Path, sha256: str) -> bool:
    """Give a file that nobody changes a further name; where the disk has no such thing, copy it.

    False where a copy has not the hash. A further name is not read: who reads it compares its hash.
    """
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:
        with HashedFile(target) as file, source.open("rb") as stream:
            shutil.copyfileobj(stream, file)
        return file.sha256 == sha256
    return True


class PartialFolder:
    """A private folder under a temporary name beside ``target``; it becomes the target or vanishes.

    ``purpose`` is the middle of that name: a folder for work on the target never becomes it. With
    ``goes_on`` the folder that a dead process left, and of which it says yes, is taken over as it is.
    """

    def __init__(
        self,
        target: Path,
        *,
        replace: bool,
        purpose: str = PARTIAL,
        goes_on: Callable[[Path], bool] | None = None,
    ) -> None:
        self.target = target.absolute()
        self._replace = replace
        self._check_target()
        taken = _taken_over(self.target, purpose, goes_on) if goes_on is not None else None
        clear_leftovers(self.target, purpose)
        if taken is None:
            path = self.target.with_name(f"{self.target.name}{purpose}{secrets.token_hex(6)}")
            path.mkdir(mode=PRIVATE_FOLDER)
            taken = path, os.open(path, os.O_RDONLY)
            fcntl.flock(taken[1], fcntl.LOCK_EX)
        self.path, self._lock = taken
        self._open = True

    def leave(self) -> None:
        """Let the folder stand under its temporary name, for who goes on with it."""
        self._release()

    def publish(self) -> None:
        """Give the folder its final name in one step; the folder that stood there before goes away."""
        for folder in [path for path in self.path.rglob("*") if path.is_dir()]:
            fsync_folder(folder)
        fsync_folder(self.path)
        self._check_target()
        old = self._moved_aside()
        try:
            os.rename(self.path, self.target)
        except OSError:
            if old is not None:
                os.rename(old, self.target)
            raise
        fsync_folder(self.target.parent)
        self._release()
        if old is not None:
            remove(old)

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._open:
            shutil.rmtree(self.path, ignore_errors=True)
            self._release()

    def _check_target(self) -> None:
        """Refuse a name that cannot be, and what is no snapshot: nothing else is ever replaced."""
        name = os.fsencode(self.target.name)
        shown = os.fsencode(self.target).decode("utf-8", "backslashreplace")
        if shown != str(self.target):
            raise BAD_NAME.error(folder=shown, why="its name is not UTF-8")
        if len(name) > LONGEST_NAME:
            why = f"its name takes {len(name)} bytes, more than {LONGEST_NAME}"
            raise BAD_NAME.error(folder=shown, why=why)
        if os.path.lexists(self.target):
            if not self._replace:
                raise EXISTS.error(folder=shown)
            if not _may_be_replaced(self.target):
                raise NOT_REPLACED.error(folder=shown)

    def _moved_aside(self) -> Path | None:
        if not (self._replace and os.path.lexists(self.target)):
            return None
        old = self.target.with_name(f"{self.target.name}{_OLD}{secrets.token_hex(6)}")
        os.rename(self.target, old)
        return old

    def _release(self) -> None:
        if self._open:
            self._open = False
            os.close(self._lock)

    def __enter__(self) -> PartialFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()


def clear_leftovers(target: Path, purpose: str) -> None:
    """Remove the temporary folders of ``target`` whose process no longer lives."""
    for path in _temporary(target, purpose):
        lock = _find_lock(path)
        if lock is not None:
            remove(path)
            os.close(lock)


def _temporary(target: Path, purpose: str) -> list[Path]:
    found = sorted(target.parent.glob(f"{glob.escape(target.name)}{purpose}*"))
    own = [path for path in found if _RANDOM.fullmatch(path.name.removeprefix(f"{target.name}{purpose}"))]
    return [path for path in own if path.is_dir() and not path.is_symlink()]


def _taken_over(target: Path, purpose: str, goes_on: Callable[[Path], bool]) -> tuple[Path, int] | None:
    """A folder that a dead process left and that may be gone on with, locked."""
    for path in _temporary(target, purpose):
        lock = _find_lock(path)
        if lock is not None:
            if goes_on(path):
                return path, lock
            os.close(lock)
    return None


def _may_be_replaced(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    if (folder / MANIFEST).is_file() and (folder / SEAL).is_file():
        return True
    return not any(folder.iterdir())


def remove(path: Path) -> None:
    """Remove a file or a whole folder; what has gone already is no matter."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _find_lock(path: Path) -> int | None:
    """The lock of a folder that no living process holds."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
