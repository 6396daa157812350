# SPDX-License-Identifier: Apache-2.0
"""Decides that pages of the tests come from the test addresses, with static files from the apps."""

from __future__ import annotations

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _static_files_of_the_apps(settings: LazySettings) -> None:
    settings.STATIC_ROOT = None
