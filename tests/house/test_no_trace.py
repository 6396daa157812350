# SPDX-License-Identifier: Apache-2.0
"""Decides that nothing in the repository depends on, or tells of, the machine it was written on."""

from __future__ import annotations

import re
import tomllib

import pytest

from scripts.measure import ROOT, project_files, relative

# A path of one machine; never after a word or slash, so that addresses and relative paths pass.
MACHINE_PATH = re.compile(r"(?<![\w.~:/>})-])/(?:root|work|home/\w+|Users/\w+|opt/\w+|mnt/\w+)(?:/|\b)")
TEMPORARY_PATH = re.compile(r"(?<![\w.~:/>})-])/(?:var/)?tmp/\w")
HOST = re.compile(r"https?://([^/\s\"'<>)]+)")
LOCK_HOSTS = {"pypi.org", "files.pythonhosted.org"}
INDEX_HOSTS = re.compile(r"(?i)\b(?:extra-)?index-url\b|find-links|file:///")
BINARY = {".parquet", ".xlsx", ".dta", ".sav", ".png", ".ico", ".woff2", ".gz", ".zip"}
ITSELF = "tests/house/test_no_trace.py"


def texts() -> list[tuple[str, list[str]]]:
    """Every text of the repository but this one, by name, in lines."""
    return [
        (relative(file), file.read_text(encoding="utf-8", errors="replace").splitlines())
        for file in project_files()
        if file.suffix not in BINARY and relative(file) != ITSELF
    ]


TEXTS = texts()


def found(pattern: re.Pattern[str], begins: tuple[str, ...] = ("",)) -> list[str]:
    """The places where a pattern occurs, in files whose name begins so."""
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, lines in TEXTS
        if name.startswith(begins) and name != "uv.lock"
        for number, line in enumerate(lines, 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine() -> None:
    assert not found(MACHINE_PATH)


def test_no_source_or_document_names_a_temporary_path() -> None:
    assert not found(TEMPORARY_PATH, ("src/", "docs/", "scripts/", "benchmarks/", "README", "CONTRIBUTING"))


def test_no_file_names_a_package_index() -> None:
    assert not found(INDEX_HOSTS)


def test_the_lock_takes_everything_from_the_public_index() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(HOST.findall(text)) == LOCK_HOSTS
    sources = [package["source"] for package in tomllib.loads(text)["package"]]
    assert {source["registry"] for source in sources if "registry" in source} == {"https://pypi.org/simple"}
    assert [source for source in sources if "registry" not in source] == [{"editable": "."}]


def test_no_data_set_and_no_private_keys_are_in_the_repository() -> None:
    names = [name for name, _ in TEXTS] + [relative(file) for file in project_files("*.parquet")]
    assert not [name for name in names if name.endswith((".keys.parquet", ".dta", ".sav"))]
    assert not [name for name in names if name.startswith("src/") and name.endswith((".csv", ".parquet"))]


# {} stands for the slash, so that this file holds no path of a machine itself
@pytest.mark.parametrize(
    "line", ["see {}root{}x", "cd '{}work{}main'", "{}home{}anna", 'open("{}Users{}anna")']
)
def test_the_rule_on_paths_bites(line: str) -> None:
    assert MACHINE_PATH.search(line.format("/", "/") + "/x")


@pytest.mark.parametrize(
    "line", ["https://example.org{}work{}x", "..{}home{}x", "rework{}root", "docs{}work{}", "~{}home{}x"]
)
def test_the_rule_on_paths_lets_addresses_pass(line: str) -> None:
    assert not MACHINE_PATH.search(line.format("/", "/"))
