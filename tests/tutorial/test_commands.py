# SPDX-License-Identifier: Apache-2.0
"""Decides that the tutorial can be followed: its commands run, and print what its pages show."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.tutorial import ROOT, Step, differences, run_tutorial, shown_part, steps_of, tutorial_pages


@pytest.mark.slow
def test_the_commands_run_in_order_and_print_what_the_pages_show(survey_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "src").symlink_to(ROOT / "src")  # as seen from build/tutorial in the repository
    folder = tmp_path / "build" / "tutorial"
    found = run_tutorial(folder, survey_dir)
    assert not found, "\n".join(found)
    for name in ("snapshot/manifest.json", "run/run.json", "report.html"):
        assert (folder / name).is_file()


def test_the_tutorial_goes_from_the_import_to_a_comparison() -> None:
    commands = [step.command for page in tutorial_pages() for step in steps_of(page)]
    order = [f"hearthline {verb} " for verb in ("import", "screen", "why", "statistics", "report", "compare")]
    first = [next(n for n, command in enumerate(commands) if verb in command) for verb in order]
    assert first == sorted(first)


def test_a_command_marked_so_is_not_run(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- not run -->\n\n```sh\nfalse\n```\n\n```sh\ntrue\n```\n", encoding="utf-8")
    assert [step.command for step in steps_of(page)] == ["true\n"]


def test_an_output_that_changed_is_found_and_a_duration_is_not() -> None:
    step = Step(tutorial_pages()[0], 1, "date", "8,000 households\n0.52 s\n", (0, 0))
    assert not list(differences(step, "8,000 households\n1.04 s\n"))
    assert list(differences(step, "7,999 households\n1.04 s\n"))


def test_a_long_output_is_cut_where_the_page_says() -> None:
    assert shown_part("a\nb\nc\n", 2) == "a\nb\n…\n"
    assert shown_part("a\nb\n", 2) == "a\nb\n"
