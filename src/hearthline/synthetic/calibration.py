# SPDX-License-Identifier: Apache-2.0
"""Decides how the poor found of a generated nation lie to those it was to show, province by province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from pathlib import Path

import duckdb

from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.policy import AREA
from hearthline.engine.snapshots import Snapshot
from hearthline.synthetic.apportioning import targets_of
from hearthline.synthetic.provinces import PROVINCES

BIAS = 0.01
"""Of a share: what a screening may find otherwise than the truth is, because some facts are not known."""
_LEAST_SQUARES = 9.0
"""Of the people of one common household: no error is taken to be less than that of one."""
_FOUND = """
with recursive province as (
  select area_id, area_id as top from areas where parent_id is null
  union all
  select area.area_id, province.top from areas area join province on area.parent_id = province.area_id
)
select
  sum(people)::double,
  coalesce(sum(people) filter (where status = 'poor'), 0)::double,
  coalesce(sum(people * people) filter (where status = 'poor'), 0)::double
from found join province using (area_id)
group by top order by top
"""


@dataclass(frozen=True)
class Calibrated:
    """One province, or the country: its people in the sample, and the shares wanted and found.

    ``error`` is the standard error of ``found`` were every household drawn by itself.
    """

    key: str
    name: str
    published: bool
    people: float
    wanted: float
    found: float
    error: float

    @property
    def errors_off(self) -> float:
        """How many standard errors what was found lies off, beyond the bias that is stated."""
        beyond = abs(self.found - self.wanted) - BIAS * self.wanted
        return max(beyond, 0.0) / self.error


def calibrated(run: Run, data: Path | None = None) -> tuple[Calibrated, list[Calibrated]]:
    """The country and each province, of a run of the default standard over a generated nation.

    ``data`` is the snapshot where it has been moved. The targets are those of the year of the run.

    The error of a province is the root of the sum of squares of the people in its poor households, by its
    people; that of the country likewise.
    """
    targets = targets_of(run.policy, date.fromisoformat(run.record.on).year)
    rows = _found(run, run.snapshot(data))
    provinces = [
        Calibrated(
            key=share.key,
            name="".join(part[0] for part in (*share.province.word, share.province.kind)),
            published=targets[share.key].published,
            people=people,
            wanted=targets[share.key].incidence,
            found=poor / people,
            error=sqrt(max(squares, _LEAST_SQUARES)) / people,
        )
        for share, (people, poor, squares) in zip(PROVINCES, rows, strict=True)
    ]
    people = sum(each.people for each in provinces)
    country = Calibrated(
        key="country",
        name="全国",
        published=True,
        people=people,
        wanted=sum(target.poor for target in targets.values())
        / sum(target.people for target in targets.values()),
        found=sum(each.found * each.people for each in provinces) / people,
        error=sqrt(sum((each.error * each.people) ** 2 for each in provinces)) / people,
    )
    return country, provinces


def _found(run: Run, snapshot: Snapshot) -> Sequence[tuple[float, float, float]]:
    with duckdb.connect(config={"memory_limit": "800MB"}) as connection:
        for name, paths in (("areas", snapshot.paths(AREA)), ("found", run.paths("households"))):
            connection.read_parquet([str(path) for path in paths]).create_view(name)
        return connection.execute(_FOUND).fetchall()
