# SPDX-License-Identifier: Apache-2.0
"""Decides that a policy designer reads what is in force, its numbers by year, and how two versions differ."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.service.e2e.office import Office


def test_a_designer_reads_the_package_its_parameters_and_a_difference(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "designer") as view:
        page = view.page
        page.locator("nav.menu").get_by_role("link", name="政策").click()
        office.judge(view, "packages")
        page.locator(f"table.list a[href='/policy/{office['version']}/']").first.click()
        expect(page.locator("h1")).to_contain_text("精准扶贫")
        office.judge(view, "version")
        page.locator(f"main a[href='/policy/{office['version']}/parameters/']").first.click()
        line = page.locator("section.listing tbody tr", has_text="扶贫标准").filter(has_text="2,952")
        expect(line).to_have_count(1)  # by year; beside it stand the lines of other purposes
        series = page.locator("main details", has_text="扶贫标准").first
        series.locator("summary").click()
        expect(series).to_contain_text("通行数值，手头无文件")
        office.judge(view, "parameters")
        view.open(f"/policy/{office['second_version']}/")
        page.locator("#old").select_option(str(office["version"]))
        page.get_by_role("button", name="查看差异").click()
        expect(page.locator("main")).to_contain_text("2,537")
        expect(page.locator("main")).to_contain_text("2,536")
        office.judge(view, "difference")
