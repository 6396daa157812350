# SPDX-License-Identifier: Apache-2.0
"""Decides which files make a package: what is read, what is refused as strange, and never waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hearthline.engine.packages import load_policy
from tests.packages.little_package import LITTLE, errors_of, write_package

RULES, CAUSES = "rules/all.yaml", "causes.yaml"


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    write_package(tmp_path, LITTLE)
    (tmp_path / CAUSES).write_bytes("causes:\n  other:\n    label: {zh: 其他}".encode("gb18030"))
    (error,) = errors_of(tmp_path)
    assert error.code == "package.not-utf8"
    assert error.place is not None
    assert error.place.line == 3


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    write_package(tmp_path, LITTLE)
    text = (tmp_path / RULES).read_text(encoding="utf-8")
    (tmp_path / RULES).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_policy(tmp_path).derived["income"].text.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rule/more.yaml", "Did you mean rules?"),
        ("facts/more.yml", "ending .yaml"),
        ("facts/deep/more.yaml", "directly into the folder facts"),
        ("cause.yaml", "Did you mean causes.yaml?"),
        ("rules/run.py", "ending .yaml"),
    ],
)
def test_a_file_that_nothing_would_read_is_refused(name: str, words: str, tmp_path: Path) -> None:
    (error,) = errors_of(write_package(tmp_path, LITTLE | {name: "x: 1\n"}))
    assert error.code == "package.stray-file"
    assert name in error.sentence
    assert words in error.sentence


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("link to nothing", "a link to nothing that can be read"),
        ("link to a folder", "a link to a folder"),
        ("pipe", "no regular file"),
    ],
)
@pytest.mark.parametrize("name", ["facts/more.yaml", "causes.yaml", "lookups"])
def test_what_only_looks_like_a_file_is_refused_and_never_waited_for(
    name: str, kind: str, words: str, tmp_path: Path
) -> None:
    texts = {path: text for path, text in LITTLE.items() if not path.startswith(name)}
    target = write_package(tmp_path / "package", texts) / name
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to(tmp_path if kind == "link to a folder" else tmp_path / "nowhere")
    errors = [error for error in errors_of(tmp_path / "package") if error.code == "package.stray-file"]
    assert [str(error.place) for error in errors] == [f"{tmp_path}/package/{name}"]
    assert words in str(errors[0])


def test_a_link_to_a_file_is_read_as_that_file(tmp_path: Path) -> None:
    """Some installers lay every file of a wheel as a link."""
    folder = write_package(tmp_path / "package", LITTLE)
    (folder / RULES).rename(tmp_path / "rules.yaml")
    (folder / RULES).symlink_to(tmp_path / "rules.yaml")
    assert load_policy(folder).id == "valley/2020"


def test_texts_for_people_and_hidden_files_are_no_part_of_a_package(tmp_path: Path) -> None:
    extra = {"CHANGELOG.md": "# Changes", "rules/notes.txt": "…", ".DS_Store": "\x00", "rules/.x.swp": "x"}
    assert load_policy(write_package(tmp_path, LITTLE | extra)).id == "valley/2020"
