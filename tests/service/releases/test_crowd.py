# SPDX-License-Identifier: Apache-2.0
"""Decides that of releases at the same moment each has been tried against the one before it."""

from __future__ import annotations

import json
from pathlib import Path

from hearthline.base.sealing import new_keys

from ..processes import Service, empty_database


def test_two_releases_at_once_cannot_both_pass(tmp_path: Path) -> None:
    """Four workers publish four tables of one county: each is held against all that came before it, and one
    that was seen before any was out is refused if it is another now."""
    new_keys(tmp_path / "keys.json")
    with empty_database(tmp_path) as address:
        said = json.loads(Service(tmp_path, address).module("tests.service.releases.crowd"))
    print(said)
    before = 0
    for each in said["rounds"]:
        assert set(each["ends"]) == {0}, each
        assert set(each["states"]) <= {"done", "failed"}, each
        assert set(each["codes"]) <= {"releases.other-than-seen"}, each
        assert each["states"][2:] == ["done"] * 2, "what nobody has looked at is tried until it passes"
        assert each["releases"] - before == each["states"].count("done")
        before = each["releases"]
    assert said["head"] == said["rows"] == before
    assert said["pinned"] == []
