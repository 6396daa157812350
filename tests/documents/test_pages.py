# SPDX-License-Identifier: Apache-2.0
"""Decides that the commands and the Python of the documents run, and print what the documents show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hearthline.engine.packages import check_policy
from scripts.measure import ROOT, relative
from scripts.page_commands import (
    FENCE,
    ON_SURVEYS,
    blocks_of,
    commands_in,
    needs_of,
    pages,
    prepare,
    run_page,
    settled,
)

PAGES = [page for page in pages() if any(blocks_of(page.read_text(encoding="utf-8")))]


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_what_a_page_says_to_type_works(page: Path, ground: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prepare(tmp_path, ground, needs_of(text))
    faults, _ = run_page(text, tmp_path)
    assert not faults, "\n".join(
        f"{relative(page)}, line {fault.line}: {fault.what}\nMend the page; for outputs alone: make docs"
        for fault in faults
    )


def test_no_page_prints_what_a_household_of_the_survey_said() -> None:
    told = [
        f"{relative(page)}: {line.strip()}"
        for page in sorted((ROOT / "docs").rglob("*.md"))
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.search(r"(households|individuals)\.csv (line|第)", line)
        and not re.search(r"[:：] ?…( {2}\[|〔)", line)
    ]
    assert not told, "The licence of the survey does not allow it; see SAID in scripts/tutorial.py."


def test_every_command_on_a_page_is_run_or_says_why_not() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        shown = sum(1 for kind, block in FENCE.findall(text) if kind == "sh" and commands_in(block))
        run = sum(1 for block in blocks_of(text) if block.kind == "sh")
        left_out = text.count("<!-- not run: ")
        assert run + left_out >= shown, f"{relative(page)} has a command that nobody runs"


def test_a_page_that_is_left_out_is_run_by_the_tests_of_the_tutorial() -> None:
    text = (ROOT / "tests" / "tutorial" / "test_how_to.py").read_text(encoding="utf-8")
    assert not [page for page in ON_SURVEYS if page not in text]


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    faults, _ = run_page("```sh\nhearthline why nowhere 1\n```\n", tmp_path)
    assert [fault.line for fault in faults] == [2]
    assert "nowhere" in faults[0].what


def test_an_output_that_has_changed_is_told_and_can_be_written(tmp_path: Path) -> None:
    page = "```sh\nhearthline --version\n```\n\n```text\nhearthline 0.0.0\n```\n"
    faults, new = run_page(page, tmp_path)
    assert len(faults) == 1
    assert not run_page(new, tmp_path)[0]


def test_only_time_and_hashes_may_differ() -> None:
    assert settled("5 poor in 0.31 s, version a1b2c3d4e5f6") == settled("5 poor in 7 s, version 0123456789ab")
    assert settled("5 poor") != settled("6 poor")


def test_a_package_has_one_version_on_all_pages() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in pages())
    versions = re.findall(r"(?i)([a-z]+/[0-9-]+),? version ([0-9a-f]{12})", text)
    for package in {name for name, _ in versions}:
        assert len({version for name, version in versions if name == package}) == 1, package


def test_the_example_of_a_layer_holds_and_overrides_the_line() -> None:
    result = check_policy(ROOT / "examples" / "qilu-2017")
    assert result.passed, [each.text for each in result.results]
    line = result.policy.parameters["poverty_line"]
    found = {
        (value.jurisdiction, value.value, value.origin)
        for value in line.values
        if value.start.year == 2017 and value.purpose == "standard"
    }
    assert {(place, origin) for place, _, origin in found} == {
        ("CN", "cn/2014-2020"),
        ("CN-QILU", "qilu/2017"),
    }
    assert len({value for _, value, _ in found}) == 2
