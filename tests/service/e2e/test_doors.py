# SPDX-License-Identifier: Apache-2.0
"""Decides that every role comes in by the door, finds the menu of its work and no other, and goes out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.service.browser import look
from tests.service.e2e.office import PATIENCE, Office

EVERYONE = {"首页", "地区", "判定", "政策", "发布"}
MENUS: Mapping[str, set[str]] = {
    "administrator": {"导入", "任务", "工作人员", "审计记录"},
    "village": {"导入", "任务"},
    "analyst": {"导入", "任务"},
    "designer": {"任务"},
    "auditor": {"导入", "任务", "工作人员", "审计记录"},
    "viewer": set(),
}


@pytest.mark.parametrize("username", MENUS)
def test_every_role_comes_in_sees_its_own_menu_and_goes_out(
    office: Office, browser: Browser, username: str
) -> None:
    with office.visit(browser, username) as view:
        found = set(view.page.locator("nav.menu a").all_inner_texts())
        assert found == EVERYONE | MENUS[username], username
        office.judge(view, "home")
        view.page.locator("details.officer summary").press("Enter")
        view.page.get_by_role("button", name="退出").click()
        expect(view.page.locator("h1")).to_have_text("您已退出登录")
        view.open("/")
        expect(view.page.locator("#id_password")).to_be_visible()
        view.assert_calm()


def test_a_wrong_password_says_so_and_lets_nobody_in(office: Office, browser: Browser) -> None:
    with look(browser, office.address, language="en") as view:
        view.page.set_default_timeout(PATIENCE)
        view.open("/account/sign-in/")
        view.page.locator("#id_username").fill("nobody.here")
        view.page.locator("#id_password").fill("not the password")
        view.page.keyboard.press("Enter")
        expect(view.page.get_by_role("alert").first).to_be_visible()
        assert view.page.locator("details.officer").count() == 0
        view.assert_calm()
