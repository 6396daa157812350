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
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # Any: what a database answers

import pytest

from tests.service.processes import Service, looked_into, service_of_its_own

KILLS = int(os.environ.get("HEARTHLINE_KILLS", "4"))
PHASES = ("", "snapshot", "screening", "loading", "figures")
"""What the job says of itself when it is killed; "" is before its first word."""
LONGEST = 0.4
"""Seconds at most from the moment a phase is seen to the kill."""
LOOKED_EVERY = 0.005
PROGRAM = "from tests.service.runs import killing\nkilling.{}()"
HOUSEHOLDS = 300


def _told(service: Service, word: str) -> str:
    process = service.python(PROGRAM.format(word))
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return out


@dataclass
class Kills:
    """How often a worker was killed in which phase, how many screenings were asked for, how many went on."""

    phases: Counter[str] = field(default_factory=Counter)
    asked: int = 1
    resumed: int = 0


Look = Callable[[str], list[Any]]


def _phase(look: Look) -> str:
    [(stage, state)] = look("SELECT stage, state FROM jobs_job ORDER BY id DESC LIMIT 1")
    return "" if state == "waiting" else str(stage)


def _worked(service: Service, look: Look, chance: random.Random, phase: str | None) -> str | None:
    """Let a worker work; the phase in which it was killed, or None where it had done all before."""
    process = service.python(PROGRAM.format("work"))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()
    if phase is not None:
        while process.poll() is None and PHASES.index(phase) > PHASES.index(_known(_phase(look))):
            time.sleep(LOOKED_EVERY)
        time.sleep(chance.uniform(0, LONGEST))
        process.send_signal(signal.SIGKILL)
    try:
        _, errors = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert phase is not None or process.returncode == 0, errors
    return _known(_phase(look)) if process.returncode == -signal.SIGKILL else None


def _known(stage: str) -> str:
    return stage if stage in PHASES else PHASES[-1]


def screened_under_kills(service: Service, kills: int, seed: int = 1) -> Kills:
    """Screen until so many workers were killed, each phase in turn, and all screenings are done."""
    chance, told = random.Random(seed), Kills()
    _told(service, "fill")
    with looked_into(service.database) as look:
        while (killed := told.phases.total()) < kills:
            wanted = PHASES[killed % len(PHASES)]
            if PHASES.index(_known(_phase(look))) > PHASES.index(wanted):
                # a job goes on where it was; to be killed in an earlier phase takes another one
                phase = _worked(service, look, chance, None)
            else:
                phase = _worked(service, look, chance, wanted)
            if phase is not None:
                told.phases[phase or "beginning"] += 1
                told.resumed += 1
            else:
                _told(service, "again")
                told.asked += 1
        _worked(service, look, chance, None)
    return told


@pytest.mark.slow
def test_a_screening_whose_workers_are_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with service_of_its_own(tmp_path) as service:
        kills = screened_under_kills(service, KILLS)
        state = json.loads(_told(service, "tell"))
    asked, rows = kills.asked, sum(run["rows"] for run in state["runs"])
    print(
        f"screenings: {kills.phases.total()} kills in {dict(kills.phases)}, {kills.resumed} resumed, "
        f"{asked} screenings, {rows} rows, {rows - asked * HOUSEHOLDS} too many or too few"
    )
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
