# SPDX-License-Identifier: Apache-2.0
"""Decides that many writers and two sealers at once leave whole chains: nothing left out, nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..processes import Service, empty_database


@pytest.mark.slow
def test_writers_and_sealers_at_once_leave_whole_chains(tmp_path: Path) -> None:
    with empty_database(tmp_path) as address:
        said = json.loads(Service(tmp_path, address).module("tests.service.audit.crowd"))
    print(said)
    assert said["failed"] == 0
    assert said["whole"]
    assert said["unsealed"] == 0
    assert said["rows"] == said["verified"] > 200
    assert said["at_once"] > 0
