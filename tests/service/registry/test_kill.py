# SPDX-License-Identifier: Apache-2.0
"""Decides that an import loses and doubles nothing when its workers are killed: real processes, kill -9."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.service.registry.killing import campaign

KILLS = int(os.environ.get("HEARTHLINE_KILLS", "3"))


@pytest.mark.slow
def test_an_import_whose_workers_are_killed_is_whole_and_nothing_is_there_twice(tmp_path: Path) -> None:
    outcome = campaign(tmp_path, KILLS)
    wrong = {name: outcome.found[name] - count for name, count in outcome.expected.items()}
    print(
        f"imports: {outcome.killed} kills in {outcome.phases}, {outcome.resumed} resumed, "
        f"{outcome.imports} imports, {sum(outcome.found.values())} rows of the last, "
        f"{wrong} too many or too few"
    )
    assert outcome.found == outcome.expected
    assert outcome.killed == KILLS
