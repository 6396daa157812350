# SPDX-License-Identifier: Apache-2.0
"""Decides that a job of publishing leaves a whole release or none, at whatever step its worker is killed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hearthline.base.sealing import new_keys
from hearthline.releases.services import STAGES

from ..processes import Service, empty_database


@pytest.mark.slow
def test_a_release_whose_workers_are_killed_is_there_once_and_whole(tmp_path: Path) -> None:
    """Killed before and after each word of the worker, and when the release is out: each job is done once."""
    new_keys(tmp_path / "keys.json")
    with empty_database(tmp_path) as address:
        said = json.loads(Service(tmp_path, address).module("tests.service.releases.killing"))
    *killed, lived, last = said["kills"]
    print(f"releases: {len(killed) + 1} kills, {[one['stage'] for one in killed]}")
    assert {one["stage"] for one in killed} >= set(STAGES)
    assert all(one["killed"] and not one["recorded"] for one in killed), "no half release"
    assert not lived["killed"]
    assert last["killed"]
    assert last["recorded"] == 1
    assert said["states"] == ["done"]
    assert (
        len(set(said["results"])) == said["jobs"] == said["releases"] == said["traces"] == len(said["kills"])
    )
    assert said["broken"] is None
