# SPDX-License-Identifier: Apache-2.0
"""Decides where uploads wait while their map is being corrected: sealed, in a folder of the officer's own."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hearthline.base.sealed_files import open_file_under, seal_under
from hearthline.base.sealing import Keys
from hearthline.registry.storing import Uploaded, checked_name, plain_room

WAITING = "waiting"
ABOUT = "about.json"
KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Waiting:
    """Files that wait, sealed, for their map, for which place, under which title."""

    folder: Path
    area_id: int
    title: str
    files: Sequence[Uploaded]

    @contextmanager
    def opened(self, keys: Keys) -> Iterator[Sequence[Uploaded]]:
        """The files in the clear, for a moment."""
        with plain_room(self.folder.parent.parent) as room:
            found = [Uploaded(file.name, room / file.path.name) for file in self.files]
            for file, plain in zip(self.files, found, strict=True):
                open_file_under(file.path, plain.path, keys.seal_key)
            yield found


def stage(
    imports: Path,
    officer: int,
    area_id: int,
    title: str,
    files: Iterable[tuple[str, Iterable[bytes]]],
    *,
    keys: Keys,
) -> str:
    """Let files wait; the token under which they are found again."""
    clear_old(imports)
    token = secrets.token_hex(16)
    folder = imports / WAITING / f"{officer}-{token}"
    folder.mkdir(mode=0o700, parents=True)
    names: list[str] = []
    for name, chunks in files:
        seal_under(chunks, folder / f"{len(names)}.part", keys.seal_key)
        names.append(checked_name(name))
    about = {"area": area_id, "title": title, "names": names}
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return token


def find_waiting(imports: Path, officer: int, token: str) -> Waiting | None:
    """What the officer left waiting under a token; None if there is no such thing."""
    folder = imports / WAITING / f"{officer}-{token}"
    if not _TOKEN.fullmatch(token) or not (folder / ABOUT).is_file():
        return None
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    files = [Uploaded(name, folder / f"{place}.part") for place, name in enumerate(about["names"])]
    return Waiting(folder, int(about["area"]), str(about["title"]), files)


def clear_old(imports: Path) -> None:
    """Throw away what has waited for more than a day."""
    for folder in (imports / WAITING).glob("*-*"):
        if folder.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def clear(waiting: Waiting) -> None:
    """Throw away files that were taken."""
    shutil.rmtree(waiting.folder, ignore_errors=True)
