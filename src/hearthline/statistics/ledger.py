# SPDX-License-Identifier: Apache-2.0
"""Decides how releases are remembered: one file each in a folder, appended, each naming the hash of the last.

The files hold what was published and nothing else, so the folder may be public itself. A file that was
changed or taken out breaks the chain, and then nothing more is published from it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from hearthline.base.problems import Kind, declare
from hearthline.statistics.gate import Passed
from hearthline.statistics.release import Release, release_of

BROKEN = declare(
    "release.ledger-broken",
    Kind.DAMAGED,
    "{file} does not follow on the release before it, or cannot be read.",
    "Put the folder of releases back from a copy; without all of them nothing more may be published.",
)
FIRST = "0" * 64
_DIGITS = 4


def remembered(folder: Path) -> list[Release]:
    """Every release of a folder, the first one first; none where there is no folder. Raises
    ``release.ledger-broken``."""
    return [release for release, _ in _chain(folder)]


def append(folder: Path, decide: Callable[[list[Release]], Passed], about: Mapping[str, object]) -> Path:
    """Decide on a release with all earlier ones at hand, and append it; the file written. One at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        chain = _chain(folder)
        passed = decide([release for release, _ in chain])
        number = len(chain) + 1
        document = {
            "number": number,
            "previous": chain[-1][1] if chain else FIRST,
            **passed.release.document(),
        }
        document["about"] = {**passed.release.about, **about, "method": passed.method.value}
        target = folder / f"{number:0{_DIGITS}d}.json"
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        partial = folder / f".{target.name}.partial"
        with partial.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(partial, target)  # never over one that is there
        partial.unlink()
    return target


def _chain(folder: Path) -> list[tuple[Release, str]]:
    """The releases with the hash of each file."""
    files = sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []
    chain: list[tuple[Release, str]] = []
    for number, file in enumerate(files, start=1):
        content = file.read_bytes()
        try:
            document = json.loads(content)
            follows = document["number"] == number
            follows &= document["previous"] == (chain[-1][1] if chain else FIRST)
            release = release_of(document)
        except (ValueError, KeyError, TypeError) as error:
            raise BROKEN.error(file=file.name) from error
        if not follows:
            raise BROKEN.error(file=file.name)
        chain.append((release, hashlib.sha256(content).hexdigest()))
    return chain
