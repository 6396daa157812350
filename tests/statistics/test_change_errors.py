# SPDX-License-Identifier: Apache-2.0
"""Decides whether the errors of a change are those of R and of replicates: the account, and growth.

``by_r/change.csv`` holds what R 4.2.2 printed, with laeken 0.5.2 and survey 4.1-1, when ``python -m
benchmarks.statistics`` ran ``benchmarks/r/change.R`` over these visits of the survey.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest
from numpy.typing import NDArray

from benchmarks.beside_r import printed_rows
from benchmarks.change_beside_r import Change, change, change_distance
from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import open_run, screen
from hearthline.engine.backends.runs import Run
from hearthline.engine.packages import load_policy
from hearthline.statistics.balance import Flow, balance_of
from hearthline.statistics.bootstrap import replicates_of
from hearthline.statistics.change_formats import csv_of_change, json_of_change, text_of_change
from hearthline.statistics.design import design_of
from hearthline.statistics.growth import growth_between
from hearthline.statistics.measures import specification_for
from hearthline.statistics.specification import Specification
from hearthline.synthetic import generate

BY_R = Path(__file__).parent / "by_r" / "change.csv"
Values = NDArray[np.float64]
Pair = tuple[tuple[Run, Run], tuple[Specification, Specification]]


@pytest.fixture(scope="module")
def found(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Change:
    return change(data_dir, tmp_path_factory.mktemp("visits"))


@pytest.fixture(scope="module")
def rows(found: Change) -> pa.Table:
    return pyarrow.csv.read_csv(found.rows)


def test_the_account_and_growth_have_the_figures_errors_and_design_effects_of_r(found: Change) -> None:
    distance = change_distance(found, printed_rows(BY_R))
    assert not distance.lacking
    assert {name: one.figures for name, one in distance.measures.items()} == {
        "account of the poor": 3 * 13,
        "growth": 2 * 100,
    }
    assert distance.greatest("points") < 1e-9
    assert distance.greatest("errors") < 1e-6
    assert distance.greatest("effects") < 1e-6


def numbers(rows: pa.Table, name: str) -> Values:
    return np.asarray(pc.fill_null(rows[name], 0.0).to_numpy(), dtype=np.float64)


def later_first(rows: pa.Table, name: str) -> list[str]:
    chosen = pc.coalesce(pc.cast(rows[f"{name}2"], pa.string()), pc.cast(rows[f"{name}1"], pa.string()))
    return [str(value) for value in chosen.to_pylist()]


def test_replicates_of_the_sample_give_the_errors_of_the_account_and_of_growth(
    found: Change, rows: pa.Table
) -> None:
    """Whole clusters are drawn again with all that happened in them; 800 of them know an error to 2.5 %."""
    w1, w2, y1, y2 = (numbers(rows, name) for name in ("w1", "w2", "y1", "y2"))
    design = design_of(later_first(rows, "s"), later_first(rows, "c"), np.where(w2 > 0, w2, w1))
    known = [np.asarray(rows[name].is_valid().to_numpy()) for name in ("y1", "y2")]
    before, after = (np.array(rows[name].to_pylist(), dtype=object) for name in ("before", "after"))
    again: dict[str, list[float]] = {"left": [], "change": [], "mean": []}
    for factor in replicates_of(design, 800, 5).factors():
        again["left"].append(float(np.sum(factor * w1 * ((before == "poor") & (after == "not poor")))))
        moved = w2 * (after == "poor") - w1 * (before == "poor")
        again["change"].append(float(np.sum(factor * moved)))
        means = [
            float(np.sum(factor * w * y * of) / np.sum(factor * w * of))
            for w, y, of in ((w1, y1, known[0]), (w2, y2, known[1]))
        ]
        again["mean"].append(means[1] / means[0] - 1)
    whole = found.account.balances[0].precisions
    of_mean = found.growth["matched"].mean_precision
    assert of_mean is not None
    assert np.std(again["left"], ddof=1) == pytest.approx(whole["left"].error, rel=0.12)
    assert np.std(again["change"], ddof=1) == pytest.approx(whole["change"].error, rel=0.12)
    assert np.std(again["mean"], ddof=1) == pytest.approx(of_mean.error, rel=0.12)


def test_growth_of_the_same_households_is_surer_than_that_of_samples_drawn_apart(found: Change) -> None:
    for place in (20, 50, 80):
        matched, apart = (found.growth[name].at(place) for name in ("matched", "apart"))
        assert matched.growth == apart.growth
        assert matched.precision is not None
        assert apart.precision is not None
        assert matched.precision.error < apart.precision.error / 2


def test_text_and_files_tell_how_sure_the_account_is(found: Change) -> None:
    growth = found.growth["matched"]
    for language, heading in (("en", "How sure the account is"), ("zh", "各项变动的抽样误差")):
        assert heading in text_of_change(found.account, growth, language)
    lines = list(csv.DictReader(csv_of_change(found.account, growth).splitlines()))
    accounts = [line for line in lines if line["table"] == "account"]
    assert len(accounts) == 3 * (5 + len(Flow))
    assert all(float(line["low"]) < float(line["value"]) < float(line["high"]) for line in accounts)
    assert lines[-1]["group"] == ""
    assert float(lines[-1]["error"]) > 0
    document = json.loads(json_of_change(found.account, growth))
    assert document["account"][0]["errors"]["left"]["error"] > 0
    assert document["growth"][49]["low"] < document["growth"][49]["growth"] < document["growth"][49]["high"]


@pytest.fixture
def no_samples(tmp_path: Path) -> Pair:
    """Two days of one county that is no sample."""
    cn = load_policy("cn/2014-2020")
    generate(cn, out=tmp_path / "county", households=60, seed=1, year=2017)
    runs = []
    for name, day in (("earlier", date(2016, 12, 31)), ("later", date(2017, 12, 31))):
        screen("cn/2014-2020", tmp_path / "county", on=day, out=tmp_path / name)
        runs.append(open_run(tmp_path / name))
    return (runs[0], runs[1]), (specification_for(runs[0]), specification_for(runs[1]))


def test_errors_of_runs_that_are_no_sample_are_refused(no_samples: Pair) -> None:
    for asked in (balance_of, growth_between):
        with pytest.raises(HearthlineError) as refused:
            asked(*no_samples, errors=True)
        assert refused.value.problem.code == "statistics.no-sample"


def test_growth_refuses_what_is_no_key_file_as_the_account_does(no_samples: Pair, tmp_path: Path) -> None:
    absent = (tmp_path / "none.parquet", tmp_path / "none.parquet")
    for asked in (balance_of, growth_between):
        with pytest.raises(HearthlineError) as refused:
            asked(*no_samples, keys=absent)
        assert refused.value.problem.code == "run.not-a-key-file"
