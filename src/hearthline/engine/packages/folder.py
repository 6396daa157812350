# SPDX-License-Identifier: Apache-2.0
"""Decides where a package and the packages below it are found, and which of a folder's files belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from hearthline.base.problems import HearthlineError, ManyProblems, Place
from hearthline.engine.packages.document import MAX_FILE_BYTES
from hearthline.engine.packages.problems import (
    NO_LAYER,
    NO_MANIFEST,
    NO_PACKAGE,
    STRAY_FILE,
    TOO_LARGE,
    UNREADABLE,
)
from hearthline.engine.packages.schema import CAUSES, FOLDERS, MANIFEST
from hearthline.engine.rules.vocabulary import nearest_hint

LAYERS = "layers"
"""The folder of a frozen package that holds the packages below it, each under its id."""

MAX_FILES = 1_000
MAX_PACKAGE_BYTES = 30_000_000
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_.-]*)*\Z")
TREES = "scores"
"""The folder in which trees stand as JSON beside the scores that name them."""

MAPS = "import"
"""The folder of maps that a package may bring for the files of its country."""


@dataclass(frozen=True)
class PackageFolder:
    """A folder with a package.toml: ``shown`` is how errors name it; ``id`` is known for built-in ones."""

    path: Path
    shown: str
    id: str | None = None


def policies_folder() -> Path:
    """Where the packages live that come with Hearthline."""
    return Path(str(files("hearthline") / "policies"))


def builtin_ids() -> list[str]:
    """The ids of the packages that come with Hearthline."""
    root = policies_folder()
    found = [path.parent.relative_to(root).as_posix() for path in root.rglob(MANIFEST)]
    return sorted(each for each in found if _ID.match(each))


def find_builtin(name: str) -> PackageFolder | None:
    """The package of that id among those that come with Hearthline."""
    if not _ID.match(name):
        return None
    path = policies_folder() / name
    return PackageFolder(path, name, name) if (path / MANIFEST).is_file() else None


def package_folder(name: str | Path) -> PackageFolder:
    """The folder a user means: a built-in id first (when a text), else a path."""
    builtin = find_builtin(name) if isinstance(name, str) else None
    if builtin is not None:
        return builtin
    path = Path(name)
    if not path.is_dir():
        raise NO_PACKAGE.error(name=name, hint=nearest_hint(str(name), builtin_ids()))
    if not (path / MANIFEST).is_file():
        raise NO_MANIFEST.error(folder=name)
    return PackageFolder(path, str(name).rstrip("/"))


def folder_below(top: PackageFolder, top_id: str, wanted: str, place: Place) -> PackageFolder:
    """The folder of a package that ``top`` stands on.

    A frozen package holds its own; nothing newer may slip in from outside. Another package is looked
    for beside the top one (when its folder is named as its id), then among the built-in ones.
    """
    frozen = top.path / LAYERS
    if frozen.is_dir():
        path = frozen / wanted
        if (path / MANIFEST).is_file():
            return PackageFolder(path, f"{top.shown}/{LAYERS}/{wanted}", wanted)
        raise NO_LAYER.error(place, name=wanted, hint="")
    root = _root_of(top.path.resolve(), top_id)
    if root is not None and (root / wanted / MANIFEST).is_file():
        return PackageFolder(root / wanted, str(root / wanted), wanted)
    builtin = find_builtin(wanted)
    if builtin is None:
        raise NO_LAYER.error(place, name=wanted, hint=nearest_hint(wanted, builtin_ids()))
    return builtin


def _root_of(path: Path, package_id: str) -> Path | None:
    parts = package_id.split("/")
    return path.parents[len(parts) - 1] if list(path.parts[-len(parts) :]) == parts else None


def package_files(folder: PackageFolder) -> dict[str, bytes]:
    """The files of one package that can change an answer, by their path within it, sorted."""
    errors: list[HearthlineError] = []
    found: dict[str, bytes] = {}
    total = 0
    for name, path in sorted(_written_files(folder.path)):
        stray = None if _is_unread(name) else _irregular(path) or _stray(name)
        if stray is not None:
            errors.append(STRAY_FILE.error(Place(f"{folder.shown}/{name}"), name=name, hint=stray))
        elif not _is_unread(name):
            size = path.stat().st_size
            total += size
            _refuse_large(folder, name, size, total, len(found))
            found[name] = _bytes_of(path, Place(f"{folder.shown}/{name}"))
    if errors:
        raise ManyProblems(errors)
    return found


def _bytes_of(path: Path, place: Place) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UNREADABLE.error(place, reason=error.strerror or "input/output error") from error


def _refuse_large(folder: PackageFolder, name: str, size: int, total: int, count: int) -> None:
    place = Place(f"{folder.shown}/{name}")
    if size > MAX_FILE_BYTES:
        raise TOO_LARGE.error(place, what="file", size=f"{size} bytes", limit=f"{MAX_FILE_BYTES} bytes")
    if total > MAX_PACKAGE_BYTES or count >= MAX_FILES:
        limit = f"{MAX_FILES} files and {MAX_PACKAGE_BYTES} bytes"
        raise TOO_LARGE.error(place, what="package", size=f"{count + 1} files, {total} bytes", limit=limit)


def _written_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Everything in the folder but its own folders; a link to a folder is not followed."""
    for path in folder.iterdir():
        if path.name.startswith((".", "__pycache__")) or path.name == LAYERS:
            continue
        inner = path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]
        for each in inner:
            relative = each.relative_to(folder)
            hidden = any(part.startswith((".", "__pycache__")) for part in relative.parts)
            if not hidden and (each.is_symlink() or not each.is_dir()):
                yield relative.as_posix(), each


def _irregular(path: Path) -> str | None:
    """Why something with the name of a package file is none, as a remedy; a link to a file is one."""
    if path.is_file():
        return None
    if not path.is_symlink():
        return "It is no regular file; move it out of the package."
    kind = "a folder" if path.is_dir() else "nothing that can be read"
    return f"It is a link to {kind}; put the file itself there, or delete it."


def _is_unread(name: str) -> bool:
    """Whether a file belongs to the package but can change no answer: texts for people, and maps."""
    parts = name.split("/")
    return name.endswith((".md", ".txt")) or (len(parts) == 2 and parts[0] == MAPS and name.endswith(".toml"))


def _stray(name: str) -> str | None:
    """Why a file is none of a package's, as a remedy; None if it is one."""
    parts = name.split("/")
    if name in (MANIFEST, CAUSES) or _is_unread(name):
        return None
    if len(parts) == 1:
        return nearest_hint(name, [MANIFEST, CAUSES, "CHANGELOG.md"]) + " Rules and facts go into folders."
    if parts[0] not in FOLDERS:
        return nearest_hint(parts[0], FOLDERS) + f" The folders of a package are {', '.join(FOLDERS)}."
    if len(parts) > 2:
        return f"Put it directly into the folder {parts[0]}."
    if parts[0] == TREES and name.endswith(".json"):
        return None
    if not name.endswith(".yaml"):
        return "Name it with the ending .yaml, or move it out of the package."
    return None
