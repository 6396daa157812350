# SPDX-License-Identifier: Apache-2.0
"""Decides that a command starts with what it needs, and that none is lost by being loaded late."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hearthline.cli.commands import PLACES

LOADED = """
import sys
from typer.main import get_command
from hearthline.cli.main import app
assert get_command(app).get_command(None, {name!r}) is not None
print("\\n".join(sorted(sys.modules)))
"""


def modules_of(name: str) -> set[str]:
    """The modules that a process has loaded when it knows one command."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(name=name)], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_screening_starts_without_what_it_does_not_use() -> None:
    loaded = modules_of("screen")
    assert "hearthline.cli.screening" in loaded
    assert not {"pyarrow", "numpy", "hearthline.statistics", "hearthline.cli.simulating"} & loaded


@pytest.mark.parametrize("words", [["--help"], ["simulat"]])
def test_every_command_is_known_though_loaded_late(words: list[str]) -> None:
    program = "from hearthline.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True)
    if words == ["--help"]:
        named = {line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines() if line.strip()}
        assert named >= set(PLACES)
    else:
        assert "Did you mean 'simulate'?" in done.stderr
