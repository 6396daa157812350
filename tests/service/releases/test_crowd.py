# SPDX-License-Identifier: Apache-2.0
"""Decides that of releases at the same moment each has been tried against the one before it."""

from __future__ import annotations

import json
from pathlib import Path

from hearthline.base.sealing import new_keys

from ..processes import Service, empty_database


def test_two_releases_at_once_cannot_both_pass(tmp_path: Path) -> None:
    """Four processes publish what they saw before any was out: those that come later must look anew, unless
    the gate gives the very same table after the first."""
    new_keys(tmp_path / "keys.json")
    with empty_database(tmp_path) as address:
        said = json.loads(Service(tmp_path, address).module("tests.service.releases.crowd"))
    print(said)
    before = 0
    for each in said["rounds"]:
        assert set(each["ends"]) <= {0, 10}, each
        assert each["releases"] - before == each["ends"].count(0) >= 1
        before = each["releases"]
    assert said["head"] == said["rows"] == before
