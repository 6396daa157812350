# SPDX-License-Identifier: Apache-2.0
"""Decides where the files of an import are kept, and that they lie sealed: in a private folder of their own.

The folder is named by the hash of its contents and a chance word, so that no two imports share one and each
can throw its files away. Readable they are in a *plain room* alone, a folder that begins with a full stop: no
backup takes it, and it is gone when the work that needed it has ended.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hearthline.base.problems import Kind, declare
from hearthline.base.sealed_files import open_file_under, seal_file_under
from hearthline.base.sealing import Keys
from hearthline.engine.snapshots.sealing import PRIVATE_FILE, PartialFolder

TOO_MUCH = declare(
    "registry.upload-too-large",
    Kind.REFUSED,
    "the files have {size} megabytes, more than {limit}.",
    "Split them by township, or ask the administrator to raise HEARTHLINE_UPLOAD_LIMIT.",
)
BAD_FILE_NAME = declare(
    "registry.upload-name",
    Kind.BAD_INPUT,
    "{file} is no name of a file to be imported.",
    "Give it a plain name such as households.csv.",
)
NO_FILES = declare(
    "registry.upload-empty", Kind.BAD_INPUT, "no file was given.", "Choose the files of the register."
)
MAP, FILES, SNAPSHOT = "map.toml", "files", "snapshot"
IDENTITY, SOURCE_KEYS = "identity.sealed", "keys.sealed"
PLAIN = ".plain"
_NAME = re.compile(r"[^/\\\x00-\x1f]{1,120}")
_BLOCK = 2**20


@dataclass(frozen=True)
class Uploaded:
    """One file as it came: the name it had, and where it lies now."""

    name: str
    path: Path


def stored_upload(
    imports: Path, map_text: str, files: Sequence[Uploaded], *, limit: int, about: str, keys: Keys
) -> tuple[str, Path]:
    """Keep the map, and the files sealed; their hash, which ``about`` is part of, and the folder."""
    if not files:
        raise NO_FILES.error()
    size = sum(file.path.stat().st_size for file in files)
    if size > limit:
        raise TOO_MUCH.error(size=size // 2**20, limit=limit // 2**20)
    for file in files:
        checked_name(file.name)
    digest = content_hash(map_text, files, about)
    folder = imports / f"{digest[:32]}-{secrets.token_hex(8)}"
    imports.mkdir(mode=0o700, parents=True, exist_ok=True)
    with PartialFolder(folder, replace=False) as work:
        (work.path / FILES).mkdir(mode=0o700)
        _write(work.path / MAP, map_text.encode())
        for file in files:
            seal_file_under(file.path, work.path / FILES / file.name, keys.seal_key)
        work.publish()
    return digest, folder


@contextmanager
def plain_room(folder: Path) -> Iterator[Path]:
    """A private folder within ``folder`` for what is readable while it is worked on; gone at the end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix=PLAIN, dir=folder))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def opened_files(folder: Path, room: Path, keys: Keys) -> list[Path]:
    """The sealed files of ``folder`` opened into ``room``, by name. Raises ``sealing.cannot-open``."""
    room.mkdir(mode=0o700, exist_ok=True)
    found = []
    for file in sorted(folder.iterdir()):
        open_file_under(file, room / file.name, keys.seal_key)
        found.append(room / file.name)
    return found


def opened_bytes(file: Path, keys: Keys) -> bytes:
    """What a sealed file holds. Raises ``sealing.cannot-open``."""
    with plain_room(file.parent) as room:
        open_file_under(file, room / "opened", keys.seal_key)
        return (room / "opened").read_bytes()


def throw_away(folder: Path) -> None:
    """Remove the files of an import and what was read of them; the map stays."""
    shutil.rmtree(folder / FILES, ignore_errors=True)
    for own in folder.glob("import-*"):
        shutil.rmtree(own, ignore_errors=True)


def checked_name(name: str) -> str:
    """The name of a file that may be written as it is. Raises ``registry.upload-name``."""
    if not _NAME.fullmatch(name) or name in (".", ".."):
        raise BAD_FILE_NAME.error(file=name[:60])
    return name


def content_hash(map_text: str, files: Sequence[Uploaded], about: str) -> str:
    """One hash of the map, the names and contents of the files, and what else the import depends on."""
    digest = hashlib.sha256(f"hearthline import 1\n{about}\n{len(map_text)}\n{map_text}\n".encode())
    for file in sorted(files, key=lambda one: one.name):
        digest.update(f"{file.name}\n".encode())
        with file.path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=PRIVATE_FILE)
    path.write_bytes(data)
