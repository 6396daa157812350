# SPDX-License-Identifier: Apache-2.0
"""Decides the marker of tests that ask an engine, so that they can be chosen or another engine can join."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of this folder."""
    config.addinivalue_line("markers", "engine: asks every engine the same question")
