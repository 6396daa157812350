# SPDX-License-Identifier: Apache-2.0
"""Decides whether the change in the number of poor is accounted for, and what growth is."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends.runs import open_run
from hearthline.reporting.growth_plot import write_growth
from hearthline.statistics.balance import Balance, BalanceSheet, Flow, PastRun, balance_of
from hearthline.statistics.change_formats import csv_of_change, json_of_change, text_of_change
from hearthline.statistics.growth import growth_between
from hearthline.statistics.specification import Specification
from tests.statistics import fake_runs
from tests.statistics.fake_runs import Household, Invented

NUMBER = 600


def moved(rows: list[Household], seed: int, *, growth: str = "1.10") -> list[Household]:
    """The same households later: some answers drawn anew, some grown, all with more income."""
    draw = random.Random(seed)
    found = []
    for row in rows:
        status = draw.choices([row.status, "poor", "not poor", "unknown"], [6, 1, 1, 0.3])[0]
        size = row.size if row.size is None or draw.random() < 0.8 else row.size + 1
        income = None if row.income is None else (row.income * Decimal(growth)).quantize(Decimal("0.01"))
        found.append(replace(row, status=status, size=size, income=income))
    return found


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Invented, Invented, Invented]:
    folder = tmp_path_factory.mktemp("change")
    first = fake_runs.households(NUMBER)
    second = moved(first, 1)
    third = moved(second, 2)
    runs = [
        fake_runs.write_run(folder, rows, run_name=name)
        for name, rows in (("first", first), ("second", second), ("third", third))
    ]
    return runs[0], runs[1], runs[2]


def sheet(runs: tuple[Invented, Invented], history: tuple[Invented, ...] = (), *by: str) -> BalanceSheet:
    specification = fake_runs.specification()
    return balance_of(
        (open_run(runs[0].folder), open_run(runs[1].folder)),
        (specification, specification),
        by=by,
        history=[PastRun(open_run(past.folder)) for past in history],
    )


def people(rows: list[Household]) -> float:
    return float(sum(row.size or 0 for row in rows if row.status == "poor"))


def test_the_flows_make_up_the_change_exactly_in_every_group(
    three: tuple[Invented, Invented, Invented],
) -> None:
    found = sheet((three[1], three[2]), (three[0],), "region", "area:1")
    assert len(found.balances) > 6
    for balance in found.balances:
        assert sum(balance.people(flow) for flow in Flow) == balance.change
    whole = found.balances[0]
    assert whole.poor_before == people(three[1].households)
    assert whole.poor_after == people(three[2].households)


def test_a_return_is_who_was_poor_before_not_poor_in_the_first_and_poor_in_the_second(
    three: tuple[Invented, Invented, Invented],
) -> None:
    past, first, second = (run.households for run in three)
    back = [
        after.size or 0
        for before, between, after in zip(past, first, second, strict=True)
        if (before.status, between.status, after.status) == ("poor", "not poor", "poor")
    ]
    new = [
        after.size or 0
        for before, between, after in zip(past, first, second, strict=True)
        if before.status != "poor" and (between.status, after.status) == ("not poor", "poor")
    ]
    whole = sheet((three[1], three[2]), (three[0],)).balances[0]
    assert whole.people(Flow.RETURNED) == sum(back) > 0
    assert whole.people(Flow.ENTERED) == sum(new) > 0
    assert whole.flows[Flow.RETURNED].households == len(back)


def test_without_a_history_returns_count_as_entries_and_it_is_said(
    three: tuple[Invented, Invented, Invented],
) -> None:
    told, untold = sheet((three[1], three[2]), (three[0],)), sheet((three[1], three[2]))
    both = told.balances[0].people(Flow.RETURNED) + told.balances[0].people(Flow.ENTERED)
    assert untold.balances[0].people(Flow.ENTERED) == both
    assert "--history" in text_of_change(untold, None, "en")
    assert "返贫计入新增贫困" in text_of_change(untold, None, "zh")
    assert "first" in text_of_change(told, None, "en")


def test_a_history_of_another_snapshot_is_refused(
    three: tuple[Invented, Invented, Invented], tmp_path: Path
) -> None:
    other = fake_runs.write_run(tmp_path, fake_runs.households(50, seed=99))
    with pytest.raises(HearthlineError) as refused:
        sheet((three[1], three[2]), (other,))
    assert refused.value.problem.code == "run.different-snapshots"


def growth_of(runs: tuple[Invented, Invented], specification: Specification | None = None) -> object:
    chosen = specification or fake_runs.specification()
    return growth_between((open_run(runs[0].folder), open_run(runs[1].folder)), (chosen, chosen))


def test_when_every_income_doubles_so_does_every_percentile_and_the_mean(
    three: tuple[Invented, Invented, Invented], tmp_path: Path
) -> None:
    rows = three[0].households
    more = [replace(row, income=None if row.income is None else row.income * 2) for row in rows]
    first = fake_runs.write_run(tmp_path, rows, run_name="first")
    second = fake_runs.write_run(tmp_path, more, run_name="second")
    specification = fake_runs.specification()
    found = growth_between((open_run(first.folder), open_run(second.folder)), (specification, specification))
    assert found is not None
    assert found.mean == pytest.approx(1)
    rates = [point.growth for point in found.points if point.growth is not None]
    assert len(rates) > 90
    assert rates == pytest.approx([1.0] * len(rates))
    file = write_growth(tmp_path / "plots", found, language="zh")
    assert "+100.0%" in file.read_text(encoding="utf-8")


def test_nobody_without_an_income_has_a_growth(three: tuple[Invented, Invented, Invented]) -> None:
    specification = replace(fake_runs.specification(), welfare=None)
    assert growth_of((three[0], three[1]), specification) is None


def test_the_account_goes_into_files_with_all_its_flows(
    three: tuple[Invented, Invented, Invented],
) -> None:
    found = sheet((three[1], three[2]), (three[0],), "region")
    specification = fake_runs.specification()
    growth = growth_between(
        (open_run(three[1].folder), open_run(three[2].folder)), (specification, specification)
    )
    document = json.loads(json_of_change(found, growth))
    whole = document["account"][0]
    moved_by = sum(flow["people"] for flow in whole["flows"].values())
    assert moved_by == whole["poor_after"] - whole["poor_before"]
    assert len(document["growth"]) == 99
    lines = csv_of_change(found, growth).splitlines()
    assert lines[0] == "table,by,group,figure,value,households"
    assert sum(line.startswith("account,total") for line in lines) == 4 + len(Flow)
    assert isinstance(found.balances[0], Balance)
