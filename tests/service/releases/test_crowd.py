# SPDX-License-Identifier: Apache-2.0
"""Decides that of releases at the same moment each has been tried against the one before it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from hearthline.base.sealing import new_keys

from ..conftest import ROOT
from ..processes import empty_database


def test_two_releases_at_once_cannot_both_pass(tmp_path: Path) -> None:
    """Four processes publish what they saw before any was out: those that come later must look anew, unless
    the gate gives the very same table after the first."""
    new_keys(tmp_path / "keys.json")
    with empty_database(tmp_path) as address:
        own = {
            "HEARTHLINE_DATABASE": address,
            "HEARTHLINE_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "hearthline.site.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.service.releases.crowd"],
            cwd=ROOT,
            env=os.environ | own,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    print(said)
    before = 0
    for each in said["rounds"]:
        assert set(each["ends"]) <= {0, 10}, each
        assert each["releases"] - before == each["ends"].count(0) >= 1
        before = each["releases"]
    assert said["head"] == said["rows"] == before
