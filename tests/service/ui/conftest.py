# SPDX-License-Identifier: Apache-2.0
"""Decides that pages of the tests come from the test addresses, with static files from the apps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.utils import translation


@pytest.fixture(autouse=True)
def _static_files_of_the_apps(settings: LazySettings) -> None:
    settings.STATIC_ROOT = None


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield
