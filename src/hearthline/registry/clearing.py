# SPDX-License-Identifier: Apache-2.0
"""Decides what of imports may not lie in the home folder: anything readable, and files of ended imports.

Earlier releases kept uploads as they came, and a machine that falls leaves a plain room behind. Clearing
throws away what an ended import left and seals what one that still waits needs.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from hearthline.base.sealed_files import is_sealed, seal_file_under
from hearthline.base.sealing import Keys
from hearthline.registry.models import RegisterImport
from hearthline.registry.staging import ABOUT, WAITING, clear_old
from hearthline.registry.storing import FILES, IDENTITY, PLAIN, SNAPSHOT, SOURCE_KEYS, throw_away

REPORTS = "reports"
ROOM_LASTS_SECONDS = 24 * 3600
_NAMES = (f"{SNAPSHOT}.identity.parquet", f"{SNAPSHOT}.keys.parquet", f"{SNAPSHOT}.rejected.csv")


def left_over(imports: Path) -> list[Path]:
    """What lies there and should not: readable files that name people, and files of imports that ended."""
    ended = {Path(folder).name for folder in _folders(ended=True) - _folders(ended=False)}
    found = [*_rooms(imports), *_readable(imports)]
    found += [imports / name / FILES for name in sorted(ended) if (imports / name / FILES).is_dir()]
    return sorted(set(found))


def clear_leftovers(imports: Path, keys: Keys) -> list[Path]:
    """Throw away or seal what :func:`left_over` finds; what it was. A waiting import loses nothing."""
    found = left_over(imports)
    clear_old(imports)
    for room in _rooms(imports):
        shutil.rmtree(room, ignore_errors=True)
    for folder in _folders(ended=True) - _folders(ended=False):
        throw_away(imports / Path(folder).name)
    for file in _readable(imports):
        _put_under_seal(file, keys)
    return found


def _folders(*, ended: bool) -> set[str]:
    over = RegisterImport.objects.filter(finished_at=None, undone_at=None)
    rows = RegisterImport.objects.exclude(pk__in=over.values("pk")) if ended else over
    return set(rows.exclude(folder="").values_list("folder", flat=True))


def _rooms(imports: Path) -> Iterator[Path]:
    """Plain rooms that nobody works in any more."""
    for pattern in (f"{PLAIN}*", f"*/{PLAIN}*", f"*/*/{PLAIN}*", "tmp*"):
        for room in imports.glob(pattern):
            if room.is_dir() and room.stat().st_mtime < time.time() - ROOM_LASTS_SECONDS:
                yield room


def _readable(imports: Path) -> Iterator[Path]:
    """Files that are not sealed, where all are to be."""
    patterns = [f"*/{FILES}/*", f"{WAITING}/*/*", f"{WAITING}/*/named/*", f"{REPORTS}/*"]
    patterns += [f"*/import-*/{name}" for name in _NAMES]
    for pattern in patterns:
        for file in imports.glob(pattern):
            if file.is_file() and file.name != ABOUT and not is_sealed(file):
                yield file


def _put_under_seal(file: Path, keys: Keys) -> None:
    """Seal a file in its place, under the name by which it is looked for now."""
    names = {_NAMES[0]: IDENTITY, _NAMES[1]: SOURCE_KEYS, _NAMES[2]: "rejected.sealed"}
    target = file.with_name(names.get(file.name, file.name))
    if file.parent.name == REPORTS:
        target = file.with_name(f"{file.name}.sealed")
    sealed = file.with_name(f".{file.name}.sealing")
    sealed.unlink(missing_ok=True)
    seal_file_under(file, sealed, keys.seal_key)
    sealed.replace(target)
    if target != file:
        file.unlink()
