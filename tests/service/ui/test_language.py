# SPDX-License-Identifier: Apache-2.0
"""The reader's language: kept with the account, else the browser's."""

from __future__ import annotations

import pytest
from django.test import Client

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from tests.service.conftest import Hire, Visitor

pytestmark = [pytest.mark.urls("tests.service.ui.gallery"), pytest.mark.django_db]


def language_of(client: Client, asked: str = "zh-CN") -> str:
    """The language in which a page comes."""
    return str(client.get("/problem/long/", headers={"accept-language": asked})["Content-Language"])


def test_who_is_not_signed_in_reads_what_his_browser_asks_for_until_he_chooses() -> None:
    client = Client()
    assert language_of(client, "en-GB,en;q=0.9") == "en"
    assert language_of(client, "zh-CN") == "zh-hans"
    answer = client.post("/ui/language/", {"language": "en", "next": "/gallery/?a=1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/gallery/?a=1"
    assert language_of(client, "zh-CN") == "en"


def test_an_officer_reads_the_language_of_his_account_whatever_the_browser_asks_for(
    client: Visitor, hire: Hire
) -> None:
    officer: Officer = hire(Role.VIEWER)
    client.force_login(officer)
    assert language_of(client, "zh-CN") == "en"
    client.post("/ui/language/", {"language": "zh-hans", "next": "/"})
    assert language_of(client, "zh-CN") == "en"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_stays_in_the_service(there: str) -> None:
    assert Client().post("/ui/language/", {"language": "en", "next": there})["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    client = Client()
    client.post("/ui/language/", {"language": "xx", "next": "/"})
    assert language_of(client) == "zh-hans"


def test_a_notice_is_shown_once_and_is_only_text(client: Visitor, hire: Hire) -> None:
    client.force_login(hire(Role.VIEWER))
    client.get("/saved/")
    page = client.get("/gallery/").content.decode()
    assert "&lt;b&gt;Saved.&lt;/b&gt;" in page
    assert "Saved." not in client.get("/gallery/").content.decode()


def test_a_part_of_a_page_sends_who_is_signed_out_to_the_sign_in_page(client: Visitor) -> None:
    answer = client.get("/closed/", headers={"hx-request": "true"})
    assert answer.status_code == 204
    assert "HX-Redirect" in answer
