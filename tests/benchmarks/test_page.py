# SPDX-License-Identifier: Apache-2.0
"""Decides that the page of all figures says what the subjects found, and nothing else."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import book, findings
from benchmarks.book import PAGE, composed, kept_findings
from benchmarks.findings import Findings, Table, at_least, at_most, command_of, finished, must_be, reported
from benchmarks.subjects import SUBJECTS


def test_the_page_of_figures_is_composed_from_what_was_kept() -> None:
    assert PAGE.read_text(encoding="utf-8") == composed(kept_findings()), "run python -m benchmarks.book"


def test_every_subject_is_a_module_that_can_be_run() -> None:
    assert [subject.name for subject in SUBJECTS if find_spec(f"benchmarks.{subject.name}") is None] == []


def test_a_figure_is_kept_up_to_its_bound_and_missed_above_it() -> None:
    rows = [at_most("memory", 2000, 2000.0, "MB"), at_most("memory", 2000, 2000.1, "MB")]
    rows += [at_least("speed", 5, 4.99, aim=True), must_be("equal", "0 rows differ", "0", kept=True)]
    assert [row.verdict for row in [*rows, reported("rows", "5")]] == [
        "kept",
        "missed",
        "missed (aim)",
        "kept",
        "",
    ]
    assert (rows[0].wanted, rows[0].measured) == ("at most 2000 MB".replace("2000", "2,000"), "2,000.00 MB")


def test_what_is_found_stands_on_the_page_and_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(book, "KEPT", tmp_path / "kept")
    found = Findings(
        subject="screening",
        title="Of a test",
        command=command_of("screening", ["--out", "/somewhere", "--runs", "1"]),
        figures=[at_most("memory", 2, 3, "MB"), at_most("seconds", 2, 3, "s", aim=True)],
        tables=[Table("Seconds", ["", "s"], [["a | b", "1"]])],
        remarks=["of no weight"],
        raw={"single": [1, 2]},
    )
    assert finished(found, tmp_path, keep=True) == 1
    assert json.loads((tmp_path / "screening.json").read_text(encoding="utf-8"))["raw"] == {"single": [1, 2]}
    page = composed(kept_findings())
    assert "| memory | at most 2 MB | 3.00 MB | missed |" in page
    assert "| seconds | at most 2 s | 3.00 s | missed (aim) |" in page
    assert "| [Of a test](#of-a-test) |" in page
    assert r"| a \| b | 1 |" in page
    assert "`python -m benchmarks.screening --runs 1`" in page
    assert "- of no weight" in page


def test_a_missed_aim_is_no_failure(tmp_path: Path) -> None:
    found = Findings("screening", "Of a test", "none", figures=[at_most("seconds", 2, 3, "s", aim=True)])
    assert finished(found, tmp_path, keep=False) == 0


def test_findings_of_no_subject_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "KEPT", tmp_path)
    (tmp_path / "nobody.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit, match="nobody"):
        kept_findings()
