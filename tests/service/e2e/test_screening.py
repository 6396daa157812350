# SPDX-License-Identifier: Apache-2.0
"""Decides that an analyst asks for a screening, sees it end, compares two and opens who changed."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.service.e2e.office import Office

ANOTHER_DAY = "2016-12-31"


def ask_for_a_screening(page: Page, *, day: str, hold: bool, place: str = "") -> str:
    """By the form, until its job is done; the path of its result."""
    page.locator("nav.menu a[href='/runs/']").click()
    page.locator("a[href='/runs/request/']").first.click()
    page.locator("#id_screening_date").fill(day)
    if place:
        page.locator("#id_place").fill(place)
    page.locator("#id_activate").set_checked(hold)
    page.locator("main form.entry button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    result = page.locator(".progress-box a[href^='/']").filter(has_not=page.locator("progress"))
    expect(page.locator(".progress-box progress")).to_have_count(0)
    expect(result).to_be_visible()
    expect(page.locator("form.confirm button")).to_have_count(0)  # nothing is left to be stopped
    return result.get_attribute("href") or ""


def test_an_analyst_screens_compares_two_runs_and_opens_a_changed_household(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "analyst") as view:
        page = view.page
        ask_for_a_screening(page, day=ANOTHER_DAY, hold=False)
        office.judge(view, "job")
        page.locator(".progress-box").get_by_role("link", name="查看结果").click()
        expect(page.locator("main")).to_contain_text("2016年12月31日")
        office.judge(view, "run")
        page.locator("#before").select_option(str(office["run"]))
        page.get_by_role("button", name="对比").click()
        expect(page.locator("h1")).to_have_text("两次判定的对比")
        office.judge(view, "comparison")
        page.get_by_role("link", name="不再判定为贫困").click()
        expect(page.locator("h1")).to_have_text("不再判定为贫困")
        office.judge(view, "changed households")
        page.locator("table.list tbody a[href*='/households/']").first.click()
        expect(page.locator("section.standing")).to_be_visible()
        view.assert_calm()
