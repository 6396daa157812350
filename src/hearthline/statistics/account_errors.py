# SPDX-License-Identifier: Apache-2.0
"""Decides how sure the account of a change is: each stock and flow is a total over both runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from hearthline.engine.backends.runs import Run
from hearthline.statistics.design import Domain, Precision, precision_of
from hearthline.statistics.estimation import DESIGN_ALIASES, MOST_ROWS, checked_design
from hearthline.statistics.expressions import column
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.linear import Influence, Linear, Values
from hearthline.statistics.pairing import Side
from hearthline.statistics.problems import TOO_MANY_ROWS
from hearthline.statistics.relation import locate
from hearthline.statistics.rows import Rows, read_rows
from hearthline.statistics.runs import sample_of
from hearthline.statistics.session import Session

STOCKS = {"people_before": "w1", "people_after": "w2", "poor_before": "poor1", "poor_after": "poor2"}
CHANGE = "change"

Named = tuple[tuple[str, ...], tuple[str | None, ...]]
"""A group by the names and values of its keys."""


def sampled_sides(runs: tuple[Run, Run], sides: tuple[Side, Side]) -> tuple[Side, Side]:
    """Both sides with the columns of the design that both have; refused where a run is no sample."""
    samples = [sample_of(run, side.relation) for run, side in zip(runs, sides, strict=True)]
    columns = [(sample.stratum, sample.cluster) for sample in samples]
    shared = [
        (alias, first)
        for alias, first, second in zip(DESIGN_ALIASES, *columns, strict=True)
        if first is not None and first == second
    ]
    earlier, later = (
        replace(side, beside={alias: locate(side.relation, name, "the design") for alias, name in shared})
        for side in sides
    )
    return earlier, later


def account_precisions(
    session: Session, grouping: Grouping, design_columns: Sequence[str], flows: Mapping[str, str]
) -> dict[Named, dict[str, Precision]]:
    """The precision of every stock, of the change and of every flow that moves anybody, group by group.

    Reads the step ``flows``; ``flows`` names each flow as the pairs carry it.
    """
    terms = {name: column(name) for name in (*STOCKS.values(), "flow", *design_columns)}
    rows = read_rows(
        session, grouping, reads=frozenset(), order=column("identity"), terms=terms, source="flows"
    )
    if len(rows.weight) > MOST_ROWS:
        raise TOO_MANY_ROWS.error(number=f"{len(rows.weight):,}", most=f"{MOST_ROWS:,}")
    stratum, cluster = (rows.texts(name) for name in DESIGN_ALIASES)
    design = checked_design(stratum, cluster, rows.weight)
    moved = _moved(rows, flows)
    return {
        (grouping.names(breakdown), values): _precisions(moved, Domain(design, places))
        for breakdown in grouping.breakdowns
        for values, places in rows.members(breakdown)
    }


def _moved(rows: Rows, flows: Mapping[str, str]) -> dict[str, Values]:
    """What every household adds to each figure."""
    found = {name: np.array(rows.extra[part].to_numpy(), dtype=np.float64) for name, part in STOCKS.items()}
    found[CHANGE] = found["poor_after"] - found["poor_before"]
    flow = np.array(rows.texts("flow"), dtype=object)
    return found | {name: np.where(flow == value, found[CHANGE], 0.0) for value, name in flows.items()}


def _precisions(moved: Mapping[str, Values], domain: Domain) -> dict[str, Precision]:
    found = {
        name: precision_of(Linear(math.fsum(own), {Influence(domain.rows, own): 1.0}), domain, share=False)
        for name, values in moved.items()
        for own in [values[domain.rows]]
        if own.any()
    }
    return {name: precision for name, precision in found.items() if precision is not None}
