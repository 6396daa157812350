# SPDX-License-Identifier: Apache-2.0
"""Decides what the documents' commands find in their folder: a small county and a run, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.page_commands import make_ground


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``county`` and ``run``; a page gets copies of what it needs."""
    folder = tmp_path_factory.mktemp("ground")
    make_ground(folder)
    return folder
