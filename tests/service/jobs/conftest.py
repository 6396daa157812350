# SPDX-License-Identifier: Apache-2.0
"""Decides who asks for work in the tests of jobs, and that each test has handlers of its own."""

from __future__ import annotations

import pytest

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.jobs import handlers

from ..conftest import Hire


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers of this test alone."""
    monkeypatch.setattr(handlers, "_HANDLERS", {})


@pytest.fixture
def officer(places: dict[str, Area], hire: Hire) -> Officer:
    """An analyst of the county."""
    return hire(Role.ANALYST, places["510101"])
