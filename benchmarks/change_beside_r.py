# SPDX-License-Identifier: Apache-2.0
"""Decides how the change between two runs is held against R: the account of the poor, and growth.

The survey of the imaginary country is taken as visited three times. Each visit is a file of its own, imported
and screened by the package: spending has moved, some households are missing, and of some it is not known.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.beside_r import SCRIPTS, Apart, Distance, Place, printed_rows, survey_run
from hearthline.engine.backends import Run, open_run
from hearthline.statistics.balance import FLOWS, BalanceSheet, PastRun, balance_of
from hearthline.statistics.design import Precision
from hearthline.statistics.growth import Growth, growth_between
from hearthline.statistics.measures import specification_for

VISITS = {"past": 1, "earlier": 2, "later": 3}
"""The three visits, and what each is drawn from."""

MISSED, UNKNOWN, GROWTH, SPREAD = 0.05, 0.03, 0.04, 0.25
"""The share of households that a visit misses, that of those whose spending it does not learn, and by how
much spending moves from one visit to the next: the mean and the spread of its logarithm."""


@dataclass(frozen=True)
class Visit:
    """A run over one visit and the keys of its import."""

    run: Run
    keys: Path

    def rows(self, number: str) -> pa.Table:
        """Each household by its key, with its answer, weight, spending, design and group."""
        facts = ["household_id", "urbrur", "pc_exp", "design_stratum", "design_cluster"]
        read = [pq.read_table(path, columns=facts, partitioning=None) for path in self._files()]
        answers = ["household_id", "weight", "status"]
        runs = [
            pq.read_table(path, columns=answers, partitioning=None) for path in self.run.paths("households")
        ]
        names = pq.read_table(self.keys, columns=["level", "source_key", "id"])
        names = names.filter(pc.equal(names["level"], "household")).drop_columns(["level"])
        rows = pa.concat_tables(runs).join(pa.concat_tables(read), "household_id")
        rows = names.join(rows, "id", "household_id").drop_columns(["id"])
        renamed = {"weight": "w", "status": "status", "urbrur": "g", "pc_exp": "y"}
        renamed |= {"design_stratum": "s", "design_cluster": "c", "source_key": "source_key"}
        titles = [renamed[name] + ("" if name == "source_key" else number) for name in rows.column_names]
        return rows.rename_columns(titles)

    def _files(self) -> list[Path]:
        return [Path(path) for path in self.run.snapshot().paths("household")]


def visited(data: Path, out: Path, name: str) -> Visit:
    """The survey as one visit found it, imported and screened."""
    folder = out / f"visit-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    moved = folder / "imaginary_country"
    moved.mkdir(parents=True)
    number = VISITS[name]
    draw = np.random.Generator(np.random.PCG64(number))
    files = {file: pyarrow.csv.read_csv(data / "imaginary_country" / f"{file}.csv") for file in _FILES}
    households = files["households"]
    grown = np.exp(draw.normal(GROWTH * number, SPREAD, households.num_rows))
    spending = np.round(households["pc_exp"].to_numpy() * grown, 2)
    unknown = draw.random(households.num_rows) < UNKNOWN
    place = households.column_names.index("pc_exp")
    households = households.set_column(place, "pc_exp", pa.array(spending, mask=unknown))
    for weight in ("hhweight", "popweight"):
        heavier = households[weight].to_numpy() * (1 + 0.02 * number)
        place = households.column_names.index(weight)
        households = households.set_column(place, weight, pa.array(heavier))
    met = households["hid"].filter(pa.array(draw.random(households.num_rows) >= MISSED))
    for file, rows in {**files, "households": households}.items():
        chosen = rows.filter(pc.is_in(rows["hid"], value_set=met.combine_chunks()))
        pyarrow.csv.write_csv(chosen, moved / f"{file}.csv")
    run = survey_run(folder, folder)
    return Visit(open_run(run), folder / "survey-snapshot.keys.parquet")


_FILES = ("households", "individuals")


@dataclass(frozen=True)
class Change:
    """What both sides are asked about: the account, and growth of the matched and of samples drawn apart."""

    rows: Path
    account: BalanceSheet
    growth: dict[str, Growth]


def change(data: Path, out: Path) -> Change:
    """The change from the earlier to the later visit, and all rows of both for R."""
    past, earlier, later = (visited(data, out, name) for name in VISITS)
    file = out / "change.csv"
    rows = earlier.rows("1").join(later.rows("2"), "source_key", join_type="full outer")
    rows = rows.join(past.rows("0").select(["source_key", "status0"]), "source_key")
    names = {"status0": "past", "status1": "before", "status2": "after"}
    rows = rows.rename_columns([names.get(name, name) for name in rows.column_names])
    pyarrow.csv.write_csv(rows.sort_by("source_key"), file)
    runs, keys = (earlier.run, later.run), (earlier.keys, later.keys)
    specifications = specification_for(runs[0]), specification_for(runs[1])
    history = [PastRun(past.run, past.keys)]
    account = balance_of(runs, specifications, by=["urbrur"], keys=keys, history=history, errors=True)
    growth = {
        "matched": growth_between(runs, specifications, errors=True, keys=keys),
        "apart": growth_between(runs, specifications, errors=True),
    }
    return Change(file, account, {name: found for name, found in growth.items() if found is not None})


def change_by_r(found: Change) -> list[dict[str, str]]:
    """What R prints of the change."""
    target = found.rows.with_name("change-by-r.csv")
    subprocess.run(["Rscript", str(SCRIPTS / "change.R"), str(found.rows), str(target)], check=True)
    return printed_rows(target)


def change_distance(found: Change, printed: list[dict[str, str]]) -> Distance:
    """How far ours and R are apart: every figure that has an error, on either side."""
    distance = Distance()
    ours = {**_account(found.account), **_growth(found.growth)}
    for row in printed:
        name, _, item = row["name"].partition("@")
        value, precision = ours.pop((name, item, row["group"]), (math.nan, None))
        if float(row["error"]) or precision is not None:
            measure = "growth" if name == "growth" else "account of the poor"
            distance.measures.setdefault(measure, Apart()).add(value, precision, row)
    distance.lacking = [f"R: {' '.join(place)}" for place, (_, error) in ours.items() if error is not None]
    return distance


Figures = dict[Place, tuple[float, Precision | None]]


def _account(sheet: BalanceSheet) -> Figures:
    found: Figures = {}
    for balance in sheet.balances:
        group = "|".join(value or "" for value in balance.group.values)
        values = {
            "people_before": balance.people_before,
            "people_after": balance.people_after,
            "poor_before": balance.poor_before,
            "poor_after": balance.poor_after,
            "change": balance.change,
            **{FLOWS[flow.value]: moved.people for flow, moved in balance.flows.items()},
        }
        for name, value in values.items():
            found[name, "", group] = (value, balance.precisions.get(name))
    return found


def _growth(curves: dict[str, Growth]) -> Figures:
    found: Figures = {}
    for name, curve in curves.items():
        for point in curve.points:
            rate = math.nan if point.growth is None else point.growth
            found["growth", str(point.place), name] = (rate, point.precision)
        mean = math.nan if curve.mean is None else curve.mean
        found["growth", "mean", name] = (mean, curve.mean_precision)
    return found
