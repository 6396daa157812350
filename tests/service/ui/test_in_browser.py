# SPDX-License-Identifier: Apache-2.0
"""The components in a browser: nothing breaks the content security policy, axe finds nothing serious."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import LazySettings
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, expect

from tests.service.browser import DESK, PHONE, chromium, look

pytestmark = pytest.mark.urls("tests.service.ui.gallery")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with chromium() as found:
        yield found


@pytest.fixture
def address(settings: LazySettings) -> Iterator[str]:
    """Where the components are served; they ask no database."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_component_is_calm_accessible_and_fits(
    browser: Browser, address: str, width: int, language: str
) -> None:
    with look(browser, address, width=width, language=language) as view:
        view.open("/gallery/?officer=1")
        view.screenshot("components")
        view.assert_calm()
        view.assert_no_sideways_scroll()
        view.assert_accessible()


def test_a_list_sorts_and_turns_its_page_in_place(browser: Browser, address: str) -> None:
    with look(browser, address, language="en") as view:
        view.open("/gallery/")
        view.page.evaluate("() => { window.still = true }")
        rows = view.page.locator("#list-areas tbody tr")
        view.page.locator("#list-areas thead").get_by_role("link", name="Name").click()
        view.page.wait_for_url("**/gallery/?sort=name")
        assert view.page.locator("#list-areas th[aria-sort=ascending]").inner_text().startswith("Name")
        view.page.get_by_role("link", name="Next").click()
        view.page.wait_for_url("**after=*")
        expect(rows).to_have_count(3)
        view.page.go_back()
        expect(view.page.locator("#list-areas tbody tr")).to_have_count(5)
        assert view.page.evaluate("() => window.still"), "the page was loaded anew"
        view.assert_calm()


def test_a_filter_narrows_the_list_in_place(browser: Browser, address: str) -> None:
    with look(browser, address, language="en") as view:
        view.open("/gallery/?sort=-name")
        view.page.get_by_label("Name", exact=True).first.fill("柳树")
        view.page.get_by_role("button", name="Filter").click()
        view.page.wait_for_url("**name=*")
        expect(view.page.locator("#list-areas tbody tr")).to_have_count(1)
        assert "sort=-name" in view.page.url
        view.page.get_by_role("link", name="Clear filters").click()
        expect(view.page.locator("#list-areas tbody tr")).to_have_count(5)
        view.assert_calm()


def test_lists_work_without_scripts(browser: Browser, address: str) -> None:
    with look(browser, address, language="en", javascript=False) as view:
        view.open("/gallery/")
        view.page.locator("#list-areas thead").get_by_role("link", name="Name").click()
        view.page.get_by_role("link", name="Next").click()
        assert view.page.locator("#list-areas tbody tr").count() == 3
        view.page.locator("details.reason summary").first.click()
        view.assert_calm()


def test_a_running_job_shows_how_far_it_is_without_being_asked(browser: Browser, address: str) -> None:
    with look(browser, address, language="en") as view:
        view.open("/gallery/")
        with view.page.expect_response(lambda answer: "/gallery/" in answer.url, timeout=8000) as polled:
            pass
        assert polled.value.status == 200
        view.page.wait_for_load_state("networkidle")
        assert view.page.locator("#job-7").count() == 1
        view.assert_calm()


def test_the_page_is_usable_by_keyboard(browser: Browser, address: str) -> None:
    with look(browser, address, language="en") as view:
        view.open("/gallery/")
        view.page.keyboard.press("Tab")
        assert view.page.locator(":focus").inner_text() == "Skip to content"
        view.page.keyboard.press("Enter")
        view.page.keyboard.press("Tab")
        assert view.page.locator("main :focus").count() == 1


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_form_says_what_is_wrong_on_top_and_beside_each_field(
    browser: Browser, address: str, width: int, language: str
) -> None:
    with look(browser, address, width=width, language=language) as view:
        view.open("/gallery/?wrong=1")
        view.screenshot("wrong-form")
        assert view.page.title().startswith({"zh": "错误", "en": "Error"}[language])
        assert view.page.locator(":focus").get_attribute("class") == "error-summary"
        view.page.locator(".error-summary a").first.click()
        assert view.page.locator(":focus").get_attribute("id") == "id_name"
        assert view.page.locator("input[aria-invalid=true]:not([type=radio])").count() == 2
        view.assert_calm()
        view.assert_accessible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_problem_page_is_calm_and_accessible(browser: Browser, address: str, language: str) -> None:
    for width in (PHONE, DESK):
        with look(browser, address, width=width, language=language) as view:
            view.open("/problem/long/", status=400)
            view.screenshot("problem")
            view.assert_calm()
            view.assert_no_sideways_scroll()
            view.assert_accessible()


def test_the_menu_of_the_officer_opens_without_scripts(browser: Browser, address: str) -> None:
    with look(browser, address, width=PHONE, language="en", javascript=False) as view:
        view.open("/gallery/?officer=1")
        view.page.locator(".officer summary").click()
        expect(view.page.get_by_role("button", name="Sign out")).to_be_visible()
        view.screenshot("officer-menu")
        view.assert_no_sideways_scroll()


WIDE = """
() => {
  document.documentElement.lang = 'zh-Hans';
  const place = document.querySelector('.content');
  const facts = '所授角色、账号、地区、日期'.repeat(40);
  const row = `<td id="name">授予角色</td><td>${facts}</td>`;
  place.innerHTML = `<table class="list"><tbody><tr>${row}</tr></tbody></table>`;
  const cell = document.getElementById('name');
  return cell.getBoundingClientRect().width / parseFloat(getComputedStyle(cell).fontSize);
}
"""
ASIDE = """
() => {
  const aside = document.querySelector('.aside') || document.querySelector('main').appendChild(
    Object.assign(document.createElement('aside'), {className: 'aside'}));
  const shown = (text) => { aside.innerHTML = text; return getComputedStyle(aside).display !== 'none'; };
  return [shown('\\n'), shown('<p>beside</p>')];
}
"""


def test_a_short_word_beside_long_ones_does_not_stand_upright_in_chinese(
    browser: Browser, address: str
) -> None:
    with look(browser, address, width=DESK, language="zh") as view:
        view.open("/gallery/")
        assert view.page.evaluate(WIDE) >= 5


def test_a_page_with_nothing_beside_it_draws_no_line_for_it(browser: Browser, address: str) -> None:
    with look(browser, address, width=PHONE) as view:
        view.open("/gallery/")
        assert view.page.evaluate(ASIDE) == [False, True]


def test_what_stands_beside_a_page_stands_below_it_on_a_phone(browser: Browser, address: str) -> None:
    for width, beside in ((DESK, True), (PHONE, False)):
        with look(browser, address, width=width) as view:
            view.open("/gallery/")
            content, aside = (view.page.locator(f".{name}").bounding_box() for name in ("content", "aside"))
            assert content
            assert aside
            assert (aside["x"] >= content["x"] + content["width"]) is beside
            assert (aside["y"] >= content["y"] + content["height"]) is not beside
