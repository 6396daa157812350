# SPDX-License-Identifier: Apache-2.0
"""Decides that what is opened leaves a trace which an auditor finds, and that accounts stay in hand."""

from __future__ import annotations

import re
from secrets import token_hex

from playwright.sync_api import Browser, expect

from tests.service.browser import look
from tests.service.e2e.office import PATIENCE, Office, sign_in

REASON = "核对第十七号申诉的身份证号"


def test_a_sealed_value_opens_for_a_reason_and_an_auditor_finds_who_opened_it(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "visitor") as view:
        page = view.page
        view.open(f"/households/{office['household']}/")
        page.locator("details summary", has_text=office["name"]).first.click()
        page.locator("a[href$='/national_id/']").first.click()
        office.judge(view, "sealed")
        page.locator("main form.entry button[type=submit]").click()
        expect(page.locator("#id_reason")).to_have_attribute("aria-invalid", "true")
        page.locator("#id_reason").fill(REASON)
        page.keyboard.press("Enter")
        expect(page.locator("p.opened")).to_have_text(re.compile(r"\d{6,}"))
        office.judge(view, "sealed opened")
        opened = page.locator("p.opened").inner_text()
        view.open(f"/households/{office['household']}/")
        assert opened not in page.content()
    with office.visit(browser, "auditor", language="en") as view:
        page = view.page
        page.locator("nav.menu").get_by_role("link", name="Audit trail").click()
        office.judge(view, "trail")
        page.locator("#trail-officer").fill("visitor")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("officer=visitor"))
        trail = page.locator("section.listing tbody")
        expect(trail.get_by_text(REASON).first).to_be_visible()
        expect(trail.get_by_text("Looked at a household").first).to_be_visible()
        assert opened not in page.content()
        office.judge(view, "trail narrowed")
        trail.locator("a[href*='/households/']").first.click()
        expect(page.locator("aside")).to_contain_text("Who looked")
        expect(page.locator("aside")).to_contain_text("visitor")


def test_an_administrator_opens_an_account_and_ends_its_sign_in(office: Office, browser: Browser) -> None:
    username = f"he.li.{token_hex(2)}"
    with office.visit(browser, "administrator", language="en") as view:
        page = view.page
        page.locator("nav.menu").get_by_role("link", name="Officers").click()
        office.judge(view, "officers")
        page.get_by_role("link", name="Open an account").click()
        page.locator("#id_name").fill("何丽")
        page.locator("#id_username").fill(username)
        page.locator("#id_role").select_option("analyst")
        page.locator("#id_place").fill(office["codes"][0])
        page.locator("main form.entry button[type=submit]").click()
        password = page.locator("code.secret").inner_text()
        office.judge(view, "account opened")
        with look(browser, office.address, language="zh") as fresh:
            fresh.page.set_default_timeout(PATIENCE)
            sign_in(fresh, username, password)
            expect(fresh.page.locator("h1")).to_have_text("请设置您自己的密码")
            office.judge(fresh, "password to choose")
            page.get_by_role("link", name="To the officer").click()
            expect(page.locator("h1")).to_have_text("何丽")
            page.get_by_role("button", name="End").first.click()
            expect(page.locator("main")).to_contain_text("Signed in nowhere now.")
            office.judge(view, "officer")
            fresh.page.goto(f"{office.address}/account/")
            expect(fresh.page.locator("#id_username")).to_be_visible()
