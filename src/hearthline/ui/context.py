# SPDX-License-Identifier: Apache-2.0
"""Decides what every page is told: the officer's places in the menu, the language, the version."""

from __future__ import annotations

from django.http import HttpRequest

import hearthline


def page(request: HttpRequest) -> dict[str, object]:
    """Values of every template."""
    return {"version": hearthline.__version__}
