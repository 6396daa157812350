# SPDX-License-Identifier: Apache-2.0
"""The page that holds every component is rendered, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client

from hearthline.areas.models import Area

pytestmark = pytest.mark.urls("tests.service.ui.gallery")


def test_every_component_is_shown(places: dict[str, Area]) -> None:
    answer = Client().get("/gallery/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "style=" not in text
    assert "<script src=" in text
