# SPDX-License-Identifier: Apache-2.0
"""Decides that a backup is whole, private and restorable, and that a restore never writes over anything."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.processes import Service, empty_database, service_of_its_own

CANARY = "The trail of the first day."


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with one row in its trail and one file in its home."""
    folder = tmp_path_factory.mktemp("service")
    with service_of_its_own(folder) as found:
        write = found.python(
            "from datetime import date\n"
            "from hearthline.audit.services import record\n"
            "record(by=None, on=date(2017, 1, 1), action='test', subject='x', subject_id=1, "
            f"facts={{'said': {CANARY!r}}})"
        )
        _, faults = write.communicate()
        assert write.returncode == 0, faults
        (found.home / "runs" / "kept.txt").write_text("a run", encoding="utf-8")
        (found.home / "runs" / ".half").write_text("not yet a run", encoding="utf-8")
        yield found


def said_by(service: Service) -> str:
    """What the trail of a service holds."""
    read = service.python(
        "from hearthline.audit.models import AuditRow\n"
        "print(list(AuditRow.objects.values_list('facts', flat=True)))"
    )
    return read.communicate()[0]


@dataclass(frozen=True)
class Saved:
    """Two backups of one service: one plain, one under a passphrase."""

    plain: Path
    sealed: Path
    passphrase: Path


@pytest.fixture(scope="module")
def saved(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """The backups, made while nothing else goes on."""
    folder = tmp_path_factory.mktemp("saved")
    found = Saved(folder / "plain", folder / "sealed", folder / "passphrase")
    found.passphrase.write_text("seven blue kites over the river\n", encoding="utf-8")
    service.command("backup", str(found.plain))
    service.command("backup", str(found.sealed), "--passphrase-file", str(found.passphrase))
    return found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Service]:
    """A service that has nothing yet."""
    with empty_database(tmp_path) as database:
        yield Service(tmp_path / "other", database)


@pytest.mark.parametrize("sealed", [False, True])
def test_what_was_saved_is_there_after_a_restore(saved: Saved, empty: Service, sealed: bool) -> None:
    words = [str(saved.sealed), "--passphrase-file", str(saved.passphrase)] if sealed else [str(saved.plain)]
    empty.command("restore", *words)
    assert CANARY in said_by(empty)
    assert (empty.home / "runs" / "kept.txt").read_text(encoding="utf-8") == "a run"
    assert not (empty.home / "runs" / ".half").exists()
    assert "never writes over" in empty.command("restore", *words, status=5)


def test_a_sealed_backup_shows_nothing_and_no_backup_holds_the_key(service: Service, saved: Saved) -> None:
    assert b"a run" in (saved.plain / "files.tar").read_bytes()
    assert b"a run" not in (saved.sealed / "files.tar").read_bytes()
    key = (service.home / "keys.json").read_bytes()[10:40]
    assert all(key not in path.read_bytes() for path in saved.plain.iterdir())


@pytest.mark.parametrize(("name", "place"), [("database", 4000), ("files.tar", 600)])
def test_a_backup_that_was_changed_is_refused_and_nothing_is_restored(
    saved: Saved, empty: Service, tmp_path: Path, name: str, place: int
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(saved.plain, broken)
    data = bytearray((broken / name).read_bytes())
    data[place] ^= 1
    (broken / name).write_bytes(data)
    assert "no whole backup" in empty.command("restore", str(broken), status=6)
    assert not list(empty.home.glob("runs/*"))


def test_a_database_that_cannot_be_read_leaves_nothing_and_is_no_hindrance(
    saved: Saved, empty: Service, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(saved.plain, broken)
    (broken / "database").write_bytes(b"SQLite format 3\0" + b"no page" * 4_000)
    manifest = json.loads((broken / "manifest.json").read_text(encoding="utf-8"))
    manifest["sha256"]["database"] = hashlib.sha256((broken / "database").read_bytes()).hexdigest()
    (broken / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    on_postgres = empty.database.startswith("postgres")
    said = empty.command("restore", str(broken), status=5 if on_postgres else 6)
    assert ("pg_restore" if on_postgres else "cannot be read") in said
    assert not [path for path in empty.home.iterdir() if path.is_dir()]
    empty.command("restore", str(saved.plain))
    assert CANARY in said_by(empty)


def test_a_backup_is_restored_on_a_machine_where_nothing_was_made_yet(saved: Saved, tmp_path: Path) -> None:
    with empty_database(tmp_path) as database:
        home = tmp_path / "new" / "home"
        on_postgres = database.startswith("postgres")
        service = Service(home, database if on_postgres else f"sqlite:///{home}/hearthline.sqlite3")
        service.command("restore", str(saved.plain))
        assert CANARY in said_by(service)


def test_a_sealed_backup_opens_whole_and_under_its_own_passphrase_only(
    saved: Saved, empty: Service, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("six blue kites", encoding="utf-8")
    sealed = str(saved.sealed)
    assert "another one" in empty.command("restore", sealed, "--passphrase-file", str(wrong), status=5)
    assert "give its passphrase" in empty.command("restore", sealed, status=6)
    cut = tmp_path / "cut"
    shutil.copytree(saved.sealed, cut)
    (cut / "files.tar").write_bytes((saved.sealed / "files.tar").read_bytes()[:-1])
    words = ["restore", str(cut), "--passphrase-file", str(saved.passphrase)]
    assert "cut or changed" in empty.command(*words, status=5)


CHURN = """
import sys
from pathlib import Path

files = [Path(sys.argv[1], f"sent-{number}.csv") for number in range(3_000)]
for file in files[::2]:
    file.touch()
while True:
    for file in files:
        file.unlink() if file.exists() else file.touch()
"""
"""Files that are there half of the time: some are gone between the list of a folder and their turn."""


def test_a_backup_is_whole_beside_work_that_throws_files_away(
    service: Service, empty: Service, tmp_path: Path
) -> None:
    folder = service.home / "imports" / "sent"
    folder.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", CHURN, str(folder)], stdout=subprocess.DEVNULL) as churning:
        service.command("backup", str(tmp_path / "saved"))
        churning.kill()
    shutil.rmtree(folder)
    empty.command("restore", str(tmp_path / "saved"))
    assert (empty.home / "runs" / "kept.txt").read_text(encoding="utf-8") == "a run"
    assert not (empty.home / "runs" / ".half").exists()
    assert CANARY in said_by(empty)


def test_a_backup_never_replaces_a_folder(service: Service, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    assert "is there already" in service.command("backup", str(tmp_path / "saved"), status=5)
