# SPDX-License-Identifier: Apache-2.0
"""Decides what every journey begins with: a browser, and an office at work that all journeys share.

Both live as long as this folder's tests: while a browser is open, Django refuses its database to the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.service.browser import chromium, chromium_path
from tests.service.e2e.office import PATIENCE, Office, office_at_work


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office; without a Chromium it is not even made."""
    chromium_path()
    with office_at_work(tmp_path_factory.mktemp("e2e")) as found:
        yield found


@pytest.fixture(scope="package")
def browser(office: Office) -> Iterator[Browser]:
    """The browser of all journeys; each opens a window with cookies of its own."""
    expect.set_options(timeout=PATIENCE)
    with chromium() as opened:
        yield opened
