# SPDX-License-Identifier: Apache-2.0
"""Decides that a table of a run is published through the gate, and that every release is remembered."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hearthline.base.problems import HearthlineError
from hearthline.cli.main import app
from hearthline.engine.backends import open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.statistics.gate import pass_gate
from hearthline.statistics.ledger import append, remembered
from hearthline.statistics.place_tables import Subject
from hearthline.statistics.publishing import place_table
from hearthline.statistics.release import Sum
from hearthline.synthetic import generate
from tests.statistics.release_attack import Attacker, sensitive

PACKAGE = "cn/2014-2020"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented county, screened."""
    folder = tmp_path_factory.mktemp("published")
    generate(load_policy(PACKAGE), out=folder / "county", households=600)
    screen(PACKAGE, folder / "county", on=date(2017, 12, 31), out=folder / "run")
    return folder / "run"


def published(run: Path, folder: Path, *options: str) -> tuple[str, list[list[str]]]:
    """What the command says, and the table it wrote."""
    out = folder / f"table-{len(list(folder.glob('table-*')))}.csv"
    words = ["publish", str(run), "--out", str(out), "--releases", str(folder / "releases"), *options]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output, list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))


def test_a_table_of_townships_shows_no_small_count_and_adds_up_where_it_is_shown(
    run: Path, tmp_path: Path
) -> None:
    said, rows = published(run, tmp_path, "--level", "3")
    assert "came within 3 of none" in said
    assert rows[0] == ["code", "place", "households", "poor", "not poor", "unknown"]
    assert rows[1][2] == "600"
    for row in rows[1:]:
        assert all(not 0 < int(cell) < 11 for cell in row[2:] if cell != "hidden"), row
        if "hidden" not in row:
            assert int(row[2]) == sum(map(int, row[3:]))


def test_releases_one_after_another_pin_no_count_of_the_county_within_three(
    run: Path, tmp_path: Path
) -> None:
    for options in (
        ["--level", "3"],
        ["--level", "3", "--level", "4"],
        ["--level", "4", "--method", "round"],
    ):
        published(run, tmp_path, *options)
    memory = remembered(tmp_path / "releases")
    assert len(memory) == 3
    truth: dict[str, int] = {}
    for levels in ([3], [3, 4], [4]):
        truth |= place_table(open_run(run), levels).counts.counts
    aims = sensitive(truth, memory)
    assert len(aims) > 100
    assert Attacker(memory).pins(aims) == []


@pytest.mark.parametrize(("table", "head"), [("criteria", ": not met"), ("causes", "poor")])
def test_criteria_and_causes_are_published_beside_status_and_pin_no_count(
    run: Path, tmp_path: Path, table: str, head: str
) -> None:
    rows = published(run, tmp_path, "--level", "3")[1]
    rows = published(run, tmp_path, "--level", "3", "--table", table)[1]
    assert any(head in cell for cell in rows[0])
    assert all(not 0 < int(cell) < 11 for row in rows[1:] for cell in row[2:] if cell != "hidden")
    memory = remembered(tmp_path / "releases")
    counted = [
        place_table(open_run(run), [3], subject).counts for subject in (Subject.STATUS, Subject(table))
    ]
    truth = {name: count for one in counted for name, count in one.counts.items() if name not in one.aids}
    plain = [replace(release, sums=_told_apart(release.sums, truth)) for release in memory]
    aims = sensitive(truth, plain)
    assert len(aims) > 50
    assert Attacker(memory).pins(aims) == []


def _told_apart(sums: tuple[Sum, ...], truth: dict[str, int]) -> tuple[Sum, ...]:
    """The sums over counts of households, not of answers."""
    return tuple(one for one in sums if {one.whole, *one.parts} <= truth.keys())


def test_a_village_is_one_count_in_tables_of_different_levels(run: Path) -> None:
    """Else the sum of the villages of a township would be unknown to the attack on two tables."""
    low, both = place_table(open_run(run), [4]).counts, place_table(open_run(run), [3, 4]).counts
    assert low.counts == both.counts
    assert set(low.sums) == set(both.sums)
    townships = low.silent - both.silent
    assert len(townships) > 0
    assert len(townships) % 4 == 0, "households and the three statuses of each"


def test_a_release_that_was_changed_or_taken_out_stops_every_further_one(run: Path, tmp_path: Path) -> None:
    for _ in range(3):
        published(run, tmp_path, "--level", "3")
    second = tmp_path / "releases" / "0002.json"
    whole = second.read_text(encoding="utf-8")
    for damage in (
        whole.replace('"number": 2', '"number": 7'),
        whole.replace("600", "601"),
        whole[:200],
        json.dumps({"number": 2}),
    ):
        second.write_text(damage, encoding="utf-8")
        with pytest.raises(HearthlineError) as caught:
            remembered(tmp_path / "releases")
        assert caught.value.code == "release.ledger-broken"
    second.unlink()
    with pytest.raises(HearthlineError):
        append(tmp_path / "releases", lambda memory: pytest.fail("it decides on nothing"), {})


def test_the_same_table_again_tells_the_same(run: Path, tmp_path: Path) -> None:
    first = published(run, tmp_path, "--level", "3")[1]
    assert published(run, tmp_path, "--level", "3")[1] == first


def test_what_cannot_be_published_as_it_is_is_refused_and_leaves_no_file(run: Path, tmp_path: Path) -> None:
    out, releases = tmp_path / "t.csv", tmp_path / "releases"
    words = ["publish", str(run), "--out", str(out), "--releases", str(releases), "--level", "4"]
    with pytest.raises(HearthlineError) as caught:
        CliRunner().invoke(app, [*words, "--method", "as-is"], catch_exceptions=False)
    assert caught.value.code == "release.pinned"
    assert not out.exists()
    assert remembered(releases) == []
    with pytest.raises(HearthlineError) as wrong:
        CliRunner().invoke(app, [*words, "--level", "9"], catch_exceptions=False)
    assert wrong.value.code == "release.no-level"


def test_a_file_that_is_there_is_kept_and_nothing_is_released(run: Path, tmp_path: Path) -> None:
    out, releases = tmp_path / "t.csv", tmp_path / "releases"
    out.write_text("a table of last year", encoding="utf-8")
    words = ["publish", str(run), "--out", str(out), "--releases", str(releases), "--level", "3"]
    with pytest.raises(HearthlineError, match="never goes over a file") as caught:
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert "--out" in caught.value.sentence
    assert out.read_text(encoding="utf-8") == "a table of last year"
    assert remembered(releases) == []


def test_a_release_holds_no_hidden_count(run: Path, tmp_path: Path) -> None:
    table = place_table(open_run(run), [4])
    passed = pass_gate(table.counts)
    entry = append(tmp_path, lambda memory: passed, {})
    told = json.loads(entry.read_text(encoding="utf-8"))["told"]
    hidden = [name for name, (least, most) in told.items() if most is None]
    assert set(hidden) == passed.hidden | table.counts.silent
    assert all(told[name] == [0, None] for name in hidden)
    assert f"households in the whole@{table.edition.on}" in told
