# SPDX-License-Identifier: Apache-2.0
"""Decides how the time of an import is told by its stages, while it runs and in the end.

Functions of the service are watched from outside, where they are called once for thousands of rows. Stages of
another thread have no seconds of the server, and what DuckDB's own threads do stands in no stage.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from types import ModuleType
from typing import Any  # Any: functions of any kind are watched

from benchmarks.service.areas import Cost, say

TOLD_EVERY = 5.0
"""Seconds between two lines of progress."""


@dataclass
class Spent:
    """What a stage took so far: seconds on the wall, of its thread, and of the server's process."""

    wall: float = 0.0
    client: float = 0.0
    server: float = 0.0


class Stages:
    """Adds up what each stage takes; ``server`` gives the processor seconds of the server so far."""

    def __init__(self, server: Callable[[], float]) -> None:
        self.spent: dict[str, Spent] = {}
        self._server = server
        self._told = time.perf_counter()
        self._began = self._told

    def watch(self, owner: ModuleType | type, name: str, stage: str | Callable[..., str]) -> None:
        """Count the calls of a function of ``owner`` under a stage, which may depend on the arguments."""
        original = getattr(owner, name)

        @wraps(original)
        def watched(*words: Any, **named: Any) -> Any:  # Any: as the function has them
            own = threading.current_thread() is threading.main_thread()
            server, wall, client = self._server(), time.perf_counter(), time.thread_time()
            try:
                return original(*words, **named)
            finally:
                spent = self.spent.setdefault(stage if isinstance(stage, str) else stage(*words), Spent())
                spent.wall += time.perf_counter() - wall
                spent.client += time.thread_time() - client
                spent.server += self._server() - server if own else 0.0

        setattr(owner, name, watched)

    def progress(self, done: int, total: int, what: str) -> None:
        """One line, at most every few seconds."""
        now = time.perf_counter()
        if now - self._told < TOLD_EVERY and done < total:
            return
        self._told = now
        say(f"  {done:,} of {total:,} {what} after {now - self._began:.0f} s")

    def begin(self) -> None:
        """Count from here."""
        self.spent.clear()
        self._began = self._told = time.perf_counter()

    def told(self, people: int) -> None:
        """Every stage that took anything: seconds, and microseconds a person."""
        for name, spent in sorted(self.spent.items(), key=lambda item: -item[1].wall):
            cost = Cost(spent.wall, spent.client, spent.server)
            each = [value / people * 1e6 for value in (spent.client, spent.server)]
            say(f"  {name:<32}{cost}; {each[0]:.1f} + {each[1]:.1f} us a person")
        sys.stdout.flush()
