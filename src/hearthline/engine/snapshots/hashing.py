# SPDX-License-Identifier: Apache-2.0
"""Decides how files are hashed: as many at once as there are processors, since a hash is all their work."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def usable_cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def at_once(work: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
    """What ``work`` makes of each, in order; the first failure is raised, in order too."""
    things = list(given)
    if len(things) < 2:
        return [work(thing) for thing in things]
    with ThreadPoolExecutor(min(usable_cores(), len(things))) as pool:
        futures = [pool.submit(work, thing) for thing in things]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
