# SPDX-License-Identifier: Apache-2.0
"""Decides that the office works by the keyboard alone: what has the focus is seen, and it is never lost."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.service.browser import View, look
from tests.service.e2e.office import PATIENCE, Office
from tests.service.e2e.test_importing import write_files

FOCUS = """
() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return 'nothing';
  if (box.bottom < 0 || box.top > innerHeight) return 'out of sight: ' + one.outerHTML.slice(0, 80);
  for (let each = one, up = 0; each && up < 3; each = each.parentElement, up += 1) {
    const style = getComputedStyle(each);
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) return '';
  }
  return 'without a frame: ' + one.outerHTML.slice(0, 80);
}
"""
FARTHEST = 200


def assert_seen(view: View) -> None:
    """Something has the focus, within the window, and with a frame."""
    assert not (found := view.page.evaluate(FOCUS)), f"{view.page.url}: the focus is on {found}"


def reach(view: View, selector: str) -> None:
    """Tab as far as what is meant; all that is passed on the way is seen."""
    for _step in range(FARTHEST):
        view.page.keyboard.press("Tab")
        assert_seen(view)
        if view.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{view.page.url}: no key leads to {selector}")


def choose(view: View, selector: str) -> None:
    """Reach it and press Enter."""
    reach(view, selector)
    view.page.keyboard.press("Enter")


def signed_in(office: Office, view: View, username: str) -> None:
    view.page.set_default_timeout(PATIENCE)
    view.open("/")
    reach(view, "#id_username")
    view.page.keyboard.type(username)
    reach(view, "#id_password")
    view.page.keyboard.type(office["passwords"][username])
    view.page.keyboard.press("Enter")
    expect(view.page.locator("details.officer")).to_be_visible()
    if view.page.locator("html").get_attribute("lang") != "en":
        choose(view, "form.language button")
        expect(view.page.locator("html")).to_have_attribute("lang", "en")


def test_a_household_is_found_and_its_reasons_are_read(office: Office, browser: Browser) -> None:
    with look(browser, office.address, language="en") as view:
        signed_in(office, view, "administrator")
        page = view.page
        reach(view, "#site-search")
        page.keyboard.type(office["initials"])
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/search/"))
        choose(view, f"main a[href='/households/{office['household']}/']")
        expect(page.locator("#reasons")).to_be_visible()
        choose(view, "#reasons a")
        expect(page.locator("#reasons details.reason").first).to_be_visible()
        assert page.evaluate("document.querySelector('#reasons').contains(document.activeElement)")
        assert_seen(view)
        reach(view, "#reasons details.reason > summary")
        was = page.evaluate("document.activeElement.parentElement.open")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.parentElement.open") is not was
        assert_seen(view)


def test_a_figure_opens_its_list_which_is_narrowed_sorted_and_turned(
    office: Office, browser: Browser
) -> None:
    with look(browser, office.address, language="en") as view:
        signed_in(office, view, "administrator")
        page = view.page
        choose(view, ".figure-card a")
        expect(page).to_have_url(re.compile(r"/households/\?"))
        choose(view, "#households-clear")
        expect(page).not_to_have_url(re.compile("status="))
        expect(page.locator("p#households-clear")).to_be_focused()
        for chosen, address, then in (
            ("#households-next", "after=", "#households-next"),
            ("#households-next", "after=", "#households-next"),
            ("#households-first", r"households/(\?status=.*cause=)?$", "#households-first"),
            ("#households-sort-1", "sort=", "#households-sort-1"),
            ("#households-filter-button", "status=", "#households-filter-button"),
        ):
            if not page.evaluate("selector => document.activeElement.matches(selector)", chosen):
                page.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
                reach(view, chosen)
            before = page.url
            page.keyboard.press("Enter")
            expect(page).not_to_have_url(before)
            expect(page).to_have_url(re.compile(address))
            expect(page.locator(then)).to_be_focused()
            assert_seen(view)


def test_a_register_is_imported_and_the_import_undone(
    office: Office, browser: Browser, tmp_path: Path
) -> None:
    files = write_files(tmp_path, office["codes"])
    with look(browser, office.address, language="en") as view:
        signed_in(office, view, "administrator")
        page = view.page
        choose(view, "nav.menu a[href='/imports/']")
        expect(page.locator("h1")).to_have_text("Imports")
        choose(view, "main a[href='/imports/new/']")
        expect(page).to_have_url(re.compile("/imports/new/"))
        reach(view, "#id_title")
        page.keyboard.type("By the keyboard")
        for field, chosen in (("#id_uploads", files), ("#id_map", tmp_path / "map.toml")):
            reach(view, field)
            page.locator(field).set_input_files(chosen)  # the window for files is the system's own
        choose(view, "form.entry button[type=submit]")
        expect(page.locator("h1")).to_have_text("By the keyboard")
        expect(page.locator(".progress-box progress")).to_have_count(0)
        page.reload()
        choose(view, ".actions a[href$='/undo/']")
        expect(page).to_have_url(re.compile("/undo/"))
        choose(view, "main form button")
        expect(page.locator("main")).to_contain_text("undid this import")


def test_the_menu_of_the_officer_opens_and_signs_out(office: Office, browser: Browser) -> None:
    with look(browser, office.address, language="en") as view:
        signed_in(office, view, "viewer")
        reach(view, "details.officer > summary")
        view.page.keyboard.press("Space")
        choose(view, ".officer-menu button")
        expect(view.page.locator("h1")).to_have_text("You are signed out")


def test_a_wrong_form_leads_to_its_field(office: Office, browser: Browser) -> None:
    with look(browser, office.address, language="en") as view:
        signed_in(office, view, "designer")
        view.open(f"/runs/{office['run']}/simulate/")
        reach(view, "#id_set_poverty_line")
        view.page.keyboard.type("many")
        view.page.keyboard.press("Enter")
        expect(view.page.locator(".error-summary")).to_be_focused()
        choose(view, ".error-summary a")
        expect(view.page.locator("#id_set_poverty_line")).to_be_focused()
        assert_seen(view)
        office.judge(view, "simulation with a fault")
