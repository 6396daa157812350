# SPDX-License-Identifier: Apache-2.0
"""Decides how tests look at pages: the system's Chromium, what it complains of, axe, and screenshots.

``with chromium() as browser, look(browser, address, width=360) as view:`` opens a window of its own, with
its own cookies. ``view.open("/path")`` loads a page; ``view.assert_calm()`` fails on anything the browser
complained of since, a breach of the content security policy first of all; ``view.assert_accessible()``
runs axe; ``view.screenshot("name")`` writes build/screenshots/name-WIDTH-LANGUAGE.png.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
PLACES = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESK = 360, 1280
HEIGHTS = {PHONE: 740, DESK: 900}
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SERIOUS = {"serious", "critical"}
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
"""No part of the page is being fetched or put in. To wait for an idle network costs half a second a page."""

BEYOND_THE_EDGE = """
() => [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(one => {
  const box = one.getBoundingClientRect();
  const shown = !one.matches('.skip, .visually-hidden') && box.width && one.checkVisibility();
  return shown && !one.closest('.scroll') && (box.left < 0 || box.right > window.innerWidth);
}).map(one => (one.innerText || one.name || one.outerHTML).slice(0, 60))
"""
"""What a finger looks for and does not find: a strip that scrolls shows no bar on a phone."""


def chromium_path() -> str:
    """The Chromium of the system; without one the test is skipped, or fails where it is required."""
    found = os.environ.get("HEARTHLINE_CHROMIUM") or next(filter(None, map(shutil.which, PLACES)), None)
    if found is None:
        pytest.skip("There is no Chromium here: install it, or name it in HEARTHLINE_CHROMIUM.")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, closed afterwards."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class View:
    """One window of the browser, and what it complained of."""

    page: Page
    address: str
    width: int
    language: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, status: int = 200) -> Response:
        """Load a page of the service; its status must be ``status``."""
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.page.wait_for_function(SETTLED)
        return answer

    def assert_calm(self) -> None:
        """The browser had nothing to complain of: no breach of policy, no error, no missing file."""
        said, self.complaints[:] = list(self.complaints), []
        assert not said, "\n".join(said)

    def violations(self) -> list[dict[str, Any]]:
        """What axe finds serious or critical on the page as it is."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", list(RULES)
        )
        return [each for each in found["violations"] if each["impact"] in SERIOUS]

    def assert_accessible(self) -> None:
        """Nothing serious is found by axe."""
        said = [
            f"{each['id']}: {each['help']}\n  "
            + "\n  ".join(node["html"][:150] for node in each["nodes"][:5])
            for each in self.violations()
        ]
        assert not said, f"{self.page.url}\n" + "\n".join(said)

    def assert_no_sideways_scroll(self) -> None:
        """The page fits the width; only what is made to may scroll sideways."""
        over = self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{self.page.url} is {over} pixels wider than the window of {self.width}"

    def assert_within_reach(self) -> None:
        """Nothing that opens or is filled in lies beyond the edge, but in a table that is made to scroll."""
        lost = self.page.evaluate(BEYOND_THE_EDGE)
        assert not lost, f"{self.page.url} at {self.width} pixels hides {lost}"

    def screenshot(self, name: str) -> Path:
        """A picture of the whole page."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        file = SCREENSHOTS / f"{name}-{self.width}-{self.language}.png"
        self.page.screenshot(path=file, full_page=True)
        return file


@contextmanager
def look(
    browser: Browser,
    address: str,
    *,
    width: int = DESK,
    language: str = "zh",
    javascript: bool = True,
) -> Iterator[View]:
    """A window with cookies of its own; ``language`` is what the browser asks for: zh or en."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    page = context.new_page()
    view = View(page, address, width, language)
    page.on("console", lambda said: _note(view, said.type, said.text))
    page.on("pageerror", lambda error: view.complaints.append(f"script: {error}"))
    page.on("requestfailed", lambda request: _unanswered(view, request))
    try:
        yield view
    finally:
        context.close()


def _unanswered(view: View, request: Request) -> None:
    # Who leaves a page breaks off what it asked for meanwhile: how far a job is, or the mark of the page.
    if request.failure != "net::ERR_ABORTED":
        view.complaints.append(f"no answer: {request.url}")


def _note(view: View, kind: str, text: str) -> None:
    # A page that is meant to answer 403 or 404 is no complaint: ``open`` checks its status.
    if kind in ("error", "warning") and "Failed to load resource" not in text:
        view.complaints.append(f"{kind}: {text}")
