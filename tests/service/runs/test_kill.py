# SPDX-License-Identifier: Apache-2.0
"""Decides that a screening loses and doubles nothing when its workers are killed: real processes, kill -9.

``HEARTHLINE_KILLS`` sets how many kills there are (a few in ``make check``; 100 where it is to be shown).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.service.processes import Service, service_of_its_own

KILLS = int(os.environ.get("HEARTHLINE_KILLS", "4"))
LONGEST = 6.0
"""Seconds after which a worker that is still at work is killed at the latest."""
PROGRAM = "from tests.service.runs import killing\nkilling.{}()"
HOUSEHOLDS = 300


def _told(service: Service, word: str) -> str:
    process = service.python(PROGRAM.format(word))
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return out


def _worked(service: Service, chance: random.Random, *, kill: bool) -> bool:
    """Let a worker work; whether it was killed before it had done all."""
    process = service.python(PROGRAM.format("work"))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()
    if kill:
        time.sleep(chance.uniform(0, LONGEST) ** 2 / LONGEST)  # more often early, where stages are short
        process.send_signal(signal.SIGKILL)
    try:
        _, errors = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert kill or process.returncode == 0, errors
    return process.returncode == -signal.SIGKILL


def screened_under_kills(service: Service, kills: int, seed: int = 1) -> int:
    """Screen until so many workers were killed and all screenings are done; how many there were."""
    chance = random.Random(seed)
    _told(service, "fill")
    asked, killed = 1, 0
    while killed < kills:
        if _worked(service, chance, kill=True):
            killed += 1
        elif killed < kills:
            _told(service, "again")
            asked += 1
    _worked(service, chance, kill=False)
    return asked


@pytest.mark.slow
def test_a_screening_whose_workers_are_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with service_of_its_own(tmp_path) as service:
        asked = screened_under_kills(service, KILLS)
        state = json.loads(_told(service, "tell"))
    assert state["problems"] == []
    assert state["jobs"] == ["done"] * asked
    assert state["snapshots"] == len(state["runs"]) == asked
    for run in state["runs"]:
        assert run["loaded"]
        assert run["rows"] == run["households"] == run["whole"] == HOUSEHOLDS
        assert run["numbers"] == list(range(1, HOUSEHOLDS + 1))
        assert run["places"] > 0
    assert [run["active"] for run in state["runs"]] == [False] * (asked - 1) + [True]
    jobs = [f"job-{number}" for number in range(1, asked + 1)]
    expected = [f"snapshots/{job}" for job in jobs] + [f"snapshots/{job}.keys.parquet" for job in jobs]
    assert state["files"] == sorted(expected + [f"runs/{job}" for job in jobs])
