# SPDX-License-Identifier: Apache-2.0
"""Decides that many writers and two sealers at once leave whole chains: nothing left out, nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import ROOT
from ..processes import empty_database


@pytest.mark.slow
def test_writers_and_sealers_at_once_leave_whole_chains(tmp_path: Path) -> None:
    with empty_database(tmp_path) as address:
        own = {"HEARTHLINE_DATABASE": address, "DJANGO_SETTINGS_MODULE": "hearthline.site.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.service.audit.crowd"],
            cwd=ROOT,
            env=os.environ | own,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    print(said)
    assert said["failed"] == 0
    assert said["whole"]
    assert said["unsealed"] == 0
    assert said["rows"] == said["verified"] > 200
    assert said["at_once"] > 0
