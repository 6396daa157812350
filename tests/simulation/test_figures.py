# SPDX-License-Identifier: Apache-2.0
"""Decides that costs, the cliff, reversals, errors and the curve are what counting by hand gives."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.cli.main import main
from hearthline.engine.backends import Run, open_run, screen
from hearthline.simulation.formats import text_of_simulation
from hearthline.simulation.measures import BANDS, FARTHEST, Reversals, cliff_height
from hearthline.simulation.what_if import Question, Simulation, simulate
from hearthline.statistics.differences import Change
from tests.simulation.conftest import ON, PACKAGE

LINE = Decimal(3500)


def asked(run: Run, *settings: str, **more: Any) -> Simulation:
    """What the package of a run would say with some settings."""
    return simulate(Question(PACKAGE, settings, listed=None, **more), run)


@pytest.fixture(scope="module")
def after(what_if_run: Run, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The households of a whole screening by the package with the other line."""
    folder = tmp_path_factory.mktemp("whole")
    asked(what_if_run, f"line={LINE}").changed.write(folder / "package")
    data = what_if_run.folder.parent / "county"
    return rows_of(screen(folder / "package", data, on=ON, out=folder / "run").run)


def rows_of(run: Run) -> list[dict[str, Any]]:
    """The households of a run."""
    rows: list[dict[str, Any]] = pq.read_table(run.paths("households")[0]).to_pylist()
    return rows


def poor(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The poor ones."""
    return [row for row in rows if row["status"] == "poor"]


def cents(value: Decimal) -> Decimal:
    """An amount rounded half up to whole cents."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def total_of(simulation: Simulation, side: str) -> Decimal:
    """The cost of a side for all, in yuan."""
    cost = next(cost for (group, at), cost in simulation.costs.items() if at == side and not group.names)
    return Decimal(cost.exact) / 100


def test_an_amount_for_a_household_and_one_for_a_person_add_up_to_the_cent(
    what_if_run: Run, after: list[dict[str, Any]]
) -> None:
    found = asked(what_if_run, f"line={LINE}", benefits=["household=500.05", "person=1200"])
    for side, rows in (("before", rows_of(what_if_run)), ("after", after)):
        by_hand = sum(Decimal("500.05") + 1200 * row["people"] for row in poor(rows))
        assert total_of(found, side) == by_hand > 0


def test_filling_half_the_gap_costs_half_of_each_gap_rounded(
    what_if_run: Run, after: list[dict[str, Any]]
) -> None:
    found = asked(what_if_run, f"line={LINE}", benefits=["gap=50%"])
    by_hand = sum(
        cents(max(LINE - row["income_per_person"], Decimal(0)) * row["people"] / 2)
        for row in poor(after)
        if row["income_per_person"] is not None
    )
    assert total_of(found, "after") == by_hand > 0


def test_an_amount_of_the_package_is_that_of_each_side(what_if_run: Run, after: list[dict[str, Any]]) -> None:
    found = asked(what_if_run, f"line={LINE}", benefits=["value=income_gap"])
    for side, rows in (("before", rows_of(what_if_run)), ("after", after)):
        assert total_of(found, side) == sum(row["income_gap"] or 0 for row in poor(rows))


def test_a_formula_is_typed_like_any_of_a_package(what_if_run: Run) -> None:
    formula = "formula=case when income_gap > 1000 then income_gap else 1000 end"
    found = asked(what_if_run, benefits=[formula])
    rows = poor(rows_of(what_if_run))
    by_hand = sum(max(row["income_gap"], Decimal(1000)) for row in rows if row["income_gap"] is not None)
    assert total_of(found, "after") == total_of(found, "before") == by_hand
    with pytest.raises(HearthlineError, match="what_if_benefit"):
        asked(what_if_run, benefits=["formula=size_counted"])


def test_unknown_amounts_are_counted_and_not_guessed(what_if_run: Run) -> None:
    found = asked(what_if_run, "criteria.housing=off", benefits=["value=income_gap"])
    cost = next(cost for (group, side), cost in found.costs.items() if side == "before" and not group.names)
    assert cost.unknown == sum(row["income_gap"] is None for row in poor(rows_of(what_if_run)))


def test_the_cliff_is_the_mean_benefit_by_distance(what_if_run: Run, after: list[dict[str, Any]]) -> None:
    found = asked(what_if_run, f"line={LINE}", benefits=["person=1000"])
    by_hand: dict[int, list[tuple[int, bool]]] = {}
    for row in after:
        income = row["income_per_person"]
        if income is not None:
            place = int(((income - LINE) * BANDS / LINE).to_integral_value("ROUND_FLOOR"))
            place = max(min(place, FARTHEST - 1), -FARTHEST)
            by_hand.setdefault(place, []).append((row["people"], row["status"] == "poor"))
    assert [band.place for band in found.bands["after"]] == sorted(by_hand)
    for band in found.bands["after"]:
        people = sum(number for number, _ in by_hand[band.place])
        helped = sum(number for number, is_poor in by_hand[band.place] if is_poor)
        assert band.people == people
        assert band.benefit == pytest.approx(100_000 * helped / people)
    height = cliff_height(found.bands["after"])
    assert height is not None
    assert height > 50_000, "those just below the line get help and those just above do not"


def reversals_by_hand(rows: Sequence[dict[str, Any]], each: Decimal) -> Reversals:
    """Every pair of households, one by one."""
    known = [
        (
            row["income_per_person"],
            row["income_per_person"] + (each if row["status"] == "poor" else 0),
            row["people"],
        )
        for row in rows
        if row["income_per_person"] is not None and row["people"]
    ]
    overtaken = [one for one in known if any(b[0] < one[0] and b[1] > one[1] for b in known)]
    overtaking = [one for one in known if any(b[0] > one[0] and b[1] < one[1] for b in known)]
    return Reversals(
        len(known),
        float(sum(one[2] for one in known)),
        len(overtaken),
        float(sum(one[2] for one in overtaken)),
        len(overtaking),
    )


@pytest.mark.parametrize("each", [Decimal(50), Decimal(1200)])
def test_rank_reversals_are_those_of_every_pair(
    each: Decimal, what_if_run: Run, after: list[dict[str, Any]]
) -> None:
    found = asked(what_if_run, f"line={LINE}", benefits=[f"person={each}"]).reversals
    assert found["after"] == reversals_by_hand(after, each)
    assert found["before"] == reversals_by_hand(rows_of(what_if_run), each)
    assert 0 < found["after"].overtaken < found["after"].households


def test_a_cliff_and_reversals_over_their_thresholds_are_warned_of(
    what_if_run: Run, after: list[dict[str, Any]]
) -> None:
    found = asked(what_if_run, f"line={LINE}", benefits=["person=1200"])
    share = reversals_by_hand(after, Decimal(1200)).share
    height = cliff_height(found.bands["after"])
    assert share is not None
    assert height is not None
    warned = {(each.kind, each.side): each for each in found.warned}
    assert warned["reversals", "after"].share == pytest.approx(share)
    assert warned["cliff", "after"].share == pytest.approx(height / 100 / float(LINE))
    assert warned["cliff", "after"].over == 0.10
    above = [f"cliff={100 * height / 100 / float(LINE) + 0.1:.3f}%", "reversals=off"]
    sides = {
        each.side for each in asked(what_if_run, f"line={LINE}", benefits=["person=1200"], warn=above).warned
    }
    assert "after" not in sides, "a threshold just above the share is not reached"
    text = text_of_simulation(found, "en")
    assert f"Warning: after, {100 * share:.1f}% of people end below someone who was poorer" in text
    assert text.count("Warning: ") == len(found.warned)
    assert text_of_simulation(found, "zh").count("警告") == len(found.warned)


def test_small_help_warns_of_nothing(what_if_run: Run) -> None:
    assert asked(what_if_run, f"line={LINE}", benefits=["person=1"]).warned == ()


@pytest.mark.parametrize("warn", ["cliff", "cliff=5", "gap=5%", "reversals=many", "cliff=5000%"])
def test_what_can_be_no_threshold_is_refused(warn: str, what_if_run: Run) -> None:
    with pytest.raises(HearthlineError) as refused:
        asked(what_if_run, "line=3500", benefits=["person=1"], warn=[warn])
    assert refused.value.code == "simulation.bad-threshold"


def test_errors_are_held_against_another_standard_a_run_and_a_fact(
    what_if_run: Run, after: list[dict[str, Any]], tmp_path: Path
) -> None:
    errors = asked(what_if_run, f"line={LINE}", reference="standard.income_only").errors["before"]
    rows = rows_of(what_if_run)
    known = [row for row in rows if "unknown" not in (row["status"], row["status_income_only"])]
    assert errors.inclusion.households == sum(
        row["status"] == "poor" and row["status_income_only"] == "not poor" for row in known
    )
    assert errors.exclusion.households == 0
    assert errors.unknown.households == len(rows) - len(known)
    against_itself = asked(what_if_run, f"line={LINE}", reference=str(what_if_run.folder)).errors
    assert against_itself["before"].inclusion.households == against_itself["before"].exclusion.households == 0
    entered = {row["household_id"] for row in poor(after)} - {row["household_id"] for row in poor(rows)}
    unknown = {row["household_id"] for row in rows if row["status"] == "unknown"}
    assert against_itself["after"].inclusion.households == len(entered - unknown)
    by_fact = asked(what_if_run, f"line={LINE}", reference="ledger_taken").errors["after"]
    assert by_fact.in_need.households > by_fact.found.households


@pytest.mark.parametrize("reference", ["standard.nothing", "net_income", "no/such/run"])
def test_what_can_be_no_reference_is_refused(reference: str, what_if_run: Run) -> None:
    with pytest.raises(HearthlineError) as refused:
        asked(what_if_run, "line=3500", reference=reference)
    assert refused.value.code == "simulation.bad-reference"


def test_each_point_of_the_curve_is_what_a_simulation_of_it_says(what_if_run: Run) -> None:
    benefits = ["gap=100%", "value=income_gap", "person=7"]
    curve = asked(what_if_run, "criteria.water=off", curve="line=2000..4000:5", benefits=benefits).points
    assert [point.value for point in curve] == [2000, 2500, 3000, 3500, 4000]
    for point in curve:
        one = asked(what_if_run, "criteria.water=off", f"line={point.value}", benefits=benefits)
        cost = next(cost for (group, side), cost in one.costs.items() if side == "after" and not group.names)
        assert (point.households, point.people, point.cost) == (cost.households, cost.people, cost.exact)


def test_a_curve_has_twenty_points_about_the_value_in_force(what_if_run: Run) -> None:
    points = asked(what_if_run, curve="line").points
    assert len(points) == 20
    assert points[8].value == 2952
    assert points[8].households == what_if_run.record.statuses["national"]["poor"]
    assert [point.households for point in points] == sorted(point.households for point in points)


@pytest.mark.parametrize(
    "curve",
    ["housing", "line=4000..2000", "line=1..2:1", "line=a..b", "line=5", "line=1..1e99", "line=-10..10"],
)
def test_what_can_be_no_curve_is_refused(curve: str, what_if_run: Run) -> None:
    with pytest.raises(HearthlineError) as refused:
        asked(what_if_run, curve=curve)
    assert refused.value.code == "simulation.bad-curve"


@pytest.mark.parametrize(
    "benefit",
    ["1200", "person=many", "person=0.001", "gap=0", "gap=2000%", "value=net", "gift=5", "person=-1"],
)
def test_what_can_be_no_benefit_is_refused(benefit: str, what_if_run: Run) -> None:
    with pytest.raises(HearthlineError) as refused:
        asked(what_if_run, "line=3500", benefits=[benefit])
    assert refused.value.code == "simulation.bad-benefit"


def test_causes_are_those_of_the_households_that_enter(what_if_run: Run, after: list[dict[str, Any]]) -> None:
    found = asked(what_if_run, f"line={LINE}").causes
    before = {row["household_id"]: row for row in rows_of(what_if_run)}
    entered = [row for row in poor(after) if before[row["household_id"]]["status"] == "not poor"]
    for name in ("illness", "schooling", "labour"):
        by_hand = sum(bool(row[f"cause_{name}"]) for row in entered)
        count = found.get((Change.ENTERED, name))
        assert (count.households if count else 0) == by_hand


def run_command(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Type a command; its exit status."""
    monkeypatch.setattr(sys, "argv", ["hearthline", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_the_command_writes_lists_of_opaque_ids_charts_and_the_package(
    what_if_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, plots = tmp_path / "out", tmp_path / "plots"
    words = ["simulate", "--against", what_if_run.folder, "--set", "line=3500", "--benefit", "person=1200"]
    words += ["--curve", "line", "--plot", plots, "--out", out, "--format", "json"]
    assert run_command(monkeypatch, *words) == 0
    told = json.loads(capsys.readouterr().out)
    listed = pq.read_table(out / "households.parquet").to_pylist()
    assert {row["later_id"] for row in listed} == {row["later_id"] for row in told["households"]}
    assert {row["rules"] for row in listed} == {"line_total"}
    assert set(listed[0]) <= {"change", "earlier_id", "later_id", "area", "before", "after", "rules"} | {
        f"{side}_{name}" for side in ("earlier", "later") for name in what_if_run.policy.criteria
    }
    assert (
        told["later"]["version_hash"]
        == json.loads((out / "simulation.json").read_text())["later"]["version_hash"]
    )
    assert {path.name for path in plots.iterdir()} == {"cliff.svg", "sensitivity.svg"}
    assert all(path.read_text(encoding="utf-8").startswith("<?xml") for path in plots.iterdir())
    assert run_command(monkeypatch, *words) == 5, "what is there is never overwritten"
    assert "exists already" in capsys.readouterr().err
    assert (out / "package" / "package.toml").is_file()
    assert not [path for path in out.rglob("*") if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_is_told_in_both_languages(
    language: str, what_if_run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["simulate", "--against", what_if_run.folder, "--set", "line=3500", "--benefit", "gap=1/2"]
    words += ["--curve", "line", "--reference", "standard.guarantees", "--by", "area:3", "--lang", language]
    assert run_command(monkeypatch, *words) == 0
    out = capsys.readouterr().out
    titles: dict[str, list[str]] = {
        "en": [
            "Cost of the benefits",
            "The cliff",
            "Rank reversals",
            "Errors against",
            "Sensitivity to",
            "Causes",
        ],
        "zh": ["补助成本", "悬崖效应", "位次逆转", "的误差", "的敏感性", "致贫原因"],
    }
    assert not [title for title in titles[language] if title not in out]


def test_a_run_that_is_read_again_gives_the_same_answer(what_if_run: Run) -> None:
    first = asked(what_if_run, "line=3100", benefits=["person=10"])
    second = simulate(
        Question(PACKAGE, ["line=3100"], listed=None, benefits=["person=10"]), open_run(what_if_run.folder)
    )
    assert (first.difference, first.costs, first.reversals) == (
        second.difference,
        second.costs,
        second.reversals,
    )
