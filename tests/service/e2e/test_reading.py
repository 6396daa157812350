# SPDX-License-Identifier: Apache-2.0
"""Decides that what is known can be read down to where it came from, by each as far as the role goes."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.service.browser import View
from tests.service.e2e.office import Office, find


def test_a_village_officer_finds_a_household_by_initials_and_reads_why_it_is_poor(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "visitor") as view:
        page = view.page
        find(view, office["initials"])
        office.judge(view, "search")
        page.get_by_role("link", name=office["name"], exact=True).first.click()
        expect(page.locator("h1")).to_have_text(office["name"])
        expect(page.locator("section.standing")).to_contain_text("未达标")
        office.judge(view, "household")
        page.get_by_role("link", name="逐条查看理由").click()
        reasons = page.locator("#reasons")
        expect(reasons.locator("details").first).to_be_visible()
        expect(page.locator("h1")).to_have_text(office["name"])  # the same page: only its part was renewed
        office.judge(view, "household with reasons")
        page.get_by_role("link", name="单独页面查看全部理由").click()
        expect(page.locator("h1")).to_contain_text("判定理由")
        office.judge(view, "reasons")
        open_a_source(office, view)


def open_a_source(office: Office, view: View) -> None:
    """From the household page, by the first value that says where it came from."""
    view.page.get_by_role("link", name="返回本户").click()
    expect(view.page.locator("h1")).to_have_text(office["name"])
    view.page.locator("dl.facts a[href*='/observations/']:visible").first.click()
    expect(view.page.locator("h1")).to_have_text("值的来源")
    expect(view.page.locator("main")).to_contain_text("虚构县")
    office.judge(view, "observation")


def test_an_analyst_follows_a_figure_from_the_home_page_down_to_the_observation(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "analyst", language="en") as view:
        page = view.page
        expect(page.locator("main")).to_contain_text("13.1%")
        office.judge(view, "home")
        page.get_by_role("link", name="Open this place").click()
        expect(page.locator("main")).to_contain_text("Places within, compared")
        office.judge(view, "area")
        go_down_to_a_poor_village(office, view)
        page.locator("table.list tbody a[href*='/households/']").first.click()
        expect(page.locator("section.standing")).to_contain_text("Poor")
        office.judge(view, "household")
        page.get_by_role("link", name="The reasons, step by step").click()
        page.get_by_role("link", name="All reasons on a page of their own").click()
        expect(page.locator("h1")).to_contain_text("Reasons")
        unfold_and_open_a_source(view)
        expect(page.locator("h1")).to_have_text("Where a value came from")
        expect(page.locator("dl.facts").first).to_contain_text("Invented county")
        office.judge(view, "observation")
        page.get_by_role("link", name="Invented county").click()
        expect(page.locator("main")).to_contain_text("What came into the register")
        office.judge(view, "import")


def unfold_and_open_a_source(view: View) -> None:
    """The first fact of the tree that says where it came from, its branches opened one by one."""
    source = view.page.locator("main a[href*='/observations/']").first
    folded = source.locator("xpath=ancestor::details[not(@open)]")
    while left := folded.count():
        folded.first.locator("> summary").press("Enter")
        expect(folded).to_have_count(left - 1)  # a second press before it is open would fold it again
    source.click()


def go_down_to_a_poor_village(office: Office, view: View) -> None:
    """The township with the known village, its poor households by the figure that counts them."""
    page = view.page
    page.locator(f"table.list a[href='/areas/{office['township']}/']").click()
    expect(page).to_have_url(re.compile(rf"/areas/{office['township']}/$"))
    poor = page.locator(".figures a[href*='status=1']")
    counted = poor.locator(".figure-value").inner_text()
    poor.click()
    expect(page.locator("h1")).to_contain_text("Households of")
    expect(page.locator(".list-head .count")).to_contain_text(f"{counted} row")
    office.judge(view, "households")


def test_a_viewer_sees_figures_with_small_groups_hidden_and_no_household(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "viewer", language="en") as view:
        page = view.page
        expect(page.locator("main")).to_contain_text("Who needs help, and why?")
        expect(page.locator(".figures")).to_contain_text("–")
        assert page.locator("a[href*='/households/']").count() == 0
        page.get_by_role("link", name="Open this place").click()
        expect(page.locator("main")).to_contain_text("Your role sees figures only")
        rows = page.locator("section.listing tbody tr")
        assert rows.count() == 10
        assert "–" in rows.first.inner_text()
        assert page.locator("a[href*='/households/']").count() == 0
        office.judge(view, "area of a viewer")
        for closed in (f"/households/{office['household']}/", f"/areas/{office['county']}/households/"):
            view.open(closed, status=403)
            assert office["name"] not in page.content()
        find(view, office["initials"])
        assert office["name"] not in page.content()
        office.judge(view, "search of a viewer")
