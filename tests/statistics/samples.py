# SPDX-License-Identifier: Apache-2.0
"""Decides the invented samples of these tests, and how they are measured: rows, strata, clusters, weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.measures import compute_over
from hearthline.statistics.table import StatisticsTable

DESIGN = SampleRequest(stratum="stratum", cluster="cluster")
LINE = "1000"

Columns = dict[str, list[Any]]


def drawn(seed: int, *, strata: int = 6, clusters: int = 12, households: int = 8) -> Columns:
    """A sample of clusters that are alike within, in strata that differ; a few incomes are not positive."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows: dict[str, list[float]] = {"welfare": [], "weight": []}
    names: dict[str, list[str]] = {"stratum": [], "cluster": [], "tribe": []}
    for stratum in range(strata):
        level = 7.0 + 0.15 * stratum
        for cluster in range(clusters):
            shift = draw.normal(0, 0.35)
            for _ in range(households):
                rows["welfare"].append(round(float(np.exp(level + shift + draw.normal(0, 0.5))), 2))
                rows["weight"].append(round(float(draw.uniform(20, 400)), 3))
                names["stratum"].append(f"s{stratum}")
                names["cluster"].append(f"c{cluster}")
                names["tribe"].append("hill" if draw.random() < 0.25 + 0.1 * stratum else "plain")
    return {**rows, **names}


def written(folder: Path, columns: Columns, name: str = "sample.parquet", *, group: int = 100_000) -> Path:
    """The rows as a file."""
    file = folder / name
    pq.write_table(pa.table(dict(columns)), file, row_group_size=group)
    return file


def measured(
    file: Path,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = ("all",),
    sample: SampleRequest | None = DESIGN,
    line: str = LINE,
    weight: str = "weight",
) -> StatisticsTable:
    """The measures of a file of rows."""
    return compute_over(
        [file], by=by, measures=measures, welfare="welfare", line=line, weight=weight, sample=sample
    )


def shuffled(columns: Columns, seed: int) -> Columns:
    """The same rows in another order."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(columns["weight"]))
    return {name: [values[place] for place in order] for name, values in columns.items()}


def value(table: StatisticsTable, name: str, item: str | None = None, **group: str) -> float:
    """A figure that is there."""
    found = table.value(name, item=item, **group)
    assert found is not None, (name, item, group)
    return float(found)


def error(table: StatisticsTable, name: str, item: str | None = None, **group: str) -> float:
    """A standard error that is there."""
    found = table.precision(name, item=item, **group)
    assert found is not None, (name, item, group)
    return found.error
