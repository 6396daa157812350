# SPDX-License-Identifier: Apache-2.0
"""Decides whether the command line says what it promises and leaves with the right status."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.cli.main import main
from hearthline.engine.packages import freeze, load_policy
from tests.engine.hill_village import PACKAGE, write_snapshot
from tests.statistics import fake_runs


class Terminal:
    """Runs the command as a person does and keeps what it prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def run(self, *words: str | Path) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        self.monkeypatch.setattr(sys, "argv", ["hearthline", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = self.capsys.readouterr()
        return int(left.value.code or 0), out, err


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal."""
    return Terminal(capsys, monkeypatch)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot of the village."""
    return write_snapshot(tmp_path_factory.mktemp("village") / "snapshot", load_policy(PACKAGE))


@pytest.fixture
def run(terminal: Terminal, snapshot: Path, tmp_path: Path) -> Path:
    """The village screened by the command."""
    out = tmp_path / "run"
    status, printed, _ = terminal.run(
        "screen", "--policy", PACKAGE, "--data", snapshot, "--on", "2014-12-31", "--out", out
    )
    assert status == 0
    assert "6 households, 5 people listed, by hill/2014 on 2014-12-31." in printed
    return out


def test_why_prints_the_deciding_reason_in_both_languages(terminal: Terminal, run: Path) -> None:
    _, english, _ = terminal.run("why", run, "2")
    assert english.startswith("Household 2 is poor by the standard “National standard” of hill/2014")
    assert "✗ net income is at least poverty line × household size: no" in english
    assert "5,599.99 yuan per year" in english
    _, chinese, _ = terminal.run("why", run, "2", "--lang", "zh")
    assert chinese.startswith("第2户：贫困")
    assert "✗ 纯收入不低于贫困线 × 人口数：否" in chinese


def test_why_as_json_holds_the_whole_tree(terminal: Terminal, run: Path) -> None:
    _, printed, _ = terminal.run("why", run, "3", "--format", "json")
    content = json.loads(printed)
    assert content["status"] == "unknown"
    assert [each["name"] for each in content["criteria"]] == ["income", "school", "housing"]
    assert content["criteria"][0]["children"]


def test_full_reasons_tell_more_than_brief_ones(terminal: Terminal, run: Path) -> None:
    _, brief, _ = terminal.run("why", run, "2")
    _, full, _ = terminal.run("why", run, "2", "--full")
    assert len(full.splitlines()) > len(brief.splitlines())
    assert "not counted" in full


def test_the_debug_option_shows_the_first_rows_of_every_step(
    terminal: Terminal, snapshot: Path, tmp_path: Path
) -> None:
    words = ("screen", "--policy", PACKAGE, "--data", snapshot, "--on", "2014-12-31")
    _, printed, _ = terminal.run(*words, "--out", tmp_path / "run", "--debug")
    assert "household_facts: facts of each household and its area" in printed
    assert "income_line_by_household_1" in printed


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("policy", "check", "no/such"), 4, "package."),
        (("why", "nowhere", "1"), 4, "run.not-found"),
        (("policy", "sql", str(PACKAGE), "--on", "2014-02-30"), 2, "command.bad-date"),
        (("policy", "sql", str(PACKAGE), "--on", "2014-12-31", "--step", "nope"), 4, "command.no-step"),
        (("policy", "sql", str(PACKAGE), "--on", "2016-01-01"), 5, "parameter.no-value"),
    ],
)
def test_a_failure_is_a_sentence_with_a_code_and_a_status(
    terminal: Terminal, words: tuple[str, ...], status: int, code: str
) -> None:
    left, printed, error = terminal.run(*words)
    assert left == status, error
    assert printed == ""
    assert f"[{code}" in error


@pytest.mark.parametrize("household", ["0", "7", "-1", "one", "１", "1e3"])
def test_a_household_that_is_none_is_refused(terminal: Terminal, run: Path, household: str) -> None:
    status, printed, error = terminal.run("why", run, "--", household)
    assert (status, printed) in ((2, ""), (4, ""))
    assert "household" in error


def test_policy_commands_say_what_a_package_holds(terminal: Terminal) -> None:
    _, listed, _ = terminal.run("policy", "list")
    assert "cn/2014-2020" in listed
    _, checked, _ = terminal.run("policy", "check", PACKAGE)
    assert "hill/2014: 8 facts, 1 parameters, 6 derived values, 3 criteria, 3 standards" in checked
    _, sql, _ = terminal.run("policy", "sql", PACKAGE, "--on", "2014-12-31", "--step", "household_facts")
    assert sql.startswith("-- household_facts")
    assert "FROM household AS h" in sql
    _, shown, _ = terminal.run("policy", "show", PACKAGE, "--only", "line", "--lang", "zh")
    assert "2,855.00元/人/年" in shown
    _, same, _ = terminal.run("policy", "diff", PACKAGE, PACKAGE)
    assert same == "No difference.\n"


def test_statistics_come_as_table_csv_and_json(terminal: Terminal, run: Path) -> None:
    _, table, _ = terminal.run("statistics", run, "--measure", "headcount", "--weight", "household")
    assert "Headcount" in table
    _, csv, _ = terminal.run("statistics", run, "--measure", "headcount", "--format", "csv")
    assert csv.count("\n") >= 2
    _, found, _ = terminal.run("statistics", run, "--measure", "headcount", "--format", "json")
    assert json.loads(found)


def test_a_run_compared_with_itself_has_no_changes(terminal: Terminal, run: Path) -> None:
    status, printed, _ = terminal.run("compare", run, run)
    assert status == 0
    assert "No household changed its status." in printed


def test_a_comparison_lists_twenty_households_and_says_how_to_get_all(
    terminal: Terminal, tmp_path: Path
) -> None:
    rows = fake_runs.households(60)
    later = [replace(row, status="not poor" if row.status == "poor" else "poor") for row in rows]
    version = load_policy(PACKAGE).version_hash
    runs = [
        fake_runs.write_run(tmp_path, table, run_name=name, version=version).folder
        for name, table in (("earlier", rows), ("later", later))
    ]
    for run in runs:
        freeze(PACKAGE, run / "package")
    _, printed, _ = terminal.run("compare", *runs)
    assert "Households (20 of 60)" in printed
    assert "For all 60 add --limit 60, or --format csv." in printed
    _, whole, _ = terminal.run("compare", *runs, "--limit", "60")
    assert "Households (60 of 60)" in whole
    assert "--limit" not in whole
    _, listed, _ = terminal.run("compare", *runs, "--format", "csv")
    assert len({line.split(",")[1] for line in listed.splitlines()[1:]}) == 60


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--standard", "nobody_knows"), "run.no-standard"),
        (("--keys", __file__), "run.bad-keys"),
    ],
)
def test_why_refuses_what_does_not_belong_to_the_run(
    terminal: Terminal, run: Path, words: tuple[str, ...], code: str
) -> None:
    status, printed, error = terminal.run("why", run, "2", *words)
    assert (status != 0, printed) == (True, "")
    assert f"[{code}]" in error


def test_keys_of_another_snapshot_are_refused(terminal: Terminal, run: Path, tmp_path: Path) -> None:
    table = pa.table({"level": ["household"], "source_key": ["x"], "id": [2]})
    pq.write_table(
        table.replace_schema_metadata({"hearthline.snapshot": "0" * 64}), tmp_path / "keys.parquet"
    )
    status, _, error = terminal.run("why", run, "x", "--keys", tmp_path / "keys.parquet")
    assert status == 2
    assert "[run.bad-keys]" in error


def test_a_number_of_five_thousand_digits_is_refused(terminal: Terminal, run: Path) -> None:
    status, _, error = terminal.run("why", run, "9" * 5000)
    assert status == 2
    assert "[command.household-number]" in error


def test_a_frozen_package_that_was_edited_is_not_used(terminal: Terminal, run: Path) -> None:
    parameters = run / "package" / "parameters" / "line.yaml"
    parameters.write_text(parameters.read_text(encoding="utf-8").replace("2800", "9000"), encoding="utf-8")
    for words in (("why", run, "2"), ("statistics", run)):
        status, printed, error = terminal.run(*words)
        assert (status, printed) == (6, "")
        assert "frozen package was edited" in error


def test_a_run_record_that_was_edited_is_not_used(terminal: Terminal, run: Path) -> None:
    record = run / "run.json"
    text = record.read_text(encoding="utf-8")
    for was, becomes in (('"on": "2014-12-31"', '"on": "2015-12-31"'), ('"national"', '"x"')):
        assert was in text
        record.write_text(text.replace(was, becomes), encoding="utf-8")
        for words in (("why", run, "2"), ("statistics", run)):
            status, _, error = terminal.run(*words)
            assert (status, "run.json was edited" in error) == (6, True)
    (run / "run.sha256").unlink()
    status, _, error = terminal.run("why", run, "2")
    assert (status, "[run.unsealed]" in error, "Screen the snapshot again" in error) == (7, True, True)
    record.write_text("[" * 100_000, encoding="utf-8")
    assert terminal.run("why", run, "2")[0] == 4


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    terminal: Terminal, snapshot: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    words = ("screen", "--policy", PACKAGE, "--data", snapshot, "--on", "2014-12-31")
    for out in (tmp_path / "file" / "run", tmp_path / ("long" * 100)):
        status, _, error = terminal.run(*words, "--out", out)
        assert status == 2
        assert "[command.unusable-file]" in error


def test_what_finds_no_room_while_it_is_written_names_where_that_was(
    terminal: Terminal, run: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    for words in (("--out", str(page)), (f"--out={page}",)):
        done = subprocess.run(
            [Path(sys.executable).parent / "hearthline", "report", run, *words],
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith(f"{page} cannot be used: File too large.")
        assert not page.exists()


def test_tables_of_scores_of_which_none_can_be_used_are_a_failure(terminal: Terminal, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("score,nl\n" + "".join(f"{at},0.5\n" for at in range(101)), encoding="utf-8")
    bad.write_text("no table\n", encoding="utf-8")
    assert terminal.run("targeting", "table", good, bad)[0] == 0
    status, printed, error = terminal.run("targeting", "table", bad)
    assert (status, "0 of 1 tables" in printed, "[targeting.bad-table]" in error) == (2, True, True)


def test_nothing_is_written_over_or_into_a_snapshot(terminal: Terminal, run: Path, snapshot: Path) -> None:
    assert terminal.run("report", run, "--out", run / "run.json")[0] == 2
    words = ("screen", "--policy", PACKAGE, "--data", snapshot, "--on", "2014-12-31")
    status, _, error = terminal.run(*words, "--out", snapshot / "run")
    assert status == 5
    assert "[run.in-snapshot]" in error


@pytest.mark.parametrize("memory", ["0", "abc", "800", "-1", "-1GB", "0GB"])
def test_a_bound_that_is_none_is_refused(
    terminal: Terminal, snapshot: Path, tmp_path: Path, memory: str
) -> None:
    words = ("screen", "--policy", PACKAGE, "--data", snapshot, "--on", "2014-12-31")
    status, _, error = terminal.run(*words, "--out", tmp_path / "run", "--memory", memory)
    assert status == 2
    assert "[command.bad-memory]" in error


def test_brackets_in_a_name_are_said_as_they_are(terminal: Terminal, snapshot: Path, tmp_path: Path) -> None:
    words = ("screen", "--policy", PACKAGE, "--data", snapshot, "--on", "2014-12-31")
    status, printed, _ = terminal.run(*words, "--out", tmp_path / "[/bold]x")
    assert status == 0
    assert "[/bold]x" in printed
