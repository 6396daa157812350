# SPDX-License-Identifier: Apache-2.0
"""Decides that an officer brings a register in by the pages, reads its report, and undoes it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from hearthline.audit.models import AuditRow
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.worker import run_worker
from hearthline.registry.models import Household, RegisterImport
from hearthline.registry.reporting import told_report

from ..conftest import Visitor
from .conftest import Office
from .files import HOUSEHOLDS, INCOME, MAP, PEOPLE, imported

pytestmark = pytest.mark.django_db


def upload(office: Office, **more: object) -> dict[str, object]:
    """What a browser sends."""
    texts = {"households": HOUSEHOLDS, "people": PEOPLE, "income": INCOME}
    files = [SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in texts.items()]
    return {"area": office.places["510101"].pk, "title": "Register of 2017", "uploads": files, **more}


def test_a_register_is_uploaded_with_its_map_reported_and_undone(client: Visitor, office: Office) -> None:
    client.force_login(office.administrator)
    assert client.get(reverse("registry:new-import")).status_code == 200
    sent = client.post(
        reverse("registry:new-import"),
        upload(office, map=SimpleUploadedFile("map.toml", MAP.replace("H-3", "").encode())),
    )
    asked = RegisterImport.objects.get()
    report = reverse("registry:import", args=[asked.pk])
    assert sent["Location"] == report
    waiting = client.get(report).content.decode()
    assert "hx-get" in waiting
    assert f'href="{reverse("site:job", args=[asked.job_id])}">The job, where it can be stopped' in waiting
    run_worker(once=True)
    page = client.get(report).content.decode()
    assert "can be stopped" not in page
    assert "households.csv" in page
    assert "Register of 2017" in client.get(reverse("registry:imports")).content.decode()
    assert "CANARY" not in page
    taken = client.get(reverse("registry:refused-rows", args=[asked.pk]))
    assert taken["Content-Disposition"].startswith("attachment")
    assert b"".join(taken).startswith(b"\xef\xbb\xbf")
    assert AuditRow.objects.filter(action="registry.take_refused_rows").count() == 1
    question = reverse("registry:undo-import", args=[asked.pk])
    assert client.get(question).status_code == 200
    assert Household.objects.filter(opened_by=asked, closed_on=None).count() == 3
    client.post(question)
    run_worker(once=True)
    assert not Household.objects.filter(opened_by=asked, closed_on=None).exists()
    assert client.get(report).status_code == 200


def test_refused_rows_are_taken_with_reasons_in_the_readers_language(client: Visitor, office: Office) -> None:
    client.force_login(office.administrator)
    people = PEOPLE.replace("1985-08-08", "=1985-02-30")
    texts = {"households": HOUSEHOLDS.replace("510101001002,H-2", "519999,H-2"), "people": people}
    files = [SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in texts.items()]
    files.append(SimpleUploadedFile("income.csv", INCOME.encode()))
    client.post(
        reverse("registry:new-import"),
        upload(office, map=SimpleUploadedFile("map.toml", MAP.encode())) | {"uploads": files},
    )
    run_worker(once=True)
    address = reverse("registry:refused-rows", args=[RegisterImport.objects.get().pk])
    told = {}
    for language in ("en", "zh-hans"):
        client.post(reverse("accounts:language"), {"language": language, "next": "/"})
        text = b"".join(client.get(address)).decode("utf-8-sig")
        told[language] = list(csv.reader(io.StringIO(text, newline="")))
    english, chinese = told["en"], told["zh-hans"]
    assert english[0] == ["file", "line", "column", "value", "reason", "remedy"]
    assert chinese[0] == ["文件", "行", "列", "值", "原因", "补救办法"]
    assert [row[:4] for row in chinese[1:]] == [row[:4] for row in english[1:]]
    assert len(chinese) > 3
    said = [text for row in chinese[1:] for text in row[4:]]
    assert all(re.search("[\u4e00-\u9fff]", text) for text in said), said
    assert not [text for text in said if "refused" in text or " line " in text]


def test_an_import_that_was_stopped_half_way_is_undone_by_its_page(client: Visitor, office: Office) -> None:
    client.force_login(office.administrator)
    client.post(
        reverse("registry:new-import"),
        upload(office, map=SimpleUploadedFile("map.toml", MAP.encode())),
    )
    asked = RegisterImport.objects.get()
    report, question = (reverse(f"registry:{name}", args=[asked.pk]) for name in ("import", "undo-import"))
    assert question not in client.get(report).content.decode()
    client.post(reverse("site:cancel-job", args=[asked.job_id]))
    assert question in client.get(report).content.decode()
    client.post(question)
    run_worker(once=True)
    asked.refresh_from_db()
    assert asked.undone_at is not None
    assert question not in client.get(report).content.decode()


def test_the_job_of_an_undone_import_that_is_started_again_says_that_it_was_undone(
    client: Visitor, office: Office
) -> None:
    client.force_login(office.administrator)
    client.post(
        reverse("registry:new-import"),
        upload(office, map=SimpleUploadedFile("map.toml", MAP.encode())),
    )
    asked = RegisterImport.objects.get()
    client.post(reverse("site:cancel-job", args=[asked.job_id]))
    client.post(reverse("registry:undo-import", args=[asked.pk]))
    run_worker(once=True)
    client.post(reverse("site:retry-job", args=[asked.job_id]))
    run_worker(once=True)
    job = Job.objects.get(pk=asked.job_id or 0)
    assert (job.state, (job.problem or {}).get("code")) == (JobState.FAILED, "registry.import-undone")
    assert [path.name for path in Path(asked.folder).iterdir()] == ["map.toml"]


def test_how_far_a_job_is_is_said_in_the_readers_language(client: Visitor, office: Office) -> None:
    client.force_login(office.administrator)
    client.post(
        reverse("registry:new-import"),
        upload(office, map=SimpleUploadedFile("map.toml", MAP.encode())),
    )
    asked = RegisterImport.objects.get()
    Job.objects.filter(pk=asked.job_id or 0).update(state=JobState.RUNNING, stage="reading")
    report = reverse("registry:import", args=[asked.pk])
    assert "<span>reading</span>" in client.get(report).content.decode()
    office.administrator.language = "zh-hans"
    office.administrator.save()
    assert "<span>读取文件</span>" in client.get(report).content.decode()


def test_without_a_map_a_draft_is_suggested_and_corrected(client: Visitor, office: Office) -> None:
    client.force_login(office.administrator)
    sent = client.post(reverse("registry:new-import"), upload(office))
    page = client.get(sent["Location"])
    assert "[[file]]" in page.content.decode()
    wrong = client.post(sent["Location"], {"map_text": MAP.replace('size = "size"', 'sise = "size"')})
    assert wrong.status_code == 400
    assert "sise" in wrong.content.decode()
    right = client.post(sent["Location"], {"map_text": MAP})
    assert right["Location"] == reverse("registry:import", args=[RegisterImport.objects.get().pk])
    assert client.get(sent["Location"]).status_code == 404


def test_an_upload_without_a_file_is_asked_for_one_and_keeps_nothing(client: Visitor, office: Office) -> None:
    client.force_login(office.administrator)
    sent = client.post(reverse("registry:new-import"), upload(office, uploads=[]))
    assert sent.status_code == 400
    assert 'id="id_uploads_error"' in sent.content.decode()
    assert not list((settings.HOME / "imports").glob("**/*.json"))


def test_an_upload_beyond_the_limit_is_refused_before_it_is_read(
    client: Visitor, office: Office, settings: object
) -> None:
    client.force_login(office.administrator)
    settings.UPLOAD_LIMIT = 10  # type: ignore[attr-defined]  # the settings of the test
    sent = client.post(reverse("registry:new-import"), upload(office))
    assert sent.status_code == 403
    assert not RegisterImport.objects.exists()


def test_imports_are_found_by_those_who_may_see_them_alone(
    client: Visitor, office: Office, tmp_path: Path
) -> None:
    done = imported(office, tmp_path)
    report = reverse("registry:import", args=[done.pk])
    client.force_login(office.analyst)
    assert client.get(report).status_code == 200
    assert client.get(reverse("registry:undo-import", args=[done.pk])).status_code == 403
    assert client.post(reverse("registry:new-import"), {}).status_code == 403
    client.force_login(office.village)
    assert client.get(report).status_code == 404
    assert client.get(reverse("registry:refused-rows", args=[done.pk])).status_code == 404


def test_the_report_of_an_import_gives_its_reasons_in_the_readers_language() -> None:
    reason = {"code": "row.not-a-number", "example": "'a few hundred' is not a number.", "rows": 3}
    asked = RegisterImport(report={"files": [], "reasons": [reason]})
    for language, sentence in (
        ("en", "'a few hundred' is not a number."),
        ("zh-hans", "'a few hundred'不是数字。"),
    ):
        with override(language):
            told = told_report(asked)
            assert told is not None
            assert [(line.sentence, line.rows) for line in told.reasons] == [(sentence, 3)]
