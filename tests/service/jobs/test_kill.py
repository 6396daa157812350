# SPDX-License-Identifier: Apache-2.0
"""Decides that a job loses and doubles nothing when its workers are killed: real processes, kill -9."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ..processes import ROOT, Service, empty_database
from .counting import CHUNK, CHUNKS

KILLS = 8
MODULE = "tests.service.jobs.counting"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A home and a database for the processes of these tests alone."""
    folder = tmp_path_factory.mktemp("jobs")
    with empty_database(folder) as address:
        yield Service(folder, address)


def lines_of(workers: subprocess.Popen[str]) -> Iterator[tuple[int, str]]:
    """What the workers tell, each with its number."""
    assert workers.stdout is not None
    for line in workers.stdout:
        number, _, words = line.strip().partition(" ")
        yield int(number), words


@pytest.mark.slow
def test_a_job_whose_workers_are_killed_loses_and_doubles_nothing(own: Service) -> None:
    own.module(MODULE, "prepare")
    chance = random.Random(9)
    killed: list[str] = []
    left = chance.randint(1, 12)
    with subprocess.Popen(
        [sys.executable, "-m", MODULE, "work"],
        cwd=ROOT,
        env=own.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as workers:
        for number, words in lines_of(workers):
            if words == "done" or len(killed) == KILLS:
                continue
            left -= 1
            if left <= 0:
                os.kill(number, signal.SIGKILL)
                killed.append(words)
                left = chance.randint(1, 12)
    outcome = json.loads(own.module(MODULE, "outcome"))
    print(f"killed after: {', '.join(killed)}")
    assert len(killed) == KILLS
    assert outcome["rows"] == [str(number) for number in range(CHUNKS * CHUNK)]
    assert (outcome["state"], outcome["ends"]) == ("done", 1)
    assert outcome["result"] == {"rows": CHUNKS * CHUNK}


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_ends_well_and_a_thread_goes_on(own: Service) -> None:
    own.module(MODULE, "prepare")
    with subprocess.Popen(
        [sys.executable, "-m", MODULE, "serve"],
        cwd=ROOT,
        env=own.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as served:
        next(words for _, words in lines_of(served) if words == "rests")
        served.send_signal(signal.SIGTERM)
        served.communicate()
    assert served.returncode == 0
    waiting = json.loads(own.module(MODULE, "outcome"))
    assert (waiting["state"], waiting["attempts"], len(waiting["rows"])) == ("waiting", 0, 3 * CHUNK)
    own.module(MODULE, "thread")
    outcome = json.loads(own.module(MODULE, "outcome"))
    assert (outcome["state"], outcome["ends"]) == ("done", 1)
    assert outcome["rows"] == [str(number) for number in range(CHUNKS * CHUNK)]


@pytest.mark.slow
def test_a_worker_that_is_silent_but_lives_keeps_its_job(own: Service) -> None:
    own.module(MODULE, "prepare")
    told = own.module(MODULE, "silent").splitlines()
    assert len([line for line in told if line.endswith("began")]) == 1
    outcome = json.loads(own.module(MODULE, "outcome"))
    assert (outcome["state"], outcome["attempts"], outcome["ends"]) == ("done", 1, 1)
