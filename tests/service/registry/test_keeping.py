# SPDX-License-Identifier: Apache-2.0
"""Decides that what an import was made of is readable nowhere at rest, and gone once the import has ended."""

from __future__ import annotations

import stat
import tarfile
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import RequestFactory

from hearthline.base.sealing import keys_of
from hearthline.jobs.models import Job
from hearthline.jobs.worker import run_worker
from hearthline.registry.clearing import clear_leftovers, left_over
from hearthline.registry.models import Household, RegisterImport
from hearthline.registry.services import loading, request_import, undo_import
from hearthline.registry.staging import find_waiting, stage
from hearthline.site.saving import save
from hearthline.site.uploads import FOLDER

from .conftest import TODAY, Office
from .files import MAP, PEOPLE, imported, uploaded

pytestmark = pytest.mark.django_db
CANARIES = (b"CANARY-PHONE", "王小明".encode(), b"990101197002030011")


def asked(office: Office, folder: Path, **texts: str) -> RegisterImport:
    """An import that waits for its worker."""
    return request_import(
        by=office.administrator,
        on=TODAY,
        area_id=office.places["510101"].pk,
        title="Register of 2017",
        map_text=MAP,
        files=uploaded(folder, **texts),
    )


def readable(folder: Path) -> list[str]:
    """The files in which a name, a number or a telephone can be read; the database apart."""
    return [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and any(canary in file.read_bytes() for canary in CANARIES)
    ]


def kept(home: Path) -> list[str]:
    """Every file kept of imports, but for reports and maps."""
    return [
        str(file.relative_to(home))
        for file in sorted((home / "imports").rglob("*"))
        if file.is_file() and "reports" not in file.parts and file.name != "map.toml"
    ]


def test_files_that_wait_for_a_worker_lie_sealed(office: Office, tmp_path: Path, home: Path) -> None:
    asked(office, tmp_path)
    assert len(kept(home)) == 3
    assert readable(home) == []


def test_files_that_wait_for_a_map_lie_sealed_and_open_for_a_moment(home: Path, office: Office) -> None:
    keys, imports = keys_of(home / "keys.json"), home / "imports"
    token = stage(
        imports, 1, 1, "mine", [("people.csv", [PEOPLE[:40].encode(), PEOPLE[40:].encode()])], keys=keys
    )
    assert readable(home) == []
    waiting = find_waiting(imports, 1, token)
    assert waiting is not None
    with waiting.opened(keys) as files:
        assert files[0].path.read_text(encoding="utf-8") == PEOPLE
    assert readable(home) == []


def test_nothing_of_a_finished_import_is_left_but_its_map_and_its_sealed_report(
    office: Office, tmp_path: Path, home: Path
) -> None:
    done = imported(office, tmp_path)
    assert done.finished_at is not None
    assert kept(home) == []
    assert readable(home) == []
    assert (Path(done.folder) / "map.toml").read_text(encoding="utf-8") == MAP


def test_a_failed_import_keeps_its_files_sealed_until_it_is_undone(
    office: Office, tmp_path: Path, home: Path
) -> None:
    failed = imported(office, tmp_path, households="nothing\n")
    assert Job.objects.get(pk=failed.job_id or 0).state == "failed"
    assert len(kept(home)) == 3
    assert readable(home) == []
    undo_import(by=office.administrator, on=TODAY, import_id=failed.pk)
    run_worker(once=True)
    assert kept(home) == []


def test_an_import_that_stopped_while_loading_goes_on_from_what_it_had_read(
    office: Office, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = asked(office, tmp_path)
    monkeypatch.setattr(loading, "HOUSEHOLDS_AT_ONCE", {"sqlite": 1, "postgresql": 1})
    write, chunks = loading._Loading._write, []

    def breaks(self: loading._Loading, *given: object) -> None:
        chunks.append(given)
        if len(chunks) == 2:
            raise loading.UNDONE.error(title="a fault")
        write(self, *given)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(loading._Loading, "_write", breaks)
    run_worker(once=True)
    assert Household.objects.filter(number__startswith="H-").count() == 1
    assert readable(home) == []
    (Path(wanted.folder) / "files" / "people.csv").unlink()
    Job.objects.filter(pk=wanted.job_id or 0).update(state="waiting", attempts=0)
    run_worker(once=True)
    wanted.refresh_from_db()
    assert wanted.finished_at is not None, Job.objects.get(pk=wanted.job_id or 0).problem
    assert Household.objects.filter(number__startswith="H-").count() == 3
    assert len(chunks) == 4
    assert kept(home) == []


def test_what_an_earlier_release_left_readable_is_reported_and_cleared(
    office: Office, tmp_path: Path, home: Path
) -> None:
    imports, keys = home / "imports", keys_of(home / "keys.json")
    ended, waits = imported(office, tmp_path), asked(office, tmp_path)
    assert left_over(imports) == []
    for one in (ended, waits):
        (Path(one.folder) / "files").mkdir(exist_ok=True)
        (Path(one.folder) / "files" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (imports / "reports" / f"{ended.pk}.refused.csv").write_text(PEOPLE, encoding="utf-8")
    assert len(readable(home)) == 3
    assert len(left_over(imports)) == 4
    clear_leftovers(imports, keys)
    assert readable(home) == []
    assert left_over(imports) == []
    run_worker(once=True)
    waits.refresh_from_db()
    assert waits.finished_at is not None


def test_a_backup_of_an_office_in_the_middle_of_an_import_holds_nothing_readable(
    office: Office, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(office, tmp_path)
    seen: list[str] = []
    write = loading.load_snapshot

    def saves(*given: object) -> dict[str, object]:
        folder = tmp_path / "backup"
        monkeypatch.setattr("hearthline.site.saving._save_database", lambda target: target.touch())
        save(folder)
        with tarfile.open(folder / "files.tar") as archive:
            archive.extractall(tmp_path / "taken", filter="data")
        seen.extend(readable(tmp_path / "taken"))
        assert readable(home), "the worker reads in the clear, in its plain room"
        return write(*given)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr("hearthline.registry.services.imports.load_snapshot", saves)
    run_worker(once=True)
    assert (tmp_path / "taken" / "imports").is_dir()
    assert seen == []
    assert readable(home) == []


def test_a_file_that_is_being_sent_has_no_name_anywhere(home: Path, rf: RequestFactory) -> None:
    before = set(Path(tempfile.gettempdir()).iterdir())
    text = PEOPLE.encode() * (3 * 2**20 // len(PEOPLE.encode()) + 1)
    request = rf.post("/imports/new/", {"uploads": SimpleUploadedFile("people.csv", text)})
    sent = request.FILES["uploads"]
    assert isinstance(sent, UploadedFile)
    assert (sent.name, sent.size) == ("people.csv", len(text))
    folder = home / FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []
    assert set(Path(tempfile.gettempdir()).iterdir()) - before == set()
    assert b"".join(sent.chunks()) == text
    request.close()
    assert sent.closed
    assert readable(home) == []
