# SPDX-License-Identifier: Apache-2.0
"""Decides that replacing takes away a snapshot or an empty folder, and never anything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.sealing import PartialFolder, clear_leftovers
from hearthline.engine.snapshots.writer import SnapshotWriter
from hearthline.intake import import_files
from tests.intake.trial import CREATED, HOUSEHOLDS, laid_out, tried
from tests.snapshots.small_policy import small_policy

FILES = {"households.csv": "hid,size,income\na,1,1\n"}


def test_a_folder_that_is_no_snapshot_is_never_replaced(tmp_path: Path) -> None:
    paths = laid_out(tmp_path, HOUSEHOLDS, FILES)
    (tmp_path / "home" / "docs").mkdir(parents=True)
    (tmp_path / "home" / "docs" / "thesis").write_text("years of work", encoding="utf-8")
    with pytest.raises(HearthlineError, match="is no snapshot, so it was not replaced") as caught:
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "home", replace=True)
    assert caught.value.code == "snapshot.not-replaced"
    with pytest.raises(HearthlineError, match="is no snapshot"):
        SnapshotWriter(tmp_path / "home", small_policy(), replace=True)
    assert (tmp_path / "home" / "docs" / "thesis").read_text(encoding="utf-8") == "years of work"
    assert [path.name for path in tmp_path.glob("home*")] == ["home"]


def test_a_file_is_never_replaced_by_a_snapshot(tmp_path: Path) -> None:
    paths = laid_out(tmp_path, HOUSEHOLDS, FILES)
    (tmp_path / "notes").write_text("mine", encoding="utf-8")
    with pytest.raises(HearthlineError, match="is no snapshot"):
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "notes", replace=True)
    assert (tmp_path / "notes").read_text(encoding="utf-8") == "mine"


def test_what_is_put_there_while_the_snapshot_is_made_is_not_replaced(tmp_path: Path) -> None:
    with PartialFolder(tmp_path / "out", replace=True) as folder:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "thesis").touch()
        with pytest.raises(HearthlineError, match="is no snapshot"):
            folder.publish()
    assert (tmp_path / "out" / "thesis").exists()


def test_a_snapshot_and_an_empty_folder_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    tried(tmp_path, HOUSEHOLDS, FILES)
    tried(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\na,1,1\nb,1,1\n"})
    assert open_snapshot(tmp_path / "out").households == 2


def test_only_the_work_folders_of_a_dead_import_are_cleared_away(tmp_path: Path) -> None:
    dead = tmp_path / "survey.work-0123456789ab"
    own = [tmp_path / "survey.work-notes", tmp_path / "survey.work-0123456789abc"]
    for folder in (dead, *own):
        folder.mkdir()
    file = tmp_path / "survey.work-abcdefabcdef"
    file.touch()
    clear_leftovers(tmp_path / "survey", ".work-")
    assert sorted(tmp_path.iterdir()) == sorted([*own, file])


@pytest.mark.parametrize("name", ["a" * 250, "b\udcffb"], ids=["too long", "not UTF-8"])
def test_a_name_that_cannot_be_is_refused_before_anything_is_read(tmp_path: Path, name: str) -> None:
    paths = laid_out(tmp_path, HOUSEHOLDS, FILES)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(HearthlineError, match="its name") as caught:
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / name, created=CREATED)
    assert caught.value.code == "snapshot.bad-name"
    caught.value.sentence.encode()
    assert sorted(os.listdir(tmp_path)) == before


def test_a_snapshot_cannot_lie_under_a_file(tmp_path: Path) -> None:
    paths = laid_out(tmp_path, HOUSEHOLDS, FILES)
    with pytest.raises(HearthlineError, match="could not go on: Not a directory"):
        import_files(small_policy(), tmp_path / "map.toml", paths, paths[0] / "out")
