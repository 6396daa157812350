# SPDX-License-Identifier: Apache-2.0
"""Decides how a server is asked at a fixed rate, and what is counted of its answers.

Requests are due at fixed moments whether or not earlier ones were answered, and an answer's time counts from
the moment its request was due: a server that stalls cannot slow down who measures it.
"""

from __future__ import annotations

import http.client
import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

GOOD = range(200, 300)
CLIENTS = 16


@dataclass(frozen=True)
class Answers:
    """What came back: milliseconds of good answers, sorted; failures by what they were; the duration."""

    milliseconds: tuple[float, ...]
    failures: dict[str, int]
    seconds: float

    def percentile(self, share: float) -> float:
        """The time within which ``share`` of the good answers came."""
        place = min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))
        return self.milliseconds[place] if self.milliseconds else float("inf")

    @property
    def failed(self) -> int:
        """Everything that was not a good answer."""
        return sum(self.failures.values())


def together(parts: Sequence[Answers]) -> Answers:
    """What came back in several turns."""
    failures = Counter[str]()
    for part in parts:
        failures.update(part.failures)
    times = sorted(time for part in parts for time in part.milliseconds)
    return Answers(tuple(times), dict(failures), sum(part.seconds for part in parts))


def ask(
    host: str,
    port: int,
    paths: Sequence[str],
    *,
    rate: float,
    headers: dict[str, str],
    clients: int = CLIENTS,
) -> Answers:
    """Ask for ``paths``, one after another, ``rate`` a second, over connections that stay open."""
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    times: list[float] = []
    failures: dict[str, int] = {}
    lock = threading.Lock()

    def client() -> None:
        connection = http.client.HTTPConnection(host, port, timeout=30)
        while (item := due.get()) is not None:
            moment, path = item
            problem = _asked(connection, path, headers)
            taken = (time.perf_counter() - moment) * 1000
            with lock:
                if problem is None:
                    times.append(taken)
                else:
                    failures[problem] = failures.get(problem, 0) + 1
        connection.close()

    threads = [threading.Thread(target=client, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    for number, path in enumerate(paths):
        moment = start + number / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        due.put((moment, path))
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    return Answers(tuple(sorted(times)), failures, time.perf_counter() - start)


def _asked(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> str | None:
    """Nothing for a good answer that came whole, else what it was."""
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return type(error).__name__
    return None if response.status in GOOD else f"status {response.status}"


def cpu_seconds(processes: Sequence[int]) -> float:
    """User and system seconds of processes so far, by the system's own count."""
    ticks = 0
    for process in processes:
        try:
            text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
        except FileNotFoundError:  # it ended meanwhile
            continue
        words = text.rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def descendants(process: int) -> list[int]:
    """A process and all that it started, by the system's own tree."""
    found, waiting = [], [process]
    while waiting:
        current = waiting.pop()
        found.append(current)
        for task in Path(f"/proc/{current}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found


def until(ready: Callable[[], bool], *, seconds: float) -> None:
    """Wait until something is so. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)
