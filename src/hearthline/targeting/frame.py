# SPDX-License-Identifier: Apache-2.0
"""Decides what of a run a score is learned from: covariates, welfare, weights, clusters, groups by household.

An unknown is kept as unknown (NaN for a number, None for a word) and never becomes a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.engine.backends.runs import Run
from hearthline.engine.packages.covariates import covariates_of
from hearthline.engine.rules.parameters import get_parameter_value
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, Policy
from hearthline.engine.rules.types import Kind, Text, ValueType
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.targeting.problems import NO_CLUSTERS, NO_COVARIATES, NO_WELFARE, NOT_A_COVARIATE, NOT_A_VALUE

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.object_]

CLUSTER = "design_cluster"
AREA_GROUP = "area"


@dataclass(frozen=True)
class Covariate:
    """A value that a score may be learned from, with what a lookup table needs to know of it."""

    name: str
    label: Text
    type: ValueType
    declared: str
    codes: Mapping[str, Text]

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers; booleans and words are not."""
        return self.type.kind is Kind.NUMBER


@dataclass(frozen=True)
class Frame:
    """One row for each household: covariates by name, and what a score is judged by.

    ``welfare`` is in the unit people read, ``line`` one amount for each household; both are NaN where
    unknown. ``weight`` is in people. ``groups`` holds a word for each household, None where unknown.
    """

    households: Whole
    covariates: Mapping[str, Covariate]
    values: Mapping[str, Numbers | Labels]
    welfare: Numbers
    line: Numbers
    weight: Numbers
    clusters: Labels
    groups: Mapping[str, Labels]
    data: Path | None = None

    @property
    def size(self) -> int:
        """How many households there are."""
        return len(self.households)

    def unknown(self, names: Sequence[str]) -> Flags:
        """Whether any of these covariates is unknown, by household."""
        found = np.zeros(self.size, dtype=bool)
        for name in names:
            found |= unknown_in(self.values[name])
        return found


def unknown_in(values: Numbers | Labels) -> Flags:
    """Whether each value is unknown."""
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=bool)
    return np.asarray(np.isnan(values.astype(float)), dtype=bool)


def chosen_covariates(policy: Policy, only: Sequence[str], without: Sequence[str]) -> list[str]:
    """The covariates the package allows, narrowed by name; a name that it does not allow is refused."""
    allowed = covariates_of(policy)
    if not allowed:
        raise NO_COVARIATES.error(package=policy.id)
    for name in (*only, *without):
        if name not in allowed:
            raise NOT_A_COVARIATE.error(name=name, package=policy.id, known=", ".join(allowed))
    return [name for name in (only or allowed) if name not in without]


def describe(policy: Policy, name: str) -> Covariate:
    """A covariate by its name among the facts and derived values of the household."""
    fact = policy.facts[HOUSEHOLD].get(name)
    if fact is not None:
        return Covariate(name, fact.label, fact.type, fact.declared, fact.codes)
    derived = policy.derived[name]
    return Covariate(name, derived.label, derived.type, derived.declared, {})


class Columns:
    """The columns of a run and of its snapshot, brought into the order of the households."""

    def __init__(self, run: Run, data: Path | None) -> None:
        self.policy = run.policy
        self.snapshot: Snapshot = run.snapshot(data)
        parts = [pq.read_table(path, partitioning=None) for path in run.paths("households")]
        self.answers: pa.Table = pa.concat_tables(parts).sort_by("household_id")
        self.facts: pa.Table = rows_of(self.snapshot, HOUSEHOLD).sort_by("household_id")

    def column(self, name: str) -> Numbers | Labels:
        """A household fact or derived value: numbers in the unit people read, booleans as 0 and 1."""
        fact = self.policy.facts[HOUSEHOLD].get(name)
        table = self.facts if fact is not None else self.answers
        if name not in table.column_names:
            raise NOT_A_VALUE.error(name=name, package=self.policy.id)
        column = table[name].combine_chunks()
        if pa.types.is_string(column.type):
            return np.array(column.to_pylist(), dtype=object)
        numbers = np.array(pc.cast(column, pa.float64()).to_pylist(), dtype=float)
        scale = fact.type.scale if fact is not None and fact.type.kind is Kind.NUMBER else 0
        return numbers / 10**scale if scale else numbers

    def words(self, name: str) -> Labels:
        """A household fact or derived value as the word of its group."""
        found = self.column(name)
        if found.dtype == object:
            return np.asarray(found, dtype=object)
        as_words = {0.0: "no", 1.0: "yes"}
        return np.array([as_words.get(float(value)) for value in found], dtype=object)

    def top_areas(self) -> Labels | None:
        """The highest area of each household, None without areas."""
        if not self.snapshot.has_areas:
            return None
        areas = rows_of(self.snapshot, AREA).to_pylist()
        above = {row["area_id"]: row["parent_id"] for row in areas}
        words = {row["area_id"]: row["area_name"] or row["area_code"] for row in areas}
        roots = {area: _root(area, above) for area in above}
        found = [words[roots[area]] if area in roots else None for area in self.facts["area_id"].to_pylist()]
        return np.array(found, dtype=object)


def _root(area: int, above: Mapping[int, int | None]) -> int:
    parent = above[area]
    while parent is not None:
        area, parent = parent, above[parent]
    return area


def frame_of(
    run: Run,
    *,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    cluster: str | None = None,
    data: Path | None = None,
) -> Frame:
    """Read what a score is learned from and judged by; raises where the package or the sample lacks it."""
    policy = run.policy
    names = chosen_covariates(policy, only, without)
    if policy.welfare is None:
        raise NO_WELFARE.error(package=policy.id)
    columns = Columns(run, data)
    groups = {name: columns.words(name) for name in policy.targeting.groups}
    areas = columns.top_areas()
    if areas is not None:
        groups = {AREA_GROUP: areas} | groups
    welfare = _numbers(columns.column(policy.welfare))
    return Frame(
        households=np.array(columns.answers["household_id"].to_pylist(), dtype=np.int64),
        covariates={name: describe(policy, name) for name in names},
        values={name: columns.column(name) for name in names},
        welfare=welfare,
        line=_line(columns, date.fromisoformat(run.record.on), len(welfare)),
        weight=np.nan_to_num(_numbers(columns.answers["weight"].to_numpy()), nan=0.0),
        clusters=_clusters(columns, cluster),
        groups=groups,
        data=data,
    )


def _numbers(values: Numbers | Labels) -> Numbers:
    return np.asarray(values, dtype=float)


def _line(columns: Columns, on: date, size: int) -> Numbers:
    policy = columns.policy
    if policy.line is None:
        return np.full(size, np.nan)
    if policy.line not in policy.parameters:
        return _numbers(columns.column(policy.line))
    parameter = policy.parameters[policy.line]
    found = get_parameter_value(parameter, jurisdiction=policy.jurisdiction, purpose="standard", on=on)
    return np.full(size, float(str(found.value)))


def _clusters(columns: Columns, name: str | None) -> Labels:
    if name is None and CLUSTER in columns.facts.column_names:
        return np.array(columns.facts[CLUSTER].to_pylist(), dtype=object)
    if name is None:
        raise NO_CLUSTERS.error()
    found = columns.column(name)
    return np.array([None if value is None else str(value) for value in found], dtype=object)
