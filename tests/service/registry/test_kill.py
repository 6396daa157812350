# SPDX-License-Identifier: Apache-2.0
"""Decides that an import loses and doubles nothing when its workers are killed: real processes, kill -9."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.registry.killing import campaign

KILLS = 3


@pytest.mark.slow
def test_an_import_whose_workers_are_killed_is_whole_and_nothing_is_there_twice(tmp_path: Path) -> None:
    outcome = campaign(tmp_path, KILLS)
    print(f"killed {outcome.killed} times; households done after each: {outcome.stages}")
    assert outcome.found == outcome.expected
    assert outcome.killed == KILLS
