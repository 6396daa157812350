# SPDX-License-Identifier: Apache-2.0
"""Decides that the how-to pages on surveys, packages and results are true: what they show holds and runs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from hearthline.intake.maps import parsed_map
from scripts.tutorial import FENCE, ROOT, SURVEY, output_of, steps_of
from tests.tutorial.conftest import SURVEY_MAP, Screened

PAGES = ROOT / "docs" / "how-to"
PACKAGE = ROOT / "examples" / "mexico-2014"
SOME_FILE = '[[file]]\nfiles = "any.csv"\nlevel = "household"\nkey = "any"\n'


def examples(page: str, language: str) -> list[str]:
    """The examples of a page in one language."""
    text = (PAGES / page).read_text(encoding="utf-8")
    return [block for kind, block in FENCE.findall(text) if kind == language]


def missing(shown: object, real: object, place: str = "") -> list[str]:
    """What an example shows that the real file does not hold; a list may leave entries out."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [
            fault
            for key, value in shown.items()
            for fault in (missing(value, real[key], f"{place}.{key}") if key in real else [f"{place}.{key}"])
        ]
    if isinstance(shown, list) and isinstance(real, list):
        return [place for item in shown if all(missing(item, each) for each in real)]
    return [] if shown == real else [f"{place}: {shown!r} is not {real!r}"]


@pytest.mark.parametrize("page", ["import-a-survey.md", "write-a-package.md"])
def test_every_map_that_is_shown_can_be_read(page: str) -> None:
    maps = [text for text in examples(page, "toml") if "id =" not in text]
    assert maps
    for text in maps:
        parsed_map(text if text.lstrip().startswith(("format", "[[file]]")) else SOME_FILE + text, page)


def test_the_worked_example_shows_the_package_as_it_is() -> None:
    shown = examples("write-a-package.md", "toml")[0]
    assert not missing(tomllib.loads(shown), tomllib.loads((PACKAGE / "package.toml").read_text("utf-8")))
    real: dict[str, object] = {}
    for file in PACKAGE.rglob("*.yaml"):
        real |= yaml.safe_load(file.read_text(encoding="utf-8"))
    for text in examples("write-a-package.md", "yaml"):
        assert not missing(yaml.safe_load(text), real), text


def test_an_example_that_is_no_longer_so_is_found() -> None:
    assert missing({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}})
    assert missing({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
    assert not missing({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"b": 1, "c": 3}]})


def test_the_commands_of_the_worked_example_run(data_dir: Path, tmp_path: Path) -> None:
    file = data_dir / "coneval_mexico_2014" / "households.parquet"
    if not file.is_file():
        pytest.skip("No data: the file of Mexico is not in HEARTHLINE_DATA.")
    (tmp_path / "households.parquet").symlink_to(file)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    outputs = [output_of(step, tmp_path) for step in steps_of(PAGES / "write-a-package.md")]
    assert "4 of 4 scenarios hold" in outputs[0]
    assert "100,000 people or more" in outputs[-1]


def test_the_commands_of_the_page_on_import_run(survey_dir: Path, tmp_path: Path) -> None:
    for name in SURVEY:
        (tmp_path / name).symlink_to(survey_dir / name)
    (tmp_path / "map.toml").symlink_to(SURVEY_MAP)
    draft, summary = [output_of(step, tmp_path) for step in steps_of(PAGES / "import-a-survey.md")]
    assert {file.level for file in parsed_map(draft, "the draft").file} == {"household", "person"}
    assert "32,396" in summary


def test_a_household_of_the_survey_is_found_by_its_key(screened: Screened) -> None:
    count, why = steps_of(PAGES / "read-a-result.md")
    assert "headcount" in output_of(count, screened.folder)
    key, number = next(iter(screened.numbers().items()))
    asked = replace(why, command=why.command.replace("KEY", key))
    assert f"Household {number} is" in output_of(asked, screened.folder)


def test_the_python_of_the_page_on_results_gives_the_figure_of_the_tutorial(screened: Screened) -> None:
    by_hand, by_library = examples("read-a-result.md", "python")
    assert float(python(by_hand, screened.folder)) == pytest.approx(0.2201439796303042, rel=0, abs=1e-9)
    headcount, rural = map(float, python(by_library, screened.folder).split())
    assert headcount == pytest.approx(0.2201439796303042, rel=0, abs=1e-9)
    assert rural == pytest.approx(0.374, abs=0.0005)


def python(text: str, folder: Path) -> str:
    """What a program prints that is run beside the tutorial's run."""
    done = subprocess.run([sys.executable, "-c", text], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
