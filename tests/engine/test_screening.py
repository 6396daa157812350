# SPDX-License-Identifier: Apache-2.0
"""Decides whether a screening of a small village says what the package means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.backends.reasons import explain
from hearthline.engine.backends.runs import RUN_SEAL, run_seal
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots.hashing import sha256_of
from tests.engine.hill_village import ON, PACKAGE, write_snapshot

Answers = dict[int, dict[str, object]]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The package and the snapshot of the village."""
    folder = tmp_path_factory.mktemp("village")
    return PACKAGE, write_snapshot(folder / "snapshot", load_policy(PACKAGE))


@pytest.fixture(scope="module")
def run(places: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The village screened at the end of 2014."""
    package, snapshot = places
    return screen(package, snapshot, on=ON, out=tmp_path_factory.mktemp("runs") / "run").run


def answers(run: Run, result: str, key: str) -> Answers:
    """Rows of a result by their number."""
    relation = duckdb.read_parquet([str(path) for path in run.paths(result)])
    names = relation.columns
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    return {int(row[key]): row for row in rows}


def test_a_household_exactly_on_the_line_is_not_poor_and_one_fen_below_is(run: Run) -> None:
    households = answers(run, "households", "household_id")
    assert (households[1]["income"], households[1]["status"]) == ("met", "not poor")
    assert (households[2]["net_income"], households[2]["income"]) == (Decimal("5599.99"), "not met")
    assert households[2]["status"] == "poor"


def test_an_unknown_amount_leaves_the_income_unknown(run: Run) -> None:
    household = answers(run, "households", "household_id")[3]
    assert household["net_income"] is None
    assert (household["income"], household["status"]) == ("unknown", "unknown")


def test_the_area_decides_where_the_dwelling_alone_does_not(run: Run) -> None:
    households = answers(run, "households", "household_id")
    assert households[4]["housing"] == "met"
    assert (households[5]["housing"], households[6]["housing"]) == ("unknown", "unknown")
    assert households[5]["area"] is None


def test_a_household_without_children_has_no_child_out_of_school(run: Run) -> None:
    assert answers(run, "households", "household_id")[5]["school"] == "met"


def test_nobody_listed_weighs_nothing(run: Run) -> None:
    households = answers(run, "households", "household_id")
    assert [households[number]["weight"] for number in (1, 2, 4, 6)] == [2.0, 1.0, 1.0, 0.0]


def test_two_of_three_is_decided_as_soon_as_two_are_missing(run: Run) -> None:
    households = answers(run, "households", "household_id")
    assert households[2]["status_two_of_three"] == "poor"
    assert households[5]["status_two_of_three"] == "unknown"
    assert households[4]["status_two_of_three"] == "not poor"


def test_a_standard_that_is_not_in_force_gives_no_status(run: Run) -> None:
    assert "status_lacking" not in answers(run, "households", "household_id")[1]
    assert run.record.standards == ["national", "two_of_three"]


def test_points_count_known_and_unknown_lacks_apart(run: Run) -> None:
    households = answers(run, "households", "household_id")
    assert (households[2]["lacks_points"], households[2]["lacks_points_unknown"]) == (4, 0)
    assert (households[3]["lacks_points"], households[3]["lacks_points_unknown"]) == (0, 3)


def test_a_persons_answer_can_rest_on_the_households_and_be_counted_again(run: Run) -> None:
    people = answers(run, "persons", "person_id")
    assert (people[1]["poor_child"], people[3]["poor_child"], people[2]["poor_child"]) == (False, True, False)
    assert answers(run, "households", "household_id")[2]["poor_children"] == 1


def test_claims_are_summed_for_the_person_and_for_the_household(run: Run) -> None:
    people = answers(run, "persons", "person_id")
    assert people[2]["own_payments"] == Decimal("123.45")
    assert people[3]["own_payments"] is None
    assert people[1]["own_payments"] == Decimal("0.00")
    assert answers(run, "households", "household_id")[1]["all_payments"] == Decimal("123.45")


def test_every_household_and_person_is_in_the_result_once(run: Run) -> None:
    households = answers(run, "households", "household_id")
    assert sorted(households) == [1, 2, 3, 4, 5, 6]
    assert sorted(answers(run, "persons", "person_id")) == [1, 2, 3, 4, 5]
    assert run.record.counts == {"households": 6, "persons": 5}
    assert sum(run.record.statuses["national"].values()) == 6


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("household", range(1, 7))
def test_the_reasons_of_every_household_agree_with_the_run(run: Run, household: int, language: str) -> None:
    explanation = explain(run, household, language=language)
    assert explanation.status == answers(run, "households", "household_id")[household]["status"]
    assert [reason.name for reason in explanation.criteria] == ["income", "school", "housing"]


def test_a_reason_names_the_parameter_with_its_source_and_the_line_of_the_file(run: Run) -> None:
    income = explain(run, 1).criteria[0]
    words = [income]
    for reason in words:
        words += reason.children
    assert any(reason.name == "line" and reason.source == "Notice 1" for reason in words)
    assert any(reason.name == "size" and "visits.csv line 2" in reason.source for reason in words)


def test_what_is_unknown_is_named_so_that_someone_can_ask(run: Run) -> None:
    changes = " ".join(explain(run, 3).changes)
    assert "Income line 1: Amount" in changes
    assert "Raise income to the line." in changes


def test_a_run_is_refused_where_one_stands(places: tuple[Path, Path], run: Run) -> None:
    with pytest.raises(HearthlineError) as refusal:
        screen(*places, on=ON, out=run.folder)
    assert refusal.value.code == "run.exists"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2013, 12, 31), "policy.not-valid"), (date(2016, 6, 1), "parameter.no-value")]
)
def test_a_date_without_a_line_is_refused_and_leaves_nothing(
    places: tuple[Path, Path], tmp_path: Path, day: date, code: str
) -> None:
    with pytest.raises(HearthlineError) as refusal:
        screen(*places, on=day, out=tmp_path / "run")
    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_fails_midway_leaves_no_run(places: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(HearthlineError) as failure:
        screen(*places, on=ON, out=tmp_path / "run", memory="1KB")
    assert failure.value.code == "engine.failed"
    assert list(tmp_path.iterdir()) == []


def test_a_run_keeps_its_own_copy_of_the_package(places: tuple[Path, Path], run: Run) -> None:
    reopened = open_run(run.folder)
    assert reopened.policy.version_hash == run.record.package.version_hash
    assert reopened.record.snapshot.hash == run.snapshot().hash


def alter_the_statuses(run: Run) -> Path:
    """Write every household of a run down as not poor; the file that was changed."""
    path = run.paths("households")[0]
    changed = path.with_name("changed.parquet")
    query = "SELECT * REPLACE ('not poor' AS status) FROM read_parquet(?)"
    duckdb.execute(f"COPY ({query}) TO '{changed}' (FORMAT parquet)", [str(path)])
    changed.replace(path)
    return path


def test_a_result_that_was_changed_is_not_read(places: tuple[Path, Path], tmp_path: Path) -> None:
    run = screen(*places, on=ON, out=tmp_path / "run").run
    alter_the_statuses(run)
    with pytest.raises(HearthlineError) as refusal:
        explain(open_run(run.folder), 2)
    assert refusal.value.code == "run.damaged"


def test_reasons_are_withheld_where_rule_and_stored_answer_differ(
    places: tuple[Path, Path], tmp_path: Path
) -> None:
    run = screen(*places, on=ON, out=tmp_path / "run").run
    before = sha256_of(run.paths("households")[0])
    after = sha256_of(alter_the_statuses(run))
    record = run.folder / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    (run.folder / RUN_SEAL).write_bytes(run_seal(record.read_bytes()))
    with pytest.raises(HearthlineError) as refusal:
        explain(open_run(run.folder), 2)
    assert refusal.value.code == "reasons.disagree"


@pytest.mark.parametrize(
    ("day", "warned"), [(date(2014, 12, 31), False), (date(2014, 6, 30), True), (date(2015, 12, 31), True)]
)
def test_facts_of_another_time_are_warned_of(
    places: tuple[Path, Path], tmp_path: Path, day: date, warned: bool
) -> None:
    run = screen(*places, on=day, out=tmp_path / "run").run
    assert bool(run.record.warnings) is warned
