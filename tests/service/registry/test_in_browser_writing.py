# SPDX-License-Identifier: Apache-2.0
"""Decides that the pages that write stand in Chromium: both widths and languages, and without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from hearthline.registry.models import Observation, Person
from hearthline.registry.services import observe

from ..browser import DESK, PHONE, View, chromium, look
from .conftest import TODAY, Office

PASSWORD = "correct horse battery"
CASES = [(PHONE, "zh"), (DESK, "en")]
LINE = {"class": "wage", "status": "received", "amount": "1200", "received_on": "2017-05-01"}


@pytest.fixture
def written(transactional_db: None, office: Office) -> Office:
    """The family with values from a visit, a correction, and a national ID that two people have."""
    observe(
        by=office.village, on=TODAY, household_id=office.household.pk, source="visit",
        facts={"house_area": "61.5", "dwelling_tenure": "own", "size": 2, "water_supply": None},
        records={"income_line": {"001": LINE, "002": LINE | {"class": "business"}}},
        observed_on=date(2016, 5, 1),
    )  # fmt: skip
    observe(
        by=office.village, on=TODAY, household_id=office.household.pk, person_id=office.head.pk,
        source="visit", facts={"sex": "female", "health": "chronic"}, observed_on=date(2016, 5, 1),
    )  # fmt: skip
    Person.objects.filter(pk=office.child.pk).update(id_index=office.head.id_index)
    return office


def sign_in(view: View, username: str) -> None:
    view.open("/account/sign-in/?next=/account/")
    view.page.fill("#id_username", username)
    view.page.fill("#id_password", PASSWORD)
    view.page.press("#id_password", "Enter")
    view.page.wait_for_load_state("load")
    if view.language == "zh":  # the account reads English
        view.page.locator("form.language button[value=zh-hans]").click()
        expect(view.page.locator("html")).to_have_attribute("lang", "zh-Hans")


def judge(view: View, name: str) -> None:
    """The page is calm, fits, is accessible, and is kept as a picture."""
    view.assert_calm()
    view.assert_no_sideways_scroll()
    view.assert_accessible()
    view.screenshot(f"writing-{name}")


def unfold(view: View, *names: str) -> None:
    """Open topics by the keyboard."""
    for name in names:
        topic = view.page.locator(f"details#{name}")
        topic.locator("> summary").press("Enter")
        expect(topic).to_have_attribute("open", "")


@pytest.mark.slow
def test_the_pages_that_write_stand_on_a_phone_and_at_a_desk(
    live_server: LiveServer, written: Office
) -> None:
    home, seen = written.household.pk, Observation.objects.order_by("pk")[0].pk
    village = written.places["510101001001"].pk
    pages = {
        "household": f"/households/{home}/",
        "history": f"/households/{home}/history/",
        "correct": f"/households/{home}/observations/{seen}/correct/size/",
        "saved": f"/households/{home}/saved/{seen}/",
        "open-household": f"/areas/{village}/open-household/",
        "add-member": f"/households/{home}/add-member/",
        "leave": f"/households/{home}/people/{written.child.pk}/leave/",
        "visit-person": f"/households/{home}/people/{written.head.pk}/visit/",
        "same-ids": "/people/same-id/",
        "right-id": f"/people/{written.child.pk}/right-id/",
    }
    with chromium() as browser:
        for width, language in CASES:
            with look(browser, live_server.url, width=width, language=language) as view:
                sign_in(view, written.village.username)
                for name, path in pages.items():
                    view.open(path)
                    judge(view, name)
                view.open(f"/households/{home}/visit/")
                judge(view, "visit")
                unfold(view, "topic-housing", "topic-water", "lines-income_line")
                judge(view, "visit-unfolded")
                view.page.locator("#id_f-house_area").fill("sixty")
                view.page.locator("form.visit button.btn-primary").click()
                expect(view.page.locator(".error-summary")).to_be_visible()
                view.complaints[:] = [one for one in view.complaints if "400" not in one]
                expect(view.page.locator("#id_f-house_area")).to_have_value("sixty")
                judge(view, "visit-faulty")


@pytest.mark.slow
def test_a_visit_is_written_where_no_script_runs(live_server: LiveServer, written: Office) -> None:
    with chromium() as browser, look(browser, live_server.url, width=PHONE, javascript=False) as view:
        sign_in(view, written.village.username)
        view.open(f"/households/{written.household.pk}/visit/")
        page = view.page
        page.locator("#topic-food_clothing > summary").click()
        page.locator("#id_f-bedding_for_season").select_option("false")
        page.locator("#lines-income_line > summary").click()
        page.locator("#lines-income_line button[name=more]").click()
        expect(page.locator("#id_f-bedding_for_season")).to_have_value("false")
        expect(page.locator("#id_r-income_line-1-amount")).to_be_visible()
        page.locator("form.visit button.btn-primary").click()
        expect(page.locator("h1")).to_have_text("已保存：变动情况")
    assert Observation.objects.order_by("-pk")[0].facts == {"bedding_for_season": False}
