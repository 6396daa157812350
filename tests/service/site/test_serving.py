# SPDX-License-Identifier: Apache-2.0
"""Decides that pages are served until the service is told to stop, and that it then stops without a word."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.service.processes import PROGRAM, service_of_its_own


def answered(address: str, process: subprocess.Popen[bytes]) -> bytes:
    """The first answer of a service that is starting."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """The address of the door of a service with one worker, its process, and the file of all it says."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "serve.log"
    with service_of_its_own(folder) as service, log.open("wb") as said:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(port), "--workers", "1"],
            env=service.environment | {"HEARTHLINE_HOSTS": "127.0.0.1"},
            stdout=said,
            stderr=said,
        )
        try:
            yield f"http://127.0.0.1:{port}/account/sign-in/", process, log
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_a_wrong_host_is_refused_and_logged_in_one_line(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process, log):
        answered(address, process)
        wrong = urllib.request.Request(address, headers={"Host": "elsewhere.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(wrong, timeout=5)
        with refused.value as answer:
            assert answer.code == 400
    (line,) = log.read_text("utf-8").splitlines()
    assert "elsewhere.example" in line
    assert " HEARTHLINE_HOSTS" in line


def test_a_service_that_is_stopped_ends_well_and_complains_of_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process, log):
        assert b"Hearthline" in answered(address, process)
    assert (process.returncode, log.read_text("utf-8")) == (0, "")
