# SPDX-License-Identifier: Apache-2.0
"""Decides how the journeys get a service at work: made once, served by itself, with jobs in its process."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from tests.service.browser import DESK, PHONE, View, look
from tests.service.processes import PROGRAM, Service, service_of_its_own

PATIENCE = 60_000
"""Milliseconds that a page may take on a machine that does other things too."""
START = 120
MADE = "from tests.service.e2e.making import make\nmake()"


@dataclass(frozen=True)
class Office:
    """The service of the journeys: where it answers, and what it holds."""

    address: str
    known: Mapping[str, Any]
    judged: set[tuple[str, str]] = field(default_factory=set)
    """Kinds of pages that axe has seen, with their language."""

    def __getitem__(self, name: str) -> Any:
        return self.known[name]

    @contextmanager
    def visit(
        self, browser: Browser, username: str, *, language: str = "zh", width: int = DESK
    ) -> Iterator[View]:
        """A window in which this officer has signed in by the form and chosen the language."""
        with look(browser, self.address, width=width, language=language) as view:
            view.page.set_default_timeout(PATIENCE)
            sign_in(view, username, self["passwords"][username])
            expect(view.page.locator("details.officer")).to_be_visible()
            wanted, choice = {"zh": ("zh-Hans", "zh-hans"), "en": ("en", "en")}[language]
            if view.page.locator("html").get_attribute("lang") != wanted:
                view.page.locator(f"form.language button[value={choice}]").click()
            expect(view.page.locator("html")).to_have_attribute("lang", wanted)
            yield view

    def judge(self, view: View, kind: str) -> None:
        """The page as it stands is calm, fits a phone, and axe finds nothing serious (once for each kind)."""
        view.assert_calm()
        view.page.set_viewport_size({"width": PHONE, "height": 740})
        view.assert_no_sideways_scroll()
        view.assert_within_reach()
        if (kind, view.language) not in self.judged:
            self.judged.add((kind, view.language))
            view.assert_accessible()
        view.page.set_viewport_size({"width": DESK, "height": 900})


def sign_in(view: View, username: str, password: str) -> None:
    """Type name and password, as a person does, by the keyboard."""
    view.page.goto(f"{view.address}/")
    view.page.locator("#id_username").fill(username)
    view.page.keyboard.press("Tab")
    view.page.keyboard.type(password)
    view.page.keyboard.press("Enter")


def find(view: View, text: str) -> None:
    """Search by the box in the head, by the keyboard."""
    view.page.locator("#site-search").fill(text)
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#site-search")).to_have_value(text)
    expect(view.page).to_have_url(f"{view.address}/search/?text={urllib.parse.quote(text)}")


@contextmanager
def office_at_work(folder: Path) -> Iterator[Office]:
    """A service of its own with an invented county, served until the end of the block."""
    with service_of_its_own(folder) as service:
        making = service.python(MADE)
        said, complained = making.communicate(timeout=START * 5)
        assert making.returncode == 0, complained
        known = json.loads(said.splitlines()[-1])
        with _served(service, folder) as address:
            yield Office(address, known)


@contextmanager
def _served(service: Service, folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = service.environment | {
        "HEARTHLINE_JOBS_IN_PROCESS": "yes",
        "HEARTHLINE_REQUIRE_TOTP": "no",
        "HEARTHLINE_HOSTS": "127.0.0.1",
    }
    words = [str(PROGRAM), "serve", "--port", str(port), "--workers", "1", "--threads", "4"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, process, folder / "serve.log")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=START)


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/account/sign-in/", timeout=5):
                return
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
                break
    raise AssertionError(f"nothing answers at {address}:\n{log.read_text(encoding='utf-8')}")
