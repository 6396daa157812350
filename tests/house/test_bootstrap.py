# SPDX-License-Identifier: Apache-2.0
"""Decides that a bare machine gets the uv that the lock names, or a sentence that says what to do."""

from __future__ import annotations

import hashlib
import platform
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from scripts import bootstrap
from scripts.measure import ROOT


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel as uv's is laid out, with a script that prints its version."""
    path = tmp_path / "uv-0.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("uv-0.0.0.data/scripts/uv", "#!/bin/sh\necho uv 0.0.0\n")
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where uv is put, away from the real one."""
    monkeypatch.setattr(bootstrap, "HOME", tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("system", "machine", "libc", "wanted"),
    [
        ("linux", "x86_64", "glibc", "manylinux_2_17_x86_64"),
        ("linux", "aarch64", "glibc", "aarch64"),
        ("linux", "x86_64", "", "musllinux"),
        ("darwin", "arm64", "", "macosx_11_0_arm64"),
        ("darwin", "x86_64", "", "x86_64.whl"),
    ],
)
def test_every_intended_machine_finds_its_wheel_in_the_lock(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, libc: str, wanted: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda: (libc, ""))
    version, url, sha256 = bootstrap.locked_uv()
    assert wanted in url
    assert f"uv-{version}-" in url
    assert len(sha256) == 64


def test_an_unknown_machine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    with pytest.raises(SystemExit, match=r"Install uv .* by hand"):
        bootstrap.locked_uv()


def test_the_wheel_of_the_lock_is_unpacked_and_can_run(home: Path, wheel: Path) -> None:
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    uv = bootstrap.downloaded(wheel.as_uri(), sha256)
    assert uv == home / "uv"
    assert uv.stat().st_mode & 0o111
    assert [path.name for path in home.iterdir()] == ["uv"]


def test_another_file_than_that_of_the_lock_is_refused(home: Path, wheel: Path) -> None:
    with pytest.raises(SystemExit, match=r"not the file that uv\.lock names"):
        bootstrap.downloaded(wheel.as_uri(), "0" * 64)
    assert not home.exists()


def test_the_pin_of_uv_is_the_same_in_the_project_and_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"uv=={bootstrap.locked_uv()[0]}" in project["project"]["optional-dependencies"]["dev"]
