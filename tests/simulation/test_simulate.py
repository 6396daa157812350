# SPDX-License-Identifier: Apache-2.0
"""Decides that a simulation says who a screening by the changed package would find, and by which rule."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.cli.main import main
from hearthline.engine.backends import Run, open_run, screen
from hearthline.simulation.package import changed_package
from hearthline.simulation.what_if import Question, Simulation, simulate
from hearthline.statistics.compare import compare
from hearthline.statistics.differences import Change
from tests.simulation.conftest import ON, PACKAGE


@pytest.fixture
def county(what_if_county: Path) -> Path:
    """The county."""
    return what_if_county


@pytest.fixture
def run(what_if_run: Run) -> Run:
    """The county screened."""
    return what_if_run


def asked(run: Run, *settings: str, by: tuple[str, ...] = ()) -> Simulation:
    """What the package of a run would say with some settings."""
    return simulate(Question(PACKAGE, settings, by=by, listed=None), run)


SETTINGS = [
    ("poverty_line=3500",),
    ("line=1000 yuan/person/year", "criteria.water=off"),
    ("criteria.minimum_spell=on",),
    ("income_months=6",),
    ("standards.national.combine=count", "standards.national.at_least=2"),
    ("standard=guarantees", "indices.guarantees.cutoff=1/3"),
    ("derived.net_income=gross_income",),
    ("criteria.water=water_near",),
]


@pytest.mark.parametrize("settings", SETTINGS, ids=" ".join)
def test_a_simulation_finds_whom_a_screening_by_the_changed_package_finds(
    settings: tuple[str, ...], run: Run, county: Path, tmp_path: Path
) -> None:
    answer = asked(run, *settings)
    answer.changed.write(tmp_path / "package")
    whole = screen(tmp_path / "package", county, on=ON, out=tmp_path / "run").run
    assert whole.record.package.version_hash == answer.changed.policy.version_hash
    before, after = statuses(run), statuses(whole)
    expected = {
        number: (before[number], after[number]) for number in before if before[number] != after[number]
    }
    found = {row.later_id: (row.before, row.after) for row in answer.difference.households}
    assert found == expected
    assert found, "the change reached nobody, so nothing was shown"
    compared = compare(run.folder, whole.folder, listed=None)
    assert compared.behind == answer.difference.behind, "two runs compared name other rules than a simulation"
    assert compared.households == answer.difference.households


def test_another_date_is_named_where_it_made_the_difference(run: Run, county: Path, tmp_path: Path) -> None:
    later = screen(PACKAGE, county, on=date(2018, 12, 31), out=tmp_path / "run").run
    behind = compare(run.folder, later.folder).behind
    assert behind is not None
    named = {origin.kind for _, name in behind.traced.rules for origin in behind.origins[name]}
    assert named == {"date"} or named == {"date", "parameter"}
    assert "the screening date" in compare(run.folder, later.folder).to_text()


def statuses(run: Run) -> dict[int, str]:
    """The status of every household of a run."""
    rows = pq.read_table(run.paths("households")[0], columns=["household_id", "status"]).to_pylist()
    return {row["household_id"]: row["status"] for row in rows}


def test_a_simulation_leaves_the_run_as_it_was(run: Run) -> None:
    before = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    asked(run, "line=3500")
    assert {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()} == before


def test_the_changed_package_has_a_hash_of_its_own(run: Run) -> None:
    hashes = {asked(run, setting).changed.policy.version_hash for setting in ("line=3000", "line=3001")}
    assert len(hashes | {run.record.package.version_hash}) == 3


def test_the_rule_nearest_to_the_change_is_named_and_not_those_that_read_it(run: Run) -> None:
    traced = asked(run, "line=3500").traced
    assert {name for _, name in traced.rules} == {"line_total"}
    assert not traced.standard


def test_a_criterion_switched_off_is_the_doing_of_the_standard(run: Run) -> None:
    answer = asked(run, "criteria.housing=off")
    left = answer.difference.count(Change.LEFT)
    assert left.households
    assert answer.traced.standard[Change.LEFT] == left
    assert not answer.traced.rules


def test_a_household_is_put_down_to_no_change_but_those_that_reached_it(run: Run) -> None:
    answer = asked(run, "line=3500", "criteria.housing=off")
    found, traced = answer.difference, answer.traced
    assert traced.standard[Change.LEFT] == found.count(Change.LEFT), "a higher line lets nobody leave"
    assert (Change.LEFT, "line_total") not in traced.rules
    assert traced.rules[Change.ENTERED, "line_total"] == found.count(Change.ENTERED)
    assert Change.ENTERED not in traced.standard, "housing that nobody asks for makes nobody poor"
    income = found.criteria[Change.ENTERED, "income"]
    assert income.households == income.alone == found.count(Change.ENTERED).households
    assert (Change.ENTERED, "housing") not in found.criteria
    assert found.criteria[Change.LEFT, "housing"].alone == found.count(Change.LEFT).households


def test_a_changed_criterion_is_itself_the_rule(run: Run) -> None:
    traced = asked(run, "criteria.water=water_near").traced
    assert {name for _, name in traced.rules} == {"water"}


def test_groups_add_up_to_the_total(run: Run) -> None:
    difference = asked(run, "line=3500", by=("area:3",)).difference
    townships = [group for group in difference.groups if group.names]
    assert len(townships) > 1
    entered = [difference.count(Change.ENTERED, group).households for group in townships]
    assert sum(entered) == difference.count(Change.ENTERED).households > 0


REFUSED = [
    ("povertyline=3000", "simulation.unknown-address", "Did you mean poverty_line?"),
    ("criteria.housin=off", "simulation.unknown-address", "Did you mean criteria.housing?"),
    ("poverty_line", "simulation.no-address", "an equals sign"),
    ("poverty_line=many", "package.wrong-value", "poverty_line=many: "),
    ("poverty_line=-2952", "simulation.line-below-zero", "such as poverty_line=2952"),
    ("line=-0.01", "simulation.line-below-zero", "such as poverty_line=0.01"),
    ("poverty_line=2952.001", "package.wrong-value", "at most 2 decimals"),
    ("poverty_line=3000 usd/day", "simulation.wrong-unit", "yuan/person/year"),
    ("poverty_line=2952", "simulation.already-so", "2952"),
    ("poverty_line.relocation=9", "simulation.no-value", "relocation"),
    ("criteria.housing=on", "simulation.already-so", "on"),
    ("criteria.housing=drop table household", "formula", "what-if/rules/what-if.yaml"),
    ("derived.net_income=wage_income || 'x'", "formula", "what-if/rules/what-if.yaml"),
    ("derived.net_income=size_counted", "formula.declared-type", "net_income"),
    ("standards.national.combine=most", "simulation.bad-choice", "all or any or count"),
    ("standards.national.at_least=0", "simulation.bad-choice", "from 1"),
    ("standards.income_only.criteria.income=off", "simulation.last-criterion", "income"),
    ("standards.guarantees.criteria.food=off", "simulation.in-index", "guarantees"),
    ("indices.guarantees.cutoff=2", "package.bad-index", "cutoff"),
]


@pytest.mark.parametrize(("setting", "code", "words"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_cannot_be_set_is_refused_with_what_can(setting: str, code: str, words: str, run: Run) -> None:
    with pytest.raises(HearthlineError) as refused:
        asked(run, setting)
    errors = getattr(refused.value, "errors", [refused.value])
    assert errors[0].code.startswith(code)
    assert words in errors[0].sentence


def test_the_same_thing_is_not_set_twice(run: Run) -> None:
    with pytest.raises(HearthlineError, match="set twice"):
        asked(run, "line=3000", "poverty_line=3100")


def test_nothing_set_is_nothing_asked(run: Run) -> None:
    with pytest.raises(HearthlineError, match="this very package"):
        asked(run)


def test_a_what_if_over_a_what_if_stands_on_it(run: Run, tmp_path: Path) -> None:
    first = changed_package(PACKAGE, ["line=3000"], ON)
    first.write(tmp_path / "first")
    second = changed_package(tmp_path / "first", ["criteria.water=off"], ON)
    assert second.policy.layers == (PACKAGE, "what-if", "what-if-2")
    assert "water" not in second.policy.default_standard.criteria


def test_the_command_screens_first_where_there_is_no_run(
    county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [
        "simulate",
        "--policy",
        PACKAGE,
        "--data",
        str(county),
        "--on",
        "2017-12-31",
        "--set",
        "line=3500",
    ]
    monkeypatch.setattr(sys, "argv", ["hearthline", *words])
    with pytest.raises(SystemExit) as left:
        main()
    out, err = capsys.readouterr()
    assert not left.value.code
    assert "the snapshot is screened first" in err
    assert "2,952 yuan/person/year  3,500 yuan/person/year" in out
    assert "Nobody's status was changed" in out


def test_a_run_of_another_day_is_not_asked_about_this_one(run: Run) -> None:
    with pytest.raises(HearthlineError, match="speaks of 2017-12-31"):
        simulate(Question(PACKAGE, ["line=3000"]), open_run(run.folder), on=date(2016, 12, 31))
