# SPDX-License-Identifier: Apache-2.0
"""Decides that the way from a run to a published table goes by pages, and that files hold the table only."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.jobs.worker import run_worker
from hearthline.releases import queries, services, views
from hearthline.releases.models import Release
from hearthline.runs.models import Run
from tests.service.conftest import Hire, Visitor
from tests.service.releases.little import run_of


@pytest.fixture
def chief(places: dict[str, Area], hire: Hire) -> Officer:
    """The administrator of the county."""
    return hire(Role.ADMINISTRATOR, places["510101"])


@pytest.fixture
def run(places: dict[str, Area], chief: Officer) -> Run:
    """A run of the county."""
    return run_of(places, chief)


def text_of(client: Visitor, address: str, status: int = 200) -> str:
    answer = client.get(address)
    content = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == status, content.decode(errors="replace")[:2000]
    return content.decode("utf-8-sig")


def text_of_main(page: str) -> str:
    """The words of the middle of a page."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]*>", "", main)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of the little county are too large for a preview, and to be published at once."""
    monkeypatch.setattr(queries, "MOST_COUNTS", 0)
    monkeypatch.setattr(services, "MOST_COUNTS", 0)
    monkeypatch.setattr(views, "FEW_COUNTS", 0)


def published_by_pages(client: Visitor, run: Run, place: str = "510101", **chosen: object) -> Release:
    """Choose, look, publish."""
    given = {"run": run.pk, "place": place, "subject": "status", "levels": ["village"], "method": "suppress"}
    looked = client.post("/releases/new/", given | chosen)
    assert looked.status_code == 302, looked.content.decode()[:3000]
    preview = text_of(client, looked["Location"])
    action = unescape(re.findall(r'action="(/releases/new/[^"]+/publish/[^"]*)"', preview)[0])
    made = client.post(action)
    assert made.status_code == 302
    return Release.objects.get(pk=int(made["Location"].split("/")[-2]))


def test_a_table_is_chosen_looked_at_and_published(
    client: Visitor, chief: Officer, run: Run, places: dict[str, Area], hire: Hire
) -> None:
    client.force_login(chief)
    preview = text_of(client, f"/releases/new/{run.pk}/{places['510101'].pk}/?subject=status&levels=village")
    assert "hidden: small" in preview
    assert "hidden: for another" in preview
    assert not Release.objects.exists(), "looking publishes nothing"
    row = published_by_pages(client, run)
    assert row.levels == ["village"]
    client.force_login(hire(Role.VIEWER, places["510101001"]))
    page = text_of(client, f"/releases/{row.pk}/")
    assert "杏花村" in page
    assert "hidden: small" not in page, "why is for those who prepare"
    assert "Publish a table" not in text_of(client, "/releases/")


@pytest.mark.parametrize("subject", ["criteria", "causes"])
def test_criteria_and_causes_are_tables_with_the_words_of_the_package(
    client: Visitor, chief: Officer, run: Run, subject: str
) -> None:
    client.force_login(chief)
    row = published_by_pages(client, run, subject=subject, levels=["township"])
    page = text_of(client, f"/releases/{row.pk}/")
    expected = {"criteria": "Income at or above the poverty line: not met", "causes": "Poor"}[subject]
    assert expected in page
    chief.language = "zh-hans"
    chief.save()
    page = text_of(client, f"/releases/{row.pk}/")
    assert "不公布" in page
    assert "hidden" not in re.sub(r"<[^>]*>", "", page)


def test_files_hold_the_published_table_and_nothing_else(client: Visitor, chief: Officer, run: Run) -> None:
    client.force_login(chief)
    row = published_by_pages(client, run)
    lines = text_of(client, f"/releases/{row.pk}/?format=csv").splitlines()
    assert lines[0] == "Place,Code,Households,Poor,Not poor,Unknown"
    assert len(lines) == 1 + len(row.table["rows"])
    cells = [cell for line in lines[1:] for cell in line.split(",")[2:]]
    assert set(filter(str.isalpha, cells)) == {"hidden"}
    assert all(int(cell) == 0 or int(cell) > 10 for cell in cells if cell != "hidden")
    answer = client.get(f"/releases/{row.pk}/?format=xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    assert len(book.worksheets) == 1
    sheet = book.worksheets[0]
    assert [[str(cell.value) for cell in line] for line in sheet.iter_rows()][-1] == lines[-1].split(",")
    assert AuditRow.objects.filter(action="releases.take_file").count() == 2


def test_who_prepares_sends_the_address_to_who_publishes(
    client: Visitor, chief: Officer, run: Run, places: dict[str, Area], hire: Hire
) -> None:
    client.force_login(hire(Role.ANALYST, places["510101"]))
    address = f"/releases/new/{run.pk}/{places['510101'].pk}/?subject=causes&method=round"
    page = text_of(client, address)
    assert "Send the address of this page" in page
    assert "Publish this table" not in page
    client.force_login(chief)
    assert "Publish this table" in text_of(client, address)


def test_a_release_is_withdrawn_with_a_reason_and_stays_on_record(
    client: Visitor, chief: Officer, run: Run, places: dict[str, Area], hire: Hire
) -> None:
    client.force_login(chief)
    row = published_by_pages(client, run, levels=[])
    assert client.post(f"/releases/{row.pk}/withdraw/", {"reason": ""}).status_code in (200, 400)
    assert client.post(f"/releases/{row.pk}/withdraw/", {"reason": "counted twice"}).status_code == 302
    assert "counted twice" in text_of(client, f"/releases/{row.pk}/")
    client.force_login(hire(Role.VIEWER, places["510101"]))
    text_of(client, f"/releases/{row.pk}/", 404)
    text_of(client, f"/releases/{row.pk}/?format=csv", 404)


def test_what_cannot_be_published_says_what_to_do_next(
    client: Visitor, chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    client.force_login(chief)
    base = f"/releases/new/{run.pk}/{places['510101'].pk}/"
    assert "Let the gate hide or round" in text_of(client, f"{base}?levels=village&method=as-is", 403)
    assert "Choose among" in text_of(client, f"{base}?levels=moon", 400)
    assert "Choose among" in text_of(client, f"{base}?subject=moon", 400)
    assert client.post(f"{base}publish/").status_code == 400
    stale = client.post(f"{base}publish/?seen={'0' * 64}")
    assert stale.status_code == 302
    assert "Look at the preview again" in text_of(client, stale["Location"])
    assert not Release.objects.exists()


def test_a_table_too_large_for_a_preview_is_asked_of_a_worker_and_its_page_leads_to_the_release(
    client: Visitor, chief: Officer, run: Run, places: dict[str, Area], hire: Hire, large: None
) -> None:
    address = f"/releases/new/{run.pk}/{places['510101'].pk}/?subject=status&method=suppress&levels=village"
    client.force_login(hire(Role.ANALYST, places["510101"]))
    assert "Publish without a preview" not in text_of(client, address)
    client.force_login(chief)
    page = text_of(client, address)
    assert "This table has " in page
    made = client.post(unescape(re.findall(r'action="(/releases/new/[^"]+/publish/[^"]*)"', page)[0]))
    assert made.status_code == 302
    waiting = text_of(client, made["Location"])
    assert "Publishing of a table" in waiting
    assert "Stop this job" in waiting
    assert not Release.objects.exists()
    run_worker(once=True)
    row = Release.objects.get()
    assert f'href="/releases/{row.pk}/"' in text_of(client, made["Location"])


def test_a_table_that_was_refused_says_so_on_the_page_of_its_job_in_both_languages(
    client: Visitor, chief: Officer, run: Run, places: dict[str, Area], large: None
) -> None:
    client.force_login(chief)
    base = f"/releases/new/{run.pk}/{places['510101'].pk}/"
    made = client.post(f"{base}publish/?subject=status&method=as-is&levels=village&seen=")
    run_worker(once=True)
    page = text_of(client, made["Location"])
    assert "within 3" in page
    assert "Let the gate hide or round" in page
    assert "Start it again" in page
    chief.language = "zh-hans"
    chief.save()
    page = text_of(client, made["Location"])
    assert "误差3以内" in page
    assert "发布表格" in page
    assert not re.search("[a-z]{4}", text_of_main(page))


def test_the_form_begins_with_the_place_of_the_newest_run_and_offers_the_levels_below_it(
    client: Visitor, run: Run, hire: Hire
) -> None:
    client.force_login(hire(Role.ADMINISTRATOR, None, "national"))
    form = text_of(client, "/releases/new/")
    assert re.search(r'name="place"[^>]*value="510101"|value="510101"[^>]*name="place"', form)
    assert re.findall(r'name="levels" value="(\w+)"', form) == ["township", "village"]
