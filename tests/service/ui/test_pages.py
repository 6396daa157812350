# SPDX-License-Identifier: Apache-2.0
"""The page that holds every component is rendered, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client

from hearthline.areas.models import Area
from hearthline.ui.templatetags import components
from scripts.measure import ROOT

pytestmark = pytest.mark.urls("tests.service.ui.gallery")


def test_every_component_is_shown(places: dict[str, Area]) -> None:
    answer = Client().get("/gallery/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "style=" not in text
    assert "<script src=" in text


def test_every_tag_and_filter_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "components.md").read_text(encoding="utf-8")
    for name in components.register.tags:
        assert f"{{% {name} " in page, name
    for name in components.register.filters:
        assert f"`{name}`" in page, name
