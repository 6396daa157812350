# SPDX-License-Identifier: Apache-2.0
"""Decides what a backup holds and when one may be restored: all of the service but its keys, or nothing.

A backup is a folder: ``database`` (SQLite: a whole copy; PostgreSQL: the archive of pg_dump), ``files.tar``
(of the home folder: packages, snapshots, runs, imports, published heads of the trail), and
``manifest.json`` with the SHA-256 of both. With a passphrase both files are sealed. The key file is
never in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

import hearthline
from hearthline.base.problems import Kind, declare
from hearthline.base.sealed_files import open_file, seal_file
from hearthline.site.home import FOLDERS

BACKUP_EXISTS = declare(
    "backup.exists", Kind.REFUSED, "{folder} is there already.", "Name a folder that does not exist."
)
NOT_A_BACKUP = declare(
    "backup.not-a-backup",
    Kind.DAMAGED,
    "{folder} is no whole backup: {reason}.",
    "Use another copy. Nothing was restored.",
)
NOT_EMPTY = declare(
    "backup.not-empty",
    Kind.REFUSED,
    "{place} is not empty, and a restore never writes over what is there.",
    "Restore into an empty database and home folder, then point the service at them.",
)
NO_PROGRAM = declare(
    "backup.no-program",
    Kind.UNSUPPORTED,
    "{program} is not installed; PostgreSQL is saved and restored by it.",
    "On Debian: apt-get install -y postgresql-client.",
)
PROGRAM_FAILED = declare(
    "backup.program-failed",
    Kind.REFUSED,
    "{program} failed: {reason}",
    "Nothing half-done counts as done. Mend what it says and try again.",
)
DATABASE, FILES, MANIFEST = "database", "files.tar", "manifest.json"
HELD = "held"
"""Where the files of a backup wait within the home until its database is restored."""


def save(folder: Path, *, passphrase: str | None = None) -> dict[str, object]:
    """Write a backup to ``folder``, which appears whole or not at all; what its manifest says."""
    if os.path.lexists(folder):
        raise BACKUP_EXISTS.error(folder=folder)
    work = folder.with_name(f".{folder.name}.part-{os.getpid()}")
    work.mkdir(parents=True, mode=0o700)
    try:
        _save_database(work / DATABASE)
        _save_files(work / FILES)
        manifest = {
            "format": 1,
            "hearthline": hearthline.__version__,
            "database": connection.vendor,
            "saved_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sealed": passphrase is not None,
            "sha256": {name: _sha256(work / name) for name in (DATABASE, FILES)},
        }
        if passphrase is not None:
            _seal(work, passphrase)
        (work / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        _sync(work)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def restore(folder: Path, *, passphrase: str | None = None) -> dict[str, object]:
    """Put a backup into an empty home and database; checked whole before anything is written."""
    manifest = _manifest(folder)
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    taken = [name for name in FOLDERS if (home / name).is_dir() and any((home / name).iterdir())]
    if taken:
        raise NOT_EMPTY.error(place=f"{home / taken[0]}")
    _check_empty_database()
    work = home / f".restore-{os.getpid()}"
    work.mkdir(mode=0o700)
    try:
        for name in (DATABASE, FILES):
            _plain(folder / name, work / name, passphrase if manifest["sealed"] else None)
            if _sha256(work / name) != manifest["sha256"][name]:  # type: ignore[index]  # checked by _manifest
                raise NOT_A_BACKUP.error(folder=folder, reason=f"{name} was changed")
        with tarfile.open(work / FILES) as archive:
            archive.extractall(work / HELD, filter="data")
        _restore_database(work / DATABASE, folder)
        _move_in(work / HELD, home)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _manifest(folder: Path) -> dict[str, object]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = {"format", "database", "sealed", "sha256"} <= set(manifest) and manifest["format"] == 1
        whole = whole and {DATABASE, FILES} <= set(manifest["sha256"])
    except (OSError, ValueError, TypeError) as error:
        raise NOT_A_BACKUP.error(folder=folder, reason="its manifest cannot be read") from error
    if not whole or not all((folder / name).is_file() for name in (DATABASE, FILES)):
        raise NOT_A_BACKUP.error(folder=folder, reason="a part is missing")
    if manifest["database"] != connection.vendor:
        reason = f"it was saved from {manifest['database']}, and this service runs on {connection.vendor}"
        raise NOT_A_BACKUP.error(folder=folder, reason=reason)
    return dict(manifest)


def _plain(source: Path, target: Path, passphrase: str | None) -> None:
    if passphrase is None:
        with source.open("rb") as stream:
            if stream.read(9) == b"HEARTHLIN":
                raise NOT_A_BACKUP.error(folder=source.parent, reason="it is sealed: give its passphrase")
        shutil.copyfile(source, target)
    else:
        open_file(source, target, passphrase)


def _save_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as source:
            source.execute("VACUUM INTO ?", [str(target)])
        target.chmod(0o600)
        return
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _restore_database(source: Path, folder: Path) -> None:
    """All of the database or nothing; what can fail for want of room comes before anything is there."""
    if connection.vendor == "sqlite":
        _check_sqlite(source, folder)
        connections.close_all()
        target = Path(_name())
        part = target.with_name(f".{target.name}.part-{os.getpid()}")
        try:
            shutil.copyfile(source, part)
            part.chmod(0o600)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return
    _run(
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        "--dbname",
        _name(),
        str(source),
    )


def _check_sqlite(source: Path, folder: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as database:
            whole = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        raise NOT_A_BACKUP.error(folder=folder, reason="its database cannot be read")


def _move_in(held: Path, home: Path) -> None:
    """The folders of a home, each by one rename in place of an empty one; nothing else is taken."""
    for name in FOLDERS:
        if (held / name).is_dir():
            if (home / name).is_dir():
                (home / name).rmdir()
            (held / name).rename(home / name)


def _check_empty_database() -> None:
    if connection.introspection.table_names():
        raise NOT_EMPTY.error(place=f"The database {_name()}")


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _run(program: str, *words: str) -> None:
    """A program of PostgreSQL against the database of the settings; the password goes by environment."""
    database = settings.DATABASES["default"]
    place = {"PGHOST": database["HOST"], "PGPORT": database["PORT"], "PGUSER": database["USER"]}
    place |= {"PGPASSWORD": database["PASSWORD"], "PGDATABASE": _name()}
    environment = os.environ | {name: str(value) for name, value in place.items() if value}
    if shutil.which(program) is None:
        raise NO_PROGRAM.error(program=program)
    done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PROGRAM_FAILED.error(program=program, reason=done.stderr.strip()[:400])


def _save_files(target: Path) -> None:
    home = Path(settings.HOME)
    with tarfile.open(target, "x") as archive:
        for path in _whole(home):
            with suppress(FileNotFoundError):  # thrown away meanwhile, as an import does with what was sent
                archive.add(path, arcname=path.relative_to(home), recursive=False)
    target.chmod(0o600)


def _whole(home: Path) -> Iterator[Path]:
    """Folders and files of a home, but what is only being written: its name begins with a full stop."""
    for name in FOLDERS:
        for folder, folders, files in os.walk(home / name):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            yield Path(folder)
            yield from (Path(folder, file) for file in sorted(files) if not file.startswith("."))


def _seal(work: Path, passphrase: str) -> None:
    for name in (DATABASE, FILES):
        seal_file(work / name, work / f"{name}.sealed", passphrase)
        (work / f"{name}.sealed").replace(work / name)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
