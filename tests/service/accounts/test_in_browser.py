# SPDX-License-Identifier: Apache-2.0
"""Decides that the pages of accounts stand in Chromium: narrow and wide, in both languages, for everyone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from hearthline.accounts import services
from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import enter_sign_in
from hearthline.areas.models import Area

from ..browser import DESK, PHONE, View, chromium, look
from ..conftest import Hire

PASSWORD = "correct horse battery"
OWN_PAGES = ("", "password/", "codes/", "sign-ins/", "language/")
OFFICERS = "/account/officers/"
JUDGED_BY_AXE = {(PHONE, "zh"), (DESK, "en")}
"""Both widths and both languages are judged; not each with each, for axe takes its time."""


@pytest.fixture
def staff(transactional_db: None, places: dict[str, Area], hire: Hire) -> dict[str, int | str]:
    """Officers of the county, by what the walk needs of them: numbers, and a password to change."""
    today, now = timezone.localdate(), timezone.now()
    chief = hire(Role.ADMINISTRATOR, places["510101"], "chen.wei")
    village = hire(Role.VILLAGE_OFFICER, places["510101001001"], "li.na")
    Officer.objects.filter(pk=village.pk).update(name="李娜")
    for number, name in enumerate(("Edge, Windows", "WeChat, Android")):
        device = Device(f"{number}" * 64, name, returned=True)
        then = now - timedelta(minutes=10 + number)
        enter_sign_in(officer=village, on=today, at=then, session_key=f"{number}", device=device)
        enter_sign_in(officer=chief, on=today, at=then, session_key=f"chief{number}", device=device)
    grant = services.grant_role(
        by=chief, on=today, officer_id=village.pk, role=Role.ANALYST, area=places["510101001"]
    )
    for code, name in (("510101002001", "王芳"), ("510101002002", "赵小兰"), ("510101001002", "孙大伟")):
        officer = hire(Role.VIEWER, places[code], f"officer.{code}")
        Officer.objects.filter(pk=officer.pk).update(name=name)
    fresh = services.open_account(
        by=chief, on=today, username="zhou.min", name="周敏", role=Role.VIEWER, area=places["510101001"]
    )
    coded = hire(Role.VIEWER, places["510101001"], "coded")
    Officer.objects.filter(pk=coded.pk).update(sealed_totp=b"sealed")
    return {"village": village.pk, "grant": grant.pk, "fresh": fresh.password}


def come_in(view: View, username: str, password: str = PASSWORD) -> None:
    """Sign in by the form, as a person does."""
    view.open("/account/sign-in/?next=/account/")
    view.page.fill("#id_username", username)
    view.page.fill("#id_password", password)
    view.page.press("#id_password", "Enter")
    view.page.wait_for_load_state("networkidle")


def judge(view: View, name: str) -> None:
    """The page as it stands is calm, fits, is accessible, and is kept as a picture."""
    view.assert_calm()
    view.assert_no_sideways_scroll()
    if (view.width, view.language) in JUDGED_BY_AXE:
        view.assert_accessible()
    view.screenshot(f"accounts-{name}")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_of_accounts_stands(
    live_server: LiveServer, staff: dict[str, int | str], width: int, language: str
) -> None:
    Officer.objects.update(language={"zh": "zh-hans", "en": "en"}[language])
    with chromium() as browser:
        walk_door(browser, live_server.url, staff, width, language)
        walk_inside(browser, live_server.url, staff, width, language)


def walk_door(browser: Browser, address: str, staff: dict[str, int | str], width: int, language: str) -> None:
    """What is seen before one is in."""
    with look(browser, address, width=width, language=language) as view:
        view.open("/account/sign-in/")
        judge(view, "sign-in")
        come_in(view, "li.na", "wrong")
        judge(view, "sign-in-wrong")
        come_in(view, "coded")
        judge(view, "sign-in-code")
        come_in(view, "zhou.min", str(staff["fresh"]))
        judge(view, "password-to-choose")


def walk_inside(
    browser: Browser, address: str, staff: dict[str, int | str], width: int, language: str
) -> None:
    """The pages of an administrator."""
    with look(browser, address, width=width, language=language) as view:
        come_in(view, "chen.wei")
        for page in OWN_PAGES:
            view.open(f"/account/{page}")
            judge(view, f"own-{page.strip('/') or 'account'}")
        walk_codes(view)
        walk_officers(view, staff)
        view.open("/account/")
        view.page.click("details.officer summary")
        judge(view, "menu")
        view.page.click("details.officer form button")
        view.page.wait_for_load_state("networkidle")
        judge(view, "signed-out")


def walk_codes(view: View) -> None:
    """From the offer of codes to the picture to scan."""
    view.open("/account/codes/")
    view.page.click("form.confirm button")
    view.page.wait_for_load_state("networkidle")
    judge(view, "codes-to-scan")
    view.page.fill("#id_code", "000000")
    view.page.press("#id_code", "Enter")
    view.page.wait_for_load_state("networkidle")
    judge(view, "codes-wrong")


def walk_officers(view: View, staff: dict[str, int | str]) -> None:
    """The list, one officer, and what an administrator may change."""
    one = f"{OFFICERS}{staff['village']}/"
    for name, address in (
        ("officers", OFFICERS),
        ("officers-none", f"{OFFICERS}?called=nobody"),
        ("officer", one),
        ("grant", f"{one}grant/"),
        ("withdraw", f"/account/grants/{staff['grant']}/withdraw/"),
        ("reset", f"{one}reset-password/"),
        ("close", f"{one}close/"),
        ("open", f"{OFFICERS}open/"),
    ):
        view.open(address)
        judge(view, name)
    view.page.fill("#id_name", "何丽")
    view.page.fill("#id_username", "he li")
    view.page.fill("#id_place", "石桥镇")
    view.page.click("form.entry button")
    view.page.wait_for_load_state("networkidle")
    judge(view, "open-wrong")
    view.page.fill("#id_username", "he.li")
    view.page.click("form.entry button")
    view.page.wait_for_load_state("networkidle")
    judge(view, "hand-over")


def test_an_officer_comes_in_and_goes_out_without_scripts(
    live_server: LiveServer, staff: dict[str, int | str]
) -> None:
    with (
        chromium() as browser,
        look(browser, live_server.url, language="en", javascript=False) as view,
    ):
        come_in(view, "li.na")
        assert view.page.locator("h1").inner_text() == "Your account"
        view.page.click("details.officer summary")
        view.page.click("details.officer form button")
        assert view.page.locator("h1").inner_text() == "You are signed out"
