# SPDX-License-Identifier: Apache-2.0
"""Decides that the pages of imports stand in Chromium: narrow and wide, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from hearthline.registry.models import RegisterImport
from hearthline.registry.services import undo_import

from ..browser import DESK, PHONE, View, chromium, look
from ..conftest import Hire
from .conftest import TODAY, Office
from .files import HOUSEHOLDS, PEOPLE, imported

PASSWORD = "correct horse battery"
CASES = [(PHONE, "zh"), (DESK, "en")]


@pytest.fixture
def brought(transactional_db: None, office: Office, hire: Hire, tmp_path: Path) -> dict[str, int | str]:
    """A register with refused rows and doubles; what was imported, and what was undone."""
    households = (
        HOUSEHOLDS.replace("510101002001,H-3", "519999,H-3") + "4,x,A,510101,510101001,510101001001,\n"
    )
    people = (PEOPLE + "4,1,1985-08-08,healthy,head,赵,,,\n").replace(
        "990101195001010013", "990101197002030011"
    )
    done: RegisterImport = imported(office, tmp_path, households=households, people=people)
    undone = imported(office, tmp_path)
    undo_import(by=office.administrator, on=TODAY, import_id=undone.pk)
    return {
        "username": office.administrator.username,
        "import": done.pk,
        "undone": undone.pk,
    }


def judge(view: View, name: str) -> None:
    """The page is calm, fits, is accessible, and is kept as a picture."""
    view.assert_calm()
    view.assert_no_sideways_scroll()
    view.assert_accessible()
    view.screenshot(f"registry-{name}")


@pytest.mark.slow
def test_the_pages_of_imports_stand_on_a_phone_and_at_a_desk(
    live_server: LiveServer, brought: dict[str, int | str]
) -> None:
    pages = {
        "imports": "/imports/",
        "upload": "/imports/new/",
        "report": f"/imports/{brought['import']}/",
        "undone": f"/imports/{brought['undone']}/",
        "undo": f"/imports/{brought['import']}/undo/",
    }
    with chromium() as browser:
        for width, language in CASES:
            with look(browser, live_server.url, width=width, language=language) as view:
                view.open("/account/sign-in/?next=/account/")
                view.page.fill("#id_username", str(brought["username"]))
                view.page.fill("#id_password", PASSWORD)
                view.page.press("#id_password", "Enter")
                view.page.wait_for_load_state("networkidle")
                for name, path in pages.items():
                    view.open(path)
                    judge(view, name)
