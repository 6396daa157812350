# SPDX-License-Identifier: Apache-2.0
"""Decides that the pages of releases stand in Chromium: on a phone in Chinese, at a desk in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.runs.models import Run

from ..browser import DESK, PHONE, View, chromium, look
from ..conftest import Hire
from .little import run_of

PASSWORD = "correct horse battery"


@pytest.fixture
def run(transactional_db: None, places: dict[str, Area], hire: Hire) -> Run:
    """A run of the county, and its administrator."""
    return run_of(places, hire(Role.ADMINISTRATOR, places["510101"], "chen.wei"))


@pytest.fixture
def speaks(run: Run, language: str) -> None:
    """The administrator reads in the language."""
    Officer.objects.update(language={"zh": "zh-hans", "en": "en"}[language])


@pytest.fixture
def browser(speaks: None) -> Iterator[Browser]:
    """A browser without a window, opened when all is in the database."""
    with chromium() as found:
        yield found


def judged(view: View, name: str) -> None:
    """The page as it stands is calm, fits the window, and axe finds nothing serious."""
    view.assert_calm()
    view.assert_no_sideways_scroll()
    view.assert_accessible()
    view.screenshot(f"releases-{name}")


@pytest.mark.parametrize(("width", "language"), [(PHONE, "zh"), (DESK, "en")])
def test_a_table_is_published_and_withdrawn_in_the_browser(
    run: Run, width: int, language: str, browser: Browser, live_server: LiveServer
) -> None:
    with look(browser, live_server.url, width=width, language=language) as view:
        view.open(f"/account/sign-in/?next=/releases/new/?run={run.pk}")
        view.page.fill("#id_username", "chen.wei")
        view.page.fill("#id_password", PASSWORD)
        view.page.press("#id_password", "Enter")
        view.page.wait_for_selector("#id_subject")
        judged(view, "choose")
        view.page.check("input[name=levels][value=village]")
        view.page.click("main button[type=submit]")
        view.page.wait_for_selector("form.confirm")
        judged(view, "preview")
        view.page.click("form.confirm button")
        view.page.wait_for_url(re.compile(r"/releases/\d+/$"))
        published = view.page.url
        judged(view, "release")
        view.open("/releases/")
        judged(view, "list")
        number = published.split("/")[-2]
        view.open(f"/releases/{number}/withdraw/")
        judged(view, "withdraw")
        view.page.fill("#id_reason", "counted twice")
        view.page.click("main button[type=submit]")
        view.page.wait_for_url("**/releases/")
        view.open(f"/releases/{number}/")
        judged(view, "withdrawn")
