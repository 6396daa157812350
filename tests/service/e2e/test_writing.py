# SPDX-License-Identifier: Apache-2.0
"""Decides that a village officer opens a household, writes a visit, corrects it, and sees the history."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from hearthline.registry.national_ids import check_character
from tests.service.browser import View
from tests.service.e2e.office import Office

HEAD, DIGITS = "白秀兰", "99010119640503002"
SAVE = "form.entry button.btn-primary"


def test_a_village_officer_opens_a_household_writes_a_visit_corrects_it_and_sees_the_history(
    office: Office, browser: Browser
) -> None:
    with office.visit(browser, "visitor") as view:
        open_a_household(office, view)
        write_a_visit(office, view)
        correct_the_size(office, view)
        see_the_history(office, view)


def open_a_household(office: Office, view: View) -> None:
    """From the page of the village; a slip of the pen in the national ID is told and put right."""
    page = view.page
    view.open(f"/areas/{office['village']}/")
    page.get_by_role("link", name="新建一户").click()
    office.judge(view, "open household")
    page.locator("#id_name").fill(HEAD)
    page.locator("#id_f-sex").select_option("female")
    page.locator("#id_f-birth_date").fill("1964-05-03")
    right = DIGITS + check_character(DIGITS)
    page.locator("#id_national_id").fill(DIGITS + ("1" if right[-1] != "1" else "2"))
    page.locator(SAVE).click()
    expect(page.locator(".error-summary")).to_contain_text("校验码")
    view.complaints[:] = [one for one in view.complaints if "400" not in one]
    expect(page.locator("#id_name")).to_have_value(HEAD)
    page.locator("#id_national_id").fill(right)
    page.locator(SAVE).click()
    expect(page.locator("h1")).to_have_text(HEAD)
    expect(page.locator("main")).to_contain_text("已建户")


def write_a_visit(office: Office, view: View) -> None:
    """Two topics and an income line, by the keyboard where a person would."""
    page = view.page
    page.get_by_role("link", name="填写入户记录", exact=True).click()
    for topic in ("topic-family", "topic-water", "lines-income_line"):
        page.locator(f"#{topic} > summary").press("Enter")
    page.locator("#id_f-size").fill("7")
    page.locator("#id_f-water_piped").select_option("true")
    page.locator("#id_r-income_line-0-class").select_option("wage")
    page.locator("#id_r-income_line-0-status").select_option("received")
    page.locator("#id_r-income_line-0-amount").fill("8600.50")
    office.judge(view, "visit")
    page.locator(SAVE).click()
    expect(page.locator("h1")).to_have_text("已保存：变动情况")
    expect(page.locator("main")).to_contain_text("原有0条，现有1条")
    office.judge(view, "saved visit")


def correct_the_size(office: Office, view: View) -> None:
    """From the history, with a reason."""
    page = view.page
    page.get_by_role("link", name="全部事实项的历史").first.click()
    page.locator("details > summary").filter(has_text="只有一个值").first.press("Enter")
    page.locator("a.correct[href$='/correct/size/']").click()
    expect(page.locator("main")).to_contain_text("7")
    page.locator("#id_value").fill("2")
    page.locator("#id_reason").fill("把邻居家的人也算进来了，已重新清点")
    office.judge(view, "correction")
    page.locator(SAVE).click()
    expect(page.locator("h1")).to_have_text("已保存：变动情况")


def see_the_history(office: Office, view: View) -> None:
    """Old and new stand there, and the reason at the new one."""
    page = view.page
    page.get_by_role("link", name="全部事实项的历史").first.click()
    table = page.locator("section").first.locator("table").first
    expect(table).to_contain_text("2")
    expect(table).to_contain_text("7")
    expect(table.locator("a.correct")).to_have_count(1)
    office.judge(view, "history with a correction")
    table.locator("a[href*='/observations/']").first.click()
    expect(page.locator("main")).to_contain_text("已重新清点")
    office.judge(view, "observation of a correction")
