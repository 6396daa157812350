# SPDX-License-Identifier: Apache-2.0
"""Decides on which samples statistics are held against R, and how far the two are apart, figure by figure.

Every figure of ours that has an error must be one that R gives. Each sample goes to R as the rows that ours
are taken of: of the imaginary country those of a whole run, with the answers of its package.
"""

from __future__ import annotations

import csv
import math
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.measuring import ROOT
from hearthline.engine.backends import open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import policies_folder
from hearthline.intake import import_files
from hearthline.statistics.design import Precision
from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.measures import compute_over, compute_run, specification_for
from hearthline.statistics.specification import CauseEntry
from hearthline.statistics.table import StatisticsTable

SCRIPTS = ROOT / "benchmarks" / "r"
SURVEY_PACKAGE = "imaginary/2023"
SURVEY_ON = date(2023, 12, 31)
CAUSE = "female_headed"
"""The package of the survey names no cause; a value of its households stands for the evidence of one."""

UNKNOWN_EVERY = 20
REPLICATES = 400

Place = tuple[str, str, str]
"""A figure: its name, of what, and of which group; nothing for what there is none of."""


@dataclass(frozen=True)
class Sample:
    """A sample as both sides read it, the figures of ours, and what R is told: columns, welfare, line."""

    name: str
    rows: Path
    table: StatisticsTable
    columns: tuple[str, str, str, str]
    """Of the weight, stratum, cluster and group."""
    scripts: Mapping[str, tuple[str, ...]]
    """The scripts of R, and what each is told besides."""


@dataclass
class Apart:
    """The greatest relative differences of one measure, and of how many figures."""

    figures: int = 0
    points: float = 0.0
    errors: float = 0.0
    effects: float = 0.0

    def add(self, value: float, found: Precision | None, row: dict[str, str]) -> None:
        """One more figure."""
        self.figures += 1
        self.points = max(self.points, _apart(value, float(row["value"])))
        self.errors = max(self.errors, _apart(found.error if found else math.nan, float(row["error"])))
        effect = found.effect if found and found.effect is not None else math.nan
        if math.isfinite(float(_number(row["effect"]))):
            self.effects = max(self.effects, _apart(effect, float(row["effect"])))


@dataclass
class Distance:
    """How far one sample is apart, measure by measure, and which figures one side alone gives."""

    measures: dict[str, Apart] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)

    @property
    def figures(self) -> int:
        """How many were compared."""
        return sum(one.figures for one in self.measures.values())

    def greatest(self, what: str) -> float:
        """The greatest difference of points, errors or effects."""
        return max(float(getattr(one, what)) for one in self.measures.values())


def _number(word: str) -> str:
    return "nan" if word == "NA" else word


def _apart(one: float, other: float) -> float:
    """The relative difference; infinite where one side has no number."""
    if math.isnan(one) or math.isnan(other):
        return math.inf
    return abs(one - other) / abs(other) if other else abs(one)


def eusilc(data: Path, out: Path, *, unknown: bool = False) -> Sample:
    """The survey of laeken by region, households as clusters; where asked for some incomes unknown."""
    name = "eusilc, one income in 20 unknown" if unknown else "eusilc"
    rows = pyarrow.csv.read_csv(data / "eusilc" / "eusilc.csv")
    if unknown:
        values = rows["eqIncome"].to_pylist()
        values = [None if place % UNKNOWN_EVERY == 0 else value for place, value in enumerate(values)]
        rows = rows.set_column(rows.column_names.index("eqIncome"), "eqIncome", pa.array(values))
    file = out / f"{name.replace(' ', '-')}.parquet"
    pq.write_table(rows, file)
    pyarrow.csv.write_csv(rows, file.with_suffix(".csv"))
    table = compute_over(
        [file],
        by=["db040"],
        measures=["all"],
        welfare="eqIncome",
        line="10859.24",
        weight="rb050",
        sample=SampleRequest(stratum="db040", cluster="db030"),
    )
    columns = ("rb050", "db040", "db030", "db040")
    return Sample(name, file.with_suffix(".csv"), table, columns, {"welfare": ("eqIncome", "10859.24")})


def survey_run(data: Path, out: Path, name: str = "survey") -> Path:
    """The survey of the imaginary country imported and screened by its package, as the tutorial does it."""
    folder = data / "imaginary_country"
    layout = policies_folder() / SURVEY_PACKAGE / "import" / "survey.toml"
    files = [folder / "households.csv", folder / "individuals.csv"]
    snapshot, run = out / f"{name}-snapshot", out / f"{name}-run"
    import_files(load_policy(SURVEY_PACKAGE), layout, files, snapshot, replace=True)
    shutil.rmtree(run, ignore_errors=True)
    screen(SURVEY_PACKAGE, snapshot, on=SURVEY_ON, out=run)
    return run


def imaginary_country(data: Path, out: Path, *, replicates: int = 0) -> Sample:
    """A run over the survey of the imaginary country, in town and country; all rows of it joined for R."""
    run = open_run(survey_run(data, out))
    specification = specification_for(run)
    specification = replace(specification, causes=(CauseEntry(CAUSE, 1, {"en": CAUSE}, CAUSE),))
    by = [] if replicates else ["urbrur"]
    table = compute_run(
        run, specification, by=by, measures=["all"], errors=True, replicates=replicates, seed=4
    )
    facts = ["household_id", "urbrur", "pc_exp", "design_stratum", "design_cluster"]
    households = pa.concat_tables(
        pq.read_table(path, columns=facts, partitioning=None) for path in run.snapshot().paths("household")
    )
    rows = pa.concat_tables(pq.read_table(path, partitioning=None) for path in run.paths("households"))
    file = out / "imaginary-country.csv"
    pyarrow.csv.write_csv(rows.join(households, "household_id").sort_by("household_id"), file)
    columns = ("weight", "design_stratum", "design_cluster", "urbrur")
    scripts = {"welfare": ("pc_exp", "1500"), "answers": ("household_weight", CAUSE)}
    return Sample("imaginary country", file, table, columns, scripts)


def by_r(sample: Sample) -> tuple[list[dict[str, str]], str]:
    """What R prints of a sample, and its versions."""
    rows: list[dict[str, str]] = []
    versions = ""
    for script, more in sample.scripts.items():
        target = sample.rows.with_name(f"{sample.rows.stem}-{script}-by-r.csv")
        words = [str(SCRIPTS / f"{script}.R"), str(sample.rows), str(target), *sample.columns, *more]
        versions = subprocess.run(
            ["Rscript", *words], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()
        rows += printed_rows(target)
    return rows, versions


def printed_rows(file: Path) -> list[dict[str, str]]:
    """The figures of a file that R wrote."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _ours(table: StatisticsTable) -> Iterator[tuple[Place, str, float, Precision | None]]:
    """Every figure with its place, measure and precision; one that is not there is NaN."""
    for part in table.tables:
        for row in part.rows:
            for heading, figure, precision in zip(part.headings, row.figures, row.precisions, strict=True):
                place = (heading.name, row.item or "", "|".join(value or "" for value in row.group.values))
                yield place, heading.measure, math.nan if figure is None else float(figure), precision


def distance(sample: Sample, printed: Sequence[dict[str, str]]) -> Distance:
    """How far ours and what R printed are apart, over every figure that has an error."""
    found = Distance()
    of_r: dict[Place, dict[str, str]] = {}
    for row in printed:
        name, _, item = row["name"].partition("@")
        of_r[name, item, row["group"]] = row
    compared: set[Place] = set()
    for place, measure, value, precision in _ours(sample.table):
        row = of_r.get(place, {})
        if row and not (math.isnan(value) and row["value"] == "NaN"):
            found.measures.setdefault(measure, Apart()).add(value, precision, row)
        elif not row and precision is not None and not _is_of_everybody(place, value, precision):
            found.lacking.append(f"R: {' '.join(place)}")
        compared.add(place)
    found.lacking += [f"Hearthline: {' '.join(place)}" for place in of_r if place not in compared]
    return found


def _is_of_everybody(place: Place, value: float, precision: Precision) -> bool:
    """The share of everybody in everybody: 1, without an error."""
    return not place[2] and value == 1 and precision.error < 1e-12


def replicated(linear: StatisticsTable, again: StatisticsTable) -> dict[str, list[float]]:
    """For every measure the errors of the bootstrap as parts of the linearised ones, of the whole sample."""
    errors = {place: found.error for place, _, _, found in _ours(linear) if found is not None}
    parts: dict[str, list[float]] = {}
    for place, measure, _, found in _ours(again):
        if found is not None and errors.get(place, 0.0) > 1e-12:
            parts.setdefault(measure, []).append(found.error / errors[place])
    return parts


def middle(values: Sequence[float]) -> tuple[float, float, float]:
    """The smallest, the middle and the greatest."""
    ordered = sorted(values)
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]
