# SPDX-License-Identifier: Apache-2.0
"""Decides where the files of an import are kept: in a private folder named by the hash of its contents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hearthline.base.problems import HearthlineError, Kind, declare
from hearthline.engine.snapshots.problems import EXISTS
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
_NAME = re.compile(r"[^/\\\x00-\x1f]{1,120}")
_BLOCK = 2**20


@dataclass(frozen=True)
class Uploaded:
    """One file as it came: the name it had, and where it lies now."""

    name: str
    path: Path


def stored_upload(
    imports: Path, map_text: str, files: Sequence[Uploaded], *, limit: int, about: str
) -> tuple[str, Path]:
    """Keep the map and the files; their hash, which ``about`` is part of, and the folder. Twice is once."""
    if not files:
        raise NO_FILES.error()
    size = sum(file.path.stat().st_size for file in files)
    if size > limit:
        raise TOO_MUCH.error(size=size // 2**20, limit=limit // 2**20)
    for file in files:
        checked_name(file.name)
    digest = content_hash(map_text, files, about)
    folder = imports / digest
    imports.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_dir():
        return digest, folder
    try:
        with PartialFolder(folder, replace=False) as work:
            (work.path / FILES).mkdir(mode=0o700)
            _write(work.path / MAP, map_text.encode())
            for file in files:
                _write(work.path / FILES / file.name, file.path.read_bytes())
            work.publish()
    except HearthlineError as error:
        if error.problem is not EXISTS:
            raise  # else someone else has just stored the same
    return digest, folder


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
